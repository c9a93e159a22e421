"""The page on verifying by hand: its commands, taken from the page, hold for good seals and stop at forged ones.

They run in a shell that finds nothing but the programs which the page names.
"""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.seal import made
from tests.seal.made import A, B, C
from tests.seal.tsa import Authority
from wholetape.checking import make_print
from wholetape.log.checkpoint import cosign
from wholetape.log.keys import PrivateKey, PublicKey, encode_public
from wholetape.log.kinds import Segment
from wholetape.log.leaves import encode_leaf, parse_leaf
from wholetape.log.note import Note, Signature
from wholetape.log.stamp import parse_roots
from wholetape.seal.container import pack
from wholetape.seal.make import Sealing, seal_recording
from wholetape.seal.sealfile import from_members
from wholetape.seal.stamping import ask, stamp_members

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "verify-by-hand.md").read_text()
SCRIPT = "".join(re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
NAMED = sorted({*re.findall(r"`(\w+)`", PAGE.split("##")[0])} - {"printf"})
RECORDING = ROOT / "vectors" / "sound" / "speech.wav"

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("unzip", "sha256sum", "openssl", "sh"))), reason="needs unzip, sha256sum and openssl"
)


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    with Authority(tmp_path_factory.mktemp("tsa"), "Clock") as one:
        yield one


@pytest.fixture(scope="module")
def seal():
    one = seal_recording(RECORDING, make_print(RECORDING), A, Sealing(parties=(encode_public(B),)))
    return one.with_({"head": cosign(one.head.note, B, made.TIME).encode()})


@pytest.fixture(scope="module")
def stamped(seal, clock):
    """With stamps over an early head and over the closing one."""
    from wholetape.log.checkpoint import Checkpoint
    from wholetape.log.merkle import Tree

    early = made.signed(Checkpoint(seal.header.origin, 2, Tree(seal.raw[:2]).root()).text).encode()
    roots = parse_roots(clock.roots_pem)
    for head in (early, seal.head.data):
        (answer,) = ask(head, [clock.url], roots)
        seal = seal.with_(stamp_members(seal.members, head, [answer.reply]))
    return seal


@pytest.fixture
def by_hand(tmp_path, clock):
    """Runs the page's commands on a seal and says what they print."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in NAMED:
        (tools / name).symlink_to(str(shutil.which(name)))
    runs = iter(range(99))

    def go(seal, shell="sh", recording=RECORDING, pins=(A, B), script=SCRIPT):
        desk = tmp_path / f"desk{next(runs)}"
        desk.mkdir()
        shutil.copy(recording, desk / "meeting.wav")
        (desk / "meeting.seal").write_bytes(seal if isinstance(seal, bytes) else seal.encode())
        for name, key in zip(("side-a.pub", "side-b.pub"), pins, strict=True):
            (desk / name).write_bytes(key if isinstance(key, bytes) else encode_public(key))
        (desk / "roots.pem").write_bytes(clock.roots_pem)
        script = script.replace("roots= ", "roots=roots.pem ")
        assert "roots=roots.pem" in script
        return subprocess.run(
            [str(shutil.which(shell)), "-c", script],
            cwd=desk,
            env={"PATH": str(tools), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=60,
            check=False,
        )

    return go


def test_the_page_uses_what_it_names():
    assert {"unzip", "sha256sum", "openssl", "sed", "dd"} <= set(NAMED)
    assert len(NAMED) < 14
    assert "wholetape" not in re.sub(r"wholetape\.seal/v1 sound", "", SCRIPT)


@pytest.mark.parametrize("shell", [name for name in ("sh", "dash", "bash", "ksh") if shutil.which(name)])
def test_a_good_seal_goes_through(by_hand, stamped, shell):
    ran = by_hand(stamped, shell)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    lines = ran.stdout.splitlines()
    assert "the head commits to these leaves" in lines
    assert "2 segments, 33075 samples, without gap" in lines
    assert lines.count("Signature Verified Successfully") == 2
    assert "signed by side-a.pub side-b.pub" in lines
    assert "the recording's bytes are those that were sealed" in lines
    assert "second 1 is the one that was sealed" in lines
    assert [line[: line.index(" by ")] for line in lines if "existed by" in line] == [
        "an earlier head existed",
        "the closing head existed",
    ]


def test_a_public_seal_goes_through_without_the_seconds(by_hand, seal):
    ran = by_hand(seal.public())
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "second 1" not in ran.stdout


def refused(ran, what):
    assert ran.returncode == 1, ran.stdout + ran.stderr
    last = ran.stdout.splitlines()[-1]
    assert last.startswith("does not hold: ")
    assert what in last


def changed(seal, change, size=None):
    """The seal over other leaves, signed anew by everybody."""
    return from_members(made.members_over(change(list(seal.raw)), origin=seal.header.origin, size=size))


def with_sound(line):
    leaf = parse_leaf(line)
    assert isinstance(leaf, Segment)
    return encode_leaf(dataclasses.replace(leaf, sound=bytes(32)))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda leaves: [*leaves[:2], *leaves[3:]], "counts"),
        (lambda leaves: [*leaves[:1], leaves[2], leaves[1], *leaves[3:]], "order of the segments"),
        (lambda leaves: [*leaves[:2], leaves[1], *leaves[2:]], "order of the segments"),
        (lambda leaves: leaves[:-1], "unfinished"),
        (lambda leaves: [*leaves, encode_leaf(Segment(2, 33075, 1, None, None))], "unfinished"),
        (lambda leaves: [*leaves, leaves[-1]], "second header or closing"),
        (lambda leaves: [*leaves[:2], with_sound(leaves[2]), leaves[3]], "second 1"),
    ],
)
def test_leaves_that_are_not_in_order_are_found_though_everybody_signed(by_hand, seal, change, what):
    refused(by_hand(changed(seal, change)), what)


def test_leaves_that_the_head_does_not_commit_to_are_found(by_hand, seal):
    lines = [*seal.raw[:2], with_sound(seal.raw[2]), seal.raw[3]]
    refused(by_hand(seal.with_({"leaves": b"".join(line + b"\n" for line in lines)})), "root of the tree")
    refused(by_hand(changed(seal, lambda leaves: leaves, size=99)), "number of leaves")


def test_signatures_that_do_not_hold_are_found(by_hand, seal):
    note = seal.head.note
    for key, what in ((A.public.signer, "the recorder's signature"), (B.public.cosigner, "signature of side-b.pub")):
        line = note.by(key)
        false = Signature(line.name, line.id, line.data[:-1] + bytes([line.data[-1] ^ 1]))
        refused(by_hand(seal.with_({"head": note.signed(false).encode()})), what)
    line = note.by(B.public.cosigner)
    later = Signature(line.name, line.id, line.data[:4] + bytes([line.data[4] ^ 1]) + line.data[5:])
    refused(by_hand(seal.with_({"head": note.signed(later).encode()})), "signature of side-b.pub")


def test_a_party_that_has_not_signed_is_found(by_hand, seal):
    refused(by_hand(seal.with_({"head": made.signed(seal.head.note.text, A, []).encode()})), "no such signature")
    both = made.signed(made.signed(seal.head.note.text, A, []).text, A, [])
    as_log = Note(both.text, (*both.signatures, *made.signed(both.text, B, []).signatures))
    refused(by_hand(seal.with_({"head": as_log.encode()})), "no such signature")


def test_keys_that_are_not_the_pinned_ones_are_found(by_hand, seal):
    refused(by_hand(seal, pins=(A, C)), "of no party")
    refused(by_hand(seal, pins=(A, PrivateKey("side-b", C.seed))), "of no party")
    refused(by_hand(seal, pins=(B, A)), "is not the recorder")


def test_a_key_under_which_anybody_signs_is_found(by_hand, seal, monkeypatch):
    monkeypatch.setattr("wholetape.log.ed25519.refuse_weak", lambda key, name: None)
    weak = PublicKey("side-b", (1).to_bytes(32, "little"))
    pub = f"wholetape.key/v1\nside-b\n{weak.signer}\n{weak.cosigner}\n\n— side-b AAAA\n".encode()
    refused(by_hand(seal, pins=(A, pub)), "anybody can sign")


def test_another_recording_is_found(by_hand, seal, tmp_path):
    data = bytearray(RECORDING.read_bytes())
    data[-1] ^= 1
    (tmp_path / "other.wav").write_bytes(data)
    refused(by_hand(seal, recording=tmp_path / "other.wav"), "the recording's bytes")


def test_a_stamp_over_another_head_is_found(by_hand, seal, stamped):
    moved = {name: data for name, data in stamped.members.items() if name.startswith("stamps/")}
    swapped = dict(zip(moved, reversed(moved.values()), strict=True))
    refused(by_hand(stamped.with_(swapped)), "time-stamp")


def test_a_stamp_by_an_authority_that_nobody_pinned_is_found(by_hand, seal, tmp_path):
    with Authority(tmp_path, "Other") as other:
        (answer,) = ask(seal.head.data, [other.url])
    wrong = seal.with_(stamp_members(seal.members, seal.head.data, [answer.reply]))
    refused(by_hand(wrong), "time-stamp")


def test_what_is_no_container_is_found(by_hand, seal):
    refused(by_hand(b"no seal at all"), "the container")
    data = bytearray(seal.encode())
    data[data.index(b"leaves") + 20] ^= 1
    refused(by_hand(bytes(data)), "the container")


FOLDER = ROOT / "vectors" / "seal"
SEEN = {
    "tree",
    "weak-key",
    "signature",
    "recorder",
    "unfinished",
    "not-signed",
    "other-key",
    "not-a-party",
    "recording",
}
"""Results that the page, with so much less than the program, must find too."""
HOSTILE = [
    case
    for case in json.loads((FOLDER / "index.json").read_text())["seals"]
    if case["result"] in SEEN and "given" not in case
]


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case["name"])
def test_the_hostile_seals_are_found_by_hand_too(by_hand, case):
    pins = [(FOLDER / f"side-{letter}.pub").read_bytes() for letter in "ab"]
    ran = by_hand((FOLDER / case["file"]).read_bytes(), recording=FOLDER / "recording.wav", pins=pins)
    assert ran.returncode == 1, ran.stdout
    assert ran.stdout.splitlines()[-1].startswith("does not hold: ")


def test_the_good_vector_goes_through(by_hand):
    pins = [(FOLDER / f"side-{letter}.pub").read_bytes() for letter in "ab"]
    ran = by_hand((FOLDER / "good.seal").read_bytes(), recording=FOLDER / "recording.wav", pins=pins)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("shell", [name for name in ("sh", "bash") if shutil.which(name)])
@pytest.mark.parametrize("stop", [b"", b"\xff"], ids=["plain", "where a locale's sed stops matching"])
@pytest.mark.parametrize("place", ["before", "behind", "samples"])
def test_a_seal_cannot_make_the_shell_run_its_words(by_hand, seal, shell, stop, place):
    """Numbers of a hostile seal reach the shell's arithmetic, which runs what it finds in brackets."""
    run = b"a[$(echo${IFS}broken>&2)]+1" + stop
    line = {
        "before": b"1 22050 " + run + seal.raw[2],
        "behind": seal.raw[2] + run,
        "samples": seal.raw[2].replace(b'"samples":11025', b'"samples":' + run),
    }[place]
    assert line != seal.raw[2]
    members = made.members_over([*seal.raw[:2], line, seal.raw[3]], origin=seal.header.origin)
    ran = by_hand(pack({**seal.members, **members}), shell)
    assert "broken" not in ran.stderr + ran.stdout
