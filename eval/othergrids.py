"""Do Opus (CELT) and AMR-NB leave a frame grid that can be read from decoded speech? ``python -m eval.othergrids``.

Opus: the MDCT of CELT, with the statistic that finds MP3 and AAC; what came of it is in ``examining/opus.py``.
AMR-NB: speech is made in subframes of 40 samples with one gain each (3GPP TS 26.090), so the logarithm of the
prediction residual's energy should change most between blocks that are theirs.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval import ffmpeg, measured
from eval.examining_cases import Form, Speech, case_rng, formed
from eval.sound import Sound
from wholetape.examining.codec.celt import OPUS_HOP, RATE, celt_bank
from wholetape.examining.codec.params import CODEC
from wholetape.examining.codec.search import robust
from wholetape.examining.codec.sliding import Slider

_SUBFRAME, _ORDER = 40, 10
_SECONDS = 8.0
_OPUS = ("-c:a", "libopus", "-vbr", "off")
CASES: dict[str, tuple[str, Form | None]] = {
    "never Opus": ("opus", None),
    **{
        f"Opus {bits}k {use}": ("opus", (".opus", (*_OPUS, "-b:a", f"{bits}k", "-application", use)))
        for bits, use in ((24, "lowdelay"), (48, "lowdelay"), (64, "audio"), (96, "audio"))
    },
    "never AMR": ("amr", None),
    "AMR 4.75k": ("amr", (".amr", ("-c:a", "libopencore_amrnb", "-b:a", "4.75k"))),
    "AMR 12.2k": ("amr", (".amr", ("-c:a", "libopencore_amrnb", "-b:a", "12.2k"))),
}


def main(argv: Sequence[str] | None = None) -> None:
    """Prints the table; writes it to ``docs/measured.md`` with ``--report``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speech", type=Path, default=Path("speech/dev"))
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--report", action="store_true")
    args = parser.parse_args(argv)
    lines = [
        "| sound, 8 s | deviations at the best offset: median, largest | above 6.5 | at one true offset | files |",
        "| --- | --- | --- | --- | --- |",
    ]
    speech = Speech(args.speech)
    for name, (kind, form) in CASES.items():
        found = [_one(name, seed, kind, form, speech) for seed in range(args.count)]
        z = np.array([value for value, _ in found])
        agreeing = Counter(offset for _, offset in found).most_common(1)[0][1]
        line = f"| {name} | {np.median(z):.1f}, {z.max():.1f} | {np.sum(z > CODEC.peak)} | {agreeing} | {len(z)} |"
        print(line, flush=True)
        lines.append(line)
    if args.report:
        measured.write("other grids", "python -m eval.othergrids --report", "\n".join(lines))


def _one(name: str, seed: int, kind: str, form: Form | None, speech: Speech) -> tuple[float, int]:
    """Deviations of the best offset, and that offset as it would be, had nothing been trimmed."""
    rate, hop, search = (RATE, OPUS_HOP, opus_offsets) if kind == "opus" else (8000, _SUBFRAME, amr_offsets)
    rng = case_rng(f"other {kind}", seed)
    sound, _ = speech.draw(rng, _SECONDS, rate, pristine=True)
    if form is not None:
        with tempfile.TemporaryDirectory() as folder:
            sound = ffmpeg.decode(formed(sound, rate, form, Path(folder), "coded"), rate)
    trim = int(rng.integers(hop))
    z = search(sound[trim:])
    best = int(np.argmax(z))
    return float(z[best]), (best + trim) % hop


def opus_offsets(sound: Sound) -> NDArray[np.float32]:
    """(960,) deviations of each offset of CELT's frames in ``sound`` at 48 kHz."""
    slider = Slider(celt_bank(CODEC.low, CODEC.high, CODEC.most))
    return np.asarray(robust(slider.slide(sound).sums.sum(axis=0, keepdims=True))[0])


def amr_offsets(sound: Sound) -> NDArray[np.float32]:
    """(40,) deviations of the scatter of the residual's level, in blocks from each offset, ``sound`` at 8 kHz."""
    residual = _residual(sound.astype(np.float64))
    energy = np.concatenate(([0.0], np.cumsum(residual**2)))
    blocks = energy[_SUBFRAME:] - energy[:-_SUBFRAME]
    level = np.log(blocks + 1e-9)
    count = len(level) // _SUBFRAME - 1
    steps = [np.diff(level[offset : offset + count * _SUBFRAME : _SUBFRAME]) for offset in range(_SUBFRAME)]
    scatter = np.array([[float(np.mean(step**2)) for step in steps]], np.float32)
    return np.asarray(robust(scatter)[0])


def _residual(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is left of ``sound`` when each 20 ms are predicted from the samples before them (least squares)."""
    out = np.zeros_like(sound)

    def past(a: int, b: int) -> NDArray[np.float64]:
        return np.stack([sound[a - k : b - k] for k in range(1, _ORDER + 1)], axis=1)

    for first in range(240, len(sound) - 240, 160):
        around = past(first - 80, first + 240)
        taps, *_ = np.linalg.lstsq(around, sound[first - 80 : first + 240], rcond=None)
        out[first : first + 160] = sound[first : first + 160] - past(first, first + 160) @ taps
    return out


if __name__ == "__main__":
    main()
