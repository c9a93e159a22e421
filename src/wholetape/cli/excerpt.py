"""``wholetape excerpt``: a part of a sealed recording, with proof of its place and of what is left out."""

from __future__ import annotations

import argparse
import os

from wholetape.cli.outputs import judge
from wholetape.cli.terminal import say
from wholetape.errors import UsageError
from wholetape.report import printable

HELP = "take a part out of a sealed recording, with proof of its place and of how much is left out"
EPILOG = """The part grows to whole seconds, as the seal has them. FILE.wav (or FILE.flac) holds its samples, and
FILE.excerpt, beside it, the proof, which opens these seconds and no others. `wholetape verify FILE.wav --seal
FILE.excerpt` verifies the one by the other; a re-encoded copy is checked with
`wholetape check COPY --against FILE.excerpt`. With a proof in place of the seal, as a page of a release hands them out,
it takes those seconds out of the recording that the proof is of.
exit code: 0 written, 2 nothing lies there, or a public seal, 4 the recording cannot be read, 5 a malformed seal or
print, 6 the recording or the print is not the sealed one, 8 an output cannot be written"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("recording", metavar="RECORDING", help="the recording that was sealed")
    parser.add_argument(
        "--seal",
        required=True,
        metavar="FILE",
        help="its whole seal, with the seed; or FILE.excerpt, a part's proof",
    )
    parser.add_argument("--from", dest="start", type=moment, metavar="TIME", help="seconds, or H:MM:SS")
    parser.add_argument("--to", dest="end", type=moment, metavar="TIME", help="seconds, or H:MM:SS")
    parser.add_argument(
        "-o",
        dest="output",
        required=True,
        metavar="FILE.wav",
        help="the excerpt to write, and FILE.excerpt beside it; FILE.excerpt writes the proof alone",
    )
    parser.add_argument(
        "--print", dest="print_file", metavar="FILE", help="the sealed print; default: beside the seal, if it is there"
    )


def run(args: argparse.Namespace) -> int:
    """Writes the sound and then its proof, each in one step, and returns 0."""
    if args.seal.endswith(".excerpt"):
        return _of_proof(args)
    if args.start is None or args.end is None:
        raise UsageError("--from and --to are needed: which part?", "they are seconds, or H:MM:SS")
    from wholetape.cli.verify import read_seal
    from wholetape.seal.excerpting import choose, proof_name, prove_excerpt, sound_as, sound_of
    from wholetape.seal.reference import MAX_PRINT, print_beside
    from wholetape.store.atomic import atomic_write
    from wholetape.store.files import read_file

    proof = proof_name(args.output)
    given = [args.print_file] if args.print_file else []
    judge([proof, args.output] if proof != args.output else [proof], [args.recording, args.seal, *given])
    seal, _ = read_seal(args.seal)
    beside = args.print_file or print_beside(args.seal)
    printed = read_file(beside, MAX_PRINT) if args.print_file or os.path.isfile(beside) else None
    cut = choose(seal, args.start, args.end)
    made = prove_excerpt(seal, cut, printed)
    if proof != args.output:
        atomic_write(args.output, sound_as(args.output, sound_of(args.recording, seal, cut), seal.header))
    data = made.encode()
    atomic_write(proof, data)
    rate, (start, end) = seal.header.rate, made.span
    place = f"{start / rate:.3f} s to {end / rate:.3f} s of {made.close.samples / rate:.3f} s"
    if proof != args.output:
        _tell_place(args.output, place)
    say(f"{printable(proof)}: proof of {place}, {len(data):,} bytes\n")
    say(f"withheld: {start / rate:.3f} s before, {(made.close.samples - end) / rate:.3f} s after\n")
    if seal.header.sample_format is None:
        say("its recording is in a lossy format: by likeness, with `wholetape check`, not by `wholetape verify`\n")
    if printed is None:
        say("without its print: a re-encoded copy cannot be checked against it (--print FILE.print)\n")
    return 0


def _of_proof(args: argparse.Namespace) -> int:
    """Writes the sound that a proof is about, and returns 0."""
    from wholetape.cli.verify import read_excerpt
    from wholetape.seal.excerpting import SOUNDS, sound_as, sound_of_proof
    from wholetape.store.atomic import atomic_write

    if args.start is not None or args.end is not None or args.print_file:
        raise UsageError("--from, --to and --print go with a seal", "a proof has its own seconds, and their print")
    if not args.output.endswith(SOUNDS):
        raise UsageError(f"{args.output} ends neither in .wav nor .flac", "name -o FILE.wav")
    judge([args.output], [args.recording, args.seal])
    excerpt, _ = read_excerpt(args.seal)
    header, (start, end) = excerpt.seal.header, excerpt.span
    atomic_write(args.output, sound_as(args.output, sound_of_proof(args.recording, excerpt), header))
    total = excerpt.close.samples / header.rate
    _tell_place(args.output, f"{start / header.rate:.3f} s to {end / header.rate:.3f} s of {total:.3f} s")
    return 0


def _tell_place(output: str, place: str) -> None:
    say(f"{printable(output)}: {place}, in whole seconds as sealed\n")


def moment(text: str) -> float:
    """Seconds from ``12.5``, ``1:02.5`` or ``1:00:02``."""
    parts = text.split(":")
    whole, last = parts[:-1], parts[-1]
    number = last.replace(".", "", 1)
    if len(parts) > 3 or not all(p.isascii() and p.isdecimal() and len(p) < 8 for p in [*whole, number]):
        raise argparse.ArgumentTypeError(f"{text!r} is no time: say seconds, M:SS or H:MM:SS")
    seconds = float(last)
    for power, part in enumerate(reversed(whole), 1):
        seconds += int(part) * 60.0**power
    return seconds
