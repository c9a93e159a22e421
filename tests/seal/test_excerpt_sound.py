"""The sound of an excerpt: the samples of the recording itself, in WAV or FLAC, taken out by a seal or by a proof."""

from __future__ import annotations

import hashlib
import wave
from dataclasses import replace

import pytest

from tests.seal import made
from tests.seal.excerpts import Desk, reason, told
from wholetape.checking import make_print
from wholetape.errors import UsageError, VerificationFailed
from wholetape.log.kinds import Event, What
from wholetape.properties import Name
from wholetape.seal.excerpted import compare_excerpt, verify_excerpt
from wholetape.seal.excerptfile import (
    encode_opened,
    excerpt_from,
    parse_excerpt,
)
from wholetape.seal.excerpting import choose, prove_excerpt, sound_as, sound_of, sound_of_proof
from wholetape.seal.make import Sealing, seal_recording
from wholetape.seal.verify import AtHand


def test_its_sound_is_the_recordings_own_samples(desk):
    with wave.open(str(desk.sound(5, 8))) as clip:
        assert clip.readframes(clip.getnframes()) == desk.samples(5, 8)


def test_another_recording_makes_no_excerpt(desk, tmp_path):
    other = Desk(tmp_path, "other", b"2")
    with pytest.raises(VerificationFailed, match="differ at second 5"):
        list(sound_of(other.path, desk.seal, choose(desk.seal, 5, 8)))


@pytest.mark.parametrize("width", [2, 3])
@pytest.mark.parametrize("channels", [1, 2])
def test_in_flac_its_samples_are_the_same(tmp_path, width, channels):
    path, clip = tmp_path / "recording.wav", tmp_path / "clip.flac"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(made.RATE)
        out.writeframes(hashlib.shake_128(b"x").digest(width * channels * made.RATE * 5))
    seal = seal_recording(path, make_print(path), made.A, Sealing())
    excerpt = prove_excerpt(seal, choose(seal, 1, 3), None)
    clip.write_bytes(b"".join(sound_as(clip, sound_of(path, seal, choose(seal, 1, 3)), seal.header)))
    assert clip.read_bytes()[:4] == b"fLaC"
    found = verify_excerpt(excerpt, [made.A.public], AtHand(compare_excerpt(clip, excerpt)))
    assert found.failure is None
    assert found[Name.SAMPLES].established


def test_sound_that_flac_cannot_hold_is_refused(tmp_path):
    path = tmp_path / "recording.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(made.RATE)
        out.writeframes(hashlib.shake_128(b"x").digest(made.RATE * 3))
    seal = seal_recording(path, make_print(path), made.A, Sealing())
    with pytest.raises(UsageError, match="16-bit or 24-bit"):
        sound_as("clip.flac", sound_of(path, seal, choose(seal, 0, 1)), seal.header)


def test_an_excerpt_across_a_pause_verifies_with_the_short_segment_before_it():
    sound = made.pcm()
    builder = made.builder(b"", close=False, capture="live")
    for at, end in ((0, 8000), (8000, 9000), (9000, 17000)):
        builder.segment(end - at, sound[2 * at : 2 * end], b"rows")
        if end == 9000:
            builder.add(Event(What.PAUSE, 9000))
            builder.add(Event(What.RESUME, 9000))
    builder.close("stopped", made.facts(made.PRINT), pcm=hashlib.sha256(sound[:34000]).digest())
    seal = builder.seal(made.signed(builder.checkpoint.text))
    assert reason(prove_excerpt(seal, choose(seal, 1.0, 2.0), None)) is None


def test_a_proof_takes_its_own_seconds_out_of_the_recording(desk, tmp_path):
    excerpt = desk.excerpt(5, 8)
    clip = tmp_path / "clip.wav"
    clip.write_bytes(b"".join(sound_of_proof(desk.path, parse_excerpt(excerpt.encode()))))
    assert clip.read_bytes() == desk.sound(5, 8, "same.wav").read_bytes()
    assert told(excerpt, clip).failure is None
    data = bytearray(desk.path.read_bytes())
    data[44 + 2 * made.RATE * 7 + 10] ^= 1
    (tmp_path / "changed.wav").write_bytes(data)
    with pytest.raises(VerificationFailed, match="differ at second 7"):
        b"".join(sound_of_proof(tmp_path / "changed.wav", excerpt))


def test_a_proof_that_does_not_open_the_sound_takes_none_out(desk):
    members = dict(desk.excerpt(5, 8).members)
    closed = [replace(entry, sound=None) for entry in excerpt_from(members).opened]
    members["opened"] = b"".join(encode_opened(entry) + b"\n" for entry in closed)
    with pytest.raises(UsageError, match="not their sound"):
        sound_of_proof(desk.path, excerpt_from(members))
