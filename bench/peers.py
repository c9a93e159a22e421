"""``python -m bench.peers``: the check beside what else a user would pick, whole cold processes, one after another.

python -m bench.peers --minutes 10 60        two lengths
python -m bench.peers --only fpcalc --only wholetape
python -m bench.peers --write                put the tables into docs/measured.md

The peers are installed from the package registry, each into a virtual environment of its own (below ``--work``), for
they want different versions of the same libraries; ``fpcalc`` is the distribution's (Debian: libchromaprint-tools).
Whoever has not answered within ``--patience`` seconds is asked about no longer recording. Each has the original and an
edited release, AAC 128k, and tells stretches of the release where something was done. An edit counts as found when such
a stretch, no wider than ten seconds, holds it or begins or ends within half a second of it; the error is the distance
from its nearer boundary to the nearer end of the stretch. What touches no edit is a ghost.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.material import RATE, encoder, passes, take
from bench.processes import watched
from eval import measured
from eval.corpus import Speech, find_speech, foreign_sounds
from eval.edits import Editor
from eval.ffmpeg import tempo
from eval.grids import CODEC
from eval.sound import Sound

PEERS = {
    "fpcalc": ("numpy==2.4.6",),
    "audfprint2": ("audfprint2==0.1.2", "setuptools<81"),
    "audalign": ("audalign==1.3.1", "setuptools<81"),
    "audio-offset-finder": ("audio-offset-finder==0.5.5", "setuptools<81"),
    "netease-audiodiff": ("netease-audiodiff==1.0.8", "librosa<1", "scipy<2", "setuptools<81"),
}
"""What is installed for each."""
WEIGHTS = {"cut": 0.3, "inserted": 0.2, "replaced": 0.3, "moved": 0.2}
EDITS = 11.0
"""About so many a length, less what chance leaves out."""
WIDEST_S, NEAR_S = 10.0, 0.5
LONG_MINUTES, LONG_RATE = 240.0, 22050
"""Longer recordings have this rate, that memory holds them while they are made."""
CHUNK_S = 60
MIB = 2**20

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """What one program made of one length."""

    program: str
    minutes: float
    seconds: float
    processor: float
    """Seconds of processor time of it and its children: what counts where other work runs beside it."""
    memory: int
    found: int
    made: int
    errors: tuple[float, ...]
    ghosts: int
    failure: str = ""


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell; 0 when the check ran."""
    options = parser().parse_args(arguments)
    speech = find_speech(Path(options.speech))
    rows: list[Row] = []
    silent: set[str] = set()
    words = "python -m bench.peers --minutes " + " ".join(f"{m:g}" for m in options.minutes)
    with tempfile.TemporaryDirectory(prefix="wholetape-peers-") as scratch:
        folder = Path(options.work or scratch)
        for minutes in options.minutes:
            original, release, truth = material(minutes, speech, folder)
            sound = ("-i", str(release), "-ac", "1", "-ar", "8000", "-f", "null", "-")
            decode = watched(("ffmpeg", "-nostdin", "-v", "error", *sound))
            rows.append(Row("ffmpeg's decode", minutes, decode.seconds, decode.processor, decode.memory, 0, 0, (), 0))
            for program in options.only or ("wholetape", *PEERS):
                if program in silent:
                    continue
                rows.append(run(program, folder / "peers", options.patience, minutes, original, release, truth))
                print(line(rows[-1]), file=sys.stderr, flush=True)
                if rows[-1].failure:
                    silent.add(program)
                if options.write:
                    measured.write("peers", words, table(rows))
    print(table(rows))
    return 0


def parser() -> argparse.ArgumentParser:
    """The words of the call."""
    raw = argparse.RawDescriptionHelpFormatter
    words = argparse.ArgumentParser("python -m bench.peers", description=__doc__, formatter_class=raw)
    words.add_argument("--speech", default="examples/speech", help="folder of recordings (default: %(default)s)")
    words.add_argument("--minutes", type=float, nargs="+", default=[10.0], help="lengths (default: 10)")
    words.add_argument("--only", action="append", choices=("wholetape", *PEERS), help="may be repeated")
    words.add_argument("--patience", type=float, default=1800.0, help="seconds for one answer (default: %(default)s)")
    words.add_argument("--work", metavar="DIR", help="make material and environments there, or use what is there")
    words.add_argument("--write", action="store_true", help="put the table into docs/measured.md")
    return words


def installed(program: str, folder: Path) -> Path:
    """The interpreter of an environment with this peer in it."""
    python = folder / program / "bin" / "python"
    if not python.exists():
        venv.create(folder / program, with_pip=True)
        command = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS[program])
        subprocess.run(command, check=True)
    return python


def material(minutes: float, speech: Speech, folder: Path) -> tuple[Path, Path, list[Span]]:
    """An original, its edited release, and the edits on the release's clock; what is there already, else made."""
    place = folder / f"peers-{minutes:g}min"
    original, release, truth = place / "original.flac", place / "release.m4a", place / "truth.json"
    if not truth.exists():
        place.mkdir(parents=True, exist_ok=True)
        rate = RATE if minutes <= LONG_MINUTES else LONG_RATE
        rng = np.random.default_rng(3)
        foreign = foreign_sounds(speech, rate, rng)
        sound = take(passes(speech, rng, rate), round(minutes * 60 * rate))
        apart = minutes * 60 / EDITS
        grid = replace(CODEC, spacing_s=(0.8 * apart, 1.1 * apart), weights=WEIGHTS, cut=(300, 1000, 3000))
        grid = replace(grid, inserted=(300, 1000, 3000), replaced=(300, 1000, 3000), moved=(1500, 3000))
        editor = Editor(sound, rate, foreign, grid, rng, tempo)
        editor.edit()
        encode(original, rate, 1, sound, ("-c:a", "flac"))
        encode(release, rate, 2, editor.render(), ("-c:a", "aac", "-b:a", "128k"))
        truth.write_text(json.dumps([t.readings[0].release for t in editor.truth]))
    return original, release, [(a, b) for a, b in json.loads(truth.read_text())]


def encode(path: Path, rate: int, channels: int, sound: Sound, words: tuple[str, ...]) -> None:
    """Write ``sound`` (n,), the same in all channels, a minute at a time."""
    out = encoder(path, channels, words, rate)
    assert out.stdin is not None
    for at in range(0, len(sound), CHUNK_S * rate):
        both = np.stack([sound[at : at + CHUNK_S * rate]] * channels, axis=1)
        out.stdin.write(np.clip(np.rint(both * 32767), -32768, 32767).astype("<i2").tobytes())
    out.stdin.close()
    if out.wait():
        raise RuntimeError("ffmpeg could not encode the material")


def run(
    program: str, peers: Path, patience: float, minutes: float, original: Path, release: Path, truth: list[Span]
) -> Row:
    """One program on one pair."""
    with tempfile.TemporaryDirectory(prefix="wholetape-peer-") as scratch:
        said = Path(scratch) / "said.json"
        if program == "wholetape":
            own = (sys.executable, "-m", "wholetape", "check", str(release), "--against", str(original))
            command: tuple[str, ...] = (*own, "--json", str(said))
        else:
            child = str(Path(__file__).with_name("peers_child.py"))
            python = str(installed(program, peers))
            command = (python, child, program, str(original), str(release), str(said))
        done = watched(("timeout", f"{patience:g}", *command))
        row = Row(program, minutes, done.seconds, done.processor, done.memory, 0, len(truth), (), 0)
        if not said.exists():
            late = f"no answer in {patience / 60:g} min"
            return replace(row, failure=late if done.code == 124 else f"fails, exit code {done.code}")
        told = places(program, json.loads(said.read_text()))
    found, errors, ghosts = score(told, truth)
    return replace(row, found=found, errors=errors, ghosts=ghosts)


def places(program: str, answer: dict[str, list[dict[str, list[float]]]] | list[list[float]]) -> list[Span]:
    """The stretches of the release that an answer tells of."""
    spans = [e["release"] for e in answer["edits"]] if isinstance(answer, dict) else answer
    return [(s[0], s[1]) for s in spans]


def score(told: list[Span], truth: list[Span]) -> tuple[int, tuple[float, ...], int]:
    """Edits found, the boundary error of each in seconds, and stretches told that touch none."""
    errors = []
    useful = [s for s in told if s[1] - s[0] <= WIDEST_S or any(abs(s[0] - t) < NEAR_S for edit in truth for t in edit)]
    for edit in truth:
        near = [s for s in useful if s[0] - NEAR_S <= edit[1] and edit[0] <= s[1] + NEAR_S]
        if near:
            errors.append(min(abs(end - t) for s in near for end in s for t in edit))
    ghosts = sum(not any(s[0] - NEAR_S <= b and a <= s[1] + NEAR_S for a, b in truth) for s in told)
    return len(errors), tuple(errors), ghosts


def line(row: Row) -> str:
    """One row of the table."""
    cost = f"{row.seconds:.1f} s | {row.processor:.1f} s | {row.memory / MIB:.0f} MiB"
    said = row.failure or (f"{row.found} of {row.made}" if row.made else "")
    error = f"{np.median(row.errors) * 1000:.0f} ms" if row.errors else ""
    ghosts = "" if row.failure or not row.made else row.ghosts
    return f"| {row.minutes:g} min | {row.program} | {cost} | {said} | {error} | {ghosts} |"


def table(rows: list[Row]) -> str:
    """The rows in Markdown."""
    head = "| length | program | time | processor time | peak memory | edits found | boundary error, median | ghosts |"
    return "\n".join([head, "| --- " * 8 + "|", *map(line, rows)])


if __name__ == "__main__":
    sys.exit(main())
