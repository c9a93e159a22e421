"""What a seal says of its circumstances, and what no seal proves."""

from __future__ import annotations

from collections.abc import Sequence

from wholetape.log.kinds import Capture, Event, What
from wholetape.properties import Name, Property
from wholetape.seal.sealfile import Seal
from wholetape.seal.times import utc


def circumstances(seal: Seal, by: Sequence[str], holds: bool, existed: int | None = None) -> list[Property]:
    """Beacon, capture and continuity, as the seal alone tells them; ``by`` are pinned signers whose seal ``holds``.

    ``existed``: when it did at the latest, by time-stamps that count, in seconds since 1970.
    """
    beacon = seal.header.beacon
    live = seal.header.capture is Capture.LIVE
    return [
        _not(
            Name.NOT_BEFORE, f"the header names {beacon.source}, not checked" if beacon else "the header has no beacon"
        ),
        Property(Name.LIVE, live and holds, tuple(by) if live and holds else (), _capture(seal, existed)),
        _continuous(seal, by, holds),
        _not(Name.EXCERPT, "the whole recording was compared, not an excerpt"),
    ]


def never(seal: Seal) -> list[Property]:
    """What no seal proves, and every report says."""
    live = seal.header.capture is Capture.LIVE
    before = "before the recorder ran, or while it paused" if live else "before the file was sealed, editing included"
    return [
        _not(Name.TRUE, "no seal proves that what was said is true"),
        _not(Name.SPEAKERS, "no seal proves who spoke"),
        _not(Name.UNEDITED_BEFORE, f"no seal proves what happened {before}"),
        _not(Name.ONLY_SEAL, "only an outside witness of heads excludes a second, conflicting seal"),
    ]


def _not(name: Name, why: str) -> Property:
    return Property(name, False, (), why)


def _capture(seal: Seal, existed: int | None) -> str:
    if seal.header.challenge:
        since = "" if existed is None else f": fixed from {utc(existed)}"
        return f"a lone holder fixed a disputed recording{since}; editing before that is not excluded"
    if seal.header.capture is Capture.LIVE:
        return "the seal grew while the recording was made, say its signers"
    return "a finished file was sealed; editing before that is not excluded"


def _continuous(seal: Seal, by: Sequence[str], holds: bool) -> Property:
    breaks = [leaf for leaf in seal.leaves if isinstance(leaf, Event) and leaf.event in (What.PAUSE, What.GAP)]
    if breaks:
        first = ", ".join(f"{leaf.event} at {leaf.first / seal.header.rate:.1f} s" for leaf in breaks[:5])
        return _not(Name.CONTINUOUS, f"{len(breaks)} interruptions: {first}")
    if seal.header.capture is not Capture.LIVE:
        return _not(Name.CONTINUOUS, "nobody knows of pauses in a finished file")
    return Property(Name.CONTINUOUS, holds, tuple(by) if holds else (), "no pause or gap is recorded")
