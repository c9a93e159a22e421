"""Which of the edits made were found, and which of those found were never made.

1. Each found edit goes to the true edit that it overlaps most, or is nearest to within ``Rules.near_s``; on the
   reference clock as well where both are cuts. One that goes to none is a false edit.
   A cut may lie ``Rules.slid_s`` off when as much was cut as it says: in a pause the place is hard to tell.
2. What went to one true edit is taken together: the outermost boundaries. The edit counts as found when both are
   within the larger of ``Rules.limit_s`` and half its length; else it is missed, and those of its finds that reach
   beyond it are false edits.
3. The kind is right when the longest of its finds has it. Further finds of the same edit are "told in pieces".
"""

from __future__ import annotations

from dataclasses import dataclass

from eval.records import Found, Record
from eval.truth import Reading, Seconds, Truth
from wholetape.findings import Kind

SURE = 0.9
"""Confidence from which an edit makes a release ``edited``."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How near is near enough to be the same edit; where it lies exactly is told by the boundary errors."""

    near_s: float = 0.25
    limit_s: float = 0.4
    slid_s: float = 1.0
    same_length_s: float = 0.025
    half: float = 0.5
    """Share of its own length by which a longer edit's boundary may be wrong."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A true edit that was found: the signed errors of its boundaries in seconds, found minus true."""

    truth: Truth
    found: tuple[Found, ...]
    right_kind: bool
    start_error: float
    end_error: float

    @property
    def sure(self) -> bool:
        """True when it was told with a confidence that makes a release ``edited``."""
        return max(f.confidence for f in self.found) >= SURE


@dataclass(frozen=True, slots=True)
class Miss:
    """A true edit that was not found; ``doubted`` when 0.25 s there were unverified, which forbids ``whole``."""

    truth: Truth
    doubted: bool


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one record. Finds of edits that do not count (a pause for a pause) are in none of the lists."""

    record: Record
    hits: tuple[Hit, ...]
    misses: tuple[Miss, ...]
    false: tuple[Found, ...]
    passed: tuple[Found, ...] = ()
    """Finds of places where a pause was replaced by a pause."""


def score(record: Record, rules: Rules | None = None) -> Score:
    """The score of ``record``."""
    rules = rules or Rules()
    assigned: dict[int, list[Found]] = {}
    false: list[Found] = []
    for found in record.found:
        best = max(range(len(record.truth)), key=lambda i: affinity(found, record.truth[i], rules), default=None)
        if best is None or affinity(found, record.truth[best], rules) == NONE:
            false.append(found)
        else:
            assigned.setdefault(best, []).append(found)
    hits: list[Hit] = []
    misses: list[Miss] = []
    passed: list[Found] = []
    for index, truth in enumerate(record.truth):
        finds = assigned.get(index, [])
        if not truth.counts:
            passed += finds
            continue
        hit = judge(truth, finds, rules) if finds else None
        if hit:
            hits.append(hit)
            taken = hit.found
        else:
            place = truth.readings[0].release
            misses.append(Miss(truth, any(gap(place, u) <= 0.1 and u[1] - u[0] >= 0.25 for u in record.unverified)))
            taken = tuple(f for f in finds if any(place_of(f, r, rules) for r in truth.also) or within(f, truth, rules))
        false += [f for f in finds if f not in taken]
    return Score(record, tuple(hits), tuple(misses), tuple(false), tuple(passed))


NONE = (-1, 0.0, 0.0)


def affinity(found: Found, truth: Truth, rules: Rules) -> tuple[int, float, float]:
    """How strongly ``found`` belongs to ``truth``, for comparison; ``NONE`` when not at all."""
    if truth.kind is Kind.SPEED and truth.how == "whole file" and found.kind is not Kind.SPEED:
        return NONE
    best = NONE
    for reading in truth.readings + truth.also:
        if place_of(found, reading, rules, truth):
            shared = overlap(found.release, reading.release)
            if found.reference and reading.reference:
                shared = max(shared, overlap(found.reference, reading.reference))
            best = max(best, (0, shared, -gap(found.release, reading.release)))
    return best


def place_of(found: Found, reading: Reading, rules: Rules, truth: Truth | None = None) -> bool:
    """True when ``found`` lies at the place of ``reading``: on the release clock, cuts on the reference clock too."""
    slack = max(*truth.start_slack, *truth.end_slack) if truth else 0.0
    near = rules.near_s + slack
    if same_cut(found, reading, rules):
        near += rules.slid_s - rules.near_s
    if gap(found.release, reading.release) > near:
        return False
    both_cuts = found.kind is Kind.CUT and empty(reading.release)
    if both_cuts and found.reference and reading.reference:
        return gap(found.reference, reading.reference) <= near
    return True


def within(found: Found, truth: Truth, rules: Rules) -> bool:
    """True when ``found`` lies inside an edit that has an extent on the release clock."""
    return any(
        not empty(r.release)
        and r.release[0] - rules.near_s <= found.release[0]
        and found.release[1] <= r.release[1] + rules.near_s
        for r in truth.readings
    )


def same_cut(found: Found, reading: Reading, rules: Rules) -> bool:
    """True when both are cuts of the same length."""
    if found.kind is not Kind.CUT or not empty(reading.release) or not found.reference or not reading.reference:
        return False
    lengths = [end - start for start, end in (found.reference, reading.reference)]
    return abs(lengths[0] - lengths[1]) <= rules.same_length_s


def judge(truth: Truth, finds: list[Found], rules: Rules) -> Hit | None:
    """The hit that ``finds`` together are, or that the longest of them is alone; None when both lie too far off."""
    main = max(finds, key=lambda f: (extent(f), f.confidence))
    for group in (finds, [main]):
        best: tuple[float, float, float] | None = None
        for reading in truth.readings:
            errors = boundary_errors(truth, reading, group)
            if errors is None:
                continue
            length = reading.release[1] - reading.release[0]
            if empty(reading.release) and reading.reference:
                length = reading.reference[1] - reading.reference[0]
            limit = max(rules.limit_s, rules.half * length)
            if len(group) == 1 and same_cut(group[0], reading, rules):
                limit = max(limit, rules.slid_s)
            worst = max(abs(errors[0]), abs(errors[1]))
            if worst <= limit and (best is None or worst < best[0]):
                best = (worst, *errors)
        if best:
            holes = [f for f in finds if f not in group and any(place_of(f, r, rules) for r in truth.also)]
            return Hit(truth, (*group, *holes), main.kind is truth.kind, best[1], best[2])
    return None


def boundary_errors(truth: Truth, reading: Reading, finds: list[Found]) -> tuple[float, float] | None:
    """Signed errors at both ends, less what silence leaves open: of cuts on the reference clock, else the release's."""
    if empty(reading.release):
        spans = [f.reference for f in finds if f.reference]
        target = reading.reference
    else:
        # A cut told beside a replacement of another length has no extent here.
        spans = [f.release for f in finds if not empty(f.release)] or [f.release for f in finds]
        target = reading.release
    if not spans or target is None:
        return None
    start = min(s for s, _ in spans) - target[0]
    end = max(e for _, e in spans) - target[1]
    return less(start, truth.start_slack), less(end, truth.end_slack)


def less(error: float, slack: tuple[float, float]) -> float:
    """``error`` less the seconds that a boundary may lie earlier and later."""
    return min(0.0, error + slack[0]) if error < 0 else max(0.0, error - slack[1])


def extent(found: Found) -> float:
    """Seconds that a find covers, on whichever clock it covers more."""
    reference = found.reference[1] - found.reference[0] if found.reference else 0.0
    return max(found.release[1] - found.release[0], reference if found.kind is Kind.CUT else 0.0)


def empty(span: Seconds) -> bool:
    """True for a span without extent."""
    return span[1] - span[0] < 1e-6


def overlap(one: Seconds, two: Seconds) -> float:
    """Seconds that two spans share."""
    return max(0.0, min(one[1], two[1]) - max(one[0], two[0]))


def gap(one: Seconds, two: Seconds) -> float:
    """Seconds between two spans; 0 when they meet."""
    return max(0.0, max(one[0], two[0]) - min(one[1], two[1]))
