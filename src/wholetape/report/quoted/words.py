"""The sentences in which a quote's result is told, the same on the terminal and on the page."""

from __future__ import annotations

from wholetape.quotes import Caution, Confirmation, Match, Op, Outcome, QuoteResult, Step, Turn
from wholetape.times import timecode

_KINDS = {
    Turn.NEGATION: "a negation",
    Turn.CONDITION: "a condition",
    Turn.QUESTION: "a question",
    Turn.REPORTED: "words reported of somebody else",
    Turn.RETRACTION: "a retraction",
    Turn.ATTRIBUTED: "an attribution to somebody else",
}
_PLACES = {"before": "stands just before the quote", "after": "stands just after it", "inside": "is in it"}


def answer(result: QuoteResult) -> str:
    """The outcome and what it means, in one sentence."""
    places = f"{len(result.matches)} place{'s' if len(result.matches) != 1 else ''}"
    if result.outcome is Outcome.FOUND:
        exact = sum(match.exact for match in result.matches)
        where = "in one place" if exact == 1 else f"in {exact} places"
        return f"found: these words stand in the transcript, {where}"
    if result.outcome is Outcome.UNCERTAIN:
        return f"uncertain: {places} of the transcript may be what is quoted; words differ, or what is left out matters"
    return "not found: no place of the transcript is likely to be what is quoted"


def caution(warned: Caution) -> str:
    """A warning in one sentence."""
    if warned.kind is Turn.FAR_APART:
        return f"the pieces stand far apart: {warned.words}"
    if warned.kind is Turn.OUT_OF_ORDER:
        return f"the pieces are out of order: {warned.words}"
    if warned.kind is Turn.BRACKET_OMITS:
        return f"a bracket stands for more than it says: {warned.words}"
    if warned.kind is Turn.ACROSS_SPEAKERS:
        return f"the quote crosses from one speaker to another, as the transcript names them: {warned.words}"
    if warned.where == "omitted":
        return f"{_KINDS[warned.kind]} was left out: “{warned.words}”"
    return f"{_KINDS[warned.kind]} {_PLACES[warned.where]}: “{warned.words}”"


def place(match: Match) -> str:
    """When it was said, and how well that is known."""
    if match.at is None:
        return "in a transcript without times"
    start, end = match.at.seconds
    return f"{timecode(start)}–{timecode(end)}" + ("" if match.timed else ", by the times of whole segments")


def marked(match: Match) -> str:
    """The quote against the transcript in one line: ``[-only quoted-] {+only said+}``, brackets and ellipses opened."""
    shown = []
    for step in match.diff:
        if step.op is Op.EQUAL:
            shown.append(step.quote)
        elif step.op is Op.BRACKET:
            inner = step.quote.strip("[]()")
            said = (
                f", for “{step.transcript}”"
                if step.transcript and step.transcript.casefold() != inner.casefold()
                else ""
            )
            moved = (
                f", of which “{' '.join(step.nearby)}” is said nearby" if step.nearby and not step.transcript else ""
            )
            shown.append(f"[editor: {inner}{said}{moved}]")
        elif step.op is Op.ELLIPSIS:
            count = f"{step.words} word{'s' if step.words != 1 else ''}"
            shown.append(f"(left out, {count}: {step.transcript})" if step.words else "(left out: nothing)")
        elif step.op is Op.FILLER:
            shown.append(f"({step.transcript})")
        else:
            shown += [f"[-{step.quote}-]"] if step.quote else []
            shown += [f"{{+{step.transcript}+}}"] if step.transcript else []
    return " ".join(shown)


def _bracket(step: Step) -> str:
    inner = step.quote.strip("[]()")
    if step.transcript:
        same = step.transcript.casefold() == inner.casefold()
        return f"[editor: {inner}, as said]" if same else f"[editor: {inner}, for “{step.transcript}”]"
    moved = f", of which “{' '.join(step.nearby)}” is said nearby" if step.nearby else ""
    return f"[editor: {inner}{moved}]"


def confirmation(said: Confirmation) -> str:
    """What a listener signed, in one sentence."""
    start, end = said.at.seconds
    verdict = "heard these words" if said.agrees else f"heard otherwise: “{said.heard}”"
    who = f", from {said.speaker}" if said.speaker else ", and does not say from whom"
    return (
        f"{said.listener} listened to {timecode(start)}–{timecode(end)} and {verdict}{who} "
        f"({said.time[:10]}, key {said.key[:8]})"
    )


def confirmed(result: QuoteResult) -> str:
    """What listeners say, in one sentence; that none did is told, too."""
    if not result.confirmed:
        return "not confirmed: no person whose key was named has listened"
    yes = sum(said.agrees for said in result.confirmed)
    no = len(result.confirmed) - yes
    if yes and no:
        return f"disputed: {yes} listener{'s' * (yes != 1)} heard these words, {no} did not"
    return "confirmed by a listener" if yes else "contradicted by a listener"
