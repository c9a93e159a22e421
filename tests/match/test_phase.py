"""A copy that lies between the reference's frames is framed where it lies."""

from __future__ import annotations

import numpy as np

from tests.match.made import babble
from wholetape.match.bands import frames_of
from wholetape.match.phase import lateness, reframed
from wholetape.match.printfile import Track
from wholetape.match.score import Axis, Scorer


def scorer_of(sound, original):
    axis = Axis.of([Track.of(frames_of(original), 0, 255)])
    scorer = Scorer(frames_of(sound), axis)
    scorer.adopt(scorer.estimate([(50, len(scorer) - 50, 0)]))
    return scorer, axis


def test_sound_half_a_frame_late_is_framed_half_a_frame_later():
    original = babble(20, 3)
    late = np.concatenate((np.zeros(36, np.float32), original))
    scorer, axis = scorer_of(late, original)
    taken, runs = lateness(scorer, [(0, len(scorer), 0)], lambda a, b: late[max(0, a) : b])
    assert runs == [(0, len(scorer), 0)]
    assert abs(int(np.median(taken)) - 36) <= 6
    frames = reframed(scorer.frames, lambda a, b: late[max(0, a) : b], taken)
    again = Scorer(frames, axis, taken)
    again.adopt(again.estimate([(50, len(again) - 50, 0)]))
    assert len(frames) == len(scorer.frames)
    before, behind = (s.llr(100, 1800, 0).sum() for s in (scorer, again))
    assert behind > 1.1 * before


def test_sound_on_the_reference_s_frames_stays_as_it_was():
    original = babble(20, 3)
    scorer, _ = scorer_of(original, original)
    taken, _ = lateness(scorer, [(0, len(scorer), 0)], lambda a, b: original[a:b])
    assert not taken.any()
    assert reframed(scorer.frames, lambda a, b: original[a:b], taken) is scorer.frames


def test_a_run_on_the_wrong_diagonal_moves_nothing():
    original = babble(20, 3)
    scorer, _ = scorer_of(original, original)
    taken, runs = lateness(scorer, [(0, 800, 0), (800, 900, 1), (900, len(scorer), 0)], lambda a, b: original[a:b])
    assert not taken.any()
    assert runs[1] == (800, 900, 1)
