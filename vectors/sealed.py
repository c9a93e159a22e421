"""The parts that hostile seals are made of: the good seal's, and what is due for each result.

Keys, seed and sound are those of ``tests/seal/made.py``.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.seal import made
from wholetape.log.checkpoint import Checkpoint
from wholetape.log.encoding import jcs
from wholetape.log.keys import PrivateKey
from wholetape.log.merkle import Tree
from wholetape.log.note import Note, VerifierKey
from wholetape.match.printfile import parse
from wholetape.seal.build import Builder
from wholetape.seal.container import pack
from wholetape.seal.rows import rows_of

Json = dict[str, Any]
Members = dict[str, bytes]
TREATY = b"we agree\n"

RESULTS = {
    "container": "step 1: not a container, or one that the program would not have written",
    "sum": "step 2: the member sum does not fit",
    "head": "step 3: the head is no signed note, or no checkpoint of three lines",
    "leaf": "step 4: a leaf is not in canonical form, or means nothing",
    "header": "step 5: the header is not the first leaf and the only one, of the head's origin, with usable vkeys",
    "keys": "step 6: a member of keys is not the .pub file of its party",
    "seed": "step 6: the member private/seed is not 64 digits of lower-case hex and a newline",
    "excerpt": "section Excerpt: a member or a line of an excerpt's proof is not of its form",
    "weak-key": "steps 5 and 6: a key is of small order or not canonical",
    "unproven-key": "step 6: nobody has proved to hold a key",
    "tree": "step 7: the leaves are not those of the head",
    "order": "step 8: leaves are not in order",
    "signature": "step 9: a signature by a key of the header does not hold",
    "recorder": "step 9: the recorder has not signed",
    "earlier-head": "step 10: an earlier head is not one of this recording's, or its signatures do not hold",
    "unfinished": "step 11: the last leaf does not close",
    "closing": "step 11: the closing leaf is not the last one, or counts wrongly",
    "no-key-pinned": "step 12: no key is pinned",
    "not-signed": "step 12: a pinned key has not signed",
    "other-key": "step 12: name and key in the seal are not both the pinned ones",
    "not-a-party": "step 12: a pinned key is of no party",
    "recording": "steps 13 and 14: the recording is another one",
    "contradiction": "step 14: the file is the sealed one, and its samples are not",
    "print": "step 15: the print is another one, or its rows are not those of the segments",
    "document": "step 16: a document is none of those that were sealed",
    "time": "step 17: a time-stamp is none, or over other bytes",
    "witness": "step 18: the head that somebody outside has is of another seal",
}
"""The closed list of results, in the order in which a verifier checks."""
MALFORMED = ("container", "sum", "head", "leaf", "header", "keys", "seed", "excerpt")
PROPERTIES = {
    "tree": "tree", "order": "order", "closing": "order", "signature": "signatures", "recorder": "signatures",
    "earlier-head": "earlier-heads", "unfinished": "closed", "no-key-pinned": "pinned-keys",
    "not-signed": "pinned-keys", "other-key": "pinned-keys", "not-a-party": "pinned-keys", "recording": "file",
    "contradiction": "samples", "print": "print", "document": "documents", "time": "not-after", "witness": "witnessed",
}  # fmt: skip
"""The property that is not established then; a malformed seal has none."""


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile seal, and what is due. ``given`` are the words that differ from the usual ones, by flag."""

    name: str
    flaw: str
    result: str
    data: bytes
    given: dict[str, list[str]] = field(default_factory=dict)
    sound: str = "recording.wav"
    """The sound that is verified."""
    suffix: str = "seal"

    @property
    def exit(self) -> int:
        """The program's exit code."""
        return 5 if self.result in MALFORMED else 6


@dataclass(frozen=True, slots=True)
class Desk:
    """The good seal's parts: the recording's samples and file, its print, its leaves, and a stamp over its head."""

    pcm: bytes
    wav: bytes
    printed: bytes
    lines: tuple[bytes, ...]
    roots: bytes
    stamp: bytes

    def members(self, lines: Sequence[bytes] | None = None, **how: Any) -> Members:
        """Members over any leaves, signed by both; in the order of a container."""
        found = made.members_over(list(self.lines) if lines is None else lines, **how)
        return {name: found[name] for name in ("head", "leaves", "keys/0000", "keys/0001", "private/seed")}

    def seal(
        self, lines: Sequence[bytes] | None = None, *, others: Mapping[str, bytes | None] | None = None, **how: Any
    ) -> bytes:
        """The container over any leaves, signed by both, with other members changed, added or (None) left out."""
        changed = {**self.members(lines, **how), **(others or {})}
        return pack({name: data for name, data in changed.items() if data is not None})

    @property
    def text(self) -> str:
        """The three lines of the good head."""
        tree = Tree(self.lines)
        return Checkpoint(made.ORIGIN, len(tree), tree.root()).text

    def with_head(self, head: Note | bytes) -> bytes:
        """The good seal with another head."""
        return self.seal(others={"head": head if isinstance(head, bytes) else head.encode()})


def good_lines(
    pcm: bytes, wav: bytes, printed: bytes, *, rows_from: bytes = b"", pcm_of: bytes = b""
) -> tuple[bytes, ...]:
    """The leaves of a good seal over three seconds and one document.

    ``rows_from`` is another print whose rows are committed to; ``pcm_of`` other samples whose hash is.
    """
    builder = Builder(made.header(), made.SEED)
    firsts = list(range(0, len(pcm) // 2, made.RATE))
    rows = rows_of(parse(rows_from or printed), builder.header.print.tracks, firsts, made.RATE)
    for first, row in zip(firsts, rows, strict=True):
        part = pcm[2 * first : 2 * (first + made.RATE)]
        builder.segment(len(part) // 2, part, row)
    builder.document("treaty.txt", TREATY)
    builder.close(
        "finished-file", made.facts(printed), file=made.facts(wav), pcm=hashlib.sha256(pcm_of or pcm).digest()
    )
    return tuple(builder.lines)


def altered(line: bytes, **changes: Any) -> bytes:
    """The leaf with some members changed or (``...``) left out, in canonical form."""
    tree = {**json.loads(line), **changes}
    return jcs({name: value for name, value in tree.items() if value is not ...})


def party(key: PrivateKey | None = None, *, name: str = "side-b", raw: bytes = b"") -> Json:
    """A party of the header, whose key need not be one."""
    name, raw = (key.name, key.public.raw) if key is not None else (name, raw)
    one, four = VerifierKey(name, 1, raw), VerifierKey(name, 4, raw)
    return {"cosigner": str(four), "signer": str(one)}


def wav_of(pcm: bytes) -> bytes:
    """A WAV file of 16-bit mono at the rate of ``tests/seal/made.py``."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, made.RATE, 2 * made.RATE, 2, 16)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(pcm)) + pcm
    return struct.pack("<4sI", b"RIFF", len(body)) + body
