"""Are the archive's files there, undamaged, and what the catalogue says of them?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.archive import layout
from wholetape.archive.keys import SIZE, TABLES, keys_of
from wholetape.archive.params import INDEX
from wholetape.errors import WholetapeError
from wholetape.match.printfile import parse, words_in_file
from wholetape.store.arrays import map_array, map_words
from wholetape.store.catalog import Catalog
from wholetape.store.files import read_file

_MAX_PRINT = 1 << 34
SAMPLES = 500
"""Places of each table of a segment that are held against the prints."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the file, and what."""

    file: str
    what: str


def faults(catalog: Catalog, folder: str, progress: Callable[[float], None]) -> list[Fault]:
    """Everything that is wrong. Not found: a print that somebody replaced together with its row in the catalogue."""
    found = [Fault(layout.CATALOG, words) for words in catalog.faults()]
    rows = catalog.rows("SELECT id, sha256, print_sha256 FROM recordings ORDER BY id")
    for done, row in enumerate(rows, 1):
        found += _print_faults(catalog, folder, row["id"], row["sha256"], row["print_sha256"])
        progress(done / len(rows))
    for row in () if found else catalog.rows("SELECT DISTINCT segment FROM lanes WHERE segment IS NOT NULL"):
        found += _segment_faults(catalog, folder, row[0])
    return found


def _print_faults(catalog: Catalog, folder: str, number: int, sha256: str, digest: str) -> list[Fault]:
    file = layout.print_of(folder, sha256)
    try:
        data = read_file(file, _MAX_PRINT)
        made = parse(data)
    except WholetapeError as problem:
        return [Fault(file, str(problem))]
    if hashlib.sha256(data).hexdigest() != digest:
        return [Fault(file, "is another print than the one that was filed")]
    if made.recording.hex() != sha256:
        return [Fault(file, "is the print of another recording")]
    lanes = [
        tuple(row)
        for row in catalog.rows("SELECT track, frames FROM lanes WHERE recording = ? ORDER BY track", (number,))
    ]
    if lanes != [(index, len(track.words)) for index, track in enumerate(made.tracks)]:
        return [Fault(file, "has other tracks than the catalogue says")]
    return []


def _segment_faults(catalog: Catalog, folder: str, name: str) -> list[Fault]:
    where = layout.segment(folder, name)
    try:
        offsets, places = map_array(where, "offsets"), map_array(where, "places")
    except WholetapeError as problem:
        return [Fault(where, str(problem))]
    if (
        offsets.shape != (TABLES, SIZE + 1)
        or offsets.dtype != np.int64
        or places.dtype != np.uint32
        or places.ndim != 2
    ):
        return [Fault(where, "is no index of this program")]
    if (
        places.shape[0] != TABLES
        or (np.diff(offsets) < 0).any()
        or (offsets[:, 0] != 0).any()
        or (offsets[:, -1] != places.shape[1]).any()
    ):
        return [Fault(where, "contradicts itself")]
    return _sample_faults(catalog, folder, name, offsets, places)


def _sample_faults(
    catalog: Catalog, folder: str, name: str, offsets: NDArray[np.int64], places: NDArray[np.uint32]
) -> list[Fault]:
    """Whether places that are filed under a key, evenly spread, have that key in the prints."""
    rows = catalog.rows(
        """SELECT track, frames, start, sha256 FROM lanes JOIN recordings ON recordings.id = recording
        WHERE segment = ? ORDER BY start""",
        (name,),
    )
    starts = np.array([row["start"] for row in rows])
    for table in range(TABLES):
        for at in np.linspace(0, places.shape[1] - 1, min(SAMPLES, places.shape[1])).astype(np.int64).tolist():
            frame = int(places[table, at]) * INDEX.step
            row = rows[max(0, int(np.searchsorted(starts, frame, side="right")) - 1)]
            local = frame - row["start"]
            if not 0 <= local < row["frames"]:  # of a recording that was removed
                continue
            first = words_in_file(row["frames"], row["track"]) + 8 * local
            key = int(keys_of(map_words(layout.print_of(folder, row["sha256"]), first, 1))[table, 0])
            if not offsets[table, key] <= at < offsets[table, key + 1]:
                return [
                    Fault(layout.segment(folder, name), "files places under keys that the prints do not have there")
                ]
    return []
