"""The machine's report: format ``wholetape.check/v1``, specified in ``docs/json.md``."""

from __future__ import annotations

from typing import Any

from wholetape.errors import WholetapeError
from wholetape.findings import CheckResult, Edit, Missing, Stretch
from wholetape.times import Span

FORMAT = "wholetape.check/v1"
DECIMALS = 4
"""Seconds are rounded to 0.1 ms; the analysis clock ticks every 0.125 ms, so equal instants stay equal."""


def as_json(result: CheckResult) -> dict[str, Any]:
    """The result of one check as a tree that ``json.dumps`` takes: spans tile the release without gap or overlap."""
    facts = result.release
    return {
        "format": FORMAT,
        "outcome": str(result.outcome),
        "release": {
            "path": facts.path,
            "sha256": facts.sha256,
            "duration": _seconds(facts.duration),
            "codec": facts.codec,
            "streams": facts.streams,
            "has_picture": facts.has_picture,
            "damage": list(facts.damage),
        },
        "references": [
            {
                "path": ref.path,
                "kind": ref.kind,
                "sha256": ref.sha256,
                "duration": _seconds(ref.duration),
                "standing": ref.standing,
                "capture": ref.capture,
                **({"withheld": [_seconds(part) for part in ref.withheld]} if any(ref.withheld) else {}),
            }
            for ref in result.references
        ],
        "edits": [_edit(edit) for edit in result.edits],
        "spans": [_stretch(stretch) for stretch in result.spans],
        "coverage": {
            "references": [_seconds(share) for share in result.coverage.references],
            "release": _seconds(result.coverage.release),
            "unverified": _seconds(result.coverage.unverified),
        },
        "detects": {kind: _seconds(shortest) for kind, shortest in result.detects.items()},
        "missing": [_missing(gap) for gap in result.missing],
        "notes": list(result.notes),
    }


def error_as_json(path: str, error: WholetapeError) -> dict[str, Any]:
    """What stands in the array for a release that could not be checked: no outcome, but the reason."""
    return {
        "format": FORMAT,
        "outcome": None,
        "release": {"path": path},
        "error": {"message": str(error), "hint": error.hint, "exit": int(error.exit_code)},
    }


def _seconds(value: float) -> float:
    return round(float(value), DECIMALS)


def _span(span: Span) -> list[float]:
    start, end = span.seconds
    return [_seconds(start), _seconds(end)]


def _edit(edit: Edit) -> dict[str, Any]:
    tree: dict[str, Any] = {"kind": str(edit.kind), "release": _span(edit.release)}
    if edit.reference is not None:
        tree |= {"source": edit.source, "reference": _span(edit.reference)}
    tree["confidence"] = _seconds(edit.confidence)
    if edit.speed != 1.0:
        tree["speed"] = round(edit.speed, 5)
    if edit.where:
        tree["where"] = edit.where
    return tree


def _stretch(stretch: Stretch) -> dict[str, Any]:
    tree: dict[str, Any] = {"kind": str(stretch.kind), "release": _span(stretch.release)}
    if stretch.reference is not None:
        tree |= {"source": stretch.source, "reference": _span(stretch.reference)}
    return tree | {"speed": round(stretch.speed, 5), "exact": stretch.exact}


def _missing(gap: Missing) -> dict[str, Any]:
    return {"source": gap.source, "reference": _span(gap.reference)}
