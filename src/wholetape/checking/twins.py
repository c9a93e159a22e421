"""References that are one recording given more than once: compared once, told for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wholetape.checking.references import Reference
from wholetape.findings import CheckResult


def firsts(references: Sequence[Reference]) -> list[int]:
    """For each reference the index of the first one that has the same print."""
    prints = [
        (r.print.samples, tuple((t.words.tobytes(), t.levels.tobytes()) for t in r.print.tracks)) for r in references
    ]
    return [prints.index(one) for one in prints] if len(prints) > 1 else list(range(len(prints)))


def for_each(result: CheckResult, references: Sequence[Reference], first: Sequence[int]) -> CheckResult:
    """The result of comparing with the different ones among ``references``, told of all of them."""
    kept = sorted(set(first))

    def own(source: int | None) -> int | None:
        return None if source is None else kept[source]

    shares = tuple(result.coverage.references[kept.index(one)] for one in first)
    names = [references[k].facts.path for k in range(len(first)) if first[k] != k]
    return replace(
        result,
        references=tuple(reference.facts for reference in references),
        edits=tuple(replace(edit, source=own(edit.source)) for edit in result.edits),
        spans=tuple(replace(span, source=own(span.source)) for span in result.spans),
        coverage=replace(result.coverage, references=shares),
        missing=tuple(replace(gone, source=kept[gone.source]) for gone in result.missing),
        notes=(*result.notes, *(f"{name} is the same recording as one given before it" for name in names)),
    )
