"""``python -m eval.forgery``: another word, shaped by descent until the print takes it for the one that it replaces.

Each attempt has a recording, its public print, a word of it and another word, spoken by somebody else. The forger
descends on the samples of the other word (``eval.printmodel``) towards the signs and levels of the print, holding
it near to its own spectrum; encodes (AAC 64k); lets the check judge; and then leans more to the side that failed: to
the print when the check noticed, to the word when it did not. What the codec did is put into the next round. An
attempt *passes* when the check says ``whole`` of a release that is nearer to the other word than to the original, by
log-spectral distance. It ends then, or when its processor time is used up.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval import ffmpeg, measured
from eval.compose import compose
from eval.conditions import AAC64
from eval.corpus import find_speech, foreign_sounds
from eval.grids import CODEC
from eval.knowing import KnowingEditor
from eval.printmodel import REACH, Array, look, pull, signs
from eval.sound import Sound, write
from eval.stats import share_bounds
from wholetape.checking import check, make_keyed_print
from wholetape.findings import Outcome
from wholetape.match.params import PRINT
from wholetape.match.printfile import Print

RATE = 16_000
SECONDS = 30.0
WORDS_MS = (300, 400, 500, 600, 800)
ROUND = 6000
"""Steps of descent between two judgements."""
FIRMNESS = (1.0, 0.5, 1.6)
"""Margins (nepers) that the signs are driven to, one after the other when a search has converged."""
WEIGHTS, START = (1e-3, 10.0), 0.1
"""Weights of being like the word, between which is searched, and the first one."""
CLOSE = 1.15
"""Ratio of the weights tried last at which a search has converged."""
FLOOR_DB = 50.0
"""Below the loudest by this, a band counts as silent when spectra are compared."""
SIDE = (REACH + 3) * PRINT.hop
"""Samples of context on either side of the word."""


@dataclass(frozen=True, slots=True)
class Place:
    """A word of a recording at ``RATE``, [start, end), the other word, and what the print says of that stretch."""

    original: Sound
    start: int
    end: int
    word: Sound
    printed: Print
    print_path: Path


@dataclass(slots=True)
class Attempt:
    """How one went. Distances in dB of the best forgery: to the other word, and to the original one."""

    seed: int
    milliseconds: int
    passed: bool = False
    rounds: int = 0
    cpu: float = 0.0
    own_db: float = np.inf
    original_db: float = 0.0
    word_db: float = 0.0
    """Between the two words themselves."""
    errors: float = 0.0
    """Share of the print's signs that differ within the word, after the codec."""
    outcomes: Counter[str] = field(default_factory=Counter)

    def take(self, outcome: Outcome, own: float, original: float, errors: float) -> None:
        """Count one round, and keep it when it is the best so far: passing first, then nearer to the other word."""
        passes = outcome is Outcome.WHOLE and own < original
        self.rounds += 1
        self.outcomes[str(outcome)] += 1
        if (not passes, own) < (not self.passed, self.own_db):
            self.passed, self.own_db, self.original_db, self.errors = passes, own, original, errors


def find_place(seed: int, speech: Path, folder: Path) -> Place:
    """A word that is spoken, in a recording of half a minute, and another one for it."""
    rng = np.random.default_rng([seed, 77])
    sources = find_speech(speech)
    original, _, _ = compose(list(sources.corpus), SECONDS / 60, RATE, rng)
    editor = KnowingEditor(original, RATE, foreign_sounds(sources, RATE, rng), CODEC, rng, ffmpeg.tempo)
    size = int(rng.choice(WORDS_MS)) * RATE // 1000
    best, best_share = 0, -1.0
    for at in rng.integers(6 * RATE, len(original) - 6 * RATE, 200):
        share = editor.activity(int(at), int(at) + size)[0]
        if share > best_share:
            best, best_share = int(at) // 160 * 160, share
    editor.at = best
    word = editor.foreign_word(size)
    wav = folder / f"original-{seed}.wav"
    write(wav, original, RATE)
    printed, keyed = make_keyed_print(wav, jobs=1)
    path = wav.with_suffix(".print")
    path.write_bytes(printed.encode())
    path.with_suffix(".keyed").write_bytes(keyed.encode())
    return Place(original, best, best + size, word, printed, path)


def halved(sound: NDArray[np.floating]) -> Array:
    """``sound`` at 8 kHz."""
    return np.asarray(np.fft.irfft(np.fft.rfft(sound)[: len(sound) // 4 + 1], len(sound) // 2) / 2)


def doubled(sound: Array, high: NDArray[np.floating]) -> Sound:
    """``sound`` at 16 kHz, with what ``high``, as long as the result, has above 4 kHz."""
    spectrum = np.fft.rfft(high)
    low = np.fft.rfft(sound) * 2
    spectrum[: len(low) - 1] = low[:-1]
    return np.asarray(np.fft.irfft(spectrum, len(high)), np.float32)


class Forger:
    """Shapes one word. ``descend`` goes on from where it was; ``render`` gives the release's sound."""

    def __init__(self, place: Place, seed: int) -> None:
        self.place = place
        self.rng = np.random.default_rng([seed, 78])
        spliced = place.original.astype(np.float64).copy()
        spliced[place.start : place.end] = place.word
        self.spliced = spliced
        self.low = halved(spliced)
        self.true = halved(place.original.astype(np.float64))
        self.a, self.b = place.start // 2, place.end // 2
        self.begin = self.a - SIDE - PRINT.window // 2
        count = (self.b - self.a + 2 * SIDE) // PRINT.hop + 1
        self.window = slice(self.begin, self.begin + count * PRINT.hop + PRINT.window - PRINT.hop)
        frame = (self.begin + PRINT.window // 2) // PRINT.hop + REACH
        self.frames = slice(frame, frame + count - 2 * REACH)
        track = place.printed.tracks[0]
        self.signs = signs(track.words[self.frames])
        levels = np.repeat(track.levels & 127, PRINT.level_frames)[frame - REACH : frame - REACH + count]
        self.level = (levels.astype(np.float64) - 78.5) / 4 * np.log(2.0)
        self.word_logs = self.logs(self.low)
        self.true_logs = self.logs(self.true)
        self.restart()

    def logs(self, low: Array) -> Array:
        """(frames, 33) log energies of the word in ``low``, floored."""
        energy = look(low[self.window]).energy[REACH:-REACH]
        return np.asarray(np.log(energy + self.floor(energy)))

    @staticmethod
    def floor(energy: Array) -> float:
        """Energy that counts as silence beside the loudest."""
        return float(energy.max()) * 10 ** (-FLOOR_DB / 10)

    def restart(self) -> None:
        """Back to the other word as it was spoken."""
        self.now = self.low[self.a : self.b].copy()
        self.codec = np.zeros(self.window.stop - self.window.start)

    def descend(self, weight: float, firm: float, steps: int = ROUND) -> None:
        """Take ``steps`` of Adam; ``weight`` of being like the word against agreeing with the print."""
        size = float(np.sqrt(np.mean(self.now**2))) + 1e-4
        mean, square = np.zeros_like(self.now), np.zeros_like(self.now)
        part = self.low[self.window].copy()
        inside = slice(self.a - self.window.start, self.b - self.window.start)
        inner = slice(REACH, -REACH)
        for step in range(1, steps + 1):
            part[inside] = self.now
            seen = look(part + self.codec)
            short = firm - self.signs * seen.margins
            by_margin = -self.signs * (short > 0) * (1 + np.clip(short, 0, 2)) / short.size
            energy = seen.energy[inner]
            floor = self.floor(energy)
            off = np.log(energy + floor) - self.word_logs
            off -= off.mean()
            by_energy = np.zeros_like(seen.energy)
            by_energy[inner] = 2 * weight * off / off.size / (energy + floor)
            total = seen.energy.sum(1) + 1e-9
            louder = np.log(total) - self.level
            beyond = np.sign(louder) * np.clip(np.abs(louder) - 0.3, 0, 3)
            by_energy += (0.2 * beyond / len(total) / total)[:, None]
            gradient = pull(seen, by_margin, by_energy, len(part))[inside]
            mean += 0.1 * (gradient - mean)
            square += 0.01 * (gradient**2 - square)
            rate = 0.03 * size * (1 - step / (steps + 1)) ** 0.5
            scale = np.sqrt(square / (1 - 0.99**step)) + 1e-12
            self.now -= rate * mean / (1 - 0.9**step) / scale
            np.clip(self.now, -0.95, 0.95, out=self.now)

    def render(self) -> Sound:
        """The release before its codec."""
        low = self.low.copy()
        low[self.a : self.b] = self.now
        return np.clip(doubled(low, self.spliced), -0.99, 0.99)

    def heard(self, release: Path) -> tuple[float, float, float]:
        """dB to the other word and to the original one, and the share of wrong signs; what the codec did is kept."""
        out = ffmpeg.decode(release, RATE)
        out = np.pad(out, (0, max(0, len(self.spliced) - len(out))))[: len(self.spliced)]
        low = halved(out.astype(np.float64))
        made = self.low.copy()
        made[self.a : self.b] = self.now
        self.codec = (low - made)[self.window]
        logs = self.logs(low)
        inside = slice(
            (self.a - self.begin) // PRINT.hop - REACH - 1, -((self.a - self.begin) // PRINT.hop - REACH - 1)
        )
        wrong = (look(low[self.window]).margins > PRINT.least_change) != (self.signs > 0)
        return apart(logs, self.word_logs), apart(logs, self.true_logs), float(wrong[inside].mean())


def apart(one: Array, other: Array) -> float:
    """Log-spectral distance in dB between (n, 33) log energies, the gain between them taken out."""
    off = (one - other) * 10 / np.log(10)
    return float(np.sqrt(np.mean((off - off.mean()) ** 2)))


def attempt(
    seed: int,
    speech: Path,
    folder: Path,
    minutes: float,
    to_the_end: bool = False,
    audio: bool = False,
    keyed: bool = False,
) -> Attempt:
    """One attempt of at most ``minutes`` of processor time; ``to_the_end``: go on for a word that is nearer still.

    ``audio``: the check has the original's sound, not only its print. ``keyed``: it has also the keyed print, which the
    forger has not; that the answer depends on it is all that is learnt of it.
    """
    place = find_place(seed, speech, folder)
    result = Attempt(seed, (place.end - place.start) * 1000 // RATE)
    began = spent()
    forger = Forger(place, seed)
    result.word_db = apart(forger.word_logs, forger.true_logs)
    turn, low, high, weight = 0, *WEIGHTS, START
    wav = folder / f"forged-{seed}.wav"
    release = wav.with_suffix(".m4a")
    while result.cpu < minutes * 60 and (to_the_end or not result.passed):
        forger.descend(weight, FIRMNESS[turn % len(FIRMNESS)])
        write(wav, forger.render(), RATE)
        ffmpeg.encode(wav, release, AAC64)
        own, original, errors = forger.heard(release)
        reference = place.print_path.with_suffix(".wav") if audio else place.print_path
        held_back = [place.print_path.with_suffix(".keyed")] if keyed else []
        outcome = check(release, reference, keyed=held_back, jobs=1).outcome
        result.take(outcome, own, original, errors)
        result.cpu = spent() - began
        if outcome is Outcome.WHOLE:
            low = weight
        else:
            high = weight
        if high / low < CLOSE:
            turn, low, high = turn + 1, *WEIGHTS
            forger.restart()
        weight = float(np.sqrt(low * high))
    return result


def spent() -> float:
    """Processor seconds of this process and its children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def table(attempts: list[Attempt]) -> str:
    """What became of the attempts, as a table with the share that did not pass."""
    rows = [
        "| attempt | word | rounds, CPU s | outcomes | passes for whole | dB to the other word | dB to the original "
        "| dB between the words | signs wrong |",
        "| --- " * 9 + "|",
    ]
    for a in attempts:
        outcomes = ", ".join(f"{n} {what}" for what, n in sorted(a.outcomes.items()))
        rows.append(
            f"| {a.seed} | {a.milliseconds} ms | {a.rounds}, {a.cpu:.0f} | {outcomes} | {'yes' if a.passed else 'no'} "
            f"| {a.own_db:.1f} | {a.original_db:.1f} | {a.word_db:.1f} | {a.errors:.1%} |"
        )
    caught = sum(not a.passed for a in attempts)
    low, high = share_bounds(caught, len(attempts))
    near = [a.own_db for a in attempts if a.passed]
    words = f"**Not whole in {caught} of {len(attempts)}** (95% bounds {low:.1%}–{high:.1%}; asked: 27 of 30)."
    if near:
        words += f" Those that pass are {np.median(near):.1f} dB from the other word (median)."
    return "\n".join([words, "", *rows])


def main(arguments: list[str] | None = None) -> int:
    """Run the attempts; 0 when they ran."""
    words = argparse.ArgumentParser("python -m eval.forgery", description=__doc__.split("\n")[0])
    words.add_argument("--speech", type=Path, default=Path("examples/speech"), help="folder of recordings")
    words.add_argument("--attempts", type=int, default=30)
    words.add_argument("--first", type=int, default=1, help="number of the first attempt (default: %(default)s)")
    words.add_argument("--minutes", type=float, default=5.0, help="processor minutes an attempt (default: %(default)s)")
    words.add_argument("--to-the-end", action="store_true", help="use all minutes, for a word that is nearer still")
    words.add_argument("--audio", action="store_true", help="check against the original's sound")
    words.add_argument("--keyed", action="store_true", help="the check has the keyed print too, the forger has not")
    words.add_argument("--jobs", type=int, default=1, help="attempts at the same time (default: %(default)s)")
    words.add_argument("--write", action="store_true", help="put the table into docs/measured.md")
    options = words.parse_args(arguments)
    done: list[Attempt] = []
    how = (options.minutes, options.to_the_end, options.audio, options.keyed)
    seeds = range(options.first, options.first + options.attempts)
    with tempfile.TemporaryDirectory(prefix="wholetape-forgery-") as folder, ProcessPoolExecutor(options.jobs) as pool:
        for made in [pool.submit(attempt, seed, options.speech, Path(folder), *how) for seed in seeds]:
            done.append(made.result())
            print(table(done[-1:]).splitlines()[-1], flush=True)
    text = table(done)
    print(text)
    if options.write:
        rest = "".join(f" --{n.replace('_', '-')}" for n in ("to_the_end", "audio", "keyed") if vars(options)[n])
        called = f"--speech {options.speech.name} --attempts {options.attempts} --minutes {options.minutes:g}{rest}"
        section = "forgery" + rest.replace(" --to-the-end", "-far").replace(" --", "-")
        measured.write(section, f"python -m eval.forgery {called}", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
