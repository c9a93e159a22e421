"""What ``wholetape verify`` writes once a seal has verified: a certificate to sign, a copy with a C2PA manifest."""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import sys
import tempfile
import time
from typing import TYPE_CHECKING

import wholetape
from wholetape.cli.terminal import say
from wholetape.errors import StorageFailed, UnreadableInput, UsageError
from wholetape.report import printable

if TYPE_CHECKING:
    from wholetape.properties import Verification
    from wholetape.report.certificate import Examined
    from wholetape.seal.c2paexport import Credential
    from wholetape.seal.sealfile import Seal
    from wholetape.seal.sound import RecordingFacts


def add_exports(parser: argparse.ArgumentParser) -> None:
    """Declares the files that are written when the seal verifies, and only then."""
    group = parser.add_argument_group("written when the seal verifies, and only then")
    group.add_argument(
        "--certificate",
        metavar="FILE",
        help="a form to complete and sign, in the manner of FRE 902(14), with the figures filled in; "
        "HTML where FILE ends in .html, else text",
    )
    group.add_argument(
        "--c2pa",
        metavar="FILE",
        help="a copy of the recording with a C2PA manifest that names the seal, for tools that show manifests; it "
        "proves nothing by itself",
    )
    group.add_argument("--c2pa-cert", metavar="FILE.pem", help="who signs the manifest: certificate chain, own first")
    group.add_argument("--c2pa-key", metavar="FILE.pem", help="and its private key")


def files_read(args: argparse.Namespace) -> list[str]:
    """Inputs that no output may overwrite."""
    return [path for path in (args.c2pa_cert, args.c2pa_key) if path]


def signer_of(args: argparse.Namespace) -> Credential | None:
    """Who signs the manifest, read before the long work; None where none is asked for.

    Raises:
        UsageError: words that do not go together, a format without manifests, a wrong key.
        MalformedFile, UnreadableInput: a certificate or key that is none.
    """
    if not args.c2pa:
        if args.c2pa_cert or args.c2pa_key:
            raise UsageError("--c2pa-cert and --c2pa-key are for --c2pa", "say --c2pa FILE, too")
        return None
    if not (args.c2pa_cert and args.c2pa_key):
        raise UsageError("a C2PA manifest is signed with a certificate", "give --c2pa-cert and --c2pa-key")
    from wholetape.seal.c2paexport import MAX_PEM, credential, format_of
    from wholetape.store.files import read_file

    if format_of(args.c2pa) != format_of(args.recording):
        raise UsageError(f"{args.c2pa} and {args.recording} are of two formats", "let both names end alike")
    return credential(read_file(args.c2pa_cert, MAX_PEM), read_file(args.c2pa_key, MAX_PEM))


def write_certificate(path: str, found: Verification, files: list[Examined], head: dict[str, str | int]) -> None:
    """Writes the certificate on what was ``found``."""
    from importlib.metadata import version as installed

    from wholetape.report.certificate import Occasion, certificate_html, certificate_text
    from wholetape.store.atomic import atomic_write

    software = {
        "wholetape": wholetape.__version__,
        "Python": platform.python_version(),
        "cryptography": installed("cryptography"),
        platform.system(): platform.release(),
    }
    occasion = Occasion(software, time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()))
    page = path.lower().endswith((".html", ".htm"))
    text = (certificate_html if page else certificate_text)(found, files, head, occasion)
    atomic_write(path, text.encode())
    say(f"{printable(path)}: certificate, to be completed and signed by you\n", sys.stderr)


def write_c2pa(path: str, recording: RecordingFacts, seal: Seal, signer: Credential) -> None:
    """Writes the recording's copy with a manifest.

    Raises:
        UnreadableInput: the recording changed after it was verified.
        StorageFailed: no room.
    """
    from wholetape.seal.c2paexport import definition, embed, format_of
    from wholetape.store.atomic import atomic_write

    title = os.path.basename(path)
    try:
        with (
            open(recording.path, "rb") as source,
            tempfile.TemporaryFile(dir=os.path.dirname(os.path.realpath(path))) as made,
        ):
            if hashlib.file_digest(source, "sha256").digest() != recording.file.sha256:
                raise UnreadableInput(f"{recording.path!r} changed while it was read", "verify it again")
            source.seek(0)
            embed(definition(seal, title, format_of(path), wholetape.__version__), signer, source, made)
            made.seek(0)
            atomic_write(path, iter(lambda: made.read(1 << 20), b""))
    except OSError as problem:
        raise StorageFailed(
            f"cannot write {path!r}: {problem}", "free some space, or write to another disk"
        ) from problem
    told = "copy with a C2PA manifest, which points to the seal and proves nothing by itself"
    say(f"{printable(path)}: {told}\n", sys.stderr)
    if seal.header.sample_format is None:
        say(
            "its sound is not lossless, and its bytes have changed; keep the original: verify knows no other file\n",
            sys.stderr,
        )
