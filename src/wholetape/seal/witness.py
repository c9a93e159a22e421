"""A head in a form that can be handed to anyone outside: as words to say or write down, and as a picture to print.

What is told is SHA-256 of the head's three lines (``sed -n 1,3p head | sha256sum``), its first bits as words of BIP-39.
With 12 words (128 bits) nobody finds a second seal for words that are given; but whoever makes a seal, and may try,
could make two with the same 12 words in about 2^64 attempts. 18 words (192 bits) put that out of reach.
"""

from __future__ import annotations

import functools
import hashlib

from wholetape.errors import UsageError
from wholetape.log.checkpoint import ORIGIN, Checkpoint
from wholetape.log.encoding import b64decode, decimal
from wholetape.log.kinds import Segment
from wholetape.properties import Failure, Name, Property, Reason
from wholetape.seal.qr import qr_code
from wholetape.seal.sealfile import Seal

COUNTS = (12, 15, 18, 21, 24)
"""How many words BIP-39 allows; three of them have 32 bits, and one more bit each of a checksum."""
USUAL = 18
_SHORTEST = 4
"""Letters of a word that tell it from all others."""


def fingerprint(head: Checkpoint) -> bytes:
    """SHA-256 of the head's three lines, 32 bytes."""
    return hashlib.sha256(head.text.encode()).digest()


def head_words(head: Checkpoint, count: int = USUAL) -> tuple[str, ...]:
    """The head as ``count`` words, one of :data:`COUNTS`."""
    from mnemonic import Mnemonic

    return tuple(Mnemonic("english").to_mnemonic(fingerprint(head)[: count // 3 * 4]).split())


def head_qr(head: Checkpoint) -> bytes:
    """The head's three lines as a QR code, an SVG picture."""
    return qr_code(head.text)


def parse_outside(text: str) -> bytes:
    """The first 16 to 32 bytes of the fingerprint that somebody outside has: from words, or from a head's three lines.

    Words may be shortened to four letters, in any case.

    Raises:
        UsageError: another number of words, one that is not in the list, or a checksum that shows a wrong one.
    """
    parts = text.split()
    if len(parts) == 3 and ORIGIN.match(parts[0]):
        size, root = decimal(parts[1], "the size of the head"), b64decode(parts[2], "the root of the head")
        return fingerprint(Checkpoint(parts[0], size, root))
    if len(parts) not in COUNTS:
        raise UsageError(
            f"a head has 12, 15, 18, 21 or 24 words, not {len(parts)}", "put all of them between quotation marks"
        )
    from mnemonic import Mnemonic

    book = Mnemonic("english")
    words = [_word(number, part.lower()) for number, part in enumerate(parts, 1)]
    try:
        return bytes(book.to_entropy(words))
    except ValueError as problem:
        raise UsageError("one of the words is wrong, or two are swapped", "read them once more") from problem


def judge_witness(seal: Seal, outside: bytes | None, whole: bool = True) -> tuple[Property, Failure | None]:
    """Whether the head that somebody outside has (:func:`parse_outside`) is that of ``seal``, or of a beginning of it.

    ``whole`` is False where only some leaves are at hand, and heads of beginnings cannot be compared.
    It says nothing of other seals that the same keys may have made, unless all of them had to show their heads.
    """
    if outside is None:
        return Property(Name.WITNESSED, False, (), "no head from outside was compared"), None
    bits = 8 * len(outside)
    if fingerprint(seal.head.checkpoint).startswith(outside):
        return Property(Name.WITNESSED, True, (), f"the head is the one from outside, in {bits} bits"), None
    tree = seal.tree
    for size in range(len(tree) if whole else 0, 0, -1):
        if fingerprint(Checkpoint(seal.header.origin, size, tree.root(size))).startswith(outside):
            samples = sum(leaf.samples for leaf in seal.leaves[:size] if isinstance(leaf, Segment))
            why = f"the head from outside is that of its first {samples / seal.header.rate:.0f} s, in {bits} bits"
            return Property(Name.WITNESSED, True, (), why), None
    words = "the head from outside is neither that of this seal nor of a beginning of it"
    hint = "ask for the seal whose head was handed out"
    return Property(Name.WITNESSED, False, (), words), Failure(Reason.WITNESS, words, hint)


def _word(number: int, part: str) -> str:
    words = _book()
    if part in words:
        return part
    found = [word for word in words if len(part) >= _SHORTEST and word.startswith(part)]
    if len(found) != 1:
        raise UsageError(f"word {number}, {part!r}, is not in the list", "read it once more; its first letters suffice")
    return found[0]


@functools.cache
def _book() -> frozenset[str]:
    from mnemonic import Mnemonic

    return frozenset(Mnemonic("english").wordlist)
