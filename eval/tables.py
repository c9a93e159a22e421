"""The scores as tables that can be read at a glance, in Markdown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from eval.conditions import CONDITIONS
from eval.corpus import part_at
from eval.knowing import OUTSIDE
from eval.measures import bin_of, boundary, boundary_errors, counts, falses, hours, matches, outcomes, ratio, unverified
from eval.score import SURE, Hit, Miss, Score
from eval.stats import rate_upper, share_bounds
from eval.targets import BINS_S, RIGHT_KIND, SPEED_RATIO, TARGETS
from wholetape.findings import Kind

KINDS = ("cut", "inserted", "replaced", "muted", "repeated", "moved", "speed")


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
        detail = by_trick(group) if CONDITIONS[name].knowing else recall(group)
        lines += [f"### {name}", "", *asks(name, group), "", *detail, ""]
    lines += ["### False edits by source", "", *by_source(scores), "", *confidence(scores), ""]
    return "\n".join(lines)


def overview(groups: dict[str, list[Score]]) -> list[str]:
    """One row a condition."""
    rows = [
        "| condition | edited: h, edits | found | right kind | in pieces | boundary ms, median / 90% "
        "| false edits, sure + doubted | unedited: h | outcome right | false edits, sure + doubted "
        "| unverified | errors |",
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
        rows.append(f"| {ask.share:.0%} of {ask.kind}{length} | {ratio(done, total)} | {low:.1%}–{high:.1%} | {word} |")
    errors = boundary_errors(hits)
    if len(errors):
        middle = float(np.median(errors))
        word = "met" if middle <= target.boundary_s else "**short**"
        ninety = float(np.percentile(errors, 90))
        asked = f"boundary ≤ {target.boundary_s * 1000:.0f} ms, median"
        rows.append(f"| {asked} | {middle * 1000:.1f} ms | 90%: {ninety * 1000:.1f} ms | {word} |")
    if hits:
        right = sum(h.right_kind for h in hits)
        low, high = share_bounds(right, len(hits))
        word = "met" if right / len(hits) >= RIGHT_KIND else "**short**"
        rows.append(f"| right kind {RIGHT_KIND:.0%} | {ratio(right, len(hits))} | {low:.1%}–{high:.1%} | {word} |")
    rows += speeds(hits)
    sure, doubted = counts(group)
    word = "met" if not sure + doubted else "**short**"
    bound = rate_upper(sure + doubted, hours(group))
    reached = f"{sure} sure + {doubted} doubted in {hours(group):.1f} h"
    rows.append(f"| no false edit | {reached} | ≤ {bound:.2f} an hour | {word} |")
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
    reached = f"{good} and {one} of {len(wholes)}"
    return [f"| ratio to {SPEED_RATIO:.1%}, as one edit | {reached} | worst {max(errors):.3%} | {word} |"]


def recall(group: list[Score]) -> list[str]:
    """Found of made, by kind and duration."""
    found: Counter[tuple[str, int]] = Counter()
    made: Counter[tuple[str, int]] = Counter()
    for one in group:
        items: list[Hit | Miss] = [*one.hits, *one.misses]
        for item in items:
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


def by_trick(group: list[Score]) -> list[str]:
    """What became of each trick of a knowing editor."""
    rows = ["| trick | made | found | reported as unverified | missed |", "| --- " * 5 + "|"]
    hits = Counter(h.truth.how for s in group for h in s.hits)
    doubted = Counter(m.truth.how for s in group for m in s.misses if m.doubted)
    missed = Counter(m.truth.how for s in group for m in s.misses if not m.doubted)
    for how in sorted({*hits, *doubted, *missed}):
        made = hits[how] + doubted[how] + missed[how]
        rows.append(f"| {how} | {made} | {hits[how]} | {doubted[how]} | {missed[how]} |")
    for what, left_out in (("all", ()), ("all that change what the print hears", (OUTSIDE,))):
        told, lost = (sum(n for how, n in c.items() if how not in left_out) for c in (hits + doubted, missed))
        low, high = share_bounds(told, told + lost)
        rows.append(
            f"| **{what}** | {told + lost} | **{ratio(told, told + lost)}** ({low:.1%}–{high:.1%}) | | {lost} |"
        )
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
    for low, high in pairwise(edges):
        real = sum(low <= f.confidence < high for s in scores for h in s.hits for f in h.found)
        wrong = sum(low <= f.confidence < high for s in scores for f in s.false)
        if real + wrong:
            rows.append(f"| {low:.2f}–{min(high, 1):.2f} | {real + wrong} | {real / (real + wrong):.1%} |")
    return rows
