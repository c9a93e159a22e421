"""Samples as bytes: the same for every lossless form, other for anything else; hashed in pieces of any length."""

from __future__ import annotations

import dataclasses
import hashlib
import random
import struct

import numpy as np
import pytest

from tests.media.conftest import ffmpeg
from tests.seal import made
from wholetape.log.kinds import FileFacts, SampleFormat
from wholetape.log.salts import Label, commit, salt
from wholetape.media.onepass import plain_form
from wholetape.media.pcm import Samples
from wholetape.seal.sound import SegmentHashes, compare, measure

RATE = 8000


def wav(sound, *, bits=16, rate=RATE, channels=1, tag=1, extra=b"", size=None):
    width = channels * bits // 8
    fmt = struct.pack("<HHIIHH", tag, channels, rate, rate * width, width, bits)
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + extra + b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


@pytest.fixture
def sealed(tmp_path):
    """Writes sound to a file, and makes the seal over it."""

    def go(sound, *, bits=16, channels=1, tag=1, rate=RATE):
        path = tmp_path / "original.wav"
        path.write_bytes(wav(sound, bits=bits, channels=channels, tag=tag, rate=rate))
        facts = measure(path, made.SEED)
        builder = made.builder(
            b"", close=False, sample_format=facts.sample_format, channels=channels, rate=rate, segment=rate
        )
        for n, (count, digest) in enumerate(zip(facts.counts, facts.digests, strict=True)):
            from wholetape.log.kinds import Segment

            builder.add(Segment(n, builder.count.samples, count, digest, None))
        builder.close("finished-file", made.facts(b"p"), file=facts.file, pcm=facts.pcm)
        return path, builder.seal(made.signed(builder.checkpoint.text))

    return go


def noise(count, seed=1):
    return random.Random(seed).randbytes(count)


def test_pieces_of_any_length_make_the_same_hashes():
    sound = noise(10_000)
    draw = random.Random(2)
    due = [commit(salt(made.SEED, Label.SOUND, n), sound[3000 * n : 3000 * n + 3000]) for n in range(4)]
    for longest in (1, 7, 2999, 3000, 3001, 20_000):
        hashes, at = SegmentHashes(made.SEED, iter([3000] * 9)), 0
        while at < len(sound):
            step = draw.randint(1, longest)
            hashes.take(sound[at : at + step])
            at += step
        hashes.finish()
        assert hashes.digests == due
        assert hashes.counts == [3000, 3000, 3000, 1000]


@pytest.mark.parametrize(
    ("bits", "tag", "channels", "form"),
    [(8, 1, 1, "u8"), (16, 1, 2, "s16"), (24, 1, 1, "s24"), (32, 1, 2, "s32"), (32, 3, 1, "f32"), (64, 3, 2, "f64")],
)
def test_the_samples_of_a_wav_file_are_its_own_bytes_also_for_the_decoder(tmp_path, bits, tag, channels, form):
    if tag == 3:
        kind = f"<f{bits // 8}"
        sound = np.random.default_rng(1).uniform(-1, 1, 9000 * channels).astype(kind).tobytes()
    else:
        sound = noise(9000 * channels * bits // 8)
    path = tmp_path / "a.wav"
    path.write_bytes(wav(sound, bits=bits, tag=tag, channels=channels))
    plain = plain_form(path)
    assert plain is not None
    assert (plain.sample_format, plain.channels, plain.rate) == (form, channels, RATE)
    assert path.read_bytes()[plain.offset : plain.offset + plain.length] == sound
    samples = Samples(path)
    assert b"".join(samples.blocks(SampleFormat(form))) == sound
    samples.close()
    facts = measure(path, made.SEED)
    assert facts.pcm == hashlib.sha256(sound).digest()
    assert facts.counts == (8000, 1000)
    data = path.read_bytes()
    assert facts.file == FileFacts(len(data), hashlib.sha256(data).digest())


@pytest.mark.parametrize(
    "data",
    [
        wav(noise(100), size=99_999),
        wav(noise(100), size=0),
        wav(noise(100))[:-10],
        wav(noise(101)),
        wav(b""),
        wav(noise(100), extra=b"data" + struct.pack("<I", 4) + bytes(4)),
        wav(noise(100), tag=2),
        wav(noise(100), tag=0xFFFE),
        wav(noise(100), rate=5),
        wav(noise(100)) + b"junk",
        b"RIFF" + bytes(100),
        b"RIFX" + wav(noise(100))[4:],
    ],
)
def test_whatever_is_unusual_is_left_to_the_decoder(tmp_path, data):
    path = tmp_path / "odd.wav"
    path.write_bytes(data)
    assert plain_form(path) is None


def test_a_chunk_beside_the_sound_is_nothing_unusual(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(wav(noise(100), extra=b"LIST" + struct.pack("<I", 3) + b"abc\0"))
    assert plain_form(path) is not None


@pytest.mark.parametrize("seeded", [True, False])
@pytest.mark.parametrize(
    ("bits", "channels", "name"),
    [
        (16, 1, "a.flac"),
        (16, 2, "a.flac"),
        (24, 2, "a.flac"),
        (8, 1, "wide.wav"),
        (16, 1, "a.wv"),
        (24, 1, "alac.m4a"),
        (16, 2, "a.aiff"),
    ],
)
def test_lossless_transcodes_have_the_same_samples(sealed, tmp_path, bits, channels, name, seeded):
    original, seal = sealed(noise(20_000 * channels * bits // 8), bits=bits, channels=channels)
    more = {"alac.m4a": ["-c:a", "alac"], "wide.wav": ["-c:a", "pcm_s24le"]}.get(name, [])
    if name == "a.aiff":
        more = ["-c:a", "pcm_s16be"]
    ffmpeg("-i", original, *more, tmp_path / name)
    seal = seal if seeded else seal.public()
    facts = compare(tmp_path / name, seal)
    assert facts.file != seal.close.file
    assert facts.samples is True, facts.why


@pytest.mark.parametrize("words", [
    ["-c:a", "pcm_u8", "x.wav"], ["-ar", "16000", "x.wav"], ["-ac", "2", "x.flac"], ["-af", "volume=0.999", "x.wav"],
    ["-t", "1.0", "x.wav"], ["-ss", "0.001", "x.wav"], ["x.mp3"], ["x.ogg"], ["-c:a", "pcm_f32le", "x.wav"],
])  # fmt: skip
def test_whatever_changes_the_samples_is_seen(sealed, tmp_path, words):
    original, seal = sealed(noise(40_000))
    ffmpeg("-i", original, *words[:-1], tmp_path / words[-1])
    for form in (seal, seal.public()):
        facts = compare(tmp_path / words[-1], form)
        assert facts.samples is False
        assert facts.why


def test_a_flipped_bit_is_placed_to_the_second(sealed):
    original, seal = sealed(noise(5 * 2 * RATE))
    data = bytearray(original.read_bytes())
    data[44 + 3 * 2 * RATE + 5] ^= 1
    original.write_bytes(data)
    facts = compare(original, seal)
    assert facts.samples is False
    assert "from second 3 on" in facts.why


@pytest.mark.parametrize(
    "change", [lambda d: d[:-2], lambda d: d + b"\0\0", lambda d: d[:44] + d[46:], lambda d: d[:9000]]
)
def test_a_shorter_or_longer_file_is_seen(sealed, change):
    original, seal = sealed(noise(2 * RATE + 500))
    original.write_bytes(change(original.read_bytes()))
    facts = compare(original, seal)
    assert facts.file != seal.close.file
    assert facts.samples in (True, False)  # what a decoder makes of it; never an error
    sound = original.read_bytes()[44:]
    if len(sound) < 2 * RATE + 500:
        assert facts.samples is False


def test_nothing_that_is_in_a_file_makes_it_unreadable(sealed, tmp_path):
    _, seal = sealed(noise(4000))
    for data in (b"", b"x", b"RIFF", wav(b""), noise(1000), b"fLaC" + noise(100)):
        path = tmp_path / "x.wav"
        path.write_bytes(data)
        assert compare(path, seal).samples is False


def test_two_streams_are_sealed_by_their_bytes_only(tmp_path):
    one, two = tmp_path / "1.wav", tmp_path / "2.wav"
    one.write_bytes(wav(noise(30_000)))
    two.write_bytes(wav(noise(30_000, 2)))
    ffmpeg("-i", one, "-i", two, "-map", "0", "-map", "1", "-c:a", "flac", tmp_path / "both.mka")
    facts = measure(tmp_path / "both.mka", made.SEED)
    assert (facts.sample_format, facts.pcm, facts.digests) == (None, None, ())
    assert sum(facts.counts) == 15_000


def test_lossy_sound_is_sealed_by_its_bytes_only(sealed, tmp_path):
    original, seal = sealed(noise(40_000))
    ffmpeg("-i", original, tmp_path / "a.mp3")
    facts = measure(tmp_path / "a.mp3", made.SEED)
    assert facts.sample_format is None
    assert len(facts.counts) == 3
    bytes_only = dataclasses.replace(seal, header=dataclasses.replace(seal.header, sample_format=None))
    assert compare(tmp_path / "a.mp3", bytes_only).samples is None
