"""The release as a row of pieces: held stretches with refined edges, and what stands between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from wholetape.match.clarity import foreign_rate, needed
from wholetape.match.doubt import doubtful
from wholetape.match.gaps import Content, break_edges, content, elsewhere, inner, masked, pause
from wholetape.match.paces import Pace, paces, without
from wholetape.match.params import EDITS
from wholetape.match.score import Scorer
from wholetape.match.segments import Held, segments
from wholetape.match.speed import Sound
from wholetape.match.trace import Run


@dataclass(frozen=True, slots=True)
class Foreign:
    """Sound between two held stretches that is not the reference's there; edges in ms of the release's frame clock."""

    start_ms: float
    end_ms: float
    content: Content
    evidence: float


Piece = Held | Foreign


def timeline(scorer: Scorer, runs: list[Run], sound: Sound | None, jitter: int = 1) -> list[Piece]:
    """Pieces in the release's order, from its first to its last millisecond; two held ones may meet at a jump.

    ``sound`` gives the release's samples where stretches at another speed are to be looked for.
    """
    sped = paces(scorer, runs, sound) if sound is not None else []
    held = segments(scorer, without(runs, sped), jitter)
    if not held:
        return []
    held = _join_same(scorer, held, sped)
    pieces: list[Piece] = [held[0]]
    for now in held[1:]:
        before = pieces.pop()
        assert isinstance(before, Held)
        between = [p for p in sped if before.end_ms <= p.start_ms + 5 and p.end_ms <= now.start_ms + 5]
        pieces += _at_pace(before, between, now) if between else _between(scorer, before, now)
    pieces = _without_visits(_at_ends(pieces, sped))
    pieces = [replace(p, doubts=tuple(doubtful(scorer, p))) if isinstance(p, Held) else p for p in pieces]
    end = len(scorer) * 10.0
    first, last = pieces[0], pieces[-1]
    if first.start_ms > 0 and isinstance(first, Held) and _goes_on(scorer, 0.0, first.start_ms, first.first):
        pieces[0] = first = replace(first, start_ms=0.0)
    if last.end_ms < end and isinstance(last, Held) and _goes_on(scorer, last.end_ms, end, last.last):
        pieces[-1] = last = replace(pieces[-1], end_ms=end)
    if first.start_ms > 0:
        pieces.insert(0, _edge_piece(scorer, 0.0, first.start_ms, first))
    if last.end_ms < end:
        pieces.append(_edge_piece(scorer, last.end_ms, end, last))
    return pieces


def _without_visits(pieces: list[Piece]) -> list[Piece]:
    """The pieces; moments elsewhere, between two stretches of one place, are masked sound, or nothing if very short.

    The first frames of a note, which a codec smears, fit another round of the tune by chance.
    """
    out = list(pieces[:1])
    for now in pieces[1:]:
        before = out[-2] if len(out) > 1 else None
        visit = out[-1]
        if isinstance(before, Held) and isinstance(visit, Held) and isinstance(now, Held):
            offset = (now.ref_start_ms - now.start_ms) - (before.ref_end_ms - before.end_ms)
            length = visit.end_ms - before.end_ms
            steady = before.speed == visit.speed == now.speed == 1.0
            if steady and abs(offset) <= EDITS.same_place_ms and length < EDITS.visit_ms:
                end = max(before.end_ms, visit.end_ms)
                if length > EDITS.same_ms:
                    out[-1] = Foreign(before.end_ms, end, Content.MASKED, visit.evidence)
                else:
                    out[-2:] = [replace(before, end_ms=end)]
                now = replace(now, start_ms=end)
        out.append(now)
    return out


def _at_pace(before: Held, sped: list[Pace], after: Held) -> list[Piece]:
    """The stretches at another speed, and those on both sides up to their edges."""
    out: list[Piece] = [replace(before, end_ms=sped[0].start_ms), *map(_held, sped)]
    for k, (one, other) in enumerate(pairwise(sped)):
        out[1 + k] = replace(_held(one), end_ms=other.start_ms)
    return [*out, replace(after, start_ms=sped[-1].end_ms)]


def _at_ends(pieces: list[Piece], sped: list[Pace]) -> list[Piece]:
    """The pieces, with what the release begins and ends with at another speed."""
    first, last = pieces[0], pieces[-1]
    head = [_held(p) for p in sped if p.end_ms <= first.start_ms + 5]
    tail = [_held(p) for p in sped if p.start_ms >= last.end_ms - 5]
    if head:
        pieces[0] = replace(first, start_ms=head[-1].end_ms)
    if tail:
        pieces[-1] = replace(pieces[-1], end_ms=tail[0].start_ms)
    return [*head, *pieces, *tail]


def _held(pace: Pace) -> Held:
    start, end = round(pace.start_ms / 10), max(round(pace.start_ms / 10) + 1, round(pace.end_ms / 10))
    diagonal = round((pace.ref_start_ms - pace.start_ms) / 10)
    shift = pace.ref_start_ms - pace.start_ms - 10.0 * diagonal
    run = (start, end, diagonal)
    return Held((run,), pace.start_ms, pace.end_ms, shift, pace.speed.ratio, pace.evidence)


def _join_same(scorer: Scorer, held: list[Held], sped: list[Pace]) -> list[Held]:
    """Join stretches of one diagonal where nothing speaks strongly enough for foreign sound between them."""
    out, rate = [held[0]], foreign_rate(scorer)
    for now in held[1:]:
        before = out[-1]
        apart = any(before.end_ms <= p.start_ms + 5 and p.end_ms <= now.start_ms + 5 for p in sped)
        if abs(now.first - before.last) <= 1 and not apart:
            edges = break_edges(scorer, before.last, before.last, before.end, now.start, (before.start, now.end))
            least = _least(scorer, rate, edges.left, edges.right, before.last)
            if edges.evidence < least or pause(scorer, edges.left, edges.right, before.last):
                runs = (*before.runs, (before.end, now.start, before.last), *now.runs)
                out[-1] = replace(before, runs=tuple(r for r in runs if r[1] > r[0]), end_ms=now.end_ms)
                continue
        out.append(now)
    return out


def _least(scorer: Scorer, rate: float, left_ms: float, right_ms: float, diagonal: int) -> float:
    """Nats below which what lies between the edges is the reference's own sound, which the copy's codec wore down.

    Telephone codecs make a noise of their own out of laughter and applause: much differs then, but not all.
    """
    share = EDITS.worn_share if rate >= EDITS.worn_rate else EDITS.worn_share_phone
    foreign = float(scorer.if_foreign(*inner(left_ms, right_ms), diagonal).sum())
    least = max(needed(rate, right_ms - left_ms), share * foreign)
    if rate < EDITS.clear_rate:
        least = max(least, min(EDITS.worn_sure, EDITS.worn_share_unsure * foreign))
    if least > EDITS.mute_evidence and content(scorer, left_ms, right_ms, (diagonal,), True) is not Content.OTHER:
        return EDITS.mute_evidence
    return least


def _between(scorer: Scorer, before: Held, after: Held) -> list[Piece]:
    """The two stretches with refined edges, and what is between them."""
    same = abs(after.first - before.last) <= 1
    target = before.last if same else after.first
    edges = break_edges(scorer, before.last, target, before.end, after.start, (before.start, after.end))
    if abs(after.first - before.last) <= EDITS.drift_step and edges.evidence < EDITS.drift_evidence:
        return [replace(before, runs=(*before.runs, *after.runs), end_ms=after.end_ms)]
    head = replace(before, end_ms=max(before.start_ms, edges.left))
    tail = replace(after, start_ms=min(after.end_ms, edges.right))
    if edges.right - edges.left < 10.0:
        return [head, replace(tail, evidence=edges.evidence)]
    found = elsewhere(scorer, edges.left, edges.right, (before.last, after.first))
    if found is not None:
        return _with_passage(scorer, head, tail, found, edges.evidence)
    missing = tail.ref_start_ms - head.ref_end_ms
    length = edges.right - edges.left
    stands_over = missing > EDITS.same_ms
    what = content(scorer, edges.left, edges.right, (before.last, after.first), stands_over)
    even = same and abs(missing - length) <= 2 * EDITS.same_ms
    faint = length < EDITS.far_s * 1000 and edges.evidence < EDITS.far_sure and foreign_rate(scorer) < EDITS.far_rate
    if what is Content.OTHER and even and (faint or masked(scorer, edges.left, edges.right, before.last)):
        what = Content.MASKED
    return [head, Foreign(edges.left, edges.right, what, edges.evidence), replace(tail, evidence=edges.evidence)]


def _with_passage(scorer: Scorer, head: Held, tail: Held, diagonal: int, evidence: float) -> list[Piece]:
    """A passage from elsewhere in the references, its own edges found, between two stretches."""
    a, b = round(head.end_ms / 10), round(tail.start_ms / 10)
    middle = (a + b) // 2
    left = break_edges(scorer, head.last, diagonal, a, a, (max(0, a - 30), middle))
    right = break_edges(scorer, diagonal, tail.first, b, b, (middle, min(len(scorer), b + 30)))
    start, end = left.right, right.left
    if end - start < 50:
        start, end = head.end_ms, tail.start_ms
        passage = Held(((a, max(b, a + 1), diagonal),), start, end, evidence=evidence)
        return [head, passage, tail]
    passage = Held(((a, max(b, a + 1), diagonal),), start, end, evidence=evidence)
    return [replace(head, end_ms=left.left), passage, replace(tail, start_ms=right.right, evidence=evidence)]


def _goes_on(scorer: Scorer, start: float, end: float, diagonal: int) -> bool:
    """True when a head or tail is a pause as it is in the reference, which stands behind all of it."""
    return _behind(scorer, start, end, diagonal) and pause(scorer, start, end, diagonal)


def _behind(scorer: Scorer, start: float, end: float, diagonal: int) -> bool:
    """True when the reference stands behind all of a head or tail."""
    a, b = int(start / 10), max(int(start / 10) + 1, int(end / 10))
    if a + diagonal < 0 or b + diagonal > len(scorer.axis):
        return False
    return bool(scorer.axis.usable[a + diagonal : b + diagonal].all())


def _edge_piece(scorer: Scorer, start: float, end: float, beside: Held | Foreign) -> Piece:
    """What stands before the first or behind the last held stretch."""
    if end - start < EDITS.head_ms:
        return Foreign(start, end, Content.NONE, 0.0)
    found = elsewhere(scorer, start, end, ())
    if found is not None:
        return Held(
            ((int(start / 10), max(int(start / 10) + 1, int(end / 10)), found),), start, end, evidence=EDITS.clear
        )
    diagonal = beside.first if isinstance(beside, Held) else 0
    what = content(scorer, start, end, (diagonal, diagonal), True)
    if what is Content.OTHER and masked(scorer, start, end, diagonal):
        what = Content.MASKED
    score = -float(scorer.llr(int(start / 10), max(int(start / 10) + 1, int(end / 10)), diagonal).sum())
    worn = what is Content.OTHER and _behind(scorer, start, end, diagonal)
    if worn and score < _least(scorer, foreign_rate(scorer), start, end, diagonal):
        what = Content.MASKED
    return Foreign(start, end, what, max(0.0, score))
