"""The tables of the evaluation of ``wholetape examine``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval import measured
from eval.stats import share_bounds

CALIBRATION = Path(__file__).parent.parent / "src" / "wholetape" / "examining" / "calibration.json"
Row = dict[str, Any]
_NEAR_BREAK_S = 0.5
_NEAR_COPY_S = 0.05


def write_report(rows: Sequence[Row]) -> None:
    """Writes the section of ``docs/measured.md`` and the package's counts."""
    measured.write("examine", "python -m eval.examine", "\n\n".join(_tables(rows)))
    unedited = [row for row in rows if row["part"] in ("innocent", "grid")]
    sources = len({row["source"] for row in unedited})
    material = f"unedited recordings of {sources} sources, openly processed ones included; eval.examine"
    counts = {
        name: {"n": len(unedited), "false": sum(bool(row[key]) for row in unedited), "material": material}
        for name, key in (("grid-break", "breaks"), ("copy-move", "copies_found"))
    }
    tree = {
        "provenance": f"python -m eval.examine, {datetime.now(UTC):%Y-%m-%d}; speech listed in eval/sources.json",
        "traces": counts,
    }
    CALIBRATION.write_text(json.dumps(tree, indent=1) + "\n")


def _tables(rows: Sequence[Row]) -> list[str]:
    innocent = [row for row in rows if row["part"] == "innocent"]
    accused = [row for row in innocent if row["outcome"] == "inconsistent"]
    out = [
        "Unedited recordings are of `speech/heldout`, edited ones of `speech/dev`, on which thresholds were "
        "set by hand; small counts, to be repeated on more.",
        f"Unedited, openly processed, very short or silent recordings: {len(innocent)} of "
        f"{len({row['source'] for row in innocent})} sources; `inconsistent`: **{len(accused)}** "
        f"(95% bounds {_bounds(len(accused), len(innocent))}); errors: "
        f"{sum(row['outcome'].startswith('error') for row in innocent)}.",
        _table("grid present, 5 to 8 s", [row for row in rows if row["part"] == "grid"], _grid_right, _accused),
        _table("grid breaks at a splice", [row for row in rows if row["part"] == "splice"], _broken, _beside),
        _table("copied passage, 1 to 3 s", [row for row in rows if row["part"] == "copy"], _copied, _wrong_copy),
    ]
    return [part for part in out if part]


def _table(title: str, rows: Sequence[Row], hit: Any, wrong: Any) -> str:
    if not rows:
        return ""
    lines = [f"| {title} | found | 95% bounds | wrong places | files, sources |", "| --- | --- | --- | --- | --- |"]
    for condition in dict.fromkeys(row["condition"] for row in rows):
        mine = [row for row in rows if row["condition"] == condition]
        hits = sum(bool(hit(row)) for row in mine)
        lines.append(
            f"| {condition} | {hits} of {len(mine)} = {hits / len(mine):.0%} | {_bounds(hits, len(mine))} | "
            f"{sum(bool(wrong(row)) for row in mine)} | {len(mine)}, {len({row['source'] for row in mine})} |"
        )
    return "\n".join(lines)


def _bounds(hits: int, trials: int) -> str:
    low, high = share_bounds(hits, trials)
    return f"{low:.1%} to {high:.1%}"


def _grid_right(row: Row) -> bool:
    """The codec and rate of the earlier encoding were told as earlier."""
    return any([codec, rate] == list(row["grid"]) and not own for codec, rate, _, own in row["grids"])


def _accused(row: Row) -> bool:
    return bool(row["outcome"] == "inconsistent")


def _broken(row: Row) -> bool:
    """At least one break was told within half a second of a joint."""
    return any(_near(joint, found) for joint in row["joints"] for found in row["breaks"])


def _beside(row: Row) -> bool:
    return any(not any(_near(joint, found) for joint in row["joints"]) for found in row["breaks"])


def _near(joint: float, found: Sequence[float]) -> bool:
    return abs((found[0] + found[1]) / 2 - joint) <= _NEAR_BREAK_S


def _copied(row: Row) -> bool:
    """Both places, each end within 50 ms."""
    return all(any(_same(place, found) for found in row["copies_found"]) for place in row["copies"])


def _same(place: Sequence[float], found: Sequence[float]) -> bool:
    return abs(place[0] - found[0]) <= _NEAR_COPY_S and abs(place[1] - found[1]) <= _NEAR_COPY_S


def _wrong_copy(row: Row) -> bool:
    """A copy that meets neither place."""
    return any(all(found[1] < a or found[0] > b for a, b in row["copies"]) for found in row["copies_found"])
