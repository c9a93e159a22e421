"""``python -m eval.wordtimes``: the default recogniser's word times, on speech whose times are known as it is built.

    --digits FOLDER       Free Spoken Digit Dataset: single words
    --sentences FOLDER    recordings with their words in FILE.txt beside them

Two builds. *Digits*: single words, each recorded by itself (the Free Spoken Digit Dataset: 3,000 digits of six
speakers, 8 kHz, CC BY-SA 4.0), trimmed and set one after another, ten different ones to a phrase, with gaps of 0 to
0.3 s. *Sentences*: recordings with their words in ``FILE.txt``, trimmed: the begin of the first word and the end of the
last are known. Phrases are 0.8 s apart, over a floor of noise 50 dB below them. Which word was heard where is decided
within a phrase by the order of its words alone, never by their times.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Indel

from eval import measured, sound
from eval.sound import Sound
from wholetape.transcribing.engines import Engine
from wholetape.transcript.model import Word
from wholetape.transcript.tokens import tokens

RATE = 16000
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MOST_GAP_S = 0.3
BETWEEN_S = 0.8
LEVEL = 0.1
"""Effective value of each piece within its edges."""
FLOOR = LEVEL / 316
"""Effective value of the noise below: 50 dB less."""
EDGE = 0.1
"""Share of a piece's greatest level above which its edges lie."""
FRAME = RATE // 200
UNKNOWN = float("nan")


@dataclass(frozen=True, slots=True)
class Said:
    """A word, the seconds in which it is said (NaN where they are not known), and the seconds of quiet before it."""

    text: str
    begin: float
    end: float
    gap: float


Phrase = list[Said]
Measured = tuple[Said, Word]


def trimmed(path: Path) -> Sound:
    """The sound of ``path`` from its first to its last 5 ms above a tenth of its greatest level, at a common level."""
    heard = sound.read(path, RATE).astype(np.float64)
    levels = np.sqrt((heard[: len(heard) // FRAME * FRAME].reshape(-1, FRAME) ** 2).mean(axis=1))
    loud = np.flatnonzero(levels > EDGE * levels.max())
    piece = heard[loud[0] * FRAME : (loud[-1] + 1) * FRAME]
    return np.asarray(piece * (LEVEL / np.sqrt((piece**2).mean())), np.float32)


class Tape:
    """Sound that is put together piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[Sound] = []
        self._at = 0
        self.phrases: list[Phrase] = []

    def put(self, piece: Sound, gap: float) -> tuple[float, float]:
        """Appends ``gap`` seconds of quiet and the piece; when it begins and ends."""
        quiet = np.zeros(round(gap * RATE), np.float32)
        self._pieces += [quiet, piece]
        begin = self._at + len(quiet)
        self._at = begin + len(piece)
        return begin / RATE, self._at / RATE

    def sound(self, seed: int) -> Sound:
        """All of it, over its floor of noise."""
        whole = np.concatenate([*self._pieces, np.zeros(RATE, np.float32)])
        return np.asarray(whole + np.random.default_rng(seed).normal(0, FLOOR, len(whole)), np.float32)


def digits(folder: Path, speaker: str, phrases: int, seed: int) -> Tape:
    """``phrases`` phrases of ten different digits by ``speaker``."""
    draw = random.Random(f"{seed} {speaker}")
    takes = {digit: sorted(folder.glob(f"{digit}_{speaker}_*.wav")) for digit in range(10)}
    tape = Tape()
    for _ in range(phrases):
        phrase: Phrase = []
        for place, digit in enumerate(draw.sample(range(10), 10)):
            gap = draw.choice((0.0, draw.uniform(0, MOST_GAP_S))) if place else BETWEEN_S
            phrase.append(Said(DIGITS[digit], *tape.put(trimmed(draw.choice(takes[digit])), gap), gap))
        tape.phrases.append(phrase)
    return tape


def sentences(folder: Path) -> Tape:
    """The recordings of ``folder`` that have their words beside them."""
    tape = Tape()
    for path in sound.recordings(folder):
        if path.with_suffix(".txt").exists():
            begin, end = tape.put(trimmed(path), BETWEEN_S)
            words = [token.norm for token in tokens(path.with_suffix(".txt").read_text())]
            firsts, lasts = [begin, *[UNKNOWN] * (len(words) - 1)], [*[UNKNOWN] * (len(words) - 1), end]
            tape.phrases.append([Said(w, b, e, BETWEEN_S) for w, b, e in zip(words, firsts, lasts, strict=True)])
    return tape


def pairs(phrase: Phrase, heard: Sequence[Word]) -> Iterator[Measured]:
    """Each word of the phrase with the word heard for it, where they are the same, by their order alone."""
    begin, end = phrase[0].begin - BETWEEN_S / 2, phrase[-1].end + BETWEEN_S / 2
    here = [word for word in heard if begin <= sum(word.span.seconds) / 2 < end]
    for step in Indel.opcodes([word.text for word in phrase], [word.text.lower() for word in here]):
        if step.tag == "equal":
            yield from zip(phrase[step.src_start : step.src_end], here[step.dest_start : step.dest_end], strict=True)


def heard_in(tape: Tape, engine: Engine, file: Path, seed: int) -> list[Measured]:
    """The words of the tape that the recogniser hears as they were said."""
    from wholetape.transcribing.transcribe import transcribe

    sound.write(file, tape.sound(seed), RATE)
    words = [word for segment in transcribe(str(file), engine).segments for word in segment.words]
    return [pair for phrase in tape.phrases for pair in pairs(phrase, words)]


def measure(singles: Path | None, whole: Path | None, phrases: int, seed: int, desk: Path) -> str:
    """The table of how far begins and ends lie from the truth."""
    from wholetape.transcribing.engines import load

    engine = load("pocketsphinx")
    rows: list[str] = []
    if singles:
        speakers = sorted({path.stem.split("_")[1] for path in singles.glob("*_*_*.wav")})
        found: list[Measured] = []
        for speaker in speakers:
            found += heard_in(digits(singles, speaker, phrases, seed), engine, desk / "digits.wav", seed)
        name = f"digits, {len(speakers)} speakers, {10 * phrases * len(speakers):,} said"
        rows += [
            _row(f"{name}: all heard as said", found),
            _row("– of them with no gap before", [pair for pair in found if pair[0].gap == 0]),
            _row("– of them after a gap of up to 0.3 s", [pair for pair in found if 0 < pair[0].gap < BETWEEN_S]),
        ]
    if whole:
        tape = sentences(whole)
        found = heard_in(tape, engine, desk / "sentences.wav", seed)
        rows.append(_row(f"first and last words of {len(tape.phrases)} sentences, those heard as said", found))
    head = (
        f"Word times of the default recogniser, on speech built from recordings of known length (seed {seed}); "
        "milliseconds off, median / 90%; asked: 200, median."
    )
    return "\n".join([head, "", "| words | begins | off | ends | off |", "| --- | --- | --- | --- | --- |", *rows])


def _row(name: str, found: list[Measured]) -> str:
    begins = [word.span.seconds[0] - said.begin for said, word in found if said.begin == said.begin]
    ends = [word.span.seconds[1] - said.end for said, word in found if said.end == said.end]
    return f"| {name} | {len(begins)} | {_off(begins)} | {len(ends)} | {_off(ends)} |"


def _off(seconds: list[float]) -> str:
    if not seconds:
        return "–"
    middle, most = np.percentile(np.abs(seconds) * 1000, (50, 90))
    return f"{middle:.0f} / {most:.0f}"


def main(arguments: list[str] | None = None) -> int:
    """Runs the command."""
    words = argparse.ArgumentParser("python -m eval.wordtimes", description=__doc__)
    words.formatter_class = argparse.RawDescriptionHelpFormatter
    words.add_argument("--digits", type=Path)
    words.add_argument("--sentences", type=Path)
    words.add_argument("--phrases", type=int, default=40, help="of ten digits, for each speaker")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--write", action="store_true", help="put the figures into docs/measured.md")
    options = words.parse_args(arguments)
    with tempfile.TemporaryDirectory() as desk:
        text = measure(options.digits, options.sentences, options.phrases, options.seed, Path(desk))
    print(text)
    if options.write:
        command = f"python -m eval.wordtimes --digits … --sentences … --phrases {options.phrases}"
        measured.write("word-times", command, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
