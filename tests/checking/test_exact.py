"""Spans that are the reference's own samples or packets are marked exact, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.checking.desk import RATE, check, ffmpeg, meeting, near, save, splice, stranger, told
from wholetape.checking.carried import carried
from wholetape.findings import Kind, Outcome, Stretch
from wholetape.media.payloads import Config, Payloads
from wholetape.times import Span

CODECS = {
    "m4a": ("-c:a", "aac", "-b:a", "64k"),
    "mp3": ("-c:a", "libmp3lame", "-b:a", "64k"),
    "opus": ("-c:a", "libopus", "-b:a", "32k"),
}


@pytest.fixture(scope="module")
def original(room):
    return save(room / "exact.wav", meeting())


def exact(result):
    """Seconds of the release that are exact, as spans that touch are one."""
    out: list[list[float]] = []
    for span in result.spans:
        if span.exact:
            start, end = span.release.seconds
            if out and abs(out[-1][1] - start) < 1e-9:
                out[-1][1] = end
            else:
                out.append([start, end])
    return out


def copied(sound):
    """``sound`` as it is after it was written with 16 bits."""
    return np.round(np.clip(sound, -1, 1) * 32767) / 32767


def test_of_a_lossless_cut_all_is_exact_and_the_edge_is_known_to_the_sample(tmp_path, original):
    at, until = 14 * RATE + 1234, 15 * RATE + 3456
    release = save(tmp_path / "release.wav", splice(meeting()[:at], meeting()[until:]))
    for copy in (release, ffmpeg(release, tmp_path / "release.flac")):
        result = check(copy, original)
        assert [str(e.kind) for e in result.edits] == ["cut"], told(result)
        assert near(result.edits[0].release, at / RATE, at / RATE, within=0.0002), told(result)
        assert near(result.edits[0].reference, at / RATE, until / RATE, within=0.0002), told(result)
        assert exact(result) == [[0.0, result.release.duration]]


def test_around_a_replaced_word_all_is_exact(tmp_path, original):
    at, until = 14 * RATE + 1234, 14 * RATE + 6001
    release = save(tmp_path / "release.wav", splice(meeting()[:at], stranger(1.0)[: until - at], meeting()[until:]))
    result = check(release, original)
    assert [str(e.kind) for e in result.edits] == ["replaced"], told(result)
    assert near(result.edits[0].release, at / RATE, until / RATE, within=0.0003), told(result)
    assert near(result.edits[0].reference, at / RATE, until / RATE, within=0.0003), told(result)
    first, second = exact(result)
    assert first == [0.0, result.edits[0].release.seconds[0]]
    assert second == [result.edits[0].release.seconds[1], result.release.duration]


def test_a_clean_excerpt_is_exact(tmp_path, original):
    result = check(save(tmp_path / "release.wav", meeting(10, 30)), original)
    assert result.outcome is Outcome.EXCERPT
    assert exact(result) == [[0.0, 20.0]]


def test_one_sample_of_another_value_is_not_exact(tmp_path, original):
    sound = copied(meeting()).astype(np.float32)
    sound[20 * RATE] += np.float32(4 / 32767)
    result = check(save(tmp_path / "release.wav", sound), original)
    assert result.outcome is Outcome.WHOLE, told(result)
    first, second = exact(result)
    assert first[0] == 0.0
    assert 0 < second[0] - first[1] <= 0.0005
    assert first[1] <= 20.0 < second[0]


@pytest.mark.parametrize("words", [("-af", "volume=0.9"), ("-af", "volume=1.0", "-ar", "16001"), ("-ac", "2")])
def test_sound_that_was_changed_at_all_is_nowhere_exact(tmp_path, original, words):
    assert exact(check(ffmpeg(original, tmp_path / "release.wav", *words), original)) == []


@pytest.mark.parametrize("suffix", CODECS)
def test_packets_that_were_carried_over_are_exact_once_the_decoder_has_settled(tmp_path, original, suffix):
    reference = ffmpeg(original, tmp_path / f"reference.{suffix}", *CODECS[suffix])
    release = ffmpeg(reference, tmp_path / f"release.{suffix}", "-ss", 12, "-t", 20, "-c", "copy")
    result = check(release, reference)
    assert result.outcome is Outcome.EXCERPT, told(result)
    ((start, end),) = exact(result)
    assert 0 < start < 2.0, "its first packets begin in a decoder that knows nothing of what was before"
    assert end > result.release.duration - 0.1


@pytest.mark.parametrize("suffix", CODECS)
def test_a_second_encoding_is_nowhere_exact(tmp_path, original, suffix):
    reference = ffmpeg(original, tmp_path / f"reference.{suffix}", *CODECS[suffix])
    release = ffmpeg(reference, tmp_path / f"release.{suffix}", *CODECS[suffix])
    assert exact(check(release, reference)) == []


def test_a_lossless_copy_of_a_lossy_reference_is_nowhere_exact(tmp_path, original):
    reference = ffmpeg(original, tmp_path / "reference.m4a", *CODECS["m4a"])
    assert exact(check(ffmpeg(reference, tmp_path / "release.flac"), reference)) == []


def two(folder, name, one, other):
    inputs = [save(folder / f"{name}-{k}.wav", sound) for k, sound in enumerate((one, other))]
    words = ("-i", inputs[1], "-map", "0:a", "-map", "1:a", "-c:a", "flac")
    return ffmpeg(inputs[0], folder / f"{name}.mka", *words)


def test_a_second_stream_must_be_equal_too(tmp_path, original):
    both = two(tmp_path, "both", meeting(), meeting())
    again = two(tmp_path, "again", meeting(0, 39.5), meeting(0, 39.5))
    assert exact(check(again, both)) == [[0.0, 39.5]]
    assert exact(check(save(tmp_path / "one.wav", meeting()), both)) == [], "the reference has one more stream"
    other = two(tmp_path, "other", meeting(0, 39.5), meeting(0, 39.5) * 0.7)
    assert exact(check(other, both)) == []


def packets(count=200, seconds=0.02, config=None, start=0):
    digests = np.arange(start, start + count, dtype=np.uint64).view(np.uint8).reshape(count, 8).repeat(2, axis=1)
    config = config or Config("aac", "LC", 16000, 1, b"\x12\x10")
    return Payloads(config, np.ascontiguousarray(digests), np.arange(count) * seconds)


WHOLE = Stretch(Kind.KEPT, Span(0, 32_000), 0, Span(0, 32_000))


def test_equal_packets_from_the_beginning_are_exact_from_the_beginning():
    assert carried(packets(), packets(), [WHOLE]) == [[(0.0, 4.0)]]


@pytest.mark.parametrize("change", [{"extra": b"\x12\x08"}, {"rate": 8000}, {"profile": "HE-AAC"}, {"channels": 2}])
def test_equal_packets_for_a_decoder_that_is_told_something_else_are_not(change):
    release = packets()
    assert carried(replace(release, config=replace(release.config, **change)), packets(), [WHOLE]) == [[]]


def test_another_packet_takes_those_with_it_that_the_decoder_needs_to_settle():
    release = packets()
    release.digests[100] ^= 1
    ((first, second),) = carried(release, packets(), [WHOLE])
    assert first == (0.0, 2.0)
    assert second[0] == pytest.approx(2.02 + 0.26, abs=0.021)


def test_a_pause_in_the_time_stamps_is_not_the_references():
    release = packets()
    release.starts[100:] += 0.01
    ((first, second),) = carried(release, packets(), [WHOLE])
    assert first[1] <= 2.0 + 0.011
    assert second[0] > 2.2


def test_equal_packets_at_another_place_than_the_sound_are_not_believed():
    shifted = Stretch(Kind.KEPT, Span(0, 16_000), 0, Span(8_000, 24_000))
    assert carried(packets(), packets(), [shifted]) == [[]]
