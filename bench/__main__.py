"""``python -m bench``: the check beside ffmpeg's decode of the same release, in one run.

python -m bench                      1 h: best of 5, alternating
python -m bench --hours 1 2 12       other lengths too
python -m bench --write              put the table into docs/measured.md
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.material import Material, material
from bench.processes import Run, peak_memory, timed
from eval import measured
from eval.corpus import find_speech

TARGET_RATIO = 1.5
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one release."""

    what: str
    hours: float
    ffmpeg_s: float
    check_s: float
    code: int
    memory: int
    print_bytes: int


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell; 0 when every check ran."""
    options = parser().parse_args(arguments)
    speech = find_speech(Path(options.speech), Path(options.foreign) if options.foreign else None)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="wholetape-bench-") as scratch:
        folder = Path(options.work or scratch)
        for hours in options.hours:
            note(f"{hours:g} h: making the material")
            files = material(hours, speech, folder)
            make_print(files)
            rows += measure(files, hours, options.times if hours <= 2 else min(2, options.times), options.audio)
    text = table(rows)
    print(text)
    if options.write:
        measured.write("bench", "python -m bench --hours " + " ".join(f"{h:g}" for h in options.hours), text)
    return 0 if all(row.code in (0, 1, 3) for row in rows) else 1


def parser() -> argparse.ArgumentParser:
    """The words of the call."""
    words = argparse.ArgumentParser(
        "python -m bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    words.add_argument("--speech", default="examples/speech", help="folder of recordings (default: %(default)s)")
    words.add_argument("--foreign", help="folder for insertions (default: SPEECH/../foreign, else some of the sources)")
    words.add_argument("--hours", type=float, nargs="+", default=[1.0], help="lengths of the releases (default: 1)")
    words.add_argument(
        "--times", type=int, default=5, help="runs of each program; the best counts (default: %(default)s)"
    )
    words.add_argument("--audio", action="store_true", help="check against the original's sound as well")
    words.add_argument("--work", metavar="DIR", help="make the material there, and use again what is there")
    words.add_argument("--write", action="store_true", help="put the table into docs/measured.md")
    return words


def make_print(files: Material) -> None:
    """The original's print, made anew: the program may have changed since."""
    note(f"print: {run(wholetape('print', str(files.original), '-o', str(files.print))).seconds:.1f} s")


def measure(files: Material, hours: float, times: int, audio: bool) -> list[Row]:
    """ffmpeg and the check in turn, ``times`` times, for each release."""
    rows: list[Row] = []
    cases = [(f"{files.edits} edits", files.edited, files.print)]
    if files.plain.exists():
        cases.append(("unedited", files.plain, files.print))
        cases.append((f"{files.edits} edits, two microphones", files.apart, files.print))
    if audio:
        cases.append((f"{files.edits} edits, against the sound", files.edited, files.original))
    for what, release, reference in cases:
        decode = ("ffmpeg", "-nostdin", "-v", "error", "-i", str(release), "-ac", "1", "-ar", "8000", "-f", "null", "-")
        check = wholetape("check", str(release), "--against", str(reference), "--json", "-")
        ffmpegs: list[Run] = []
        checks: list[Run] = []
        for _ in range(times):
            ffmpegs.append(run(decode))
            checks.append(timed(check))
            note(f"{hours:g} h, {what}: ffmpeg {ffmpegs[-1].seconds:.2f} s, check {checks[-1].seconds:.2f} s")
        best = min(checks, key=lambda r: r.seconds)
        size = files.print.stat().st_size
        rows.append(
            Row(what, hours, min(r.seconds for r in ffmpegs), best.seconds, best.code, peak_memory(check), size)
        )
    return rows


def wholetape(*arguments: str) -> tuple[str, ...]:
    """The installed program as a command line."""
    program = Path(sys.executable).with_name("wholetape")
    return (str(program), *arguments) if program.exists() else (sys.executable, "-m", "wholetape", *arguments)


def run(command: tuple[str, ...]) -> Run:
    """Run a command that must succeed."""
    done = timed(command)
    if done.code:
        raise SystemExit(f"error: exit code {done.code} from: {' '.join(command)}")
    return done


def table(rows: list[Row]) -> str:
    """The rows in Markdown."""
    lines = [
        "| release | ffmpeg decode | check | ratio | exit | peak memory | print |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        per_hour = row.print_bytes / row.hours / 1e6
        lines.append(
            f"| {row.hours:g} h, {row.what} | {row.ffmpeg_s:.2f} s | {row.check_s:.2f} s "
            f"| {row.check_s / row.ffmpeg_s:.2f} | {row.code} | {row.memory / MIB:.0f} MiB | {per_hour:.2f} MB/h |"
        )
    hours = {row.hours: row for row in rows if row.what.endswith("edits")}
    for length, row in hours.items():
        if length > 1 and 1.0 in hours:
            lines += ["", f"{length:g} h take {row.check_s / hours[1.0].check_s:.1f} times as long as 1 h."]
    return "\n".join(lines)


def note(text: str) -> None:
    """Progress, for a person who waits."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
