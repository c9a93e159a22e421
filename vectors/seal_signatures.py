"""Seals whose keys or signatures do not verify, of the right form: see ``docs/spec/seal.md``."""

from __future__ import annotations

from tests.seal import made
from tests.seal.made import STRANGER, A, B, C
from vectors.sealed import Case, Desk, altered, party
from wholetape.log.checkpoint import Checkpoint, cosign, cosigned_message, sign
from wholetape.log.encoding import b64encode
from wholetape.log.keys import PrivateKey, encode_public
from wholetape.log.merkle import Tree
from wholetape.log.note import ML_DSA_44, Note, Signature, VerifierKey

ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the group of Ed25519."""
IDENTITY = (1).to_bytes(32, "little")


def signatures(desk: Desk) -> list[Case]:
    """Steps 9, 10 and 12."""
    text = desk.text
    good = made.signed(text)
    a, b = good.by(A.public.signer), good.by(B.public.cosigner)
    assert a is not None
    assert b is not None
    log_b = made.signed(text, B, []).signatures[0]
    older = Checkpoint(made.ORIGIN, 3, Tree(desk.lines[:3]).root()).text
    old_a, old_b = made.signed(older).signatures
    ours = Signature(b.name, b.id, made.signed(text, None, [C]).signatures[0].data)
    log_data = cosigned_message(text, made.TIME)
    s = int.from_bytes(a.data[32:], "little") + ORDER
    unreduced = Signature(a.name, a.id, a.data[:32] + s.to_bytes(32, "little"))
    pq = VerifierKey("side-b", ML_DSA_44, bytes(1312))
    only_a = made.signed(text, A, [])
    lines = list(desk.lines)
    fork = Tree([lines[0], altered(lines[1], sound=b64encode(bytes(32)))])

    def head(*found: Signature) -> bytes:
        return desk.with_head(Note(text, found))

    def flipped(of: Signature, at: int) -> Signature:
        return Signature(of.name, of.id, of.data[:at] + bytes([of.data[at] ^ 1]) + of.data[at + 1 :])

    def earlier(note: Note) -> bytes:
        return desk.seal(others={"heads/0000": note.encode()})

    def by_other(name: str, seed: bytes) -> bytes:
        key = PrivateKey(name, seed)
        changed = [altered(lines[0], parties=[party(A), party(key)]), *lines[1:]]
        return desk.seal(changed, cosigners=[key], others={"keys/0001": encode_public(key)})

    first_two = Checkpoint(made.ORIGIN, 2, Tree(lines[:2]).root()).text
    alone = [altered(lines[0], parties=[party(A)]), *lines[1:]]
    return [
        Case("signature-recorder-flipped", "one bit of the recorder's signature", "signature", head(flipped(a, 40), b)),
        Case("signature-party-flipped", "one bit of a party's signature", "signature", head(a, flipped(b, 50))),
        Case("signature-time-moved", "a party's signature moved to another time", "signature", head(a, flipped(b, 7))),
        Case("signature-unreduced", "a signature whose S is not reduced", "signature", head(unreduced, b)),
        Case(
            "signature-small-r",
            "a signature whose R is the neutral point",
            "signature",
            head(Signature(a.name, a.id, IDENTITY + bytes(32)), b),
        ),
        Case("signature-older-recorder", "the recorder's signature of an older head", "signature", head(old_a, b)),
        Case("signature-older-party", "a party's signature of an older head", "signature", head(a, old_b)),
        Case(
            "signature-under-the-id",
            "another key's signature under a party's name and key ID, as a collision of IDs would bring",
            "signature",
            head(a, ours),
        ),
        Case(
            "signature-1-as-4",
            "a party's signature of type 0x01 with a time before it, as one of type 0x04",
            "signature",
            head(a, Signature(b.name, b.id, b.data[:8] + log_b.data)),
        ),
        Case(
            "signature-4-as-1",
            "the recorder's cosignature without its time, as its signature of type 0x01",
            "signature",
            head(Signature(a.name, a.id, cosign(Note(text, ()), A, made.TIME).signatures[0].data[8:]), b),
        ),
        Case(
            "signature-4-without-time",
            "a cosignature without its time",
            "signature",
            head(a, Signature(b.name, b.id, b.data[8:])),
        ),
        Case(
            "signature-4-longer",
            "a cosignature with a byte behind it",
            "signature",
            head(a, Signature(b.name, b.id, b.data + b"\0")),
        ),
        Case(
            "signature-time-negative",
            "a cosignature whose time has 64 bits",
            "signature",
            head(a, Signature(b.name, b.id, bytes([b.data[0] | 0x80]) + b.data[1:])),
        ),
        Case(
            "signature-of-a-message",
            "a cosignature line as a signature of the cosigned message by 0x01",
            "signature",
            head(Signature(a.name, a.id, sign(Note(log_data.decode(), ()), A).signatures[0].data), b),
        ),
        Case("recorder-missing", "the recorder has not signed", "recorder", desk.seal(recorder=None)),
        Case(
            "recorder-stranger",
            "a stranger has signed in the recorder's place",
            "recorder",
            desk.seal(recorder=STRANGER),
        ),
        Case(
            "earlier-fork",
            "an earlier head, signed by both, of other leaves: a fork",
            "earlier-head",
            earlier(made.signed(Checkpoint(made.ORIGIN, 2, fork.root()).text)),
        ),
        Case(
            "earlier-later",
            "an earlier head over more leaves than there are",
            "earlier-head",
            earlier(made.signed(Checkpoint(made.ORIGIN, 50, bytes(32)).text)),
        ),
        Case(
            "earlier-other-recording",
            "an earlier head of another recording",
            "earlier-head",
            earlier(made.signed(Checkpoint("wholetape/" + "f" * 32, 2, Tree(lines[:2]).root()).text)),
        ),
        Case(
            "earlier-stranger",
            "an earlier head that only a stranger signed",
            "earlier-head",
            earlier(made.signed(first_two, STRANGER, [])),
        ),
        Case(
            "earlier-false",
            "an earlier head with a false signature",
            "earlier-head",
            earlier(Note(first_two, (flipped(made.signed(first_two).signatures[0], 9),))),
        ),
        Case(
            "earlier-same-size",
            "a second head of the same size with another root",
            "earlier-head",
            earlier(made.signed(Checkpoint(made.ORIGIN, len(lines), bytes(32)).text)),
        ),
        Case("pin-none", "a good seal, and no key pinned", "no-key-pinned", desk.seal(), {"--trust": []}),
        Case("pin-not-signed", "a pinned party has not signed", "not-signed", desk.seal(cosigners=[])),
        Case("pin-signed-as-log", "a pinned party has signed with type 0x01 only", "not-signed", head(a, log_b)),
        Case(
            "pin-signed-by-unknown-type",
            "a pinned party has a line of ML-DSA-44 only, which nobody verified",
            "not-signed",
            desk.with_head(Note(text, (*only_a.signatures, Signature("side-b", pq.id, bytes(2428))))),
        ),
        Case(
            "pin-signed-by-stranger",
            "a stranger has signed in the pinned party's place",
            "not-signed",
            desk.seal(cosigners=[STRANGER]),
        ),
        Case(
            "pin-key-swapped",
            "another key under a pinned name, enrolled and signed",
            "other-key",
            by_other("side-b", C.seed),
        ),
        Case("pin-name-swapped", "a pinned key under another name", "other-key", by_other("side-z", B.seed)),
        Case(
            "pin-name-of-two-scripts",
            "a pinned name with a Cyrillic letter, and another key",
            "not-a-party",
            by_other("sidе-b", C.seed),
        ),
        Case(
            "pin-party-left-out",
            "the pinned party left out of the header",
            "not-a-party",
            desk.seal(alone, cosigners=[], others={"keys/0001": None}),
        ),
        Case(
            "pin-third",
            "a third key is pinned",
            "not-a-party",
            desk.seal(),
            {"--trust": ["side-a.pub", "side-b.pub", "side-c.pub"]},
        ),
    ]
