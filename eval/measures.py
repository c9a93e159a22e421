"""Numbers and cells that the tables are made of."""

from __future__ import annotations

from collections import Counter

import numpy as np

from eval.score import SURE, Hit, Score
from eval.targets import BINS_S
from eval.truth import Truth

EPSILON_S = 0.0015
"""Durations are whole samples: what is this much too short still falls into its bin."""


def matches(truth: Truth, kind: str, from_s: float) -> bool:
    """True for an edit of ``kind`` that lasts at least ``from_s`` seconds."""
    return truth.kind.value == kind and truth.seconds >= from_s - EPSILON_S


def bin_of(seconds: float) -> int:
    """The duration bin, an index into ``BINS_S``."""
    return max(i for i, low in enumerate(BINS_S) if seconds >= low - EPSILON_S)


def hours(scores: list[Score]) -> float:
    """Hours of release."""
    return sum(s.record.seconds for s in scores) / 3600


def ratio(part: int, whole: int) -> str:
    """A share as counts and percent."""
    return f"{part} of {whole} = {part / whole:.1%}" if whole else "–"


def boundary_errors(hits: list[Hit]) -> list[float]:
    """Absolute errors at both ends of every hit but the whole-file speeds, in seconds."""
    return [abs(e) for h in hits if h.truth.how != "whole file" for e in (h.start_error, h.end_error)]


def boundary(hits: list[Hit]) -> str:
    """Median and 90th percentile of the boundary errors, in milliseconds."""
    errors = boundary_errors(hits)
    return f"{np.median(errors) * 1000:.1f} / {np.percentile(errors, 90) * 1000:.1f}" if errors else "–"


def counts(scores: list[Score]) -> tuple[int, int]:
    """False edits told with confidence, and the others."""
    sure = sum(f.confidence >= SURE for s in scores for f in s.false)
    return sure, sum(len(s.false) for s in scores) - sure


def falses(scores: list[Score]) -> str:
    """False edits, sure + doubted."""
    sure, doubted = counts(scores)
    return f"{sure} + {doubted}"


def outcomes(scores: list[Score]) -> str:
    """How many outcomes are right, and which others were told."""
    right = sum(s.record.outcome == s.record.expected for s in scores)
    wrong = Counter(s.record.outcome for s in scores if s.record.outcome != s.record.expected)
    tail = " (" + ", ".join(f"{n} {name}" for name, n in wrong.items()) + ")" if wrong else ""
    return f"{right} of {len(scores)}{tail}"


def unverified(scores: list[Score]) -> float:
    """Share of the sound that was told to be unverified."""
    total = sum(s.record.seconds for s in scores)
    return sum(b - a for s in scores for a, b in s.record.unverified) / total if total else 0.0
