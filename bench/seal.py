"""``python -m bench.seal``: verifying a sealed WAV file beside ``sha256sum`` of it, in one run; how large a seal is.

python -m bench.seal                     2 h of 16-bit mono at 48 kHz: best of 5, alternating
python -m bench.seal --channels 2        the same in stereo
python -m bench.seal --write             put the table into docs/measured.md
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.__main__ import MIB, note, run, wholetape
from bench.processes import peak_memory, timed
from eval import measured
from wholetape.seal.sealfile import parse_seal

RATE = 48_000
TARGET_RATIO, TARGET_START_S, TARGET_MEMORY = 1.3, 0.3, 150_000_000
TARGET_HOUR, TARGET_HEAD = 350_000, 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one way to verify: seconds of ``sha256sum`` and of ``verify``, the best of each."""

    what: str
    sha256sum_s: float
    verify_s: float
    code: int
    memory: int


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes of a seal of ``hours``, and of its head with the signatures of two parties."""

    hours: float
    seal: int
    head: int


def main(arguments: list[str] | None = None) -> int:
    """Measures and tells; 0 when all verified and met what is asked."""
    words = argparse.ArgumentParser(
        "python -m bench.seal", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    words.add_argument("--hours", type=float, default=2.0, help="length of the recording (default: 2)")
    words.add_argument("--channels", type=int, default=1, help="1 or 2 (default: 1)")
    words.add_argument("--times", type=int, default=5, help="runs of each; the best counts (default: %(default)s)")
    words.add_argument("--work", metavar="DIR", help="make the material there, and use again what is there")
    words.add_argument("--write", action="store_true", help="put the table into docs/measured.md")
    options = words.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="wholetape-bench-") as scratch:
        folder = Path(options.work or scratch)
        material(folder, options.hours, options.channels)
        rows, size = measure(folder, options.times), size_of(folder, options.hours)
    text = table(rows, size)
    print(text)
    if options.write:
        command = f"python -m bench.seal --hours {options.hours:g} --channels {options.channels}"
        measured.write(f"bench-seal-{options.channels}", command, text)
    return 0 if "**" not in text else 1


def material(folder: Path, hours: float, channels: int) -> None:
    """A WAV file of noise whose loudness changes, sealed and cosigned; nothing where it is there already."""
    if (folder / "done").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    with wave.open(str(folder / "recording.wav"), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(RATE)
        for _ in range(round(hours * 360)):
            loud = np.repeat(rng.uniform(50, 8000, 100), RATE * channels // 10)
            out.writeframes((rng.standard_normal(len(loud)) * loud).clip(-32768, 32767).astype("<i2").tobytes())
    at = str(folder)
    note("sealing")
    for name in ("side-a", "side-b"):
        run(wholetape("keygen", "--name", name, "-o", f"{at}/{name}.key"))
    seal = ("seal", f"{at}/recording.wav", "--key", f"{at}/side-a.key", "--party", f"{at}/side-b.pub")
    run(wholetape(*seal, "-o", f"{at}/recording.seal"))
    run(wholetape("cosign", f"{at}/recording.seal", "--key", f"{at}/side-b.key", "--recording", f"{at}/recording.wav"))
    whole = parse_seal((folder / "recording.seal").read_bytes())
    (folder / "alone.seal").write_bytes(whole.encode())
    (folder / "public.seal").write_bytes(whole.public().encode())
    (folder / "done").touch()


def measure(folder: Path, times: int) -> list[Row]:
    """``sha256sum`` and ``verify`` in turn, for each way to verify."""
    rows = []
    hashing = ("sha256sum", str(folder / "recording.wav"))
    for what, name in (("segments", "alone"), ("segments and print", "recording"), ("public seal", "public")):
        words = ("verify", str(folder / "recording.wav"), "--seal", str(folder / f"{name}.seal"))
        verify = wholetape(*words, "--trust", str(folder / "side-a.pub"), "--trust", str(folder / "side-b.pub"))
        sums, verified = [], []
        for _ in range(times):
            sums.append(run(hashing).seconds)
            verified.append(timed(verify))
            note(f"{what}: sha256sum {sums[-1]:.2f} s, verify {verified[-1].seconds:.2f} s")
        best = min(verified, key=lambda one: one.seconds)
        rows.append(Row(what, min(sums), best.seconds, best.code, peak_memory(verify)))
    return rows


def size_of(folder: Path, hours: float) -> Size:
    """The sizes of the private seal."""
    data = (folder / "recording.seal").read_bytes()
    return Size(hours, len(data), len(parse_seal(data).members["head"]))


def table(rows: list[Row], size: Size) -> str:
    """The figures in Markdown; what falls short is in bold."""
    lines = [
        "| compared | sha256sum | verify | allowed | exit | peak memory |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        allowed = TARGET_RATIO * row.sha256sum_s + TARGET_START_S
        time = mark(f"{row.verify_s:.2f} s", row.verify_s <= allowed)
        memory = mark(f"{row.memory / MIB:.0f} MiB", row.memory <= TARGET_MEMORY)
        code = mark(str(row.code), row.code == 0)
        lines.append(f"| {row.what} | {row.sha256sum_s:.2f} s | {time} | {allowed:.2f} s | {code} | {memory} |")
    hour = size.seal / size.hours
    told = mark(f"{hour / 1000:.0f} KB an hour", hour <= TARGET_HOUR)
    head = mark(f"{size.head} bytes", size.head <= TARGET_HEAD)
    return "\n".join([*lines, "", f"The seal: {told} without print; head and signatures of two parties: {head}."])


def mark(text: str, good: bool) -> str:
    """``text``, in bold where it falls short."""
    return text if good else f"**{text}**"


if __name__ == "__main__":
    sys.exit(main())
