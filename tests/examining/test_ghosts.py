"""A grid shows itself at other rates, too; which one it was is told by clarity, and where it can be by its lattice."""

from __future__ import annotations

import numpy as np

from wholetape.examining.codec.grid import MONO, Grid, Transform
from wholetape.examining.codec.history import Layer, _without_ghosts
from wholetape.examining.codec.track import Run, Series, Track


def layer(rate: int, z: float, codec: str = "mp3", *, lattice: float = 0.0) -> Layer:
    transform = Transform(codec, "long", rate)
    zeros, fits = (Series(np.array([sums]), np.array([1.0])) for sums in (z, lattice))
    track = Track(Grid(transform, MONO, 7, z), np.array([2.0]), zeros, fits)
    return Layer(transform, MONO, (Run(track, 0.0, 5.0, z),), ())


def rates(*found):
    return [one.transform.rate for one in _without_ghosts(found)]


def test_the_clearer_of_two_rates_whose_clocks_meet_often_is_kept():
    assert rates(layer(48000, 60.0), layer(16000, 30.0)) == [48000]
    assert rates(layer(44100, 60.0), layer(22050, 50.0)) == [44100]


def test_what_lies_on_a_lattice_as_clearly_is_no_ghost_and_the_other_one_is_where_it_does_not():
    assert rates(layer(48000, 60.0), layer(16000, 30.0, lattice=40.0)) == [16000]
    assert rates(layer(48000, 60.0, lattice=60.0), layer(16000, 30.0, lattice=40.0)) == [48000, 16000]


def test_what_lies_on_a_lattice_far_less_clearly_is_a_ghost():
    """AAC of narrow speech at 44.1 kHz lies on one at 22.05 kHz, midway between two frames, a fifth as clearly."""
    assert rates(layer(44100, 190.0, "aac", lattice=260.0), layer(22050, 37.0, "aac", lattice=54.0)) == [44100]


def test_rates_whose_clocks_seldom_meet_and_other_codecs_are_encodings_of_their_own():
    assert rates(layer(48000, 60.0), layer(44100, 30.0)) == [48000, 44100]
    assert rates(layer(48000, 60.0), layer(16000, 30.0, "aac")) == [48000, 16000]
