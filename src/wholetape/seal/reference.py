"""A seal as what a release is checked against: its print, once the seal and the print are verified."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence

from wholetape.errors import UsageError, VerificationFailed, WholetapeError
from wholetape.findings import ReferenceFacts
from wholetape.log.keys import PublicKey
from wholetape.match.printfile import MAX_SAMPLES, Print, parse
from wholetape.seal.judged import judge_print
from wholetape.seal.members import MAX_SEAL
from wholetape.seal.sealfile import parse_seal
from wholetape.seal.verify import AtHand, verify
from wholetape.store.files import read_file

MAX_PRINT = MAX_SAMPLES // 10 + (1 << 20)
"""Bytes of the largest print that is read: one track of a month."""


def print_beside(seal: str) -> str:
    """Where the print of a seal is when nobody says otherwise: ``meeting.print`` for ``meeting.seal``."""
    return seal.removesuffix(".seal") + ".print"


def sealed_reference(
    path: str | os.PathLike[str], print_file: str | os.PathLike[str] | None, pinned: Sequence[PublicKey]
) -> tuple[ReferenceFacts, Print]:
    """Facts and print of the seal at ``path``, which verifies by the ``pinned`` keys and commits to that print.

    Raises:
        VerificationFailed: it does not verify, no key is pinned, or the print is not the one that was sealed.
        MalformedFile: the seal or the print breaks its format.
        UnreadableInput: a file cannot be read.
        UsageError: there is no print.
    """
    name = os.fspath(path)
    beside = os.fspath(print_file) if print_file is not None else print_beside(name)
    if print_file is None and not os.path.exists(beside):
        raise UsageError(f"{name}: a check against a seal needs its print", "name it with --print FILE.print")
    data = read_file(path, MAX_SEAL)
    printed = read_file(beside, MAX_PRINT)
    try:
        seal = parse_seal(data)
    except WholetapeError as problem:
        raise type(problem)(f"{name}: {problem}", problem.hint) from problem
    found = verify(seal, pinned, AtHand(print=judge_print(seal, printed)))
    if found.failure is not None:
        raise VerificationFailed(f"{name}: {found.failure.words}", found.failure.hint)
    made = parse(printed)
    digest = hashlib.sha256(data).hexdigest()
    return ReferenceFacts(name, "seal", digest, made.duration, found.standing, found.capture), made
