"""From fresh lanes to segments, and from many small segments to few large ones. A segment is never changed."""

from __future__ import annotations

import secrets

from wholetape.archive import layout
from wholetape.archive.params import INDEX
from wholetape.archive.segment import build, steps
from wholetape.match.printfile import words_in_file
from wholetape.store.arrays import folders, map_words, remove_folder, write_arrays
from wholetape.store.catalog import Catalog

_FRAMES_AN_HOUR = 360_000


def file_away(catalog: Catalog, folder: str, *, all_anew: bool = False) -> None:
    """Makes a segment of what is fresh where that is enough, and merges segments of one size where there are many.

    The files are written first and the catalogue says so in one change, so that a crash leaves the old segments; what
    it left behind unnamed is removed here. ``all_anew``: everything is filed anew into one segment.
    """
    sweep(catalog, folder)
    hours = {
        row[0]: row[1] / _FRAMES_AN_HOUR
        for row in catalog.rows("SELECT segment, sum(frames) FROM lanes GROUP BY segment")
    }
    if all_anew:
        _merge(catalog, folder, list(hours), sum(hours.values()))
        return
    if hours.get(None, 0.0) >= INDEX.fresh_hours:
        _merge(catalog, folder, [None], hours[None])
        hours = {
            row[0]: row[1] / _FRAMES_AN_HOUR
            for row in catalog.rows("SELECT segment, sum(frames) FROM lanes GROUP BY segment")
        }
    size = INDEX.fresh_hours
    while size < INDEX.most_hours:
        alike = [name for name, held in hours.items() if name is not None and size <= held < size * INDEX.tier]
        if len(alike) >= INDEX.tier:
            total = sum(hours.pop(name) for name in alike)
            hours[_merge(catalog, folder, alike, total)] = total
        size *= INDEX.tier


def sweep(catalog: Catalog, folder: str) -> None:
    """Removes segments that no lane is in: left by a crash, merged, or all of whose recordings were removed."""
    kept = {row[0] for row in catalog.rows("SELECT DISTINCT segment FROM lanes WHERE segment IS NOT NULL")}
    for name in folders(layout.segment(folder, "")):
        if name not in kept:
            remove_folder(layout.segment(folder, name))


def _merge(catalog: Catalog, folder: str, old: list[str | None], hours: float) -> str:
    marks = ",".join("?" * len(old))
    rows = catalog.rows(
        f"""SELECT recording, track, frames, sha256 FROM lanes JOIN recordings ON recordings.id = recording
        WHERE segment IN ({marks}) {"OR segment IS NULL" if None in old else ""} ORDER BY recording, track""",
        tuple(old),
    )
    name = f"{max(1, round(hours)):06d}h-{secrets.token_hex(8)}"
    made = build(
        map_words(layout.print_of(folder, row["sha256"]), words_in_file(row["frames"], row["track"]), row["frames"])
        for row in rows
    )
    write_arrays(layout.segment(folder, name), {"offsets": made.offsets, "places": made.places})
    with catalog.change():
        at = 0
        for row in rows:
            catalog.run(
                "UPDATE lanes SET segment = ?, start = ? WHERE recording = ? AND track = ?",
                (name, at, row["recording"], row["track"]),
            )
            at += steps(row["frames"]) * INDEX.step
    sweep(catalog, folder)
    return name
