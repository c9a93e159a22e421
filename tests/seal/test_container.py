"""The container: any unzip reads it; the program reads nothing but what it would have written."""

from __future__ import annotations

import io
import random
import zipfile
import zlib

import pytest

from tests.seal import made
from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.seal import container
from wholetape.seal.container import pack, unpack
from wholetape.seal.sealfile import parse_seal


@pytest.fixture(scope="module")
def good():
    return made.seal(others={"heads/0000": made.signed(made.builder(close=False).checkpoint.text).encode()}).encode()


def test_what_is_packed_is_unpacked(good):
    members = unpack(good)
    assert list(members) == ["head", "leaves", "keys/0000", "keys/0001", "heads/0000", "private/seed"]
    assert pack(members) == good
    assert parse_seal(good).encode() == good


def test_any_zip_program_reads_it(good):
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist() if name != "sum"} == unpack(good)


def test_the_seed_is_left_out_of_what_is_published(good):
    public = parse_seal(good).public()
    assert public.seed is None
    assert made.SEED.hex().encode() not in b"".join(public.members.values())
    assert public.head == parse_seal(good).head


def test_a_flipped_bit_is_found_wherever_it_is(good):
    draw = random.Random(4)
    for at in draw.sample(range(len(good)), 400):
        changed = bytearray(good)
        changed[at] ^= 1 << draw.randrange(8)
        with pytest.raises((MalformedFile, VerificationFailed)):
            parse_seal(bytes(changed))


def test_a_file_cut_anywhere_is_refused(good):
    for end in range(len(good)):
        with pytest.raises(MalformedFile):
            unpack(good[:end])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data + b"\0", "followed by other bytes"),
        (lambda data: b"\0" + data, "not a seal"),
        (lambda data: b"", "not a seal"),
        (lambda data: data[:-2] + b"\1\0", "directory does not agree"),
        (lambda data: data * 2, "followed by other bytes"),
    ],
)
def test_bytes_around_a_seal_are_refused(good, change, words):
    with pytest.raises(MalformedFile, match=words):
        unpack(change(good))


def zipped(*members, **how):
    """A ZIP as other programs write it."""
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w", **how) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data)
    return store.getvalue()


def test_a_zip_of_another_program_is_refused():
    with pytest.raises(MalformedFile):
        unpack(zipped(("head", b"x"), ("leaves", b"y"), ("sum", b"z")))


def test_a_member_that_inflates_beyond_what_it_says_is_refused_before_it_takes_memory(good, monkeypatch):
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    squeezed = deflate.compress(bytes(200 << 20)) + deflate.flush()
    monkeypatch.setattr(container, "_squeeze", lambda data: (8, squeezed) if data == bytes(100) else (0, data))
    packed = pack({"head": b"x", "leaves": bytes(100)})
    with pytest.raises(MalformedFile, match="does not unpack to the size"):
        unpack(packed)


@pytest.mark.parametrize(
    "name", ["other", "head/", "keys/00000", "keys/../head", "escrow/.hidden", "private/key", "HEAD", "sum2"]
)
def test_only_names_of_the_list_are_packed(name):
    with pytest.raises(ValueError, match="no place"):
        pack({"head": b"", "leaves": b"", name: b""})


def test_leaves_that_are_nothing_but_newlines_are_refused_before_each_takes_memory(good):
    with pytest.raises(MalformedFile, match="too short"):
        parse_seal(pack({**unpack(good), "leaves": b"\n" * (100 << 20)}))


def test_members_must_be_there(good):
    members = unpack(good)
    for name in ("head", "leaves"):
        with pytest.raises(MalformedFile, match=f"no member {name}"):
            unpack(pack({other: data for other, data in members.items() if other != name}))
