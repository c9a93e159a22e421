"""Every number of the archive's index and search."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexParams:
    """What of a print is indexed. Changing any of these makes another index, to be built anew."""

    step: int = 10
    """frames (100 ms) between two indexed words: the slow signs hardly change faster."""
    key_bits: int = 16
    """signs in a key: the even ones and the odd ones of the slow half, so that a key covers the whole spectrum."""
    fresh_hours: float = 24.0
    """hours of recordings that are not in a segment yet; their keys are taken from their prints at each search."""
    tier: int = 8
    """segments of one size that are merged into one of the next."""
    most_hours: float = 20_000.0
    """hours of a segment: positions fit 32 bits, and no merge takes more memory than that many keys."""


INDEX = IndexParams()


@dataclass(frozen=True, slots=True)
class FindParams:
    """How a clip is sought. Frames are 10 ms, scores are standard deviations above what chance would give."""

    window: int = 500
    """frames of a clip that are sought at once; a shorter clip is sought as a whole."""
    windows: int = 12
    """windows of a longer clip, spread evenly over it."""
    every: int = 2
    """frames between two words that are looked up: an offset of one frame leaves the slow signs nearly as they are."""
    flips: tuple[int, ...] = (0, 2, 4)
    """least reliable signs of a key that are tried both ways, stage by stage, until something is found."""
    most_votes: int = 6_000_000
    """votes that are counted at once: bounds memory."""
    crowded: int = 24
    """times the mean size of a bucket beyond which its key is too common to say anything."""
    near: int = 3
    """frames within which votes agree on a place."""
    counts: tuple[int, ...] = (48, 32, 24, 16, 12, 9, 7, 6, 5, 4, 3)
    """votes for a place, most first, until enough candidates are found."""
    candidates: int = 48
    """places that are compared sign by sign."""
    correlation: float = 5.0
    """neighbouring frames repeat each other's signs about this many times."""
    found: float = 10.0
    """score from which a place is told as found."""
    found_agreement: float = 0.62
    """share of the reliable signs that must agree as well: the same phrase by the same voice reaches 0.61."""
    perhaps: float = 7.5
    """score from which it is told as uncertain."""
    least_frames: int = 100
    """loud frames (1 s) without which nothing is sought."""
    same: int = 25
    """frames by which the places of two windows may differ and still be one hit."""
    most_hits: int = 20


FIND = FindParams()
