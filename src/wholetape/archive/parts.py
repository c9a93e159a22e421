"""The parts of an archive that are searched one by one: its segments, and what is in none yet."""

from __future__ import annotations

import functools

from wholetape.archive import layout
from wholetape.archive.layout import FRESH
from wholetape.archive.params import INDEX
from wholetape.archive.seek import Lane, Part, Words
from wholetape.archive.segment import Segment, build, steps
from wholetape.match.printfile import words_in_file
from wholetape.store.arrays import map_array, map_words
from wholetape.store.catalog import Catalog

_OF_SEGMENT = """SELECT recording, track, frames, start, sha256 FROM lanes JOIN recordings ON recordings.id = recording
WHERE segment = ? ORDER BY start"""
_FRESH = """SELECT recording, track, frames, NULL AS start, sha256 FROM lanes
JOIN recordings ON recordings.id = recording WHERE segment IS NULL ORDER BY recording, track"""


def names(catalog: Catalog) -> list[tuple[str, int]]:
    """Each part's name with a number that changes whenever what is in it does."""
    rows = catalog.rows("SELECT segment, count(*), max(recording) FROM lanes GROUP BY segment ORDER BY segment")
    return [(row[0] or FRESH, hash((row[1], row[2]))) for row in rows]


@functools.lru_cache(maxsize=64)
def part(folder: str, name: str, state: int) -> Part:
    """The part ``name`` of the archive in ``folder``, as it was when ``state`` was its number.

    Raises:
        MalformedFile: a file of it is missing or damaged.
    """
    catalog = Catalog(layout.catalog(folder))
    try:
        rows = catalog.rows(_OF_SEGMENT, (name,)) if name != FRESH else catalog.rows(_FRESH)
    finally:
        catalog.close()
    files = {(row["recording"], row["track"]): layout.print_of(folder, row["sha256"]) for row in rows}

    @functools.lru_cache(maxsize=4096)
    def words(lane: Lane) -> Words:
        return map_words(files[lane.recording, lane.track], words_in_file(lane.frames, lane.track), lane.frames)

    lanes, at = [], 0
    for row in rows:
        start = at if row["start"] is None else row["start"]
        lanes.append(Lane(row["recording"], row["track"], start, row["frames"]))
        at = start + steps(row["frames"]) * INDEX.step
    if name == FRESH:
        return Part(build(words(lane) for lane in lanes), tuple(lanes), words)
    where = layout.segment(folder, name)
    return Part(Segment(map_array(where, "offsets"), map_array(where, "places")), tuple(lanes), words)
