"""``python -m bench.archive``: finding clips beside audfprint, on the same recordings and clips, in one run.

audfprint (D. Ellis, *The 2014 LabROSA audio fingerprint system*) is looked for in an environment of its own:
``python -m venv PEER && PEER/bin/pip install audfprint2``; it is no dependency of this project.

python -m bench.archive --speech DIR --audfprint PEER/bin/audfprint --clips 200 [--write]
"""

from __future__ import annotations

import argparse
import itertools
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval import ffmpeg, measured, sound
from eval.archive import ASKED, NEAR_S, originals
from eval.clips import RATE, cuts, process
from wholetape.archive import Archive
from wholetape.checking.printing import hear_clip, print_or_why

Answer = tuple[str, float] | None
"""The recording that was named, and the second at which the clip is said to begin."""
ROBUST = ("-n", "70", "-i", "4", "-F", "6", "-P", "8")
"""Denser landmarks at four phases, as its author advises for noisy clips."""
_MATCHED = re.compile(r"Matched (\S+) .* as (\S+) at\s+(-?[\d.]+) s")


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip's file, and where it was cut."""

    file: Path
    condition: str
    recording: str
    start: float


@dataclass(frozen=True, slots=True)
class Peer:
    """One program's answers, in the order of the clips, seconds a clip, bytes of index, seconds to build it."""

    name: str
    answers: list[Answer]
    seconds: float
    size: int
    building: float


def clips(known: dict[str, sound.Sound], count: int, desk: Path, rng: np.random.Generator) -> list[Clip]:
    """``count`` clips of each condition, encoded, with a second of speech in each."""
    made: list[Clip] = []
    for condition in ASKED:
        for have, (name, start, cut) in enumerate(itertools.islice(cuts(known, rng), count)):
            file = process(cut, condition, desk, f"{condition}-{have:04d}", rng)
            wav = file.with_suffix(".decoded.wav")
            ffmpeg.run("-i", str(file), str(wav))  # one decoder for all
            made.append(Clip(wav, condition, name, start / RATE))
    return made


def ours(folder: Path, recordings: Path, asked: list[Clip]) -> Peer:
    """What the archive says."""
    with Archive(folder, make=True) as archive:
        began = time.perf_counter()
        list(archive.add([str(recordings)], print_or_why))
        building = time.perf_counter() - began
        answers: list[Answer] = []
        began = time.perf_counter()
        for clip in asked:
            found = archive.find(hear_clip(clip.file, jobs=1)[0])
            best = found.hits[0] if found.outcome == "found" else None
            answers.append((best.recording.name, best.at[0] - best.clip[0]) if best else None)
        took = (time.perf_counter() - began) / len(asked)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Peer("wholetape", answers, took, size, building)


def audfprint(program: Path, more: tuple[str, ...], desk: Path, recordings: Path, asked: list[Clip]) -> Peer:
    """What audfprint says, given all clips in one call."""
    base = desk / f"base{len(more)}.hdf"
    long = ("-t", "131072", "-u", "17")  # recordings of more than six minutes
    began = time.perf_counter()
    subprocess.run([program, "new", *map(str, sorted(recordings.iterdir())), "-d", str(base), *long, *more], check=True)
    building = time.perf_counter() - began
    began = time.perf_counter()
    files = [str(clip.file) for clip in asked]
    done = subprocess.run(
        [program, "match", *files, "-d", str(base), "-v", *more], check=True, capture_output=True, text=True
    )
    took = (time.perf_counter() - began) / len(asked)
    found = {Path(clip).name: (Path(name).name, float(at)) for clip, name, at in _MATCHED.findall(done.stderr)}
    name = "audfprint, denser" if more else "audfprint"
    return Peer(name, [found.get(clip.file.name) for clip in asked], took, base.stat().st_size, building)


def table(peers: list[Peer], asked: list[Clip], hours: float) -> str:
    """One row a program."""
    head = " | ".join(f"{condition}: found, off" for condition in ASKED)
    lines = [
        f"{len(asked) // len(ASKED)} clips of five seconds a condition from {hours:.2f} h of recordings. Found: the "
        f"right recording within {NEAR_S * 1000:.0f} ms (within a second). Off: median of those within a second; "
        "audfprint counts in frames of 23 ms and prints tenths of a second.",
        "",
        f"| | {head} | a clip, decoding included | index an hour | building it |",
        "| --- |" + " --- |" * (len(ASKED) + 3),
    ]
    for peer in peers:
        cells = []
        for condition in ASKED:
            mine = [(c, a) for c, a in zip(asked, peer.answers, strict=True) if c.condition == condition]
            off = [abs(a[1] - c.start) for c, a in mine if a and a[0] == c.recording]
            near = [o for o in off if o <= 1]
            exact = sum(o <= NEAR_S for o in off)
            middle = f"{np.median(near) * 1000:.1f} ms" if near else "–"
            cells.append(f"{exact / len(mine):.1%} ({len(near) / len(mine):.1%}), {middle}")
        size = f"{peer.size / hours / 1e6:.2f} MB"
        lines.append(
            f"| {peer.name} | {' | '.join(cells)} | {peer.seconds * 1000:.0f} ms | {size} | {peer.building:.1f} s |"
        )
    return "\n".join(lines)


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(prog="python -m bench.archive", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--speech", type=Path, default=Path(__file__).parent.parent / "examples" / "speech")
    parser.add_argument("--audfprint", type=Path, required=True, help="its program")
    parser.add_argument("--clips", type=int, default=50, help="for each condition")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    known = dict(originals(args.speech))
    with tempfile.TemporaryDirectory() as desk_:
        desk = Path(desk_)
        recordings, clips_ = desk / "recordings", desk / "clips"
        recordings.mkdir()
        clips_.mkdir()
        for name, whole in known.items():
            sound.write(recordings / name, whole, RATE)
        asked = clips(known, args.clips, clips_, rng)
        runs: list[Callable[[], Peer]] = [
            lambda: ours(desk / "A", recordings, asked),
            lambda: audfprint(args.audfprint, (), desk, recordings, asked),
            lambda: audfprint(args.audfprint, ROBUST, desk, recordings, asked),
        ]
        peers = [run() for run in runs]
        text = table(peers, asked, sum(map(len, known.values())) / RATE / 3600)
    print(text)
    if args.write:
        measured.write("bench-archive", f"python -m bench.archive --audfprint … --clips {args.clips}", text)


if __name__ == "__main__":
    main()
