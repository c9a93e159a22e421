"""``python -m eval.leak``: what a print tells of the words. Sound is made anew from prints; a recogniser hears it.

The attempt: noise with the average spectrum of speech, shaped by descent (``eval.printmodel``) until its signs and
levels are those of the print, as a holder of the print can do. Then PocketSphinx (an open recogniser, English) writes
down the words of the original, of the original as far as the print looks (8 kHz, 250 to 3500 Hz), and of what was made.
The word error rates are counted against the texts as they are known. Somebody who trains a model for it will get
further: what is measured is a floor of what leaks, not a bound.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval import measured
from eval.knowing import outside
from eval.printmodel import REACH, Array, look, pull, signs
from eval.sound import read, write
from wholetape.match.bands import frames_of
from wholetape.match.params import PRINT
from wholetape.match.printfile import ALL_CHANNELS, Track

RATE = PRINT.rate
HEARD_HZ = 16_000
"""What the recogniser's model was trained on."""
STEPS = 150
FIRM = 0.5
"""Margin (nepers) that signs are driven to."""
TEXTS = {
    "ljspeech-LJ001-0001": "printing in the only sense with which we are at present concerned differs from most if not "
    "from all the arts and crafts represented in the exhibition",
    "ljspeech-LJ001-0003": "for although the chinese took impressions from wood blocks engraved in relief for "
    "centuries before the woodcutters of the netherlands by a similar process",
    "ljspeech-LJ001-0005": "the invention of movable metal letters in the middle of the fifteenth century may justly "
    "be considered as the invention of the art of printing",
    "ljspeech-LJ001-0014": "and it was a matter of course that in the middle ages when the craftsmen took care that "
    "beautiful form should always be a part of their productions whatever they were",
    "jfk-inaugural-1961": "and so my fellow americans ask not what your country can do for you ask what you can do for "
    "your country",
}

CAUTION = (
    "The recogniser hears little of the band that the print looks at, so this is weak evidence that a print is safe."
)


@dataclass(frozen=True, slots=True)
class Heard:
    """Words of one text, and how many of them were wrong in each version."""

    name: str
    words: int
    wrong: dict[str, int]
    agreement: float
    """Share of the print's signs that the made sound has."""


def made_from(track: Track, seed: int) -> tuple[Array, float]:
    """Sound at 8 kHz whose print is nearly ``track``, from the track alone; and the share of signs that it has."""
    rng = np.random.default_rng([seed, 79])
    count = len(track.words)
    wanted = signs(track.words)
    level = (np.repeat(track.levels & 127, PRINT.level_frames)[:count].astype(np.float64) - 78.5) / 4 * np.log(2.0)
    half = PRINT.window // 2
    length = (count - 1) * PRINT.hop + PRINT.window
    sound = coloured(length, rng)
    envelope = np.exp(np.interp(np.arange(length), np.arange(count) * PRINT.hop + half, level / 2))
    sound *= envelope * 0.01
    inner = slice(REACH, count - REACH)
    mean, square = np.zeros(length), np.zeros(length)
    scale = np.interp(np.arange(length), np.arange(count) * PRINT.hop + half, np.exp(level / 2)) * 0.003 + 1e-6
    for step in range(1, STEPS + 1):
        seen = look(sound)
        short = FIRM - wanted[inner] * seen.margins
        by_margin = -wanted[inner] * (short > 0) * (1 + np.clip(short, 0, 2)) / count
        total = seen.energy.sum(axis=1) + 1e-9
        beyond = np.clip(np.log(total) - level[: len(total)], -3, 3)
        by_energy = (0.5 * beyond / count / total)[:, None] * np.ones(PRINT.bands)
        gradient = pull(seen, by_margin, by_energy, length) * scale
        mean += 0.1 * (gradient - mean)
        square += 0.01 * (gradient**2 - square)
        rate = 0.3 * (1 - step / (STEPS + 1)) ** 0.5
        sound -= rate * scale * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-12)
    got = (look(sound).margins > PRINT.least_change) == (wanted[inner] > 0)
    return np.clip(sound[half : half + count * PRINT.hop], -0.99, 0.99), float(got.mean())


def coloured(length: int, rng: np.random.Generator) -> Array:
    """Noise with about the long-term spectrum of speech: even to 500 Hz, then falling by 9 dB an octave."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    hertz = np.fft.rfftfreq(length, 1 / RATE)
    spectrum *= np.where(hertz < PRINT.low / 2, 0.1, np.minimum(1.0, (500.0 / np.maximum(hertz, 1.0)) ** 1.5))
    made = np.fft.irfft(spectrum, length)
    return np.asarray(made / np.std(made))


def up(sound: Array) -> Array:
    """``sound`` at 8 kHz as the recogniser wants it."""
    return np.asarray(np.fft.irfft(np.fft.rfft(sound), 2 * len(sound)) * 2)


def words_of(sound: Array, decoder: Any) -> list[str]:
    """What the recogniser writes of (n,) samples at ``HEARD_HZ``."""
    loud = sound / max(float(np.abs(sound).max()), 1e-6) * 0.7
    decoder.start_utt()
    decoder.process_raw((loud * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return re.findall(r"[a-z']+", found.hypstr.lower()) if found else []


def wrong_words(told: list[str], true: list[str]) -> int:
    """Least insertions, deletions and replacements that make ``true`` of ``told``."""
    row = list(range(len(true) + 1))
    for i, word in enumerate(told, 1):
        last, row[0] = row[0], i
        for k, other in enumerate(true, 1):
            last, row[k] = row[k], min(row[k] + 1, row[k - 1] + 1, last + (word != other))
    return row[-1]


def hear(path: Path, text: str, decoder: Any, keep: Path | None) -> Heard:
    """One recording: as it is, as the print looks at it, and made from its print."""
    wide = read(path, HEARD_HZ).astype(np.float64)
    narrow = read(path, RATE)
    frames = frames_of(narrow)
    track = Track.of(frames, 0, ALL_CHANNELS)
    made, agreement = made_from(track, len(text))
    within = (narrow - outside(narrow, RATE)).astype(np.float64)
    if keep:
        write(keep / f"{path.stem}-from-print.wav", made.astype(np.float32), RATE)
    true = text.split()
    versions = {"original": wide, "what the print looks at": up(within), "made from the print": up(made)}
    wrong = {name: wrong_words(words_of(sound, decoder), true) for name, sound in versions.items()}
    return Heard(path.stem, len(true), wrong, agreement)


def table(heard: list[Heard]) -> str:
    """The word error rates."""
    names = list(heard[0].wrong)
    lines = [f"| recording | words | {' | '.join(names)} | signs matched |", "| --- " * (len(names) + 3) + "|"]
    for one in heard:
        rates = " | ".join(f"{one.wrong[n] / one.words:.0%}" for n in names)
        lines.append(f"| {one.name} | {one.words} | {rates} | {one.agreement:.1%} |")
    total = sum(one.words for one in heard)
    rates = " | ".join(f"**{sum(one.wrong[n] for one in heard) / total:.0%}**" for n in names)
    lines.append(f"| **all: word error rate** | {total} | {rates} | |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Make, hear, and tell; 0 when it ran."""
    words = argparse.ArgumentParser("python -m eval.leak", description=__doc__.split("\n")[0])
    words.add_argument("--speech", type=Path, default=Path("examples/speech"), help="folder of the recordings")
    words.add_argument("--keep", type=Path, metavar="DIR", help="write what was made there, to listen to")
    words.add_argument("--write", action="store_true", help="put the table into docs/measured.md")
    options = words.parse_args(arguments)
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=HEARD_HZ, loglevel="FATAL")
    heard = []
    for name, text in TEXTS.items():
        heard.append(hear(options.speech / f"{name}.flac", text, decoder, options.keep))
        print(heard[-1], flush=True)
    text = table(heard)
    print(text)
    if options.write:
        measured.write("leak", "python -m eval.leak", f"{text}\n\n{CAUTION}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
