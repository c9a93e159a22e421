"""``python -m bench.examine``: what it costs to examine an hour of AAC, in a cold process, decoding included.

python -m bench.examine --speech DIR      1 h of AAC at 64 kbit/s, 44.1 kHz, mono, on all cores
python -m bench.examine --write           put the line into docs/measured.md
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

from bench.processes import watched
from eval import ffmpeg, measured
from eval.sound import read, recordings, write

RATE = 44_100
MIB = 2**20
TARGET_S, TARGET_BYTES = 180.0, 600_000_000


def main(arguments: list[str] | None = None) -> int:
    """Measures and tells; 0 when both are as asked."""
    words = argparse.ArgumentParser(
        "python -m bench.examine", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    words.add_argument("--speech", type=Path, default=Path("speech/heldout"), help="folder of recordings")
    words.add_argument("--hours", type=float, default=1.0, help="length of the recording (default: 1)")
    words.add_argument("--work", metavar="DIR", help="make the material there, and use again what is there")
    words.add_argument("--only-material", action="store_true", help="make it, and measure nothing")
    words.add_argument("--write", action="store_true", help="put the line into docs/measured.md")
    options = words.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="wholetape-bench-") as scratch:
        folder = Path(options.work or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        path = material(options.speech, options.hours, folder)
        if options.only_material:
            return 0
        done = watched([sys.executable, "-m", "wholetape", "examine", str(path), "--json", "-"])
        seconds, memory = done.seconds, done.memory
    met = seconds <= TARGET_S * options.hours and memory <= TARGET_BYTES
    text = (
        f"{options.hours:g} h of AAC (64 kbit/s, 44.1 kHz, mono), cold process, decoding included: {seconds:.0f} s, "
        f"at most {memory / MIB:.0f} MiB; asked: {TARGET_S / 60:g} min an hour, {TARGET_BYTES / MIB:.0f} MiB: "
        f"{'met' if met else 'not met'}."
    )
    print(text)
    if options.write:
        measured.write("examine-cost", f"python -m bench.examine --hours {options.hours:g}", text)
    return 0 if met else 1


def material(speech: Path, hours: float, folder: Path) -> Path:
    """Recordings of ``speech`` one after the other, each once before any comes again, as AAC in ``folder``."""
    path = folder / f"examine-{hours:g}h.m4a"
    if path.exists():
        return path
    left, parts, paths = round(hours * 3600 * RATE), [], recordings(speech)
    while left > 0:
        for recording in paths:
            sound = read(recording, RATE)[:left]
            left -= len(sound)
            parts.append(sound)
            if left <= 0:
                break
    wav = folder / "examine.wav"
    write(wav, np.concatenate(parts), RATE)
    ffmpeg.run("-i", str(wav), "-c:a", "aac", "-b:a", "64k", str(path))
    wav.unlink()
    return path


if __name__ == "__main__":
    raise SystemExit(main())
