"""AAC frames that were taken out or put together without encoding them again are told, with the place."""

from __future__ import annotations

import pytest

from tests.media.conftest import ffmpeg
from wholetape.examining import examine_all
from wholetape.media.aacframes import aac_frames
from wholetape.traces import Examination, Verdict


def joins(path):
    (result,) = examine_all([path], only=["joins of AAC frames"])
    assert isinstance(result, Examination)
    return result, [trace for trace in result.traces if trace.name == "aac-join"]


@pytest.fixture(params=["64k", "24k"])
def stream(coded, request):
    return coded(".aac", 44100, "-c:a", "aac", "-b:a", request.param)


def packets(path):
    """The frames of an ADTS file, with their headers, as bytes."""
    data, at, out = path.read_bytes(), 0, []
    while at < len(data):
        size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        out.append(data[at : at + size])
        at += size
    return out


def test_every_frame_of_a_stream_is_read(stream):
    frames = list(aac_frames(stream))
    assert len(frames) == len(packets(stream))
    assert {frame.form for frame in frames} == {(1, 4, 1)}
    assert [n for n, frame in enumerate(frames) if b"Lavc" in frame.comment] == [0, 256, 512][: len(frames) // 256 + 1]


def test_a_stream_as_its_encoder_wrote_it_has_no_join(stream, tmp_path):
    boxed = tmp_path / "boxed.m4a"
    ffmpeg("-i", stream, "-c", "copy", boxed)
    for path in (stream, boxed):
        result, found = joins(path)
        assert not found
        assert result.outcome is Verdict.NONE_FOUND


def test_cuts_at_frames_are_told_at_their_place(stream, tmp_path):
    frames = packets(stream)
    for first in range(60, 240, 20):
        path = tmp_path / "cut.aac"
        path.write_bytes(b"".join(frames[:first] + frames[first + 37 :]))
        result, found = joins(path)
        at = first * 1024 / 44100
        assert result.outcome is Verdict.INCONSISTENT
        assert any(trace.at[0] - 0.05 <= at <= trace.at[1] + 0.05 for trace in found)


def test_a_cut_that_keeps_the_encoders_count_is_told_only_where_windows_do_not_fit(coded, tmp_path):
    frames = packets(coded(".aac", 48000, "-c:a", "aac", "-b:a", "64k"))
    told = 0
    for first in range(20, 240, 20):
        path = tmp_path / "cut.aac"
        path.write_bytes(b"".join(frames[:first] + frames[first + 256 :]))
        _, found = joins(path)
        assert all(trace.details["signs"] == ["windows"] for trace in found)
        told += bool(found)
    assert 0 < told < 11


def test_two_files_put_end_to_end_are_told(stream, tmp_path):
    boxed, listed, both = (tmp_path / name for name in ("one.m4a", "list.txt", "both.m4a"))
    ffmpeg("-i", stream, "-c", "copy", boxed)
    listed.write_text(f"file '{boxed}'\nfile '{boxed}'\n")
    ffmpeg("-f", "concat", "-safe", "0", "-i", listed, "-c", "copy", both)
    _, found = joins(both)
    assert any("signature" in trace.details["signs"] or "windows" in trace.details["signs"] for trace in found)


def test_what_is_no_aac_or_too_short_is_not_judged(stream, coded, tmp_path):
    short = tmp_path / "short.aac"
    short.write_bytes(b"".join(packets(stream)[:6]))
    for path in (short, coded(".mp3", 44100, "-b:a", "64k")):
        result, found = joins(path)
        assert not found
        assert result.coverage[0].share == 0


def test_damage_is_not_taken_for_a_join(stream, tmp_path):
    data = stream.read_bytes()
    for size in (500, 4000):
        for at in range(6000, len(data) - size - 6000, 4700):
            path = tmp_path / "damaged.aac"
            path.write_bytes(data[:at] + bytes(size) + data[at + size :])
            result, found = joins(path)
            assert result.outcome is Verdict.NONE_FOUND
            assert all("damage" in trace.finding for trace in found)
