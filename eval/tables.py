"""The scores as tables that can be read at a glance, in Markdown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np

from eval.corpus import part_at
from eval.score import SURE, Hit, Miss, Score
from eval.stats import rate_upper, share_bounds
from eval.targets import BINS_S, RIGHT_KIND, SPEED_RATIO, TARGETS
from eval.truth import Truth
from wholetape.findings import Kind

KINDS = ("cut", "inserted", "replaced", "muted", "repeated", "moved", "speed")
EPSILON_S = 0.0015
"""Durations are whole samples: what is this much too short still falls into its bin."""


def by_condition(scores: Iterable[Score]) -> dict[str, list[Score]]:
    """The scores of each condition, in the order in which they first come."""
    groups: dict[str, list[Score]] = {}
    for one in scores:
        groups.setdefault(one.record.condition, []).append(one)
    return groups


def report(scores: list[Score]) -> str:
    """All tables: an overview, then for each condition its asks and recall by kind and duration."""
    groups = by_condition(scores)
    lines = [*overview(groups), ""]
    for name, group in groups.items():
        lines += [f"### {name}", "", *asks(name, group), "", *recall(group), ""]
    lines += ["### False edits by source", "", *by_source(scores), "", *confidence(scores), ""]
    return "\n".join(lines)


def overview(groups: dict[str, list[Score]]) -> list[str]:
    """One row a condition."""
    rows = [
        "| condition | edited: h, edits | found | right kind | in pieces | boundary ms, median / 90% | false edits, sure + doubted "
        "| unedited: h | outcome right | false edits, sure + doubted | unverified | errors |",
        "| --- " * 12 + "|",
    ]
    for name, group in groups.items():
        edited = [s for s in group if s.record.edited]
        plain = [s for s in group if not s.record.edited]
        hits = [h for s in edited for h in s.hits]
        total = len(hits) + sum(len(s.misses) for s in edited)
        errors = boundary(hits)
        rows.append(
            f"| {name} | {hours(edited):.1f} h, {total} | {ratio(len(hits), total)} "
            f"| {ratio(sum(h.right_kind for h in hits), len(hits))} | {sum(len(h.found) > 1 for h in hits)} "
            f"| {errors} | {falses(edited)} | {hours(plain):.1f} | {outcomes(plain)} | {falses(plain)} "
            f"| {unverified(group):.2%} | {sum(bool(s.record.error) for s in group)} |"
        )
    return rows


def asks(name: str, group: list[Score]) -> list[str]:
    """What the condition is asked to reach, and what it reached."""
    target = TARGETS.get(name)
    if target is None:
        return []
    rows = ["| asked | reached | 95% bounds | |", "| --- | --- | --- | --- |"]
    hits = [h for s in group for h in s.hits]
    misses = [m for s in group for m in s.misses]
    for ask in target.asks:
        done = sum(matches(h.truth, ask.kind, ask.from_s) for h in hits)
        total = done + sum(matches(m.truth, ask.kind, ask.from_s) for m in misses)
        if not total:
            continue
        low, high = share_bounds(done, total)
        word = "met" if done / total >= ask.share else "**short**"
        length = f" ≥ {ask.from_s * 1000:.0f} ms" if ask.from_s else ""
        rows.append(f"| {ask.share:.0%} of {ask.kind}{length} | {done} of {total} = {done / total:.1%} | {low:.1%}–{high:.1%} | {word} |")
    errors = boundary_errors(hits)
    if len(errors):
        middle = float(np.median(errors))
        word = "met" if middle <= target.boundary_s else "**short**"
        rows.append(f"| boundary ≤ {target.boundary_s * 1000:.0f} ms, median | {middle * 1000:.1f} ms | 90%: {np.percentile(errors, 90) * 1000:.1f} ms | {word} |")
    if hits:
        right = sum(h.right_kind for h in hits)
        low, high = share_bounds(right, len(hits))
        word = "met" if right / len(hits) >= RIGHT_KIND else "**short**"
        rows.append(f"| right kind {RIGHT_KIND:.0%} | {ratio(right, len(hits))} | {low:.1%}–{high:.1%} | {word} |")
    rows += speeds(hits)
    sure, doubted = counts(group)
    word = "met" if not sure + doubted else "**short**"
    bound = rate_upper(sure + doubted, hours(group))
    rows.append(f"| no false edit | {sure} sure + {doubted} doubted in {hours(group):.1f} h | ≤ {bound:.2f} an hour | {word} |")
    return rows


def speeds(hits: list[Hit]) -> list[str]:
    """How well ratios of speed are told."""
    wholes = [h for h in hits if h.truth.kind is Kind.SPEED]
    if not wholes:
        return []
    errors = [abs(max(h.found, key=lambda f: f.release[1] - f.release[0]).speed / h.truth.speed - 1) for h in wholes]
    good = sum(e <= SPEED_RATIO for e in errors)
    one = sum(sum(f.kind is Kind.SPEED for f in h.found) == 1 for h in wholes)
    word = "met" if good == one == len(wholes) else "**short**"
    return [
        f"| ratio to {SPEED_RATIO:.1%}, as one edit | {good} and {one} of {len(wholes)} | worst {max(errors):.3%} | {word} |"
    ]


def recall(group: list[Score]) -> list[str]:
    """Found of made, by kind and duration."""
    found: Counter[tuple[str, int]] = Counter()
    made: Counter[tuple[str, int]] = Counter()
    for one in group:
        for item in (*one.hits, *one.misses):
            key = (item.truth.kind.value, bin_of(item.truth.seconds))
            made[key] += 1
            found[key] += isinstance(item, Hit)
    kinds = [k for k in KINDS if any(key[0] == k for key in made)]
    if not kinds:
        return []
    used = sorted({b for _, b in made})
    head = "| ms | " + " | ".join(f"{BINS_S[b] * 1000:.0f}–" for b in used) + " |"
    rows = [head, "| --- " * (len(used) + 1) + "|"]
    for kind in kinds:
        cells = [f"{found[kind, b]}/{made[kind, b]}" if made[kind, b] else "" for b in used]
        rows.append(f"| {kind} | " + " | ".join(cells) + " |")
    return rows


def by_source(scores: list[Score]) -> list[str]:
    """False edits per hour of each source's sound, all conditions together."""
    seconds: dict[str, float] = defaultdict(float)
    events: Counter[str] = Counter()
    for one in scores:
        for part in one.record.parts:
            seconds[part.source] += part.end - part.start
        for found in one.false:
            place = found.reference[0] if found.reference else found.release[0]
            events[part_at(one.record.parts, place) or "?"] += 1
    rows = ["| source | hours | false edits |", "| --- | --- | --- |"]
    for source in sorted(seconds, key=lambda s: (-events[s], s)):
        rows.append(f"| {source} | {seconds[source] / 3600:.2f} | {events[source]} |")
    return rows


def confidence(scores: list[Score]) -> list[str]:
    """Of the edits told with a confidence, how many are real."""
    edges = (0.0, 0.5, 0.7, SURE, 0.99, 1.0001)
    rows = ["| confidence | reported | real |", "| --- | --- | --- |"]
    for low, high in zip(edges, edges[1:], strict=False):
        real = sum(low <= f.confidence < high for s in scores for h in s.hits for f in h.found)
        wrong = sum(low <= f.confidence < high for s in scores for f in s.false)
        if real + wrong:
            rows.append(f"| {low:.2f}–{min(high, 1):.2f} | {real + wrong} | {real / (real + wrong):.1%} |")
    return rows


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
            lines.append(f"{record.case}: MISSED {tell(miss.truth)}{' (unverified)' if miss.doubted else ''}{source(record.parts, miss)}")
        for hit in one.hits:
            if not hit.right_kind:
                told = ", ".join(f.kind.value for f in hit.found)
                lines.append(f"{record.case}: KIND {tell(hit.truth)} told as {told}")
        for found in one.false:
            lines.append(
                f"{record.case}: FALSE {found.kind.value} release {span(found.release)} reference {span(found.reference)} "
                f"confidence {found.confidence:.2f} in {part_at(record.parts, (found.reference or found.release)[0])}"
            )
    return lines


def source(parts: object, miss: Miss) -> str:
    reference = miss.truth.readings[0].reference
    return f" in {part_at(parts, reference[0])}" if reference else ""  # type: ignore[arg-type]


def tell(truth: Truth) -> str:
    first = truth.readings[0]
    return f"{truth.kind.value} {truth.seconds * 1000:.0f} ms ({truth.how}) release {span(first.release)} reference {span(first.reference)}"


def span(pair: tuple[float, float] | None) -> str:
    return f"{pair[0]:.3f}–{pair[1]:.3f}" if pair else "–"


def matches(truth: Truth, kind: str, from_s: float) -> bool:
    return truth.kind.value == kind and truth.seconds >= from_s - EPSILON_S


def bin_of(seconds: float) -> int:
    return max(i for i, low in enumerate(BINS_S) if seconds >= low - EPSILON_S)


def hours(scores: list[Score]) -> float:
    return sum(s.record.seconds for s in scores) / 3600


def ratio(part: int, whole: int) -> str:
    return f"{part} of {whole} = {part / whole:.1%}" if whole else "–"


def boundary_errors(hits: list[Hit]) -> list[float]:
    """Absolute errors at both ends of every hit but the whole-file speeds, in seconds."""
    return [abs(e) for h in hits if h.truth.how != "whole file" for e in (h.start_error, h.end_error)]


def boundary(hits: list[Hit]) -> str:
    errors = boundary_errors(hits)
    return f"{np.median(errors) * 1000:.1f} / {np.percentile(errors, 90) * 1000:.1f}" if errors else "–"


def counts(scores: list[Score]) -> tuple[int, int]:
    sure = sum(f.confidence >= SURE for s in scores for f in s.false)
    return sure, sum(len(s.false) for s in scores) - sure


def falses(scores: list[Score]) -> str:
    sure, doubted = counts(scores)
    return f"{sure} + {doubted}"


def outcomes(scores: list[Score]) -> str:
    right = sum(s.record.outcome == s.record.expected for s in scores)
    wrong = Counter(s.record.outcome for s in scores if s.record.outcome != s.record.expected)
    tail = " (" + ", ".join(f"{n} {name}" for name, n in wrong.items()) + ")" if wrong else ""
    return f"{right} of {len(scores)}{tail}"


def unverified(scores: list[Score]) -> float:
    total = sum(s.record.seconds for s in scores)
    return sum(b - a for s in scores for a, b in s.record.unverified) / total if total else 0.0
