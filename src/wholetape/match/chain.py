"""Which held stretches are the recording in its own order, and which stand out of place.

The heaviest increasing chain, as in H. Li, *Minimap2* (Bioinformatics 2018), with the release's own length as weight.
"""

from __future__ import annotations

from dataclasses import replace

from wholetape.match.params import EDITS
from wholetape.match.segments import Held


def main_chain(held: list[Held]) -> list[int]:
    """Indices of the stretches that follow the references in order, together the longest in the release."""
    best: list[float] = []
    link: list[int] = []
    for i, now in enumerate(held):
        length = now.end_ms - now.start_ms
        value, source = length, -1
        for j in range(i):
            other = held[j]
            if now.ref_start_ms < other.ref_start_ms or now.ref_end_ms < other.ref_end_ms + EDITS.same_ms:
                continue
            shared = max(0.0, other.ref_end_ms - now.ref_start_ms)
            jump = min(30.0, abs(now.ref_start_ms - other.ref_end_ms))
            if best[j] + length - shared - jump > value:
                value, source = best[j] + length - shared - jump, j
        best.append(value)
        link.append(source)
    if not best:
        return []
    k = max(range(len(best)), key=best.__getitem__)
    chain = [k]
    while link[chain[-1]] >= 0:
        chain.append(link[chain[-1]])
    return chain[::-1]


def split_overlap(held: list[Held], chain: list[int]) -> tuple[list[Held], set[int]]:
    """All stretches in order, and which are the chain; what a member takes up again stands apart before it."""
    out: list[Held] = []
    members: set[int] = set()
    reached = -1e18
    for i, now in enumerate(held):
        if i not in chain:
            out.append(now)
            continue
        shared = reached - now.ref_start_ms
        if shared > EDITS.same_ms and shared < now.end_ms - now.start_ms:
            cut = now.start_ms + shared
            out.append(replace(now, end_ms=cut, runs=((now.start, max(now.start + 1, round(cut / 10)), now.first),)))
            rest = tuple((max(a, round(cut / 10)), b, d) for a, b, d in now.runs if b > round(cut / 10))
            now = replace(now, start_ms=cut, runs=rest or now.runs[-1:])
        members.add(len(out))
        out.append(now)
        reached = now.ref_end_ms
    return out, members
