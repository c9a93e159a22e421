"""Seals of the right form that do not verify: steps 7 to 18 of ``docs/spec/seal.md``."""

from __future__ import annotations

import hashlib
import json

from tests.seal import made
from tests.seal.made import STRANGER, A, B, C
from vectors.sealed import Case, Desk, altered, good_lines, party, wav_of
from wholetape.log.checkpoint import Checkpoint, cosign, cosigned_message, sign
from wholetape.log.encoding import b64encode, jcs
from wholetape.log.keys import PrivateKey, encode_public
from wholetape.log.merkle import Tree
from wholetape.log.note import ML_DSA_44, Note, Signature, VerifierKey
from wholetape.log.salts import Label, commit, salt

ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the group of Ed25519."""
IDENTITY = (1).to_bytes(32, "little")


def trees(desk: Desk) -> list[Case]:
    """Steps 7, 8 and 11."""
    lines = list(desk.lines)
    header, s0, s1, s2, document, close = lines
    event = jcs(
        {"leaf": "event", "event": "gap", "at": None, "first": 99_999_999, "samples": 0, "party": "", "detail": ""}
    )
    cipher = jcs({"leaf": "cipher", "first": 0, "count": 9, "sha256": "00" * 32})
    other = altered(s1, sound=b64encode(bytes(32)))
    more = altered(s2, n=3, first=3 * made.RATE)
    two = altered(close, segments=2, samples=2 * made.RATE)
    raw = {"head": desk.members()["head"]}

    def unsigned(*changed: bytes) -> bytes:
        return desk.seal(changed, others=raw)

    def signed(*changed: bytes) -> bytes:
        return desk.seal(changed)

    return [
        Case(
            "tree-other-root",
            "a head with the root of another tree, signed",
            "tree",
            desk.with_head(made.signed(Checkpoint(made.ORIGIN, 6, bytes(32)).text)),
        ),
        Case("tree-larger", "a head over more leaves than there are, signed", "tree", desk.seal(size=99)),
        Case("tree-smaller", "a head over fewer leaves than there are, signed", "tree", desk.seal(size=5)),
        Case("tree-size-0", "a head over no leaves, signed", "tree", desk.seal(size=0)),
        Case(
            "tree-older-head",
            "an older head of this recording, and all its leaves",
            "tree",
            desk.with_head(made.signed(Checkpoint(made.ORIGIN, 4, Tree(lines[:4]).root()).text)),
        ),
        Case("tree-changed", "another hash in a segment", "tree", unsigned(header, s0, other, s2, document, close)),
        Case("tree-dropped", "a segment left out", "tree", unsigned(header, s0, s2, document, close)),
        Case("tree-dropped-last", "the last segment left out", "tree", unsigned(header, s0, s1, document, close)),
        Case("tree-swapped", "two segments swapped", "tree", unsigned(header, s1, s0, s2, document, close)),
        Case("tree-repeated", "a segment twice", "tree", unsigned(header, s0, s1, s1, s2, document, close)),
        Case("tree-added", "a segment more", "tree", unsigned(header, s0, s1, s2, more, document, close)),
        Case("tree-cut", "the closing leaf left out", "tree", unsigned(header, s0, s1, s2, document)),
        Case(
            "tree-other-parties",
            "a party put into the header",
            "tree",
            unsigned(altered(header, parties=[party(A), party(B), party(C)]), *lines[1:]),
        ),
        Case("tree-live", "a finished file called live", "tree", unsigned(altered(header, capture="live"), *lines[1:])),
        Case(
            "order-dropped", "a segment left out, signed anew by both", "order", signed(header, s0, s2, document, two)
        ),
        Case(
            "order-first-dropped",
            "the first segment left out, signed anew by both",
            "order",
            signed(header, s1, s2, document, two),
        ),
        Case(
            "order-swapped",
            "two segments swapped, signed anew by both",
            "order",
            signed(header, s1, s0, s2, document, close),
        ),
        Case(
            "order-repeated",
            "a segment twice, signed anew by both",
            "order",
            signed(header, s0, s1, s1, s2, document, altered(close, segments=4, samples=4 * made.RATE)),
        ),
        Case(
            "order-overlap",
            "a segment that begins before the last one ended, signed anew",
            "order",
            signed(header, s0, altered(s1, first=made.RATE - 1), s2, document, close),
        ),
        Case(
            "order-hole",
            "a segment that begins after the last one ended, signed anew",
            "order",
            signed(header, s0, altered(s1, first=made.RATE + 1), s2, document, close),
        ),
        Case(
            "order-too-long",
            "a segment of more than a second, signed anew",
            "order",
            signed(
                header,
                s0,
                altered(s1, samples=made.RATE + 1),
                altered(s2, first=2 * made.RATE + 1),
                document,
                altered(close, samples=3 * made.RATE + 1),
            ),
        ),
        Case(
            "order-short",
            "a segment of less than a second, and no gap behind it, signed anew",
            "order",
            signed(
                header,
                altered(s0, samples=100),
                altered(s1, first=100),
                altered(s2, first=made.RATE + 100),
                document,
                altered(close, samples=2 * made.RATE + 100),
            ),
        ),
        Case(
            "order-event-beyond",
            "an event beyond the sound, signed anew",
            "order",
            signed(header, s0, s1, s2, event, document, altered(close, events=1)),
        ),
        Case(
            "order-cipher-beyond",
            "ciphertext of segments that are not there, signed anew",
            "order",
            signed(header, s0, s1, s2, cipher, document, altered(close, ciphers=1)),
        ),
        Case(
            "order-document",
            "documents not numbered from 0, signed anew",
            "order",
            signed(header, s0, s1, s2, altered(document, n=1), close),
        ),
        Case(
            "closing-segments",
            "a closing leaf that counts one segment more, signed anew",
            "closing",
            signed(*lines[:-1], altered(close, segments=4)),
        ),
        Case(
            "closing-samples",
            "a closing leaf that counts one sample less, signed anew",
            "closing",
            signed(*lines[:-1], altered(close, samples=3 * made.RATE - 1)),
        ),
        Case(
            "closing-documents",
            "a closing leaf that hides the document, signed anew",
            "closing",
            signed(*lines[:-1], altered(close, documents=0)),
        ),
        Case(
            "closing-segment-behind", "a segment behind the closing leaf, signed anew", "closing", signed(*lines, more)
        ),
        Case("closing-twice", "two closing leaves, signed anew", "closing", signed(*lines, close)),
        Case("unfinished", "no closing leaf, signed by both", "unfinished", signed(header, s0, s1, s2, document)),
        Case("unfinished-header-only", "nothing but a header, signed by both", "unfinished", signed(header)),
        Case(
            "unfinished-early",
            "an early head of this recording and its leaves, passed off as all of it",
            "unfinished",
            signed(*lines[:3]),
        ),
    ]


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


def contents(desk: Desk) -> list[Case]:
    """Steps 13 to 18: good signatures over something else than what is at hand."""
    sound = bytearray(desk.pcm)
    sound[20_000] ^= 1
    pcm, wav, printed = desk.pcm, desk.wav, desk.printed
    changed = bytes(sound)
    shifted = pcm[2:] + pcm[:2]
    reverse = pcm[::-1]
    seed = hashlib.sha256(b"another seed").digest()
    doubled = {"private/seed": seed.hex().encode() + b"\n"}
    lines = list(desk.lines)
    at = [commit(salt(made.SEED, Label.PRINT, n), pcm[16_000 * n : 16_000 * (n + 1)]) for n in range(3)]
    labels = [altered(line, sound=b64encode(one)) for line, one in zip(lines[1:4], at, strict=True)]
    turned = [altered(line, sound=json.loads(lines[n])["sound"]) for line, n in zip(lines[1:4], (2, 1, 3), strict=True)]
    other_print = bytearray(printed)
    other_print[-40] ^= 1
    body = bytes(other_print[:-32])
    other = body + hashlib.sha256(body).digest()
    no_file = altered(lines[-1], file=None)
    head = desk.members()["head"]
    other_head = made.signed(Checkpoint(made.ORIGIN, 2, Tree(lines[:2]).root()).text).encode()
    stamped = {"heads/0000": head, "stamps/0000-0.tsr": desk.stamp}
    trust = {"--tsa-roots": ["roots.pem"]}
    words = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    return [
        Case(
            "recording-bit",
            "one bit of the recording differs",
            "recording",
            desk.seal(good_lines(changed, wav_of(changed), printed)),
        ),
        Case(
            "recording-reversed",
            "the seal of another recording",
            "recording",
            desk.seal(good_lines(reverse, wav_of(reverse), printed)),
        ),
        Case(
            "recording-shifted",
            "the seal of the same sound, a sample later",
            "recording",
            desk.seal(good_lines(shifted, wav_of(shifted), printed)),
        ),
        Case(
            "recording-shorter",
            "the seal of the first two seconds",
            "recording",
            desk.seal(good_lines(pcm[:32_000], wav_of(pcm[:32_000]), printed)),
        ),
        Case(
            "recording-no-file",
            "a seal that commits to no file, and to other sound",
            "recording",
            desk.seal([*good_lines(changed, wav, printed)[:-1], no_file]),
        ),
        Case(
            "contradiction-bit",
            "the file's hash, and segments of which one differs in a bit",
            "contradiction",
            desk.seal(good_lines(changed, wav, printed)),
        ),
        Case(
            "contradiction-rotated",
            "the file's hash, and segments of the same sound rotated",
            "contradiction",
            desk.seal(good_lines(shifted, wav, printed)),
        ),
        Case(
            "contradiction-seed",
            "the seed of another seal: salts that fit nothing",
            "contradiction",
            desk.seal(others=doubled),
        ),
        Case(
            "contradiction-label",
            "segments salted as rows of the print are",
            "contradiction",
            desk.seal([lines[0], *labels, *lines[4:]]),
        ),
        Case(
            "contradiction-swapped",
            "the hashes of two segments swapped",
            "contradiction",
            desk.seal([lines[0], *turned, *lines[4:]]),
        ),
        Case(
            "contradiction-pcm",
            "a public seal with the file's hash and that of other samples",
            "contradiction",
            desk.seal(good_lines(pcm, wav, printed, pcm_of=changed), others={"private/seed": None}),
        ),
        Case(
            "contradiction-format",
            "a header that names another sample format",
            "contradiction",
            desk.seal([altered(lines[0], format_of_samples="s24"), *lines[1:]]),
        ),
        Case(
            "contradiction-no-sound",
            "segments without hashes of the sound, under a header that promises them",
            "contradiction",
            desk.seal([lines[0], *(altered(line, sound=None) for line in lines[1:4]), *lines[4:]]),
        ),
        Case("print-of-another", "the print of another recording", "print", desk.seal(), {"--print": ["other.print"]}),
        Case(
            "print-other-hash",
            "a closing leaf with the hash of another print",
            "print",
            desk.seal(
                [
                    *lines[:-1],
                    altered(lines[-1], print={"size": len(other), "sha256": hashlib.sha256(other).hexdigest()}),
                ]
            ),
        ),
        Case(
            "print-other-rows",
            "segments with the rows of another print",
            "print",
            desk.seal(good_lines(pcm, wav, printed, rows_from=other)),
        ),
        Case(
            "document-changed",
            "another content under the document's name",
            "document",
            desk.seal(),
            {"--document": ["changed/treaty.txt"]},
        ),
        Case(
            "document-renamed",
            "the document's content under another name",
            "document",
            desk.seal(),
            {"--document": ["renamed.txt"]},
        ),
        Case(
            "document-never-sealed",
            "a document, and a seal without any",
            "document",
            desk.seal([*lines[:4], altered(lines[-1], documents=0)]),
            {"--document": ["treaty.txt"]},
        ),
        Case(
            "document-public",
            "a document, and a seal without its seed",
            "document",
            desk.seal(others={"private/seed": None}),
            {"--document": ["treaty.txt"]},
        ),
        Case(
            "stamp-over-another-head",
            "a time-stamp over another head",
            "time",
            desk.seal(others={"heads/0000": other_head, "stamps/0000-0.tsr": desk.stamp}),
            trust,
        ),
        Case(
            "stamp-over-fewer-signatures",
            "a time-stamp over this head with its signatures, beside a copy with one less",
            "time",
            desk.seal(others={**stamped, "heads/0000": made.signed(desk.text, A, []).encode()}),
            trust,
        ),
        Case(
            "stamp-without-head",
            "a time-stamp over a head that is not in the seal",
            "time",
            desk.seal(others={"stamps/0000-0.tsr": desk.stamp}),
            trust,
        ),
        Case(
            "stamp-garbage",
            "a time-stamp that is none",
            "time",
            desk.seal(others={**stamped, "stamps/0000-0.tsr": b"in time"}),
            trust,
        ),
        Case(
            "stamp-cut",
            "a time-stamp that is cut off",
            "time",
            desk.seal(others={**stamped, "stamps/0000-0.tsr": desk.stamp[:-9]}),
            trust,
        ),
        Case("witness-of-another", "the words of another head", "witness", desk.seal(), {"--head": [words]}),
    ]
