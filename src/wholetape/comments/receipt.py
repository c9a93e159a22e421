"""The author's receipt: what was sent, its place in the trail, and the signed head that holds it.

It needs nothing from the server to be verified, and shows that the server took a comment which it no longer has. What
it does not show is when: the time is the server's word.
"""

from __future__ import annotations

from dataclasses import dataclass

from wholetape.comments.revisions import Revision, parse_leaf, verify_body
from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.log.checkpoint import parse_checkpoint, signature_by
from wholetape.log.encoding import Json, b64decode, b64encode, jcs, parse_jcs
from wholetape.log.fields import Fields
from wholetape.log.keys import PublicKey
from wholetape.log.merkle import leaf_hash, verify_inclusion
from wholetape.log.note import parse_note
from wholetape.log.proof import encode_proof, parse_proof

FORMAT = "wholetape.receipt/v1"
MAX_RECEIPT = 1 << 18


@dataclass(frozen=True, slots=True)
class Receipt:
    """Leaf ``n`` with its body and salt, and a head over it. Not verified by being one."""

    leaf: bytes
    salt: bytes
    body: bytes
    n: int
    path: tuple[bytes, ...]
    head: bytes


@dataclass(frozen=True, slots=True)
class VerifiedReceipt:
    """What the holder of a key took: the act, and what was said."""

    revision: Revision
    said: Json
    n: int
    origin: str


def encode_receipt(receipt: Receipt) -> bytes:
    """The receipt as a file: one line of JSON in canonical form."""
    return (
        jcs(
            {
                "body": receipt.body.decode(),
                "format": FORMAT,
                "head": receipt.head.decode(),
                "leaf": receipt.leaf.decode(),
                "proof": encode_proof(receipt.n, receipt.path).decode(),
                "salt": b64encode(receipt.salt),
            }
        )
        + b"\n"
    )


def parse_receipt(data: bytes, what: str = "the receipt") -> Receipt:
    """The receipt in a file, of which nothing is verified; raises ``MalformedFile``."""
    if len(data) > MAX_RECEIPT or not data.endswith(b"\n"):
        raise MalformedFile(f"{what} is too long, or cut off")
    fields = Fields(parse_jcs(data[:-1], what), what)
    if fields.text("format") != FORMAT:
        raise MalformedFile(f"{what} is not {FORMAT}", "a newer version of the program may read it")
    proof = parse_proof(fields.text("proof", MAX_RECEIPT).encode(), f"the proof of {what}")
    texts = [fields.text(name, MAX_RECEIPT).encode() for name in ("leaf", "body", "head")]
    salt = b64decode(fields.text("salt"), f"the salt of {what}")
    fields.done()
    return Receipt(texts[0], salt, texts[1], proof.index, proof.path, texts[2])


def verify_receipt(receipt: Receipt, key: PublicKey) -> VerifiedReceipt:
    """What ``key`` has signed for.

    1. the head is signed by ``key``; 2. the leaf is in its tree; 3. the body is the one that the leaf commits to.

    Raises:
        VerificationFailed: one of these does not hold.
        MalformedFile: the head, the leaf or the body is none.
    """
    note = parse_note(receipt.head, "the head of the receipt")
    if not signature_by(note, key.signer):  # 1
        raise VerificationFailed(f"the receipt is not signed by {key.name}")
    head = parse_checkpoint(note.text)
    verify_inclusion(receipt.n, leaf_hash(receipt.leaf), head.size, receipt.path, head.root)  # 2
    leaf = parse_leaf(receipt.leaf)
    if not isinstance(leaf, Revision):
        raise VerificationFailed("the receipt is for no comment")
    return VerifiedReceipt(leaf, verify_body(leaf, receipt.salt, receipt.body), receipt.n, head.origin)  # 3
