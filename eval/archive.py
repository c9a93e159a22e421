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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval import ffmpeg, measured, sound
from eval.conditions import CONDITIONS
from eval.sound import Sound
from eval.stats import share_bounds
from wholetape.archive import Archive, FindOutcome
from wholetape.checking.printing import print_or_why
from wholetape.match.bands import Frames, frames_of
from wholetape.match.printfile import Print, Track, parse

RATE = 16000
CLIP_S = 5.0
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


def process(clip: Sound, condition: str, desk: Path, name: str, rng: np.random.Generator) -> Path:
    """The file of a clip that went through ``condition``."""
    how = CONDITIONS[condition]
    if how.process:
        clip = how.process(clip, RATE, rng)
    wav, release = desk / f"{name}.wav", desk / f"{name}{how.suffix}"
    sound.write(wav, clip, RATE)
    ffmpeg.encode(wav, release, how.encode, how.filters, RATE)
    return release


def heard(clip: Sound, condition: str, desk: Path, rng: np.random.Generator) -> Frames:
    """The frames of a clip as a searcher hears it: processed, encoded, decoded."""
    return frames_of(ffmpeg.decode(process(clip, condition, desk, "clip", rng), 8000))


def ask(archive: Archive, known: dict[str, Sound], condition: str, count: int, rng: np.random.Generator) -> list[Asked]:
    """Asks for ``count`` clips of ``known`` that have a second of speech in them."""
    answers: list[Asked] = []
    names = sorted(known)
    with tempfile.TemporaryDirectory() as desk:
        while len(answers) < count:
            name = names[rng.integers(len(names))]
            start = int(rng.integers(len(known[name]) - round(CLIP_S * RATE)))
            cut = known[name][start : start + round(CLIP_S * RATE)]
            if not sound.speaks(cut, RATE):
                continue
            frames = heard(cut, condition, Path(desk), rng)
            began = time.perf_counter()
            found = archive.find(frames)
            took = time.perf_counter() - began
            best = found.hits[0] if found.hits else None
            off = abs(best.at[0] - best.clip[0] - start / RATE) if best else 99.0
            right = best is not None and best.recording.name == name and off <= NEAR_S
            told = found.outcome is FindOutcome.FOUND
            first = best.recording.name if best else ""
            score = best.score if best else 0.0
            answers.append(Asked(condition, str(found.outcome), right and told, first, off, took, score))
    return answers


def ask_elsewhere(archive: Archive, folder: Path, count: int, rng: np.random.Generator) -> list[Asked]:
    """Asks for ``count`` clips that no recording of the archive holds, each condition in turn."""
    answers: list[Asked] = []
    others = dict(originals(folder))
    with tempfile.TemporaryDirectory() as desk:
        for number, name in enumerate(sorted(others)):
            condition = list(ASKED)[number % len(ASKED)]
            frames = heard(others[name], condition, Path(desk), rng)
            share = -(-count // len(others))
            for start in np.linspace(0, len(frames) - 500, share).astype(int).tolist():
                began = time.perf_counter()
                found = archive.find(frames.slice(start, start + 500))
                took = time.perf_counter() - began
                best = found.hits[0].score if found.hits else 0.0
                answers.append(Asked(condition, str(found.outcome), not found.hits, "", 0.0, took, best))
    return answers


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


def report(folder: Path, answers: list[Asked], absent: list[Asked], colds: dict[str, float]) -> str:
    """The tables."""
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
        right = sum(a.right for a in mine)
        low, high = share_bounds(right, len(mine))
        off = [a.off * 1000 for a in mine if a.right] or [0.0]
        took = [a.seconds * 1000 for a in mine]
        lines.append(
            f"| {condition} | {wanted:.1%} | {right} of {len(mine)} = {right / len(mine):.2%} | {low:.2%}–{high:.2%} "
            f"| {np.median(off):.0f} / {np.percentile(off, 99):.0f} ms "
            f"| {np.median(took):.0f} / {np.percentile(took, 99):.0f} ms | {colds[condition]:.2f} s |"
        )
    found = sum(a.outcome == "found" for a in absent)
    perhaps = sum(a.outcome == "uncertain" for a in absent)
    took = [a.seconds * 1000 for a in absent] or [0.0]
    lines += [
        "",
        f"Of {len(absent):,} clips from elsewhere {found} were told as found, {perhaps} as uncertain; highest score "
        f"{max((a.score for a in absent), default=0):.1f}; warm {np.median(took):.0f} ms (median).",
    ]
    wrong = [a for a in answers if a.outcome == "found" and not a.right]
    lines.append(f"Of the clips that are in the archive {len(wrong)} were told as found somewhere else.")
    return "\n".join(lines)


def main() -> None:
    """Runs the command."""
    here = Path(__file__).parent.parent / "examples" / "speech"
    parser = argparse.ArgumentParser(prog="python -m eval.archive", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--speech", type=Path, default=here)
    parser.add_argument("--elsewhere", type=Path)
    parser.add_argument("--hours", type=float, default=10)
    parser.add_argument("--clips", type=int, default=60, help="for each condition")
    parser.add_argument("--absent", type=int, default=300)
    parser.add_argument("--keep", type=Path, help="use the archive there, or make it there")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    desk = Path(tempfile.mkdtemp())
    try:
        folder = args.keep or desk / "A"
        known = dict(originals(args.speech)) if folder.exists() else fill(folder, args.speech, args.hours, rng)
        with Archive(folder) as archive:
            answers = [a for condition in ASKED for a in ask(archive, known, condition, args.clips, rng)]
            absent = ask_elsewhere(archive, args.elsewhere, args.absent, rng) if args.elsewhere else []
        text = report(folder, answers, absent, {c: cold(folder, known, c, rng) for c in ASKED})
    finally:
        shutil.rmtree(desk, ignore_errors=True)
    print(text)
    if args.write:
        words = f"--hours {args.hours:g} --clips {args.clips} --absent {args.absent}"
        measured.write("archive", f"python -m eval.archive --speech … --elsewhere … {words}", text)


if __name__ == "__main__":
    main()
