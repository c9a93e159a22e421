"""MP3 frames that were taken out or put together without encoding them again are told, with the place."""

from __future__ import annotations

import pytest

from wholetape.examining import examine_all
from wholetape.media.mp3frames import mp3_frames
from wholetape.traces import Examination, Verdict


def joins(path):
    (result,) = examine_all([path], only=["joins of MP3 frames"])
    assert isinstance(result, Examination)
    return result, [trace for trace in result.traces if trace.name == "mp3-join"]


@pytest.fixture
def stream(coded):
    return coded(".mp3", 44100, "-b:a", "64k")


def without(path, out, first, last):
    frames = list(mp3_frames(path))
    data = path.read_bytes()
    out.write_bytes(data[: frames[first].start] + data[frames[last].start :])
    return out


def test_the_frames_of_a_file_are_read_to_its_end(stream):
    frames = list(mp3_frames(stream))
    assert frames[0].tag == "Info"
    assert frames[0].declared == len(frames) - 1
    assert all(frame.rate == 44100 and frame.gap == 0 for frame in frames[1:])


def test_a_stream_as_its_encoder_wrote_it_has_no_join(stream):
    result, found = joins(stream)
    assert not found
    assert result.outcome is Verdict.NONE_FOUND


def test_most_cuts_at_frames_are_told_at_their_place(stream, tmp_path):
    told = 0
    for first in range(60, 300, 20):
        result, found = joins(without(stream, tmp_path / "cut.mp3", first, first + 37))
        at = (first - 1) * 1152 / 44100 - 1105 / 44100
        assert len(found) <= 1
        told += any(trace.at[0] - 0.1 <= at <= trace.at[1] + 0.1 for trace in found)
        assert (result.outcome is Verdict.INCONSISTENT) is bool(found)
    assert told >= 4


def test_two_files_put_end_to_end_are_told(stream, tmp_path):
    both = tmp_path / "both.mp3"
    both.write_bytes(stream.read_bytes() * 2)
    _, found = joins(both)
    assert any("header" in trace.details["signs"] for trace in found)


def test_a_stream_of_nonsense_ends(tmp_path):
    path = tmp_path / "nonsense.mp3"
    path.write_bytes(b"\xff\xfb\x90\x00" + b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + b"\xff" * 50000)
    assert list(mp3_frames(path)) == []


def test_damage_is_not_taken_for_a_join(stream, tmp_path):
    data = stream.read_bytes()
    noted = 0
    for size in (500, 4000):
        for at in range(10000, len(data) - size - 10000, 9700):
            path = tmp_path / "damaged.mp3"
            path.write_bytes(data[:at] + bytes(size) + data[at + size :])
            result, found = joins(path)
            assert result.outcome is Verdict.NONE_FOUND
            noted += len(found)
    assert noted
