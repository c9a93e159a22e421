"""What is proven and what is not, in words that a reader understands; never that a recording is true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from wholetape.properties import Name, Property, Verification
from wholetape.release.messages import Messages
from wholetape.release.model import Release, Sealed, Session
from wholetape.release.page.frame import section
from wholetape.report.markup import Markup, join, prose, tag

_NEVER = (Name.TRUE, Name.SPEAKERS, Name.UNEDITED_BEFORE, Name.ONLY_SEAL)
_SILENT_WHEN_NOT = (Name.EXCERPT, Name.ESCROW, Name.SAMPLES, Name.ORDER, Name.TREE, Name.DOCUMENTS, Name.PINNED_KEYS)
"""Said when they are established; when they are not, others say why, or they are of no concern."""
_FOLDED = (Name.TREE, Name.PINNED_KEYS, Name.SIGNATURES, Name.EARLIER_HEADS, Name.CLOSED)
"""Parts of what is said once, of the order of all seconds and of the signatures."""


def proof(m: Messages, release: Release) -> Markup:
    """The section of proofs, session by session."""
    many = len(release.sessions) > 1
    return section("proof", m.say("proof"), *(_session(m, one, many) for one in release.sessions), _never(m, release))


def _session(m: Messages, session: Session, many: bool) -> Markup:
    heading = tag("h3", tag("bdi", prose(session.title))) if many else None
    if session.seal is None:
        told: tuple[Markup, ...] = (
            tag("p", m.say("proof.unsealed"), class_="lead"),
            tag("p", m.say("proof.unsealed.hash"), " ", tag("code", session.recording.sha256, class_="hash")),
        )
    else:
        told = (
            *_standing(m, session.seal),
            tag(
                "div",
                _list(m, "proof.yes", _yes(m, session.seal), "yes"),
                _list(m, "proof.no", _no(m, session.seal), "no"),
                class_="side-by-side",
            ),
            _keys(m, session.seal),
        )
    return join(heading, *told)


def _standing(m: Messages, seal: Sealed) -> Iterator[Markup]:
    signed = [party.name for party in seal.found.parties if party.signed]
    key = "all" if len(signed) == len(seal.found.parties) > 1 else "some"
    yield tag("p", m.say(f"standing.{key}", names=", ".join(signed), count=len(signed)), class_="lead")
    yield tag("p", m.say("standing.pinned" if seal.vouched else "standing.own-keys"))


def _list(m: Messages, key: str, items: Iterator[Markup], class_: str) -> Markup:
    return tag(
        "section", tag("h3", m.say(key)), tag("ul", *(tag("li", item) for item in items)), class_=f"frame {class_}"
    )


def _yes(m: Messages, seal: Sealed) -> Iterator[Markup]:
    for own in seal.found.properties:
        if own.established and own.name not in _FOLDED and own.name not in _NEVER:
            yield join(_told(m, own, "yes"), *_detail(seal, own))


def _no(m: Messages, seal: Sealed) -> Iterator[Markup]:
    samples = seal.found[Name.SAMPLES].established
    for own in seal.found.properties:
        if own.established or own.name in _FOLDED or own.name in _NEVER or own.name in _SILENT_WHEN_NOT:
            continue
        if own.name is Name.FILE and not samples and seal.found[Name.EXCERPT].established:
            continue
        yield join(_told(m, own, "no"), *_detail(seal, own))
    if seal.documents and not seal.found[Name.DOCUMENTS].established:
        yield m.say("proof.documents.some", count=seal.documents)


def _told(m: Messages, own: Property, held: str) -> Markup:
    """The interface's words about a property; the program's own where there are none."""
    key = f"proof.{own.name}.{held}"
    return m.say(key) if m.has(key) else tag("span", prose(own.why), lang="en", dir="ltr")


def _detail(seal: Sealed, own: Property) -> tuple[Markup, ...]:
    """The program's own words, where they hold times, names or places that the message does not."""
    held = own.established and own.name in (Name.NOT_AFTER, Name.WITNESSED, Name.HEARD)
    open_ = not own.established and own.name is Name.ALL_PARTIES
    broken = not own.established and own.name is Name.CONTINUOUS and seal.found.capture == "live"
    if not (held or open_ or broken):
        return ()
    return (tag("span", " (", prose(own.why), ")", lang="en", dir="ltr", class_="small"),)


def _keys(m: Messages, seal: Sealed) -> Markup:
    rows = [
        tag(
            "tr",
            tag("th", tag("bdi", prose(party.name)), scope="row"),
            tag("td", m.text("keys.signed" if party.signed else "keys.absent")),
            tag("td", _day(party.time)),
            tag("td", tag("code", party.fingerprint, class_="hash")),
        )
        for party in seal.found.parties
    ]
    heads = [tag("th", m.text(f"keys.{name}"), scope="col") for name in ("party", "state", "day", "fingerprint")]
    table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_="keys")
    return join(
        tag("h3", m.say("keys")),
        tag("p", m.say("keys.told")),
        tag("div", table, class_="wide", tabindex=0, role="group", aria_label=m.text("keys")),
    )


def _day(seconds: int | None) -> str:
    return "–" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _never(m: Messages, release: Release) -> Markup:
    """What nothing here proves."""
    found = [session.seal.found for session in release.sessions if session.seal]
    keys = ["never.true", "never.speakers", _before(found), "never.outside"]
    if found:
        keys.append("never.only-seal")
    if any(session.transcript for session in release.sessions):
        keys.append("never.transcript")
    keys.append("never.player")
    return tag(
        "section", tag("h3", m.say("never")), tag("ul", *(tag("li", m.say(key)) for key in keys)), class_="frame never"
    )


def _before(found: list[Verification]) -> str:
    if not found:
        return "never.before.unsealed"
    return "never.before.live" if all(one.capture == "live" for one in found) else "never.before.finished"
