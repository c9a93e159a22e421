"""The sound of a page: cut from the very files that were checked, or not at all."""

from __future__ import annotations

import hashlib
import wave
from dataclasses import replace

import numpy as np
import pytest

from tests.report import results
from wholetape.findings import CheckResult, Edit, Kind
from wholetape.match.printfile import Print, Track
from wholetape.media.clips import COLUMNS
from wholetape.report import gather


def record(path, seconds: float, seed: int, channels: int = 1):
    """A recording of noise at ``path``: its hash."""
    rng = np.random.default_rng(seed)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes((rng.standard_normal((round(8000 * seconds), channels)) * 3000).astype("<i2").tobytes())
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def checked(tmp_path) -> CheckResult:
    """A result about two files that are there, with a cut."""
    one, two = tmp_path / "posted.wav", tmp_path / "meeting.wav"
    return replace(
        results.whole(30),
        release=results.release(30, path=str(one), sha256=record(one, 30, 1)),
        references=(results.reference(40, path=str(two), sha256=record(two, 40, 2)),),
        edits=(Edit(Kind.CUT, results.span(10, 10), 0, results.span(10, 20), 0.99),),
    )


def test_each_place_of_each_file_is_cut_and_both_are_outlined(checked):
    found = gather([checked])
    assert {(piece.source, piece.span.seconds) for piece in found.clips} == {(None, (8, 12)), (0, (8, 22))}
    assert all(clip.mp3 and clip.outline for clip in found.clips.values())
    assert {path: len(outline) for path, outline in found.outlines.items()} == {
        checked.release.path: COLUMNS,
        checked.references[0].path: COLUMNS,
    }
    assert found.seconds(checked.release.path) == 4
    assert not found.notes


def test_without_clips_there_are_outlines_alone(checked):
    found = gather([checked], clips=False)
    assert not found.clips
    assert len(found.outlines) == 2


@pytest.mark.parametrize("change", ["other", "gone", "folder", "empty"])
def test_a_file_that_is_not_the_one_that_was_checked_is_left_out_and_said(checked, tmp_path, change):
    path = tmp_path / "meeting.wav"
    path.unlink()
    if change == "other":
        record(path, 40, 99)
    if change == "folder":
        path.mkdir()
    if change == "empty":
        path.touch()
    found = gather([checked])
    assert {piece.source for piece in found.clips} == {None}
    assert set(found.outlines) == {checked.release.path}
    [note] = found.notes
    assert "meeting.wav" in note


def test_a_reference_is_listened_to_once_for_all_releases(checked, monkeypatch):
    from wholetape.media import clips

    heard = []
    survey = clips.survey

    def watched(path, *words, **more):
        heard.append(path)
        return survey(path, *words, **more)

    monkeypatch.setattr(clips, "survey", watched)
    gather([checked, replace(checked, edits=())])
    assert sorted(heard) == sorted([checked.release.path, checked.references[0].path])


def test_a_print_gives_its_level_where_its_sound_is_not_at_hand(checked):
    levels = np.array([0, 40, 80, 80 | 128, 72] * 300, np.uint8)
    print_ = Print(6000 * 80, b"\0" * 32, (Track(0, 255, np.zeros(6000, np.uint64), levels),))
    silent = replace(checked, references=(results.reference(60, path="m.print", kind="print"),))
    found = gather([silent], {"m.print": print_})
    outline = found.outlines["m.print"]
    assert found.levels == {"m.print"}
    assert len(outline) == 800
    assert max(outline) == 1.0
    assert min(outline) >= 0.0
    assert {piece.source for piece in found.clips} == {None}


def test_a_print_of_silence_has_no_outline(checked):
    print_ = Print(800, b"\0" * 32, (Track(0, 255, np.zeros(10, np.uint64), np.zeros(3, np.uint8)),))
    assert gather([checked], {"m.print": print_}).outlines["m.print"] == ()


def test_of_a_stream_or_channel_that_a_file_lacks_the_first_is_heard(checked):
    edit = replace(checked.edits[0], where="stream 4 channel 9")
    found = gather([replace(checked, edits=(edit,))])
    assert len(found.clips) == 2


def test_progress_goes_from_0_to_1(checked):
    shares: list[float] = []
    gather([checked], progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
