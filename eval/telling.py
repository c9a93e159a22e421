"""The places to look at, one line each, with what it takes to reproduce them."""

from __future__ import annotations

from eval.corpus import part_at
from eval.records import Found
from eval.score import Score
from eval.truth import Seconds, Truth


def failures(scores: list[Score]) -> list[str]:
    """Every missed and every false edit, with what it takes to reproduce it: ``python -m eval case NAME``."""
    lines: list[str] = []
    for one in scores:
        record = one.record
        if record.error:
            lines.append(f"{record.case}: ERROR {record.error.strip().splitlines()[-1]}")
        elif record.outcome != record.expected:
            lines.append(f"{record.case}: OUTCOME {record.outcome}, expected {record.expected}")
        for miss in one.misses:
            reference = miss.truth.readings[0].reference
            source = f" in {part_at(record.parts, reference[0])}" if reference else ""
            doubted = " (unverified)" if miss.doubted else ""
            lines.append(f"{record.case}: MISSED {tell(miss.truth)}{doubted}{source}")
        for hit in one.hits:
            if not hit.right_kind:
                told = ", ".join(f.kind.value for f in hit.found)
                lines.append(f"{record.case}: KIND {tell(hit.truth)} told as {told}")
        for found in one.false:
            place = part_at(record.parts, (found.reference or found.release)[0])
            lines.append(f"{record.case}: FALSE {tell_found(found)} in {place}")
    return lines


def tell(truth: Truth) -> str:
    """One true edit in words."""
    first = truth.readings[0]
    what = f"{truth.kind.value} {truth.seconds * 1000:.0f} ms ({truth.how})"
    return f"{what} release {span(first.release)} reference {span(first.reference)}"


def tell_found(found: Found) -> str:
    """One found edit in words."""
    what = f"{found.kind.value} release {span(found.release)} reference {span(found.reference)}"
    speed = f" speed {found.speed:.4f}" if found.speed != 1 else ""
    return f"{what} confidence {found.confidence:.3f}{speed}"


def span(pair: Seconds | None) -> str:
    """Seconds, to the millisecond."""
    return f"{pair[0]:.3f}–{pair[1]:.3f}" if pair else "–"
