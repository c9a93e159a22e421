"""``wholetape verify``: a recording against its seal."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING

from wholetape.cli.exports import add_exports, files_read, signer_of, write_c2pa, write_certificate
from wholetape.cli.keys import add_trust, public_keys
from wholetape.cli.outputs import judge
from wholetape.cli.progress import Progress
from wholetape.cli.stamp import add_roots, blocks_of, roots_of
from wholetape.cli.terminal import complain, say, width
from wholetape.errors import Exit, UnreadableInput, UsageError, WholetapeError
from wholetape.properties import Reason
from wholetape.report.verification import verification_as_json, verification_text

if TYPE_CHECKING:
    from wholetape.properties import PrintFacts, Verification
    from wholetape.report.certificate import Examined
    from wholetape.seal.excerptfile import Excerpt
    from wholetape.seal.sealfile import Seal
    from wholetape.seal.sound import RecordingFacts

HELP = "tell whether a recording is the one that was sealed, and by whom"
EPILOG = """Keys are never taken from the seal: without --trust the answer is no.
exit code: 0 verified, 4 a file cannot be read, 5 a malformed seal, 6 it does not verify, 8 an output cannot be
written"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("recording", metavar="RECORDING", help="the recording, or an excerpt of it")
    parser.add_argument(
        "--seal",
        metavar="FILE.seal",
        help="its seal; of an excerpt its proof, FILE.excerpt; default: beside the recording, under its name",
    )
    add_trust(parser)
    parser.add_argument(
        "--print", dest="print_file", metavar="FILE", help="its print; default: beside the seal, if it is there"
    )
    parser.add_argument(
        "--document", action="append", default=[], metavar="FILE", help="a sealed document; again for each"
    )
    add_roots(parser)
    parser.add_argument("--head", metavar="WORDS", help="the head that somebody outside has, from `wholetape head`")
    parser.add_argument("--json", metavar="FILE", help="write the findings as JSON; - for standard output")
    add_exports(parser)


def run(args: argparse.Namespace) -> int:
    """Verifies, reports, and returns 0 or 6."""
    args.seal = args.seal or _beside(args.recording)
    inputs = [args.recording, args.seal, *args.trust, *args.document, *args.tsa_roots]
    inputs += [*([args.print_file] if args.print_file else []), *files_read(args)]
    judge([args.json, args.certificate, args.c2pa], inputs)
    if args.seal.endswith(".excerpt"):
        return run_excerpt(args)
    from wholetape.cli.seal import document
    from wholetape.seal.sound import compare
    from wholetape.seal.verify import AtHand, verify

    signer = signer_of(args)
    seal, digest = read_seal(args.seal)
    pinned = public_keys(args.trust)
    roots, outside = roots_of(args.tsa_roots), _outside(args.head)
    printed = _printed(seal, args)
    documents = tuple(document(path) for path in args.document)
    with Progress() as progress:
        recording = compare(args.recording, seal, lambda share: progress("verifying", share))
    found = verify(seal, pinned, AtHand(recording, printed, documents, roots, outside, blocks_of(args.block)))
    if found.failure is not None and found.failure.reason is Reason.RECORDING and (proof := _proof_beside(args, seal)):
        args.seal = proof
        return run_excerpt(args)
    head = seal.head.checkpoint
    facts = {"path": args.seal, "sha256": digest, "origin": head.origin, "size": head.size, "root": head.root.hex()}
    code = _report(args, found, recording.file.sha256.hex(), facts)
    if found.failure is None:
        if args.certificate:
            write_certificate(args.certificate, found, _examined(args, recording, digest), facts)
        if signer is not None:
            write_c2pa(args.c2pa, recording, seal, signer)
    return code


def _beside(recording: str) -> str:
    """The seal beside the recording, or else the proof beside an excerpt; raises ``UsageError`` where there is none."""
    stem = os.path.splitext(recording)[0]
    for name in (f"{stem}.seal", f"{stem}.excerpt"):
        if os.path.isfile(name):
            return name
    raise UsageError(f"no seal is named, and none lies beside {recording}", "name it with --seal FILE.seal")


def _proof_beside(args: argparse.Namespace, seal: Seal) -> str | None:
    """The proof beside a recording that is not the one of ``seal``, when it is an excerpt's, under the same head."""
    proof = os.path.splitext(args.recording)[0] + ".excerpt"
    if args.document or args.print_file or args.certificate or args.c2pa or not os.path.isfile(proof):
        return None
    try:
        found, _ = read_excerpt(proof)
    except WholetapeError:  # whatever lies there, the recording is not the sealed one
        return None
    return proof if found.seal.head.checkpoint == seal.head.checkpoint else None


def run_excerpt(args: argparse.Namespace) -> int:
    """The same for an excerpt and its proof."""
    if args.document or args.print_file or args.certificate or args.c2pa:
        raise UsageError(
            "--document, --print, --certificate and --c2pa go with a seal, not with an excerpt's proof",
            "verify the recording with its seal",
        )
    from wholetape.seal.excerpted import compare_excerpt, verify_excerpt
    from wholetape.seal.verify import AtHand

    excerpt, digest = read_excerpt(args.seal)
    pinned = public_keys(args.trust)
    roots, outside = roots_of(args.tsa_roots), _outside(args.head)
    with Progress() as progress:
        sound = compare_excerpt(args.recording, excerpt, lambda share: progress("verifying", share))
    found = verify_excerpt(excerpt, pinned, AtHand(sound, roots=roots, outside=outside, blocks=blocks_of(args.block)))
    head = excerpt.seal.head.checkpoint
    facts = {"path": args.seal, "sha256": digest, "origin": head.origin, "size": head.size, "root": head.root.hex()}
    return _report(args, found, sound.file.sha256.hex(), facts)


def _report(args: argparse.Namespace, found: Verification, sha256: str, facts: dict[str, str | int]) -> int:
    """Writes JSON and words of a verification; returns the exit code."""
    if args.json:
        tree = verification_as_json(found, args.recording, sha256, facts)
        _write(args.json, json.dumps(tree, indent=1) + "\n")
    out = sys.stderr if args.json == "-" else sys.stdout
    say(verification_text(found, args.recording, args.seal, width(out)), out)
    if found.failure is None:
        return Exit.OK
    out.flush()
    complain(f"{args.recording}: {found.failure.words}", found.failure.hint)
    return Exit.UNVERIFIED


def read_excerpt(path: str) -> tuple[Excerpt, str]:
    """The excerpt's proof at ``path`` and its SHA-256 in hex; errors name the file."""
    import hashlib

    from wholetape.seal.excerptfile import parse_excerpt
    from wholetape.seal.members import MAX_SEAL
    from wholetape.store.files import read_file

    data = read_file(path, MAX_SEAL)
    try:
        return parse_excerpt(data), hashlib.sha256(data).hexdigest()
    except WholetapeError as problem:
        raise type(problem)(f"{path}: {problem}", problem.hint) from problem


def read_seal(path: str) -> tuple[Seal, str]:
    """The seal at ``path`` and its SHA-256 in hex; errors name the file."""
    import hashlib

    from wholetape.seal.members import MAX_SEAL
    from wholetape.seal.sealfile import parse_seal
    from wholetape.store.files import read_file

    folder = os.path.dirname(path) or "."
    if not os.path.exists(path) and os.path.exists(os.path.join(folder, "journal")):
        raise UnreadableInput(
            f"the recording in {folder!r} is not closed", f"wholetape record --recover {folder} --key …"
        )
    data = read_file(path, MAX_SEAL)
    try:
        return parse_seal(data), hashlib.sha256(data).hexdigest()
    except WholetapeError as problem:
        raise type(problem)(f"{path}: {problem}", problem.hint) from problem


def _examined(args: argparse.Namespace, recording: RecordingFacts, digest: str) -> list[Examined]:
    """The files that a certificate names."""
    from wholetape.report.certificate import Examined

    file = recording.file
    return [
        Examined("Recording", args.recording, file.size, file.sha256.hex()),
        Examined("Seal", args.seal, os.path.getsize(args.seal), digest),
    ]


def _printed(seal: Seal, args: argparse.Namespace) -> PrintFacts | None:
    beside = args.print_file or args.seal.removesuffix(".seal") + ".print"
    if args.print_file is None and not os.path.isfile(beside):
        return None
    from wholetape.seal.judged import judge_print
    from wholetape.seal.reference import MAX_PRINT
    from wholetape.store.files import read_file

    try:
        return judge_print(seal, read_file(beside, MAX_PRINT))
    except UnreadableInput:
        if args.print_file:
            raise
        return None


def _outside(text: str | None) -> bytes | None:
    if text is None:
        return None
    from wholetape.seal.witness import parse_outside

    return parse_outside(text)


def _write(target: str, text: str) -> None:
    if target == "-":
        sys.stdout.write(text)
    else:
        from wholetape.store.atomic import atomic_write

        atomic_write(target, text.encode())
