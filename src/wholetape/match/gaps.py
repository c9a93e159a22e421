"""What lies between two stretches that the release holds: place its edges, and tell what it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from wholetape.match.params import EDITS
from wholetape.match.refine import TIGHT, Bench, Fit, fit_between, fit_cut, fit_inserted, fit_replaced
from wholetape.match.score import QUIET, Scorer
from wholetape.match.search import search


class Content(Enum):
    """What foreign sound is like."""

    NONE = "none"
    OTHER = "other"
    SILENT = "silent"
    TONE = "tone"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class Edges:
    """A break between two diagonals: edges in ms of the release's frame clock, equal for a bare jump; nats for it."""

    left: float
    right: float
    evidence: float


def break_edges(scorer: Scorer, before: int, after: int, left: int, right: int, room: tuple[int, int]) -> Edges:
    """Edges of the break between ``before`` (held up to frame ``left``) and ``after`` (held from frame ``right``).

    ``room``: frames that the edges must stay within.
    """
    near = max(room[0], left - EDITS.reach)
    far = min(room[1], right + EDITS.reach)
    if before == after:
        if right - left > EDITS.long_gap:
            return _long(scorer, before, after, left, right, near, far)
        fit, plain = fit_replaced(scorer, before, max(room[0], left - 4), min(room[1], right + 4))
        a, b = inner(fit.left, fit.right)
        against = -float(scorer.llr(a, min(b, len(scorer)), before).sum()) if a < len(scorer) else 0.0
        return Edges(fit.left, fit.right, max(fit.score - plain, against))
    if right - left > EDITS.long_gap:
        return _long(scorer, before, after, left, right, near, far)
    if after < before and before - after < EDITS.long_gap:  # what was put in may lie a pause away from the jump
        near = max(room[0], near - (before - after) - 2 * EDITS.reach)
        far = min(room[1], far + 2 * EDITS.reach)
    free = fit_between(scorer, before, after, near, far)
    options = [fit_cut(scorer, before, after, near, far)]
    if after < before and (before - after) <= far - near:
        options.insert(0, fit_inserted(scorer, before, after, near, far))
    chosen = next((o for o in options if o.score >= free.score - EDITS.simpler), free)
    return Edges(chosen.left, chosen.right, _against_staying(scorer, before, after, chosen, room))


def _long(scorer: Scorer, before: int, after: int, left: int, right: int, near: int, far: int) -> Edges:
    middle = min(left + EDITS.reach * 4, right)
    first = np.arange(near * 10.0, middle * 10.0 + 1)
    total = Bench(scorer, near - 14, middle + 14, before).until(first) + TIGHT * first
    begin = float(first[int(total.argmax())])
    middle = max(right - EDITS.reach * 4, left)
    second = np.arange(middle * 10.0, far * 10.0 + 1)
    total = Bench(scorer, middle - 14, far + 14, after).after(second) - TIGHT * second
    end = max(begin, float(second[int(total.argmax())]))
    if before != after:
        return Edges(begin, end, 1e3)
    a, b = inner(begin, end)
    return Edges(begin, end, -float(scorer.llr(a, min(b, len(scorer)), before).sum()))


def _against_staying(scorer: Scorer, before: int, after: int, fit: Fit, room: tuple[int, int]) -> float:
    """Nats by which both sides fit their own diagonal better than the other's, the weaker side counting."""
    n = len(scorer)
    a, b = round(fit.left / 10), round(fit.right / 10)
    first, last = max(room[0], a - EDITS.witness), min(n, room[1], b + EDITS.witness)
    head = scorer.llr(first, a, before) - scorer.llr(first, a, after) if a > first else np.zeros(1, np.float32)
    tail = scorer.llr(b, last, after) - scorer.llr(b, last, before) if last > b else np.zeros(1, np.float32)
    foreign = 0.0
    if b - a > 6:
        foreign = max(0.0, -float(scorer.llr(a, b, before).sum()))
    return float(min(max(head.sum(), 0.0), max(tail.sum(), 0.0)) + foreign)


def content(scorer: Scorer, left_ms: float, right_ms: float, diagonals: tuple[int, ...], missing: bool) -> Content:
    """What the release has between the edges; ``missing``: the reference at ``diagonals[0]`` stands behind it."""
    a, b = inner(left_ms, right_ms)
    b = min(b, len(scorer))
    a = min(a, b - 1)
    frames = scorer.frames.slice(a, b)
    low, quarter, high = np.percentile(frames.level, [10, 25, 90])
    if float(frames.tone.mean()) >= EDITS.tone_share and high - quarter <= EDITS.tone_level:
        return Content.TONE
    if missing:
        depth = drop(scorer, a, b, diagonals[0])
        hush = high <= scorer.noise + EDITS.above_noise or high - low <= EDITS.steady_level
        if depth >= EDITS.mute_drop and (hush or depth >= 2 * EDITS.mute_drop):
            return Content.SILENT
        if silenced(scorer, a, b, diagonals[0]):
            return Content.SILENT
    return Content.OTHER


def inner(left_ms: float, right_ms: float) -> tuple[int, int]:
    """Frames whose windows lie inside the edges, at least one."""
    a, b = int(np.ceil(left_ms / 10 + 2)), int(right_ms / 10 - 2) + 1
    if b <= a:
        a = round((left_ms + right_ms) / 20)
        b = a + 1
    return max(0, a), max(1, b)


def drop(scorer: Scorer, a: int, b: int, diagonal: int) -> float:
    """Level steps by which the release's frames [a, b) lie below the reference's there, gain between both taken out."""
    axis = scorer.axis
    first, last = max(a, -diagonal), min(b, len(axis) - diagonal)
    if first >= last:
        return 0.0
    place = slice(first + diagonal, last + diagonal)
    heard = spoken(scorer, place)
    if float(heard.mean()) < EDITS.spoken_share / 2:
        return 0.0
    there = axis.level[place][heard].astype(np.float64)
    here = scorer.frames.level[first:last].astype(np.float64)
    return float(np.median(there) - np.percentile(here, 90) - scorer.gain)


def silenced(scorer: Scorer, a: int, b: int, diagonal: int) -> bool:
    """True when frames [a, b) are digital silence where the reference has sound, in a release that keeps its quiet."""
    first, last = max(a, -diagonal), min(b, len(scorer.axis) - diagonal, len(scorer))
    if last <= first:
        return False
    there = scorer.axis.level[first + diagonal : last + diagonal].astype(np.int64)
    here = scorer.frames.level[first:last].astype(np.int64)
    deep = float(np.median(there) - np.percentile(here, 90) - scorer.gain) >= 2 * EDITS.mute_drop
    return deep and float(np.percentile(here, 90)) <= EDITS.digital_silence and not gated(scorer)


def gated(scorer: Scorer, share: float = EDITS.gated_share) -> bool:
    """True when the release is digitally silent in that share of what is quiet in the references: a gate, or DTX."""
    own, quiet = scorer.silences
    return own > share * quiet


def pause(scorer: Scorer, left_ms: float, right_ms: float, diagonal: int) -> bool:
    """True when the release is quiet there where the reference is: a pause for a pause is nothing to tell."""
    a, b = inner(left_ms, right_ms)
    first, last = max(a, -diagonal), min(b, len(scorer.axis) - diagonal, len(scorer))
    if last <= first or silenced(scorer, first, last, diagonal):
        return False
    place = slice(first + diagonal, last + diagonal)
    if float(spoken(scorer, place).mean()) >= EDITS.spoken_share:
        return False
    here = scorer.loudness[first:last] <= QUIET
    there = scorer.axis.loudness[place] <= QUIET
    return bool((here & there).mean() >= EDITS.pause_share)


def spoken(scorer: Scorer, place: slice) -> NDArray[np.bool_]:
    """(n,) frames of the axis that are more than a pause for what is heard around them: some talkers are faint."""
    around = scorer.axis.level[max(0, place.start - EDITS.around) : place.stop + EDITS.around]
    floor, loud = np.percentile(around, [10, 95])
    return np.asarray(scorer.axis.level[place] > max(loud - EDITS.below_loud, floor + EDITS.above_noise))


def masked(scorer: Scorer, left_ms: float, right_ms: float, diagonal: int) -> bool:
    """True when the sound there gives no evidence of other content: steady noise, or the reference still under it."""
    a, b = inner(left_ms, right_ms)
    b = min(b, len(scorer))
    frames = scorer.frames.slice(a, b)
    if not len(frames):
        return False
    if steady(scorer, a, b) or _noise_over(scorer, a, b, diagonal):
        return True
    active = frames.level > scorer.noise + EDITS.above_noise
    if scorer.noise > 0 and active.sum() < max(4, 0.25 * len(active)):
        return True
    first, last = max(a, -diagonal), min(b, len(scorer.axis) - diagonal)
    if last - first < 8:
        return False
    differ = scorer.differing(first, last, diagonal)[[2, 3, 6, 7]].sum()
    seen = scorer.counts[[2, 3, 6, 7], first:last].sum()
    return bool(seen > 0 and (0.5 - differ / seen) * 2 * np.sqrt(seen / 8) > 4.0 and differ / seen < 0.44)


def steady(scorer: Scorer, a: int, b: int) -> bool:
    """True when the release's frames [a, b) are one noise: no evidence of other content."""
    frames = scorer.frames.slice(a, b)
    low, high = np.percentile(frames.level, [10, 90])
    return bool(high - low <= EDITS.steady_level and np.median(frames.contrast) <= EDITS.flat_contrast)


def _noise_over(scorer: Scorer, a: int, b: int, diagonal: int) -> bool:
    """True when frames [a, b) are noise at least as loud as the reference there, which may still be under it."""
    first, last = max(a, -diagonal), min(b, len(scorer.axis) - diagonal)
    if first >= last or np.median(scorer.frames.contrast[first:last]) > EDITS.flat_contrast:
        return False
    if float(scorer.frames.tone[first:last].mean()) >= EDITS.tone_share / 2:
        return False
    there = np.median(scorer.axis.level[first + diagonal : last + diagonal].astype(np.float64))
    return bool(np.median(scorer.frames.level[first:last]) >= there - scorer.gain - EDITS.steady_level)


def elsewhere(scorer: Scorer, left_ms: float, right_ms: float, avoid: tuple[int, ...]) -> int | None:
    """The diagonal at which the stretch is found elsewhere in the references, or None."""
    a, b = inner(left_ms, right_ms)
    b = min(b, len(scorer))
    if b - a < 12:
        return None
    for frames in (40, 160):
        for place in search(scorer, a, b, -a, len(scorer.axis) - a, frames, best=2):
            near = any(abs(place.diagonal - d) <= 8 for d in avoid)
            if place.z < EDITS.found_z or near:
                continue
            best = max(range(place.diagonal - 2, place.diagonal + 3), key=lambda d: scorer.llr(a, b, d).sum())
            if scorer.llr(a, b, best).sum() >= EDITS.found_llr:
                return best
        if b - a <= frames:
            break
    return None
