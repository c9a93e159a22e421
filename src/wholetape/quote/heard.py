"""What a person heard, signed with their key: the only thing by which a quote is ever *confirmed*.

``docs/spec/heard.md`` is the definition. Whether a listener agrees with a quote is not what they say of it, but what
comes of comparing the words that they heard with the quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.log import ed25519
from wholetape.log.encoding import jcs, parse_jcs
from wholetape.log.keys import PrivateKey, PublicKey
from wholetape.log.note import Note, Signature, parse_note
from wholetape.quote.find import closest
from wholetape.quote.place import Index
from wholetape.quotes import Confirmation, QuoteResult
from wholetape.times import Span
from wholetape.transcript.model import MILLISECOND, Segment, Transcript

DOMAIN = "wholetape.heard/v1"
MAX_FILE = 1 << 24
"""Bytes of a file of confirmations at most."""
MAX_TEXT = 20_000
"""Characters of what was heard, and of each other text, at most."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
_MEMBERS = {"end_ms", "heard", "listener", "quote", "recording", "speaker", "start_ms", "time"}


@dataclass(frozen=True, slots=True)
class Heard:
    """``listener`` says to have heard ``heard`` at ``at`` of the recording whose file has the hash ``recording``.

    ``quote`` is what they were asked about, ``speaker`` whom they recognised, empty if nobody.
    """

    listener: str
    recording: str
    at: Span
    quote: str
    heard: str
    time: str
    speaker: str = ""

    @property
    def text(self) -> str:
        """The text of its note."""
        tree = {
            "listener": self.listener,
            "recording": self.recording,
            "start_ms": self.at.start // MILLISECOND,
            "end_ms": self.at.end // MILLISECOND,
            "quote": self.quote,
            "heard": self.heard,
            "time": self.time,
            "speaker": self.speaker,
        }
        return f"{DOMAIN}\n{jcs(tree).decode()}\n"


@dataclass(frozen=True, slots=True)
class Verified:
    """What somebody heard, whose signature holds by a key that the reader named."""

    heard: Heard
    key: PublicKey


def sign_heard(heard: Heard, key: PrivateKey) -> bytes:
    """The note with the listener's signature; :func:`verify_heard` is the inverse."""
    vkey, text = key.public.signer, heard.text
    return Note(text, (Signature(vkey.name, vkey.id, ed25519.sign(key.seed, text.encode())),)).encode()


def verify_heard(data: bytes, trusted: Sequence[PublicKey]) -> tuple[tuple[Verified, ...], int]:
    """What the holders of ``trusted`` keys heard, of a file of notes one after the other; and how many others sign.

    Raises:
        MalformedFile: not such a file.
        VerificationFailed: a note that bears the name and ID of a trusted key is not signed by it.
    """
    found: list[Verified] = []
    others = 0
    for piece in _notes(data):
        note = parse_note(piece, "a confirmation")
        heard = _parse(note.text)
        key = next((key for key in trusted if note.by(key.signer) is not None), None)
        if key is None:
            others += 1
            continue
        line = note.by(key.signer)
        assert line is not None
        if heard.listener != key.name or not ed25519.holds(key.raw, line.data, note.text.encode()):
            raise VerificationFailed(f"a confirmation in the name of {key.name} is not signed by {key.name}")
        found.append(Verified(heard, key))
    return tuple(found), others


def _notes(data: bytes) -> Iterator[bytes]:
    head = f"{DOMAIN}\n".encode()
    if len(data) > MAX_FILE or not data.startswith(head):
        raise MalformedFile("this is no file of confirmations", "`wholetape quote confirm` writes one")
    starts = [found.start() for found in re.finditer(rb"^" + re.escape(head), data, re.MULTILINE)]
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        yield data[start:end]


def _parse(text: str) -> Heard:
    lines = text.split("\n")
    if len(lines) != 3 or lines[0] != DOMAIN or lines[2]:
        raise MalformedFile("a confirmation does not have its two lines")
    tree = parse_jcs(lines[1].encode(), "a confirmation")
    texts = {name: tree.get(name) for name in _MEMBERS if not name.endswith("_ms")}
    start, end = tree.get("start_ms"), tree.get("end_ms")
    if set(tree) != _MEMBERS or not all(isinstance(t, str) and len(t) <= MAX_TEXT for t in texts.values()):
        raise MalformedFile("a confirmation does not have the members that it should")
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise MalformedFile("a confirmation is not about a stretch of time")
    if not _TIME.match(str(tree["time"])) or not re.fullmatch(r"[0-9a-f]{64}", str(tree["recording"])):
        raise MalformedFile("a confirmation has no time, or no recording")
    at = Span(start * MILLISECOND, end * MILLISECOND)
    return Heard(
        str(tree["listener"]), str(tree["recording"]), at, str(tree["quote"]), str(tree["heard"]), str(tree["time"]),
        str(tree["speaker"]),
    )  # fmt: skip


def confirm(result: QuoteResult, heard: Iterable[Verified], recording: str, language: str = "") -> QuoteResult:
    """The result with what trusted listeners heard of this recording at the quote's places, or were asked of it.

    All of them stand there, those who disagree beside those who agree; of one listener at one place the latest counts.
    """
    latest: dict[tuple[str, int, int], Verified] = {}
    for one in sorted(heard, key=lambda one: one.heard.time):
        if one.heard.recording == recording and _concerns(result, one.heard):
            latest[(one.key.fingerprint, one.heard.at.start, one.heard.at.end)] = one
    return replace(result, confirmed=tuple(_compared(result.quote, one, language) for one in latest.values()))


def _concerns(result: QuoteResult, heard: Heard) -> bool:
    places = [match.at for match in result.matches if match.at is not None]
    return any(place.overlaps(heard.at) for place in places) or " ".join(heard.quote.split()) == " ".join(
        result.quote.split()
    )


def _compared(quote: str, one: Verified, language: str) -> Confirmation:
    heard = one.heard
    place = closest(Index(Transcript((Segment("s1", heard.heard),), language)), quote)
    steps = place.diff if place else ()
    return Confirmation(
        heard.listener,
        one.key.fingerprint,
        heard.time,
        heard.at,
        heard.heard,
        place is not None and place.exact,
        steps,
        heard.speaker,
    )
