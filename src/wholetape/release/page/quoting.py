"""Words of a transcript looked for and quoted: a link that keeps them, a card, and the proof of their place."""

from __future__ import annotations

import os
import shlex

from wholetape.release.messages import Messages
from wholetape.release.model import Session
from wholetape.release.names import safe_name
from wholetape.report.escape import readable
from wholetape.report.markup import Markup, tag


def finder(m: Messages, number: int) -> Markup:
    """The field in which words are looked for; only where scripts run."""
    return tag(
        "div",
        tag("label", m.say("transcript.find"), for_=f"s{number}-find"),
        tag("input", type="search", id=f"s{number}-find", class_="find", autocomplete="off", spellcheck="false"),
        tag("button", "↑", type="button", class_="find-step", data_by=-1, aria_label=m.text("transcript.find.back")),
        tag("button", "↓", type="button", class_="find-step", data_by=1, aria_label=m.text("transcript.find.next")),
        tag(
            "output",
            class_="found small",
            data_none=m.text("transcript.find.none"),
            data_count=m.text("transcript.find.count", number="{number}", count="{count}"),
        ),
        class_="finding only-scripted",
        role="search",
        aria_label=m.text("transcript.find"),
    )


def quote(m: Messages, given: Session, number: int, checks: bool) -> Markup:
    """The place where chosen words appear, with what can be done with them."""
    return tag(
        "div",
        tag("h4", m.say("quote"), id=f"s{number}-q"),
        tag("p", m.say("quote.told"), class_="small only-scripted"),
        tag("noscript", tag("p", m.say("quote.unscripted"), class_="small")),
        tag("p", m.say("quote.not-there"), class_="not-there frame", role="status", hidden=True),
        tag("div", *_chosen(m, given, checks), class_="chosen frame", hidden=True),
        class_="quote",
        role="group",
        aria_labelledby=f"s{number}-q",
        **_told(m, given),
    )


def _chosen(m: Messages, given: Session, checks: bool) -> tuple[Markup, ...]:
    state = _state(given, checks)
    words = given.transcript
    proof = tag("button", m.text("quote.proof"), type="button", class_="make-proof") if state == "made" else None
    return (
        tag("blockquote", class_="words", dir="auto", lang=(words.language if words else "") or None),
        tag("p", tag("a", "0:00", href="#", class_="moment")),
        tag(
            "p",
            tag("button", m.text("quote.link"), type="button", class_="copy-link"),
            tag("button", m.text("quote.text"), type="button", class_="copy-words"),
            tag("button", m.text("quote.card"), type="button", class_="draw-card"),
            proof,
            class_="row",
        ),
        tag("p", m.say(f"quote.proof.{state}"), class_="small"),
        tag("output", class_="quote-status"),
        tag("pre", class_="commands frame", dir="ltr", tabindex=0, hidden=True),
        tag("a", class_="save-proof", hidden=True),
        tag(
            "figure",
            tag("canvas", role="img", width=1200, height=630),
            tag(
                "figcaption",
                tag("a", m.say("quote.card.save", kind="PNG"), class_="card-png"),
                " ",
                tag("a", m.say("quote.card.save", kind="SVG"), class_="card-svg"),
                " ",
                tag("span", m.say("quote.card.told"), class_="small"),
            ),
            class_="card",
            hidden=True,
        ),
    )


def _state(given: Session, checks: bool) -> str:
    """Whether a proof can be made here, or why not."""
    if given.seal is None:
        return "unsealed"
    if given.excerpt is not None:
        return "excerpt"
    return "made" if checks and given.seal.salts is not None else "withheld"


def _told(m: Messages, given: Session) -> dict[str, str]:
    """What the script says, and what stands on the card."""
    name, seal = safe_name(given.recording.name), given.seal
    told = {
        "data_name": readable(given.title).replace("\n", " "),
        "data_stem": os.path.splitext(name)[0],
        "data_copied": m.text("player.copied"),
        "data_proving": m.text("quote.proving"),
        "data_failed": m.text("quote.failed"),
        "data_claim": m.text("quote.card.claim"),
    }
    if seal is None:
        return told | {"data_sealed": m.text("quote.card.unsealed")}
    facts, signed = seal.facts, ", ".join(party.name for party in seal.found.parties if party.signed)
    by_sound = seal.salts is not None and bool(seal.salts.sound)
    trust = " ".join(f"--trust {shlex.quote(party.name + '.pub')}" for party in seal.found.parties)
    if by_sound:
        lines = [
            f"wholetape excerpt {shlex.quote(name)} --seal {{proof}} -o quoted.wav",
            f"wholetape verify quoted.wav --seal {{proof}} {trust}",
        ]
    else:
        lines = [f"wholetape check COPY --against {{proof}} {trust}"]
    return told | {
        "data_sealed": m.text("quote.card.sealed", names=signed),
        "data_head": m.text("quote.card.head", origin=facts["origin"], size=facts["size"], root=facts["root"]),
        "data_proven": m.text("quote.proven" if by_sound else "quote.proven.alike"),
        "data_commands": " && ".join(lines),
    }
