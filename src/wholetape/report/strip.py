"""The release as one line of letters, legible without colour, with a time ruler below."""

from __future__ import annotations

from wholetape.findings import CheckResult, Kind

KEPT = "█"
SEVERAL = "*"
LETTERS = {
    Kind.KEPT: KEPT,
    Kind.CUT: "C",
    Kind.INSERTED: "I",
    Kind.REPLACED: "R",
    Kind.REPEATED: "A",
    Kind.MOVED: "V",
    Kind.MUTED: "M",
    Kind.SPEED: "S",
    Kind.UNVERIFIED: "?",
}
WORDS = {
    KEPT: "as in the reference",
    "C": "cut",
    "I": "inserted",
    "R": "replaced",
    "A": "repeated (again)",
    "V": "moved",
    "M": "muted",
    "S": "other speed",
    "?": "unverified",
    SEVERAL: "several",
}
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
"""Seconds that a ruler may count by."""


def strip(result: CheckResult, columns: int) -> str:
    """``columns`` letters, each for an equal share of the release: what was found there, ``*`` for several edits."""
    total = result.spans[-1].release.end if result.spans else 0
    if not total:
        return ""
    cells: list[set[str]] = [set() for _ in range(columns)]
    ground = [KEPT] * columns

    def reach(start: int, end: int) -> range:
        first = min(start * columns // total, columns - 1)
        return range(first, max(first + 1, min(columns, -(-end * columns // total))))

    for tile in result.spans:
        if tile.kind is not Kind.KEPT:
            for column in reach(tile.release.start, tile.release.end):
                ground[column] = LETTERS[tile.kind]
    for edit in result.edits:
        for column in reach(edit.release.start, edit.release.end):
            if edit.kind is Kind.SPEED:
                ground[column] = LETTERS[Kind.SPEED]
            else:
                cells[column].add(LETTERS[edit.kind])
    return "".join(
        SEVERAL if len(cell) > 1 else next(iter(cell), under) for cell, under in zip(cells, ground, strict=True)
    )


def ruler(seconds: float, columns: int) -> str:
    """Round times below a strip of ``columns`` letters that lasts ``seconds``, each starting under its instant."""
    room = 10
    step = next((s for s in STEPS if s * columns >= room * seconds), STEPS[-1])
    line = [" "] * columns
    for tick in range(0, int(seconds) + 1, step):
        at = int(tick * columns / seconds)
        label = "|" + clock(tick)
        if at + len(label) <= columns:
            line[at : at + len(label)] = label
    return "".join(line).rstrip()


def legend(letters: str) -> str:
    """What the letters that occur in a strip mean; a letter and its words are joined by no-break spaces."""
    entries = (f"{letter} {word}" for letter, word in WORDS.items() if letter in letters)
    return "  ".join(entry.replace(" ", "\u00a0") for entry in entries)


def clock(seconds: int) -> str:
    """``1:05``, or ``1:00:05`` from an hour on."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
