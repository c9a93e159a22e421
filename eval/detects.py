"""``python -m eval.detects``: are edits of just the length that a run says it detects found 95 times in 100?

For each condition an unedited release is checked first, for what the run says (``detects``). Then releases of the same
original are made in which every edit of a kind has that length, are checked, and the edits found are counted. Where
what was edited says nothing (a pause for a pause) is not counted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval import ffmpeg, measured, records
from eval.compose import compose
from eval.conditions import CONDITIONS
from eval.corpus import Speech, find_speech, foreign_sounds
from eval.edits import Editor
from eval.grids import CODEC
from eval.score import score
from eval.sound import write
from eval.stats import share_bounds
from eval.truth import Case
from wholetape.checking import check, make_print
from wholetape.findings import Outcome

RATE = 16_000
USUAL = ("aac48", "social", "gsm")
KINDS = ("cut", "inserted", "replaced", "muted")
DUE = 0.95


@dataclass(frozen=True, slots=True)
class Count:
    """Edits of one kind and length in one condition: how many were made, and found."""

    condition: str
    kind: str
    milliseconds: int
    made: int
    found: int


def injected(condition: str, speech: Speech, minutes: float, folder: Path, audio: bool) -> Iterator[Count]:
    """The counts of one condition."""
    way = CONDITIONS[condition]
    rng = np.random.default_rng([7, len(condition)])
    sound, parts, kept = compose(list(speech.corpus), minutes, RATE, rng)
    wav, original = folder / "original.wav", folder / "original.flac"
    write(wav, sound, RATE)
    ffmpeg.encode(wav, original, ("-c:a", "flac"))
    reference = original
    if not audio:
        reference = folder / "original.print"
        reference.write_bytes(make_print(original).encode())
    release = folder / f"release{way.suffix}"
    ffmpeg.encode(wav, release, way.encode, way.filters, RATE)
    said = check(release, reference).detects
    foreign = foreign_sounds(speech, RATE, rng)
    for kind in KINDS:
        length = round(said.get(kind, 0.0) * 1000)
        if not length:
            continue
        lengths: dict[str, Any] = {kind: (length,)}
        grid = replace(CODEC, weights={kind: 1.0}, spacing_s=(2.0, 3.5), **lengths)
        editor = Editor(sound, RATE, foreign, grid, rng, ffmpeg.tempo, kept)
        editor.edit()
        edited = editor.render()
        write(wav, edited, RATE)
        ffmpeg.encode(wav, release, way.encode, way.filters, RATE)
        shift = ffmpeg.shift_of(edited, release, RATE)
        truth = tuple(t.on_release_clock(1.0, shift) for t in editor.truth)
        case = Case("x", 1, condition, original, release, truth, parts, Outcome.EDITED, len(edited) / RATE)
        result = check(release, reference)
        one = score(records.from_result(case, result, minutes, "speech", "audio" if audio else "print"))
        yield Count(condition, kind, length, len(one.hits) + len(one.misses), len(one.hits))


def table(counts: list[Count]) -> str:
    """The counts with their bounds."""
    lines = ["| condition | kind | length said | found | 95% bounds | |", "| --- " * 6 + "|"]
    for c in counts:
        low, high = share_bounds(c.found, c.made)
        word = "met" if c.found / c.made >= DUE else "within bounds" if high >= DUE else "**short**"
        share = f"{c.found} of {c.made} = {c.found / c.made:.1%}"
        lines.append(f"| {c.condition} | {c.kind} | {c.milliseconds} ms | {share} | {low:.1%}–{high:.1%} | {word} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Inject, count, tell; 0 when it ran."""
    words = argparse.ArgumentParser("python -m eval.detects", description=__doc__.split("\n")[0])
    words.add_argument("--speech", type=Path, default=Path("examples/speech"), help="folder of recordings")
    words.add_argument("--condition", action="append", choices=list(CONDITIONS), help="may be repeated")
    words.add_argument("--minutes", type=float, default=4.0, help="length of an original (default: %(default)s)")
    words.add_argument("--audio", action="store_true", help="against the original's sound instead of its print")
    words.add_argument("--write", action="store_true", help="put the table into docs/measured.md")
    options = words.parse_args(arguments)
    speech, counts = find_speech(options.speech), []
    with tempfile.TemporaryDirectory(prefix="wholetape-detects-") as folder:
        for condition in options.condition or USUAL:
            for count in injected(condition, speech, options.minutes, Path(folder), options.audio):
                counts.append(count)
                print(count, file=sys.stderr, flush=True)
    text = table(counts)
    print(text)
    if options.write:
        called = f"--speech {options.speech.name} --minutes {options.minutes:g}{' --audio' if options.audio else ''}"
        measured.write("detects-audio" if options.audio else "detects", f"python -m eval.detects {called}", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
