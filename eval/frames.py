"""``python -m eval.frames``: frame by frame, does a clip follow the recording? The equal error rate, print only.

The task of C. Shan and T. J. Tsai, *A Cross-Verification Approach for Protecting World Leaders from Fake and Tampered
Audio*, 2020, and of those after them: clips of 10 s with one edit of 0.25 to 4 s, as MP3 at 64 to 256 kbit/s; each
10 ms matches the reference or not; 20 ms on either side of an edit's edges do not count. Here all are checked against
the print of ten minutes. The score of a frame is what ``check`` says of it, and how firmly: seconds to the nearest edge
between what is kept and what is not, positive where it is kept. What is unverified is not said to be kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval import ffmpeg, measured
from eval.compose import compose
from eval.corpus import Speech, find_speech, foreign_sounds
from eval.edits import Editor
from eval.grids import CODEC
from eval.sound import Sound, write
from wholetape.checking import check, make_print
from wholetape.findings import CheckResult, Kind

RATE = 44_100
CLIP_S = 10.0
FRAME_S = 0.01
COLLAR_S = 0.02
MARGIN_S = 0.5
"""An edit lies at least so far from the clip's ends."""
EDITS_S = (0.25, 0.5, 1.0, 2.0, 4.0)
KINDS = ("inserted", "replaced", "cut")
BIT_RATES = ("64k", "128k", "256k")
RESAMPLED = 1000
"""Times that the clips are drawn anew for the bounds."""
FOLLOWS = (Kind.KEPT, Kind.MOVED, Kind.REPEATED, Kind.SPEED)
DUE = 0.002

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip before its codec; [start, end) in seconds is foreign, nothing where something was cut out there."""

    sound: Sound
    kind: str
    seconds: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Scored:
    """The frames of one clip that count: score of each, and whether it follows the reference in truth."""

    kind: str
    seconds: float
    bit_rate: str
    scores: Array
    follows: NDArray[np.bool_]


def clips(original: Sound, foreign: list[Sound], count: int, rng: np.random.Generator) -> Iterator[Clip]:
    """``count`` clips of ``original``, kinds and lengths by turns, places at random."""
    editor = Editor(original, RATE, foreign, replace(CODEC, fade_share=0.0), rng, ffmpeg.tempo)
    for n in range(count):
        kind, seconds = KINDS[n % len(KINDS)], EDITS_S[n // len(KINDS) % len(EDITS_S)]
        own = CLIP_S - (seconds if kind != "cut" else 0.0)
        before = round(rng.uniform(MARGIN_S, own - MARGIN_S) * RATE)
        behind = round(own * RATE) - before
        size = round(seconds * RATE)
        gone = size if kind != "inserted" else 0
        editor.pieces = []
        editor.at = int(rng.integers(0, len(original) - before - gone - behind))
        editor.keep(before)
        if kind != "cut":
            editor.paste_foreign(size)
        editor.at += gone
        editor.keep(behind)
        end = before + (size if kind != "cut" else 0)
        yield Clip(editor.render(), kind, seconds, before / RATE, end / RATE)


def frame_scores(result: CheckResult, times: Array) -> Array:
    """(n,) seconds from each of ``times`` to the nearest edge of what is kept; negative where it is not kept."""
    inside: list[tuple[float, float]] = []
    for span in result.spans:
        a, b = span.release.seconds
        if span.kind not in FOLLOWS or b <= a:
            continue
        if inside and a - inside[-1][1] < 1e-6:
            inside[-1] = (inside[-1][0], b)
        else:
            inside.append((a, b))
    total = result.release.duration
    edges = np.array([e for span in inside for e in span if 1e-6 < e < total - 1e-6])
    held = np.zeros(len(times), np.bool_)
    for a, b in inside:
        held |= (times >= a) & (times < b)
    away = np.abs(times[:, None] - edges[None, :]).min(axis=1) if len(edges) else np.full(len(times), CLIP_S)
    return np.where(held, away, -away)


def scored(clip: Clip, bit_rate: str, reference: Path, folder: Path) -> Scored:
    """What the check says of the frames of ``clip``, encoded."""
    wav, release = folder / "clip.wav", folder / "clip.mp3"
    write(wav, clip.sound, RATE)
    ffmpeg.encode(wav, release, ("-c:a", "libmp3lame", "-b:a", bit_rate))
    shift = ffmpeg.shift_of(clip.sound, release, RATE)
    times = np.arange(FRAME_S / 2, CLIP_S, FRAME_S, dtype=np.float64)
    scores = frame_scores(check(release, reference, jobs=1), times + shift)
    foreign = (times >= clip.start) & (times < clip.end)
    counts = (np.abs(times - clip.start) > COLLAR_S) & (np.abs(times - clip.end) > COLLAR_S)
    return Scored(clip.kind, clip.seconds, bit_rate, scores[counts], ~foreign[counts])


def equal_error_rate(scores: Array, follows: NDArray[np.bool_], weights: Array | None = None) -> float:
    """The rate at which as many frames that follow score below a threshold as others above it; nan without both."""
    w = np.ones(len(scores)) if weights is None else weights
    order = np.argsort(scores, kind="stable")
    s, right, w = scores[order], follows[order], w[order]
    yes, no = float((w * right).sum()), float((w * ~right).sum())
    if not yes or not no:
        return float("nan")
    last = np.append(np.flatnonzero(np.diff(s)), len(s) - 1)  # a threshold lies between two different scores
    missed = np.concatenate(([0.0], np.cumsum(w * right)[last])) / yes
    passed = 1 - np.concatenate(([0.0], np.cumsum(w * ~right)[last])) / no
    k = int(np.argmax(missed >= passed))
    if k == 0 or missed[k] == passed[k]:
        return float(missed[k])
    a, b = passed[k - 1] - missed[k - 1], missed[k] - passed[k]
    return float(missed[k - 1] + (missed[k] - missed[k - 1]) * a / (a + b))


def pooled(some: list[Scored], weights: Array | None = None) -> float:
    """The equal error rate over all frames of the clips, each counted ``weights`` times."""
    each = None if weights is None else np.repeat(weights, [len(c.scores) for c in some])
    return equal_error_rate(np.concatenate([c.scores for c in some]), np.concatenate([c.follows for c in some]), each)


def bounds(some: list[Scored], seed: int = 1) -> tuple[float, float]:
    """95% bounds of ``pooled``: clips, not frames, are drawn anew, since the frames of a clip go wrong together."""
    rng = np.random.default_rng(seed)
    drawn = [
        pooled(some, rng.multinomial(len(some), [1 / len(some)] * len(some)).astype(float)) for _ in range(RESAMPLED)
    ]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def table(every: list[Scored]) -> str:
    """All, then by bit rate, by kind and by length."""
    rows = ["| clips | how many | frames | equal error rate | 95% bounds |", "| --- " * 5 + "|"]
    groups: list[tuple[str, Callable[[Scored], bool]]] = [("all", lambda c: True)]
    groups += [(f"MP3 {rate}", lambda c, rate=rate: c.bit_rate == rate) for rate in BIT_RATES]  # type: ignore[misc]
    groups += [(kind, lambda c, kind=kind: c.kind == kind) for kind in KINDS]  # type: ignore[misc]
    groups += [(f"{s:g} s", lambda c, s=s: c.seconds == s) for s in EDITS_S]  # type: ignore[misc]
    for name, belongs in groups:
        some = [c for c in every if belongs(c)]
        frames = sum(len(c.scores) for c in some)
        if name == "cut":  # nothing in it is foreign: only what is not kept can be wrong
            wrong = sum(int((c.scores < 0).sum()) for c in some)
            rows.append(
                f"| {name} | {len(some)} | {frames:,} | {wrong} frames not kept = {wrong / max(1, frames):.3%} | |"
            )
        elif some:
            low, high = bounds(some)
            rows.append(f"| {name} | {len(some)} | {frames:,} | {pooled(some):.3%} | {low:.3%}–{high:.3%} |")
    rate = pooled(every)
    word = "met" if rate <= DUE else "**short**"
    return "\n".join([f"Equal error rate {rate:.3%}; asked: {DUE:.1%}, {word}.", "", *rows])


def measure(speech: Speech, originals: int, count: int, seed: int, folder: Path) -> Iterator[Scored]:
    """``count`` clips of each of ``originals`` recordings of ten minutes."""
    for n in range(originals):
        rng = np.random.default_rng([seed + n, 79])
        original, _, _ = compose(list(speech.corpus), 10.0, RATE, rng)
        wav = folder / "original.wav"
        write(wav, original, RATE)
        printed = wav.with_suffix(".print")
        printed.write_bytes(make_print(wav).encode())
        for k, clip in enumerate(clips(original, foreign_sounds(speech, RATE, rng), count, rng)):
            yield scored(clip, BIT_RATES[k // (len(KINDS) * len(EDITS_S)) % len(BIT_RATES)], printed, folder)


def main(arguments: list[str] | None = None) -> int:
    """Make clips, check them, tell; 0 when it ran."""
    words = argparse.ArgumentParser("python -m eval.frames", description=__doc__.split("\n")[0])
    words.add_argument("--speech", type=Path, default=Path("examples/speech"), help="folder of recordings")
    words.add_argument("--originals", type=int, default=10, help="recordings of 10 minutes (default: %(default)s)")
    words.add_argument("--clips", type=int, default=90, help="clips of each (default: %(default)s)")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--failures", type=int, default=0, help="list so many of the clips with most wrong frames")
    words.add_argument("--write", action="store_true", help="put the table into docs/measured.md")
    options = words.parse_args(arguments)
    every: list[Scored] = []
    with tempfile.TemporaryDirectory(prefix="wholetape-frames-") as folder:
        for one in measure(find_speech(options.speech), options.originals, options.clips, options.seed, Path(folder)):
            every.append(one)
    text = table(every)
    print(text)
    worst = sorted(enumerate(every), key=lambda item: -wrong(item[1]))[: options.failures]
    for n, one in worst:
        print(f"clip {n}: {one.kind} {one.seconds:g} s, MP3 {one.bit_rate}: {wrong(one)} frames wrong")
    if options.write:
        size = f"--originals {options.originals} --clips {options.clips} --seed {options.seed}"
        measured.write("frames", f"python -m eval.frames --speech {options.speech.name} {size}", text)
    return 0


def wrong(one: Scored) -> int:
    """Frames on the wrong side of an edge."""
    return int(((one.scores > 0) != one.follows).sum())


if __name__ == "__main__":
    sys.exit(main())
