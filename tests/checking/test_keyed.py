"""The keyed print: what fits the print and not the keyed print is unverified; honest copies fit both."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from eval import ffmpeg
from eval.conditions import AAC64, SOCIAL
from tests.checking.desk import RATE, meeting, save, splice, spoken, stranger, told
from wholetape.checking import check, make_keyed_print, make_print
from wholetape.errors import MalformedFile, UsageError
from wholetape.findings import Kind, Outcome
from wholetape.match.keyed import KeyedPrint, make, parse, patterns, positions, signs_at

KEY = bytes(range(32))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder with an original, its print and its keyed print."""
    folder = tmp_path_factory.mktemp("kept")
    made, keyed = make_keyed_print(save(folder / "original.wav", meeting(0, 30)), jobs=1)
    (folder / "original.print").write_bytes(made.encode())
    (folder / "original.keyed").write_bytes(keyed.encode())
    return folder


def checked(kept, release):
    return check(release, kept / "original.print", keyed=[kept / "original.keyed"], jobs=1)


def test_the_print_is_the_one_that_is_made_without_a_keyed_print(kept):
    assert make_print(kept / "original.wav", jobs=1).encode() == (kept / "original.print").read_bytes()


@pytest.mark.parametrize("processed", ["", SOCIAL])
def test_an_honest_copy_fits_both(kept, tmp_path, processed):
    release = tmp_path / "copy.m4a"
    ffmpeg.encode(kept / "original.wav", release, AAC64, processed, RATE)
    result = checked(kept, release)
    assert result.outcome is Outcome.WHOLE, told(result)
    assert "what is kept fits the keyed print as well" in result.notes


def test_what_stands_where_the_print_calls_it_kept_is_held_against_the_keyed_print(kept, tmp_path):
    """As if a print had been taken in: the print is of the edited sound, the keyed print of the original."""
    sound = splice(meeting(0, 12), stranger(0.5, 0.0), meeting(12.5, 30))
    release = save(tmp_path / "forged.wav", sound)
    original = parse((kept / "original.keyed").read_bytes())
    fooled = make_print(release, jobs=1)
    (tmp_path / "fooled.print").write_bytes(fooled.encode())
    (tmp_path / "true.keyed").write_bytes(
        KeyedPrint(original.samples, fooled.recording, original.key, original.signs).encode()
    )
    assert check(release, tmp_path / "fooled.print", jobs=1).outcome is Outcome.WHOLE
    result = check(release, tmp_path / "fooled.print", keyed=[tmp_path / "true.keyed"], jobs=1)
    assert result.outcome is Outcome.UNDECIDED
    [span] = [s for s in result.spans if s.kind is Kind.UNVERIFIED]
    assert 11.7 < span.release.seconds[0] < 12.3
    assert 12.2 < span.release.seconds[1] < 12.9
    assert any(note.startswith("fits the print but not the keyed print") for note in result.notes)


def test_edits_are_told_as_without_it(kept, tmp_path):
    release = save(tmp_path / "cut.wav", splice(meeting(0, 10), meeting(12, 30)))
    assert checked(kept, release).edits == check(release, kept / "original.print", jobs=1).edits


def test_a_copy_that_is_too_worn_is_not_judged_by_it(kept, tmp_path):
    rng = np.random.default_rng(1)
    sound = meeting(0, 30)
    worn = sound + 0.5 * float(np.sqrt(np.mean(sound**2))) * rng.standard_normal(len(sound)).astype(np.float32)
    result = checked(kept, save(tmp_path / "worn.wav", worn))
    assert any("too worn for the keyed print" in note for note in result.notes), told(result)


def test_a_keyed_print_of_another_recording_is_refused(kept, tmp_path):
    other = save(tmp_path / "other.wav", meeting(40, 50))
    _, keyed = make_keyed_print(other, jobs=1)
    (tmp_path / "other.keyed").write_bytes(keyed.encode())
    with pytest.raises(UsageError, match="another recording"):
        check(other, kept / "original.print", keyed=[tmp_path / "other.keyed"], jobs=1)


def test_the_keyed_print_of_a_recording_that_is_given_twice_counts_whichever_it_is_of(kept, tmp_path):
    again = tmp_path / "again.flac"
    ffmpeg.encode(kept / "original.wav", again, ("-c:a", "flac"))
    made, keyed = make_keyed_print(again, jobs=1)
    (tmp_path / "again.print").write_bytes(made.encode())
    (tmp_path / "again.keyed").write_bytes(keyed.encode())
    both = [kept / "original.print", tmp_path / "again.print"]
    result = check(kept / "original.wav", both, keyed=[tmp_path / "again.keyed"], jobs=1)
    assert "what is kept fits the keyed print as well" in result.notes, told(result)


def test_each_key_draws_other_patterns_and_loudness_says_nothing():
    one, other = patterns(KEY), patterns(bytes(32))
    assert one.shape == (528, 32)
    assert np.abs(np.corrcoef(one.T, other.T)[:32, 32:]).max() < 0.5
    assert not one.reshape(16, 33, 32).sum(axis=1).any()


def test_signs_do_not_depend_on_the_pieces_nor_on_the_gain():
    sound = spoken("speech/ljspeech-LJ001-0009.flac")[::2].astype(np.float32)
    weights = patterns(KEY)
    whole = signs_at(lambda a, b: sound[a:b], len(sound), 0, 200, weights)
    part = signs_at(lambda a, b: sound[a:b], len(sound), 50 * 160, 100, weights)
    assert (whole[50:150] == part).all()
    louder = signs_at(lambda a, b: 2 * sound[a:b], len(sound), 0, 200, weights)
    assert np.bitwise_count(whole ^ louder).mean() < 0.7


@pytest.mark.parametrize("seconds", [0.01, 1.0])
def test_bytes_and_back(seconds):
    samples = round(8000 * seconds)
    made = make(lambda a, b: np.ones(b - a, np.float32), samples, bytes(32), KEY)
    again = parse(made.encode())
    assert (again.samples, again.recording, again.key) == (samples, bytes(32), KEY)
    assert len(again.signs) == positions(samples)
    assert (again.signs == made.signs).all()


def test_what_was_not_written_so_is_refused():
    data = make(lambda a, b: np.ones(b - a, np.float32), 800, bytes(32), KEY).encode()
    of_a_print = b"\x89WTP\r\n\x1a\n" + data[8:]
    for wrong in (b"", of_a_print, data[:20], data[:-1], data + b"x", data[:60] + b"\xff" + data[61:]):
        with pytest.raises(MalformedFile):
            parse(wrong)


def test_the_recorder_s_rate_makes_no_difference(kept, tmp_path):
    assert RATE == 16000
    release = tmp_path / "44.wav"
    ffmpeg.encode(kept / "original.wav", release, ("-ar", "44100"))
    assert checked(kept, release).outcome is Outcome.WHOLE


def test_an_implementation_by_the_spec_alone_gets_the_same_signs():
    """Float64 and loops, from ``docs/spec/keyed.md``."""
    sound = spoken("speech/ljspeech-LJ001-0009.flac")[: 2 * RATE : 2].astype(np.float64)
    count = 40
    edges = 250 * 14 ** (np.arange(34) / 33)
    bins = np.arange(129) * 31.25
    share = np.clip(
        np.minimum(bins[:, None] + 15.625, edges[1:]) - np.maximum(bins[:, None] - 15.625, edges[:-1]), 0, None
    )
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(256) / 256)
    padded = np.pad(sound, 2000)
    drawn = hashlib.shake_256(b"wholetape keyed print 1\n" + KEY).digest(32 * 16 * 33)
    weights = np.array([b - 256 if b > 127 else b for b in drawn]).reshape(32, 16, 33)
    for axis in (1, 2):
        weights = np.apply_along_axis(lambda w: np.convolve(w, [1, 2, 1], "same"), axis, weights)
    weights = 33 * weights - weights.sum(axis=2, keepdims=True)
    words = []
    for i in range(count):
        centres = [160 * i + 80 * (k - 8) + 2000 for k in range(16)]
        power = [np.abs(np.fft.rfft(padded[c - 128 : c + 128] * hann)) ** 2 @ share / 31.25 for c in centres]
        logs = np.log(np.array(power) * 2.0**15 + 1)
        words.append(sum(1 << p for p in range(32) if (weights[p] * logs).sum() > 0))
    made = make(lambda a, b: sound[a:b].astype(np.float32), len(sound), bytes(32), KEY)
    assert np.bitwise_count(made.signs[:count] ^ np.array(words, np.uint32)).sum() <= 1
