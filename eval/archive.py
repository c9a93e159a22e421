"""``python -m eval.archive``: which recording is a clip from? Recall, place and false hits, in an archive of any size.

The archive holds the recordings of --speech, joined to originals, and is filled up to --hours with prints that
are derived from real ones (blocks of seconds in another order, their signs rotated), so that nothing in them is in a
clip. Clips of five seconds are cut at random samples, then encoded. Clips from elsewhere are cut from --elsewhere,
which is in no archive.

python -m eval.archive --speech DIR --elsewhere DIR --hours 1000 --clips 1000 --absent 10000 [--write]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval import measured, sound
from eval.clips import AT_ONCE, CLIP_S, RATE, ahead, heard_ahead, heard_all, process
from eval.sound import Sound
from eval.stats import share_bounds
from wholetape.archive import Archive, FindOutcome
from wholetape.checking.printing import print_or_why
from wholetape.match.bands import Frames
from wholetape.match.printfile import Print, Track, parse

ORIGINAL_S = 900.0
BLOCK = 300
"""Frames of a block that the filling is shuffled by."""
ASKED = {"aac48": 0.999, "opus16": 0.99, "room": 0.9}
NEAR_S = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """One clip and what became of it."""

    condition: str
    outcome: str
    right: bool
    """Whether its best hit is the right recording and place."""
    first: str
    off: float
    seconds: float
    score: float


def originals(folder: Path) -> Iterator[tuple[str, Sound]]:
    """Recordings of ``folder`` joined to originals of about fifteen minutes, at 16 kHz."""
    parts: list[Sound] = []
    number = 0
    for path in sound.recordings(folder):
        parts.append(sound.read(path, RATE))
        if sum(map(len, parts)) > ORIGINAL_S * RATE:
            yield f"original-{number:03d}.wav", np.concatenate(parts)
            parts, number = [], number + 1
    if parts:
        yield f"original-{number:03d}.wav", np.concatenate(parts)


def filling(prints: list[Print], hours: float, rng: np.random.Generator) -> Iterator[Print]:
    """Prints of an hour each, ``hours`` in all, with the statistics of real ones and none of their passages."""
    words = np.concatenate([made.tracks[0].words for made in prints])
    levels = np.concatenate([np.repeat(made.tracks[0].levels, 4)[: len(made.tracks[0].words)] for made in prints])
    blocks = len(words) // BLOCK
    for number in range(round(hours)):
        chosen = rng.integers(0, blocks, 360_000 // BLOCK)
        at = (chosen[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        turn = rng.integers(1, 32, len(chosen)).repeat(BLOCK).astype(np.uint64)
        halves = []
        for shift in (np.uint64(0), np.uint64(32)):
            half = (words[at] >> shift) & np.uint64(0xFFFFFFFF)
            turned = (half << turn) | (half >> (np.uint64(32) - turn))
            halves.append((turned & np.uint64(0xFFFFFFFF)) << shift)
        code = levels[at].reshape(-1, 4).max(axis=1)
        track = Track(0, 255, halves[0] | halves[1], code.astype(np.uint8))
        yield Print(len(at) * 80, number.to_bytes(32, "big"), (track,))


def fill(folder: Path, speech: Path, hours: float, rng: np.random.Generator) -> dict[str, Sound]:
    """Makes the archive, and returns the originals whose clips are sought in it."""
    known = dict(originals(speech))
    with tempfile.TemporaryDirectory() as desk:
        for name, sound_ in known.items():
            sound.write(Path(desk, name), sound_, RATE)
        with Archive(folder, make=True) as archive:
            began = time.perf_counter()
            list(archive.add([desk], print_or_why))
            took = time.perf_counter() - began
            length = sum(entry.seconds for entry in archive.entries())
            print(f"added {length / 3600:.2f} h in {took:.1f} s: {length / took:.0f} x real time", flush=True)
            real = [parse(Path(archive.print_file(entry)).read_bytes()) for entry in archive.entries()]
            made = Path(desk, "filling")
            made.mkdir()
            for number, one in enumerate(filling(real, hours - length / 3600, rng)):
                (made / f"{number:05d}.print").write_bytes(one.encode())
                if number % 200 == 199:
                    _add_all(archive, made)
            _add_all(archive, made)
    return known


def _add_all(archive: Archive, folder: Path) -> None:
    for _ in archive.add([str(folder)], print_or_why):
        pass
    for file in folder.iterdir():
        file.unlink()


def _asked(archive: Archive, frames: Frames, condition: str, name: str, at: float) -> Asked:
    """What the archive says of one clip that begins at second ``at`` of ``name``."""
    began = time.perf_counter()
    found = archive.find(frames)
    took = time.perf_counter() - began
    best = found.hits[0] if found.hits else None
    off = abs(best.at[0] - best.clip[0] - at) if best else 99.0
    right = best is not None and best.recording.name == name and off <= NEAR_S
    told = found.outcome is FindOutcome.FOUND
    first = best.recording.name if best else ""
    score = best.score if best else 0.0
    return Asked(condition, str(found.outcome), right and told, first, off, took, score)


def ask_elsewhere(archive: Archive, folders: list[Path], count: int, rng: np.random.Generator) -> Iterator[list[Asked]]:
    """Asks for ``count`` clips that no recording of the archive holds: evenly spread over all of ``folders``.

    The conditions take turns. What is yielded is all that was answered so far.
    """
    answers: list[Asked] = []
    batches = _batches([other for folder in folders for _, other in originals(folder)], count)
    for condition, heard in ahead(_heard, ((c, clips, rng.spawn(1)[0]) for c, clips in batches)):
        answers += [_asked(archive, frames, condition, "", -99.0) for frames in heard]
        yield answers


def _batches(others: list[Sound], count: int) -> Iterator[tuple[str, list[Sound]]]:
    """Clips of ``others``, ``count`` in all, some of one condition at a time."""
    size = round(CLIP_S * RATE)
    share = count / sum(len(other) - size for other in others)
    for other in others:
        starts = np.linspace(0, len(other) - size, max(3, round(share * len(other))), endpoint=False).astype(int)
        for turn, condition in enumerate(ASKED):
            mine = starts[turn :: len(ASKED)].tolist()
            for first in range(0, len(mine), AT_ONCE):
                yield condition, [other[at : at + size] for at in mine[first : first + AT_ONCE]]


def _heard(batch: tuple[str, list[Sound], np.random.Generator]) -> tuple[str, list[Frames]]:
    condition, clips, rng = batch
    return condition, heard_all(clips, condition, rng)


def elsewhere(folders: list[Path], count: int) -> str:
    """What clips from elsewhere are cut from, and how close they lie, in words."""
    files = [file for folder in folders for file in sound.recordings(folder)]
    seconds = sum(map(sound.seconds, files))
    apart = seconds / count
    sources = len(set(map(sound.source_of, files)))
    overlap = "no two overlap" if apart >= CLIP_S else "neighbours overlap, so they are fewer than they look"
    return (
        f"Clips of 5 s from {len(files):,} recordings of elsewhere ({seconds / 3600:.1f} h from {sources} sources), "
        f"one every {apart:.1f} s, by turns in each condition: {overlap}."
    )


def cold(folder: Path, known: dict[str, Sound], condition: str, rng: np.random.Generator) -> float:
    """Seconds of the whole program for one clip, best of five."""
    name = sorted(known)[0]
    with tempfile.TemporaryDirectory() as desk:
        release = process(known[name][30 * RATE : 35 * RATE], condition, Path(desk), "clip", rng)
        times = []
        for _ in range(5):
            began = time.perf_counter()
            words = ["archive", "find", str(release), "--archive", str(folder)]
            subprocess.run([Path(sys.executable).parent / "wholetape", *words], check=False, capture_output=True)
            times.append(time.perf_counter() - began)
        return min(times)


def report(folder: Path, answers: list[Asked], colds: dict[str, float]) -> str:
    """The table of clips that are in the archive."""
    with Archive(folder) as archive:
        hours = sum(entry.seconds for entry in archive.entries()) / 3600
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    prints = sum(file.stat().st_size for file in (folder / "prints").iterdir())
    lines = [
        f"An archive of {hours:,.0f} h takes {size / hours / 1e6:.2f} MB an hour, of which the index "
        f"{(size - prints) / hours / 1e6:.2f}. Times are given as median / 99%.",
        "",
        "| clips of 5 s | asked | right recording, ±50 ms | 95% bounds | place off | warm | whole program |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for condition, wanted in ASKED.items():
        mine = [a for a in answers if a.condition == condition]
        if not mine:
            continue
        right = sum(a.right for a in mine)
        low, high = share_bounds(right, len(mine))
        off = [a.off * 1000 for a in mine if a.right] or [0.0]
        lines.append(
            f"| {condition} | {wanted:.1%} | {right:,} of {len(mine):,} = {right / len(mine):.2%} "
            f"| {low:.2%}–{high:.2%} | {np.median(off):.0f} / {np.percentile(off, 99):.0f} ms "
            f"| {_times(mine)} | {f'{colds[condition]:.2f} s' if condition in colds else '–'} |"
        )
    wrong = [a for a in answers if a.outcome == "found" and not a.right]
    outcomes = Counter(a.outcome for a in answers if not a.right)
    lines += [
        "",
        f"Told as found somewhere else: {len(wrong)}; the others that were not found right: "
        f"{outcomes['uncertain']} uncertain, {outcomes['not-found']} not found.",
    ]
    return "\n".join(lines)


def report_elsewhere(answers: list[Asked], hours: float, clips: str) -> str:
    """The table of clips that are in no recording of the archive; ``clips`` says where they are from."""
    lines = [
        f"{clips} Sought in {hours:,.0f} h; asked: at most 1 in 10,000 told as found. Times: median / 99%.",
        "",
        "| clips | how many | told as found | 95% bounds | as uncertain | highest score (10 is found) | warm |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name in (*ASKED, "all"):
        mine = [a for a in answers if name in (a.condition, "all")]
        if not mine:
            continue
        outcomes = Counter(a.outcome for a in mine)
        low, high = share_bounds(outcomes["found"], len(mine))
        lines.append(
            f"| {name} | {len(mine):,} | {outcomes['found']} | {low:.3%}–{high:.3%} | {outcomes['uncertain']} "
            f"| {max(a.score for a in mine):.1f} | {_times(mine)} |"
        )
    return "\n".join(lines)


def _times(answers: list[Asked]) -> str:
    took = [a.seconds * 1000 for a in answers]
    return f"{np.median(took):.0f} / {np.percentile(took, 99):.0f} ms"


def main() -> None:
    """Runs the command."""
    here = Path(__file__).parent.parent / "examples" / "speech"
    parser = argparse.ArgumentParser(prog="python -m eval.archive", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--speech", type=Path, default=here)
    parser.add_argument("--elsewhere", type=Path, action="append", default=[], help="may be given several times")
    parser.add_argument("--hours", type=float, default=10)
    parser.add_argument("--clips", type=int, default=60, help="for each condition")
    parser.add_argument("--absent", type=int, default=300)
    parser.add_argument("--keep", type=Path, help="use the archive there, or make it there")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cold", action="store_true", help="the whole program's time, too")
    parser.add_argument("--section", default="archive", help="of docs/measured.md (default: %(default)s)")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    desk = Path(tempfile.mkdtemp())
    try:
        folder = args.keep or desk / "A"
        known = dict(originals(args.speech)) if folder.exists() else fill(folder, args.speech, args.hours, rng)
        if args.clips:
            colds = {c: cold(folder, known, c, rng) for c in ASKED} if args.cold else {}
            words = f"python -m eval.archive --speech … --hours {args.hours:g} --clips {args.clips}"
            answers: list[Asked] = []
            with Archive(folder) as archive:
                for some in heard_ahead(known, list(ASKED), args.clips, rng):
                    answers += [_asked(archive, frames, c, name, at / RATE) for c, (name, at, _), frames in some]
                    tell(args.section, words + " --cold" * args.cold, report(folder, answers, colds), args.write)
        if args.absent and args.elsewhere:
            with Archive(folder) as archive:
                hours = sum(entry.seconds for entry in archive.entries()) / 3600
                words = f"python -m eval.archive --elsewhere … --hours {args.hours:g} --absent {args.absent}"
                clips = elsewhere(args.elsewhere, args.absent)
                for absent in ask_elsewhere(archive, args.elsewhere, args.absent, rng):
                    tell("archive-elsewhere", words, report_elsewhere(absent, hours, clips), args.write)
    finally:
        shutil.rmtree(desk, ignore_errors=True)


def tell(section: str, command: str, text: str, write: bool) -> None:
    """Prints, and writes when asked to."""
    print(text, flush=True)
    if write:
        measured.write(section, command, text)


if __name__ == "__main__":
    main()
