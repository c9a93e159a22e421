"""Seals whose trees do not verify: steps 7, 8 and 11 of ``docs/spec/seal.md``."""

from __future__ import annotations

from tests.seal import made
from tests.seal.made import A, B, C
from vectors.sealed import Case, Desk, altered, party
from wholetape.log.checkpoint import Checkpoint
from wholetape.log.encoding import b64encode, jcs
from wholetape.log.merkle import Tree


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
