"""Asks authorities for time-stamps over a head with its signatures, and puts their replies into the seal.

The same for the closing head of a seal (:func:`stamp_seal`) and for an early one while recording (:func:`ask`, then
:func:`stamp_members`). Replies are kept as they came, and decoded once before they are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wholetape.errors import MalformedFile, UsageError, VerificationFailed, WholetapeError
from wholetape.log.stamp import MAX_REPLY, Stamp, make_request, parse_stamp, verify_stamp
from wholetape.seal.sealfile import Seal
from wholetape.store.web import send

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

Send = Callable[[str, bytes], bytes]
"""Posts a request to an address and returns the reply; raises ``NetworkFailed``."""
MAX_STAMPS = 10
"""Time-stamps over one head: their number has one digit."""
MAX_HEADS = 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What one authority answered: the ``reply`` and its ``stamp``, or the ``problem``.

    ``verified`` is True when the reply is signed under a pinned root, None when none was given.
    """

    url: str
    reply: bytes = b""
    stamp: Stamp | None = None
    verified: bool | None = None
    problem: WholetapeError | None = None


def post(url: str, request: bytes) -> bytes:
    """The reply of the authority at ``url`` (RFC 3161 section 3.4)."""
    return send(url, request, kind="application/timestamp-query", accept="application/timestamp-reply", limit=MAX_REPLY)


def ask(head: bytes, urls: Sequence[str], roots: Sequence[Certificate] = (), send: Send = post) -> list[Answer]:
    """What each authority answers to a request over ``head``, the bytes of a note. Raises nothing of theirs.

    A reply counts only if it decodes, is over these bytes, repeats the request's own nonce, and, where ``roots`` are
    given, is signed under one of them.
    """
    return [_ask(head, url, roots, send) for url in urls]


def stamp_members(
    members: Mapping[str, bytes], head: bytes, replies: Sequence[bytes], kind: str = "tsr"
) -> dict[str, bytes]:
    """The members to add for ``replies`` over ``head``: its copy ``heads/NNNN``, where there is none yet, and stamps.

    ``kind`` is ``tsr``, or ``ots`` for proofs of OpenTimestamps.

    Raises:
        UsageError: there is no room for so many.
    """
    heads = {name: data for name, data in members.items() if name.startswith("heads/")}
    name = next((name for name, data in heads.items() if data == head), None)
    if name is None:
        number = max((int(other[-4:]) for other in heads), default=-1) + 1
        if number >= MAX_HEADS:
            raise UsageError("the seal has no room for another head", "it has 10,000")
        name = f"heads/{number:04}"
    taken = {int(other[12]) for other in members if other.startswith(f"stamps/{name[-4:]}-")}
    free = [digit for digit in range(MAX_STAMPS) if digit not in taken]
    new = [reply for reply in replies if reply not in members.values()]
    if len(new) > len(free):
        raise UsageError(f"this head has {len(taken)} time-stamps, and room for {MAX_STAMPS}", "they are enough")
    stamps = {f"stamps/{name[-4:]}-{digit}.{kind}": reply for digit, reply in zip(free, new, strict=False)}
    return {name: head, **stamps}


def stamp_seal(
    seal: Seal, urls: Sequence[str], roots: Sequence[Certificate] = (), send: Send = post
) -> tuple[Seal, list[Answer]]:
    """``seal`` with the time-stamps that could be got over its head with all signatures, and each authority's answer.

    Raises:
        UsageError: fewer than two authorities, or one named twice.
        MalformedFile: the seal has no room.
    """
    if len(set(urls)) < 2 or len(set(urls)) != len(urls):
        raise UsageError("time-stamps come from two or more authorities", "name each with --tsa, once")
    answers = ask(seal.head.data, urls, roots, send)
    replies = [answer.reply for answer in answers if answer.problem is None]
    return (seal.with_(stamp_members(seal.members, seal.head.data, replies)) if replies else seal), answers


def _ask(head: bytes, url: str, roots: Sequence[Certificate], send: Send) -> Answer:
    request = make_request(head)
    try:
        reply = send(url, request.der)
        stamp = parse_stamp(reply, head)
        if stamp.nonce != request.nonce:
            raise VerificationFailed("its reply does not answer our request: another nonce")
        if roots:
            verify_stamp(reply, head, roots)
    except (MalformedFile, VerificationFailed) as problem:
        return Answer(url, problem=type(problem)(f"{url}: {problem}", "do not rely on this authority"))
    except WholetapeError as problem:
        return Answer(url, problem=problem)
    return Answer(url, reply, stamp, True if roots else None)
