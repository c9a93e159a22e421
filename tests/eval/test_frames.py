"""Frames of clips: which count, how they are scored by what the check says, and the rate at which errors are equal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from eval.frames import CLIP_S, RATE, Scored, bounds, clips, equal_error_rate, frame_scores, scored, table
from tests.checking.desk import meeting, stranger
from wholetape.checking import make_print
from wholetape.findings import CheckResult, Coverage, Kind, Outcome, ReleaseFacts, Stretch
from wholetape.times import Span, samples


def said(*stretches: tuple[Kind, float, float]) -> CheckResult:
    spans = tuple(Stretch(kind, Span(samples(a), samples(b)), 0, None) for kind, a, b in stretches)
    facts = ReleaseFacts("x.mp3", "", stretches[-1][2], "mp3", 1)
    return CheckResult(Outcome.EDITED, facts, (), (), spans, Coverage((1.0,), 1.0, 0.0), {})


def test_scores_that_part_the_frames_have_no_error() -> None:
    assert equal_error_rate(np.array([-2.0, -1.0, 1.0, 2.0]), np.array([False, False, True, True])) == 0.0


def test_scores_that_say_nothing_err_half_of_the_time() -> None:
    assert equal_error_rate(np.zeros(10), np.arange(10) % 2 == 0) == pytest.approx(0.5)


def test_the_rate_is_where_misses_and_false_passes_are_as_frequent() -> None:
    scores = np.arange(200.0)
    follows = scores >= 100
    follows[[95, 96]] = True  # two of 102 below
    follows[[110, 111]] = False  # two of 98 above
    assert equal_error_rate(scores, follows) == pytest.approx(2 / 100, abs=0.002)


def test_frames_of_one_kind_have_no_rate() -> None:
    assert np.isnan(equal_error_rate(np.arange(3.0), np.ones(3, np.bool_)))


def test_a_frame_scores_its_distance_to_the_nearest_edge_of_what_is_kept() -> None:
    result = said(
        (Kind.KEPT, 0, 4), (Kind.KEPT, 4, 5), (Kind.REPLACED, 5, 6), (Kind.KEPT, 6, 9), (Kind.UNVERIFIED, 9, 10)
    )
    assert frame_scores(result, np.array([4.0, 5.2, 5.9, 8.0, 9.5])) == pytest.approx([1.0, -0.2, -0.1, 1.0, -0.5])


def test_a_clip_of_which_nothing_was_found_follows_nowhere() -> None:
    assert (frame_scores(said((Kind.UNVERIFIED, 0, 10)), np.array([1.0, 9.0])) < 0).all()


def test_bounds_hold_the_rate_and_widen_where_clips_differ() -> None:
    right = Scored("replaced", 1.0, "64k", np.array([-1.0, 1.0] * 50), np.array([False, True] * 50))
    wrong = Scored("replaced", 1.0, "64k", np.array([1.0, -1.0] * 50), np.array([False, True] * 50))
    low, high = bounds([right] * 9 + [wrong])
    assert low < 0.1 < high
    assert bounds([right] * 9) == (0.0, 0.0)


def test_clips_last_ten_seconds_and_are_checked_frame_by_frame(tmp_path: Path, encoders: Callable[..., None]) -> None:
    encoders("libmp3lame")
    from eval.sound import write

    low = meeting(0, 40)
    original = np.interp(np.arange(40 * RATE) * (16_000 / RATE), np.arange(len(low)), low).astype(np.float32)
    other = np.interp(np.arange(8 * RATE) * (16_000 / RATE), np.arange(8 * 16_000), stranger(8.0)).astype(np.float32)
    write(tmp_path / "original.wav", original, RATE)
    printed = tmp_path / "original.print"
    printed.write_bytes(make_print(tmp_path / "original.wav", jobs=1).encode())
    every = []
    for clip in clips(original, [other], 9, np.random.default_rng(4)):
        assert len(clip.sound) == round(CLIP_S * RATE)
        assert (clip.end - clip.start > 0) == (clip.kind != "cut")
        every.append(scored(clip, "128k", printed, tmp_path))
    assert [c.kind for c in every[:3]] == ["inserted", "replaced", "cut"]
    assert sum(len(c.scores) for c in every) > 8900
    both = np.concatenate([c.scores for c in every]), np.concatenate([c.follows for c in every])
    assert equal_error_rate(*both) < 0.02
    assert "Equal error rate" in table(every)
