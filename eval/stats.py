"""Exact 95% bounds of shares and rates."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log

import numpy as np

TAIL = 0.025


def share_bounds(hits: int, trials: int) -> tuple[float, float]:
    """Clopper–Pearson 95% bounds of a share; (0, 1) when nothing was tried."""
    if trials == 0:
        return 0.0, 1.0
    low = 0.0 if hits == 0 else _solve(lambda p: 1 - _binomial_below(hits, trials, p) - TAIL)
    high = 1.0 if hits == trials else _solve(lambda p: TAIL - _binomial_below(hits + 1, trials, p))
    return low, high


def rate_upper(events: int, hours: float) -> float:
    """Upper 95% (one-sided) bound of a Poisson rate, in events per hour; infinite for no hours."""
    if hours <= 0:
        return float("inf")
    return _solve(lambda m: 0.05 - _poisson_up_to(events, m * 1000)) * 1000 / hours


def _solve(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _binomial_below(hits: int, trials: int, p: float) -> float:
    """Probability of fewer than ``hits`` in ``trials``."""
    if p <= 0 or p >= 1:
        return float(p <= 0)
    k = np.arange(hits)
    factorial = np.array([lgamma(i + 1) for i in range(trials + 1)])
    terms = factorial[trials] - factorial[k] - factorial[trials - k] + k * log(p) + (trials - k) * log(1 - p)
    return float(np.exp(terms).sum())


def _poisson_up_to(events: int, mean: float) -> float:
    return sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(events + 1)) if mean > 0 else 1.0
