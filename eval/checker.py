"""``python -m eval.checker``: the check in the browser beside the check on the command line, on the same files.

python -m eval.checker --seeds 3 --minutes 4 --write     30 cases: same outcome, same edits?
python -m eval.checker --long 60 --write                 an hour of AAC against its print and the original: time, memory
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval import ffmpeg, measured
from eval.browser import Page, browser, longest, memory_of
from eval.run import Job, build
from wholetape.checking import check, make_print
from wholetape.report import as_json

CONDITIONS = (
    "wav",
    "aac48",
    "mp3_32",
    "social",
    "opus16",
    "speed_resampled",
    "speed_tempo",
    "room",
    "repeats",
    "knowing",
)
"""Ways to the public whose files a browser decodes."""
NEAR_S = 0.005
"""Seconds by which two edges may differ and still be one: decoders round differently."""
OTHER_EDITS = "edits "
SURE = 0.05
"""The same for confidences."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One file checked twice. ``differences`` in words; ``seconds`` of the browser's check."""

    case: str
    against: str
    outcome: str
    edits: int
    seconds: float
    differences: tuple[str, ...] = field(default=())


def main(arguments: list[str] | None = None) -> int:
    """Run it; 1 when any case differs."""
    words = argparse.ArgumentParser("python -m eval.checker", description=__doc__)
    words.formatter_class = argparse.RawDescriptionHelpFormatter
    words.add_argument("--speech", default="examples/speech", help="folder of recordings (default: %(default)s)")
    words.add_argument("--seeds", type=int, default=3)
    words.add_argument("--minutes", type=float, default=4.0)
    words.add_argument("--condition", action="append", choices=CONDITIONS)
    words.add_argument("--decoded", action="store_true", help="both read FFmpeg's samples, as 32-bit WAV")
    words.add_argument("--long", type=float, metavar="MINUTES", help="instead: one long copy, time and memory")
    words.add_argument("--keep", metavar="DIR", help="keep the cases' files there, and use those there")
    words.add_argument("--write", action="store_true", help="put the figures into docs/measured.md")
    options = words.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="wholetape-eval-") as scratch:
        folder = Path(options.keep or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        with browser(folder) as page:
            if options.long:
                from eval.checker_long import measure

                text = measure(page, folder, options.long)
                section = f"checker-long-{options.long:g}"
                return tell(section, f"python -m eval.checker --long {options.long:g}", text, options.write)
            found = []
            for one in cases(page, folder, options):
                found.append(one)
                state = "same" if not one.differences else "DIFFERENT"
                print(f"{one.case} {one.against}: {one.outcome}, {one.edits} edits, {one.seconds:.1f} s, {state}")
                print("".join(f"  {line}\n" for line in one.differences), end="", flush=True)
    command = f"python -m eval.checker --seeds {options.seeds} --minutes {options.minutes:g}"
    tell("checker", command, report(found, options.minutes), options.write)
    return 1 if any(one.differences for one in found) else 0


def tell(section: str, command: str, text: str, write: bool) -> int:
    """Print, and write when asked to."""
    print(text)
    if write:
        measured.write(section, command, text)
    return 0


def cases(page: Page, folder: Path, options: argparse.Namespace) -> Iterator[Compared]:
    """Each case: odd seeds against the print, even ones against the original's sound."""
    for seed in range(1, options.seeds + 1):
        for condition in options.condition or CONDITIONS:
            job = Job(condition, seed, Path(options.speech), None, options.minutes, "print", folder, None, True)
            case = build(job)
            original = case.original
            against = original.with_suffix(".print") if seed % 2 else original
            if seed % 2 and not against.exists():
                against.write_bytes(make_print(original).encode())
            release = case.release
            if options.decoded:
                release = folder / f"{case.name}.decoded.wav"
                ffmpeg.run("-i", str(case.release), "-c:a", "pcm_f32le", str(release))
            theirs = as_json(check(release, against))
            ours, seconds = page.check(release, [against])
            yield Compared(
                case.name,
                against.suffix,
                str(theirs["outcome"]),
                len(theirs["edits"]),
                seconds,
                tuple(differences(theirs, ours)),
            )


def differences(theirs: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    """How the browser's answer differs from the command line's, in words."""
    if "error" in ours:
        yield f"the browser failed: {ours['error']}"
        return
    if theirs["outcome"] != ours["outcome"]:
        yield f"outcome {theirs['outcome']} and {ours['outcome']}"
    one, other = theirs["edits"], ours["edits"]
    if [edit["kind"] for edit in one] != [edit["kind"] for edit in other]:
        alone = ([_short(e) for e in these if not _has(e, those)] for these, those in ((one, other), (other, one)))
        yield OTHER_EDITS + "{} and {}".format(*alone)
        return
    for a, b in zip(one, other, strict=True):
        if not _same(a, b):
            yield f"{_short(a)} and {_short(b)}"
    if abs(theirs["coverage"]["unverified"] - ours["coverage"]["unverified"]) > 0.002:
        yield f"unverified {theirs['coverage']['unverified']} and {ours['coverage']['unverified']}"


def _same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    if a["kind"] != b["kind"] or len(a.get("reference", ())) != len(b.get("reference", ())):
        return False
    edges = [*zip(a["release"], b["release"], strict=True)]
    edges += zip(a.get("reference", ()), b.get("reference", ()), strict=True)
    sure = abs(a["confidence"] - b["confidence"]) <= SURE and (a["confidence"] >= 0.9) == (b["confidence"] >= 0.9)
    near = all(abs(one - other) <= NEAR_S for one, other in edges)
    return near and sure and abs(a.get("speed", 1) - b.get("speed", 1)) < 1e-4


def _has(edit: dict[str, Any], others: list[dict[str, Any]]) -> bool:
    return any(_same(edit, other) for other in others)


def _short(edit: dict[str, Any]) -> str:
    return f"{edit['kind']} {edit['release']} {edit.get('reference', '')} {edit['confidence']:.2f}"


def report(found: list[Compared], minutes: float) -> str:
    """The table."""
    same = sum(not one.differences for one in found)
    edits = sum(one.edits for one in found)
    kinds = sum(not any(line.startswith((OTHER_EDITS, "outcome")) for line in one.differences) for one in found)
    conditions = len({one.case.rpartition("-")[0] for one in found})
    told = f"copies with the same outcome and the same edits (edges within {NEAR_S * 1000:.0f} ms)"
    lines = [
        f"The check in the browser (Chromium, from a file on disk) beside `wholetape check`, on {len(found)} copies of "
        f"{minutes:g} minutes, edited or not, in {conditions} conditions, odd seeds against a print, even ones against "
        "the original.",
        "",
        "| what | |",
        "| --- | --- |",
        f"| {told} | {same} of {len(found)} |",
        f"| copies with the same outcome, and edits of the same kinds in the same order | {kinds} of {len(found)} |",
        f"| edits that the command line tells in them | {edits} |",
        f"| longest check of a copy in the browser | {max(one.seconds for one in found):.1f} s |",
    ]
    for one in found:
        lines += [f"| {one.case}, {one.against} | {'; '.join(one.differences)} |"] if one.differences else []
    return "\n".join(lines)


__all__ = ["longest", "memory_of"]

if __name__ == "__main__":
    sys.exit(main())
