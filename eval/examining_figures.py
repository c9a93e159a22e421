"""What was asked of ``wholetape examine`` against what was measured: the table of ``docs/examine.md``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from eval.examining_right import accused, broken, copied, grid_right, hum_right, join_right
from eval.stats import share_bounds

Row = dict[str, Any]
_HEAD = "| trace | condition | asked | measured | 95% bounds | files, sources |\n| --- | --- | --- | --- | --- | --- |"
_SPLICES = (
    ("MP3, AAC ≤ 64k at 44.1/48 kHz, ≤ 32k at 16 kHz, then PCM", "97%", (
        "mp3 64 44.1 > pcm", "aac 64 44.1 > pcm", "mp3 32 16 > pcm", "aac 32 16 > pcm",
    )),
    ("the same, then MP3 or AAC 128k", "95%", ("mp3 64 48 > mp3 128", "aac 64 48 > mp3 128", "aac 64 44.1 > aac 128")),
    ("64k at 16 kHz mono, then PCM", "80%", ("mp3 64 16 > pcm", "aac 64 16 > pcm")),
    ("64k at 16 kHz mono, then MP3 128k", "65%", ("mp3 64 16 > mp3 128",)),
    ("64k, then Opus 64k", "50%", ("mp3 64 44.1 > opus 64", "aac 64 48 > opus 64")),
    ("128k, then PCM", "", ("mp3 128 48 > pcm", "aac 128 48 > pcm")),
    ("MP3 128k, then AAC 128k", "", ("mp3 128 44.1 > aac 128",)),
)  # fmt: skip


def figures(rows: Sequence[Row]) -> str:
    """The table, of the conditions that were measured; false alarms with 3/N where none was seen."""
    return "\n".join([_HEAD, *_found(rows), *_false(rows)])


def _found(rows: Sequence[Row]) -> Iterator[str]:
    grids = [row for row in rows if row["part"] == "grid" and "opus" not in row["condition"]]
    yield from _line("codec-grid", "MP3, AAC ≤ 128k, 5 to 8 s, then PCM or ≥ 128k", "99%", grids, grid_right)
    for words, asked, names in _SPLICES:
        mine = [row for row in rows if row["part"] == "splice" and row["condition"] in names]
        yield from _line("grid-break", words, asked, mine, broken)
    for name in dict.fromkeys(row["condition"] for row in rows if row["part"] == "copy"):
        mine = [row for row in rows if row["condition"] == name]
        files = "a minute to an hour" if "long" in name else "30 to 60 s"
        words = f"{name.split('> ')[1]}, 1 to 3 s in {files}, both places within 50 ms"
        yield from _line("copy-move", words, "98%", mine, copied)
    for codec, asked in (("mp3", "31%"), ("aac", "")):
        mine = [
            row
            for row in rows
            if row["part"] == "join" and row["condition"].startswith(codec) and "uncut" not in row["condition"]
        ]
        yield from _line(f"{codec}-join", "cut at random frames, 32 to 320k", asked, mine, join_right)
    for snr, asked in ((20, "97%"), (15, "88%")):
        mine = [
            row
            for row in rows
            if row["part"] == "hum" and f" {snr} dB" in row["condition"] and "uncut" not in row["condition"]
        ]
        yield from _line("hum-break", f"{snr} dB in band, cut of 1 s or more, PCM and AAC 64k", asked, mine, hum_right)


def _false(rows: Sequence[Row]) -> Iterator[str]:
    never = [row for row in rows if row["part"] == "never"]
    if never:
        windows = sum(int(row["seconds"]) for row in never)
        found = sum(bool(row["grids"]) for row in never)
        bound = f"below {3 / windows:.2%} (3/N)" if not found else ""
        yield _row("codec-grid, false", "1,000 never-coded windows", "0", f"{found} in {windows}", bound, never)
    innocent = [row for row in rows if row["part"] == "innocent" and not row["outcome"].startswith("error")]
    if innocent:
        count = sum(map(accused, innocent))
        bound = f"below {3 / len(innocent):.2%} (3/N)" if not count else _bounds(count, len(innocent))
        words = "500 unedited, openly processed or very short files"
        yield _row("accused", words, "0", f"{count} of {len(innocent)}", bound, innocent)
    uncut = [row for row in rows if row["part"] == "join" and "uncut" in row["condition"]]
    if uncut:
        count = sum(map(accused, uncut))
        bound = f"below {3 / len(uncut):.2%} (3/N)" if not count else _bounds(count, len(uncut))
        yield _row("mp3-join, aac-join, false", "streams not cut", "0", f"{count} of {len(uncut)}", bound, uncut)
    hums = [row for row in rows if row["part"] == "hum" and "uncut" in row["condition"] and row["reach"].get("hum")]
    if hums:
        count = sum(bool(row["places"]) for row in hums)
        bound = _bounds(count, len(hums))
        yield _row("hum-break, false", "hum of 12 dB or more, not cut", "5%", f"{count} of {len(hums)}", bound, hums)


def _line(name: str, words: str, asked: str, rows: Sequence[Row], hit: Callable[[Row], bool]) -> Iterator[str]:
    if rows:
        hits = sum(bool(hit(row)) for row in rows)
        yield _row(
            name, words, asked, f"{hits} of {len(rows)} = {hits / len(rows):.0%}", _bounds(hits, len(rows)), rows
        )


def _row(name: str, words: str, asked: str, measured: str, bounds: str, rows: Sequence[Row]) -> str:
    sources = len({row["source"] for row in rows})
    return f"| {name} | {words} | {asked} | {measured} | {bounds} | {len(rows)}, {sources} |"


def _bounds(hits: int, trials: int) -> str:
    low, high = share_bounds(hits, trials)
    return f"{low:.0%} to {high:.0%}" if trials < 100 else f"{low:.1%} to {high:.1%}"
