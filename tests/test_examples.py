"""The shipped examples are what their README says, and the main job holds on them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import wholetape
from examples import make
from wholetape.findings import Kind, Outcome

EXAMPLES = Path(make.__file__).parent
TOLERANCE = 0.05
"""Seconds by which a boundary may be off; the error rates are in docs/measured.md."""


@pytest.fixture(scope="module")
def meeting():
    return make.read(EXAMPLES / "meeting.flac")


@pytest.fixture(scope="module")
def truth():
    return json.loads((EXAMPLES / "edits.json").read_text())["edits"]


def likeness(one, other):
    """Correlation, second by second, of two recordings that must not be shifted against each other."""
    length = min(len(one), len(other)) // make.RATE * make.RATE
    a, b = (sound[:length].reshape(-1, make.RATE).astype(np.float64) for sound in (one, other))
    return (a * b).sum(axis=1) / np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))


def test_the_edit_list_is_the_one_that_the_release_was_made_by(meeting, truth):
    assert make.edit(meeting)[1] == truth


def test_the_releases_hold_the_sound_that_they_were_made_from(meeting):
    edited, _ = make.edit(meeting)
    for sound, name in ((edited, "posted.m4a"), (meeting, "whole.mp3")):
        release = make.read(EXAMPLES / name)
        assert abs(len(release) - len(sound)) < make.RATE // 10
        assert np.median(likeness(sound, release)) > 0.99


def test_encoding_again_gives_a_release_of_the_same_sound(meeting, tmp_path):
    make.encode(meeting[: 10 * make.RATE], tmp_path / "ten.m4a", "aac", 44_100, 48_000)
    assert np.median(likeness(meeting[: 10 * make.RATE], make.read(tmp_path / "ten.m4a"))) > 0.99


def test_the_shipped_print_is_current():
    shipped = (EXAMPLES / "meeting.print").read_bytes()
    fresh = wholetape.make_print(EXAMPLES / "meeting.flac").encode()
    assert len(shipped) == len(fresh)
    digest = 32  # of all bytes before it: one bit that rounds otherwise on another processor changes all of it
    one, other = (np.frombuffer(data[:-digest], np.uint8) for data in (shipped, fresh))
    differing = np.bitwise_count(one ^ other).sum()
    assert differing <= len(fresh) * 8 / 100_000


def test_every_example_names_its_terms():
    words = (EXAMPLES / "README.md").read_text()
    for path in EXAMPLES.iterdir():
        if path.is_file():
            assert f"`{path.name}`" in words or path.name == "README.md"
    for path in (EXAMPLES / "speech").iterdir():
        assert f"`speech/{path.stem.split('-')[0]}-" in words


@pytest.mark.parametrize("reference", ["meeting.flac", "meeting.print"])
def test_the_edited_release_is_told_edit_by_edit(reference, truth):
    result = wholetape.check(EXAMPLES / "posted.m4a", against=EXAMPLES / reference)
    assert result.outcome is Outcome.EDITED
    assert [str(edit.kind) for edit in result.edits] == [edit["kind"] for edit in truth]
    for edit, made in zip(result.edits, truth, strict=True):
        assert edit.release.seconds == pytest.approx(made["release"], abs=TOLERANCE)
        assert edit.reference is not None
        assert edit.reference.seconds == pytest.approx(made["reference"], abs=TOLERANCE)
        assert edit.confidence >= 0.9


@pytest.mark.parametrize("reference", ["meeting.flac", "meeting.print"])
def test_the_unedited_release_is_whole(reference):
    result = wholetape.check(EXAMPLES / "whole.mp3", against=EXAMPLES / reference)
    assert result.outcome is Outcome.WHOLE
    assert result.edits == ()
    assert {tile.kind for tile in result.spans} == {Kind.KEPT}


def test_another_meeting_is_unrelated():
    result = wholetape.check(EXAMPLES / "speech" / "ami-dev00.flac", against=EXAMPLES / "meeting.print")
    assert result.outcome is Outcome.UNRELATED
