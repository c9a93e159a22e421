"""Encoding again mirrors the grid of what was encoded before: such shadows are no encodings, and no chain has them."""

from __future__ import annotations

import pytest

from tests.examining.conftest import SPEECH, load, save
from tests.media.conftest import ffmpeg
from wholetape.examining import examine
from wholetape.examining.codec.grid import Transform
from wholetape.examining.codec.shadows import Seen, shadows

MP3, AAC = Transform("mp3", "long", 44100), Transform("aac", "kbd", 44100)
LATER, EARLIER = Seen(MP3, (47,), 800.0), Seen(MP3, (466,), 60.0)


def encodings(*more):
    found = [LATER, EARLIER, *more]
    return [one for one, dark in zip(found, shadows(found), strict=True) if not dark]


@pytest.mark.parametrize(
    ("offset", "what"),
    [
        (47 + 288, "half a hop further"),
        (47 + 11, "close beside it"),
        (2 * 47 - 466, "the earlier one's mirror"),
        (47 + (466 - 47) // 2, "midway"),
        (47 + (466 - 47) // 2 + 288, "midway, and half a hop further"),
    ],
)
def test_what_a_clear_grid_shows_of_itself_and_of_another_is_no_encoding(offset, what):
    assert encodings(Seen(MP3, (offset % 576,), 12.0)) == [LATER, EARLIER], what


def test_a_mirror_as_faint_as_what_it_mirrors_is_one_encoding_with_it():
    faint = Seen(MP3, (200,), 10.8)
    assert encodings(faint, Seen(MP3, ((94 - 200) % 576,), 10.2)) == [LATER, EARLIER, faint]


def test_grids_at_other_offsets_are_encodings():
    one, broken = Seen(MP3, (130,), 12.0), Seen(MP3, (335, 130), 12.0)
    assert encodings(one) == [LATER, EARLIER, one]
    assert encodings(broken) == [LATER, EARLIER, broken]


def test_a_clear_grid_is_no_shadow_wherever_it_lies():
    clear, mirror = Seen(MP3, (335,), 400.0), Seen(MP3, ((94 - 466) % 576,), 55.0)
    assert encodings(clear) == [LATER, EARLIER, clear]
    assert encodings(mirror) == [LATER, EARLIER, mirror]


def test_grids_at_the_steps_of_a_filter_are_none():
    steps = [Seen(AAC, (offset,), 14.0) for offset in (63, 511, 447, 831)]
    assert encodings(*steps) == [LATER, EARLIER]
    assert encodings(*steps[:2]) == [LATER, EARLIER, *steps[:2]]


@pytest.mark.parametrize(("rate", "first", "second"), [(16000, "32k", "16k"), (44100, "64k", "32k")])
def test_of_two_encodings_of_which_the_first_is_lost_the_second_alone_is_told(tmp_path, rate, first, second):
    ffmpeg("-i", SPEECH, "-ar", rate, "-ac", "1", "-b:a", first, tmp_path / "first.mp3")
    trimmed = save(tmp_path / "trimmed.wav", load(tmp_path / "first.mp3", rate)[1000:], rate)
    ffmpeg("-i", trimmed, "-b:a", second, tmp_path / "second.mp3")
    result = examine(save(tmp_path / "again.wav", load(tmp_path / "second.mp3", rate)[300:], rate))
    assert [trace.details["offset"] for trace in result.traces if trace.name == "codec-grid"] == [323]
