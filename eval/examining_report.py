"""The tables of the evaluation of ``wholetape examine``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval import measured
from eval.examining_figures import figures
from eval.examining_ratios import ratios, ratios_text
from eval.examining_right import accused, beside, broken, copied, grid_right, hum_right, join_right, wrong_copy
from eval.stats import share_bounds

ROOT = Path(__file__).parent.parent
CALIBRATION = ROOT / "src" / "wholetape" / "examining" / "calibration.json"
PAGE = ROOT / "docs" / "examine.md"
_COMMAND = "python -m eval.examine"
Row = dict[str, Any]


def write_report(rows: Sequence[Row], fitted: Sequence[Row]) -> None:
    """Writes the sections of ``docs/measured.md`` and ``docs/examine.md``, and the package's counts and ratios.

    ``fitted``: cases of another split by source, on which likelihood ratios are fitted; without them there are none.
    """
    measured.write("examine", _COMMAND, "\n\n".join(_tables(rows)))
    unedited = [row for row in rows if row["part"] in ("innocent", "grid") and not row["outcome"].startswith("error")]
    told = ratios(fitted)
    measured.write("figures", _COMMAND, f"{figures(rows)}\n\n{ratios_text(told, fitted, rows)}", PAGE)
    material = f"unedited recordings of {_sources(unedited)} sources, openly processed ones included; eval.examine"
    traces: dict[str, dict[str, Any]] = {
        name: {"n": len(unedited), "false": sum(bool(row[key]) for row in unedited), "material": material}
        for name, key in (("grid-break", "breaks"), ("copy-move", "copies_found"))
    }
    if told:
        traces["grid-break"]["log10_lr"] = {name: round(ratio.present, 2) for name, ratio in told.items()}
    traces |= dict(_stream_counts(rows))
    tree = {
        "provenance": f"{_COMMAND}, {datetime.now(UTC):%Y-%m-%d}; speech listed in eval/sources.json; counts on its "
        f"part heldout, ratios fitted on its part dev",
        "traces": traces,
    }
    CALIBRATION.write_text(json.dumps(tree, indent=1) + "\n")


def write_section(name: str, rows: Sequence[Row]) -> None:
    """Writes the tables of ``rows`` alone, where only some parts were measured anew, to their own section."""
    measured.write(name, _COMMAND, "\n\n".join([figures(rows), *_tables(rows)]))


def _stream_counts(rows: Sequence[Row]) -> Iterator[tuple[str, dict[str, Any]]]:
    """How often streams and hum that nobody had cut showed joins and jumps."""
    for name, part, like in (("mp3-join", "join", "mp3"), ("aac-join", "join", "aac"), ("hum-break", "hum", "")):
        whole = [
            row for row in rows if row["part"] == part and "uncut" in row["condition"] and like in row["condition"]
        ]
        if part == "hum":
            whole = [row for row in whole if row["reach"].get("hum")]
        if whole:
            false = sum(any(place[0] == name for place in row["places"]) for row in whole)
            what = "recordings with hum of 12 dB or more" if part == "hum" else f"{like.upper()} streams"
            material = f"uncut {what}, of {_sources(whole)} sources; eval.examine"
            yield name, {"n": len(whole), "false": false, "material": material}


def _tables(rows: Sequence[Row]) -> list[str]:
    part = {name: [row for row in rows if row["part"] == name] for name in {row["part"] for row in rows}}
    out = [
        _unedited(part.get("innocent", [])),
        _never(part.get("never", [])),
        _table("grid present, 5 to 8 s", part.get("grid", []), grid_right, accused),
        _table("grid breaks at a splice", part.get("splice", []), broken, beside),
        _table("copied passage, 1 to 3 s, places within 50 ms", part.get("copy", []), copied, wrong_copy),
        _table("stream cut at frames", _without(part.get("join", []), "uncut"), join_right, lambda row: False),
        _table("stream not cut: called cut", _with(part.get("join", []), "uncut"), accused, lambda row: False),
        _hums(part.get("hum", [])),
    ]
    return [text for text in out if text]


def _unedited(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    done = [row for row in rows if not row["outcome"].startswith("error")]
    outcomes = {name: sum(row["outcome"] == name for row in done) for name in ("processed", "none-found")}
    wrong = sum(map(accused, done))
    return (
        f"Unedited recordings, openly processed, very short or silent: {len(done)}, of {_sources(done)} "
        f"sources; `inconsistent`: **{wrong}** (95% bounds {_bounds(wrong, len(done))}); "
        f"{', '.join(f'`{name}` {n}' for name, n in outcomes.items())}, the others `not-examinable`; errors: "
        f"{len(rows) - len(done)}."
    )


def _never(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    windows = sum(int(row["seconds"]) for row in rows)
    found = sum(bool(row["grids"]) for row in rows)
    return (
        f"Speech at a speed that fits no rate: {len(rows)} recordings of {_sources(rows)} sources, {windows} windows "
        f"of a second, searched at all rates; grids found in {found} of the recordings."
    )


def _hums(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    lines = [
        "| hum, SNR within 2 Hz | judged | cut found, of the judged | uncut: jump, of the judged | files, sources |",
        "| --- | --- | --- | --- | --- |",
    ]
    for condition in dict.fromkeys(row["condition"].split(",")[0] for row in rows):
        mine = [row for row in rows if row["condition"].split(",")[0] == condition]
        judged = [row for row in mine if row["reach"].get("hum")]
        cut, whole = _without(judged, "uncut"), _with(judged, "uncut")
        lines.append(
            f"| {condition} | {len(judged)} of {len(mine)} | {_share(sum(map(hum_right, cut)), len(cut))} | "
            f"{_share(sum(bool(row['places']) for row in whole), len(whole))} | {len(mine)}, {_sources(mine)} |"
        )
    return "\n".join(lines)


def _table(title: str, rows: Sequence[Row], hit: Callable[[Row], bool], wrong: Callable[[Row], bool]) -> str:
    if not rows:
        return ""
    lines = [f"| {title} | found | 95% bounds | wrong places | files, sources |", "| --- | --- | --- | --- | --- |"]
    for condition in dict.fromkeys(row["condition"] for row in rows):
        mine = [row for row in rows if row["condition"] == condition]
        hits = sum(bool(hit(row)) for row in mine)
        lines.append(
            f"| {condition} | {_share(hits, len(mine))} | {_bounds(hits, len(mine))} | "
            f"{sum(bool(wrong(row)) for row in mine)} | {len(mine)}, {_sources(mine)} |"
        )
    return "\n".join(lines)


def _with(rows: Sequence[Row], word: str) -> list[Row]:
    return [row for row in rows if word in row["condition"]]


def _without(rows: Sequence[Row], word: str) -> list[Row]:
    return [row for row in rows if word not in row["condition"]]


def _sources(rows: Sequence[Row]) -> int:
    return len({row["source"] for row in rows})


def _share(hits: int, trials: int) -> str:
    return f"{hits} of {trials} = {hits / trials:.0%}" if trials else "none judged"


def _bounds(hits: int, trials: int) -> str:
    low, high = share_bounds(hits, trials)
    return f"{low:.1%} to {high:.1%}"
