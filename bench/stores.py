"""``python -m bench.stores``: where could the archive's index lie? One search's look-ups in several kinds of storage.

A segment of --hours is filed as NumPy arrays looked at in place, as rows of SQLite, as LMDB, and as Parquet read by
DuckDB, each where its package is installed (lmdb and duckdb are no dependencies of this project).
"""

from __future__ import annotations

import argparse
import importlib
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval import measured
from wholetape.archive.keys import SIZE
from wholetape.archive.segment import Segment, build
from wholetape.store.arrays import map_array, write_arrays

KEYS = 1000
"""Look-ups of a search, in a cheap stage."""
Places = Callable[[int], NDArray[np.uint32]]


def segment(hours: float, rng: np.random.Generator) -> Segment:
    """A segment of random words: as many places as real ones, more evenly spread."""
    return build(rng.integers(1, 1 << 62, 360_000).astype(np.uint64) << np.uint64(2) for _ in range(round(hours)))


def numpy_(made: Segment, desk: Path) -> Places:
    """Two files, mapped."""
    folder = str(desk / "numpy")
    write_arrays(folder, {"offsets": made.offsets, "places": made.places})
    offsets, places = map_array(folder, "offsets"), map_array(folder, "places")
    return lambda key: places[0, offsets[0, key] : offsets[0, key + 1]]


def rows(made: Segment) -> list[tuple[int, bytes]]:
    """Each key of the first table with its places as bytes."""
    return [(k, made.places[0, made.offsets[0, k] : made.offsets[0, k + 1]].tobytes()) for k in range(SIZE)]


def sqlite(made: Segment, desk: Path) -> Places:
    """A row a key."""
    base = sqlite3.connect(desk / "index.db")
    base.execute("CREATE TABLE places (key INTEGER PRIMARY KEY, places BLOB)")
    with base:
        base.executemany("INSERT INTO places VALUES (?, ?)", rows(made))
    ask = "SELECT places FROM places WHERE key = ?"
    return lambda key: np.frombuffer(base.execute(ask, (key,)).fetchone()[0], np.uint32)


def lmdb(made: Segment, desk: Path) -> Places:
    """An entry a key."""
    base = importlib.import_module("lmdb").open(str(desk / "lmdb"), map_size=1 << 33)
    with base.begin(write=True) as change:
        for key, data in rows(made):
            change.put(key.to_bytes(4, "big"), data)

    def places(key: int) -> NDArray[np.uint32]:
        with base.begin() as glance:
            return np.frombuffer(glance.get(key.to_bytes(4, "big")), np.uint32)

    return places


def duckdb(made: Segment, desk: Path) -> Places:
    """A row a place, sorted by key, so that row groups can be left out."""
    base = importlib.import_module("duckdb").connect()
    file = desk / "index.parquet"
    key = np.repeat(np.arange(SIZE, dtype=np.uint32), np.diff(made.offsets[0]))
    told = {"key": key, "place": made.places[0]}
    base.register("told", told)
    base.execute(f"COPY (SELECT * FROM told) TO '{file}' (FORMAT PARQUET, ROW_GROUP_SIZE 20000)")
    ask = f"SELECT place FROM '{file}' WHERE key = ?"
    return lambda key: np.asarray(base.execute(ask, [key]).fetchnumpy()["place"], np.uint32)


def measure(kind: Callable[[Segment, Path], Places], made: Segment, rng: np.random.Generator) -> str:
    """The row of one kind of storage."""
    with tempfile.TemporaryDirectory() as desk:
        began = time.perf_counter()
        try:
            places = kind(made, Path(desk))
        except ModuleNotFoundError as problem:
            return f"| {kind.__name__.strip('_')} | not installed: {problem.name} | | |"
        building = time.perf_counter() - began
        size = sum(file.stat().st_size for file in Path(desk).rglob("*") if file.is_file())
        keys = rng.integers(0, SIZE, KEYS if kind is not duckdb else 50).tolist()
        best = float("inf")
        for _ in range(3):
            began = time.perf_counter()
            total = sum(int(places(key).sum()) for key in keys)
            best = min(best, (time.perf_counter() - began) * KEYS / len(keys))
        expected = sum(int(made.places[0, made.offsets[0, k] : made.offsets[0, k + 1]].sum()) for k in keys)
        assert total == expected, kind.__name__
        return f"| {kind.__name__.strip('_')} | {building:.1f} s | {size / 1e6:.0f} MB | {best * 1000:.1f} ms |"


def at_once(made: Segment, rng: np.random.Generator) -> str:
    """The row of mapped arrays whose look-ups are one operation, as a search does them."""
    with tempfile.TemporaryDirectory() as desk:
        numpy_(made, Path(desk))
        folder = str(Path(desk) / "numpy")
        offsets, places = map_array(folder, "offsets"), map_array(folder, "places")
        keys = rng.integers(0, SIZE, KEYS)
        best = float("inf")
        for _ in range(3):
            began = time.perf_counter()
            first = offsets[0, keys]
            count = offsets[0, keys + 1] - first
            at = np.repeat(first - (np.cumsum(count) - count), count) + np.arange(int(count.sum()))
            int(places[0, at].sum())
            best = min(best, time.perf_counter() - began)
    return f"| numpy, all look-ups at once | | | {best * 1000:.1f} ms |"


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(prog="python -m bench.stores", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--hours", type=float, default=200)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    rng = np.random.default_rng(1)
    made = segment(args.hours, rng)
    head = f"| one table of {args.hours:g} h | made in | takes | {KEYS} look-ups, warm |\n| --- | --- | --- | --- |\n"
    text = head + "\n".join(measure(kind, made, rng) for kind in (numpy_, sqlite, lmdb, duckdb))
    text += "\n" + at_once(made, rng)
    print(text)
    if args.write:
        measured.write("bench-stores", f"python -m bench.stores --hours {args.hours:g}", text)


if __name__ == "__main__":
    main()
