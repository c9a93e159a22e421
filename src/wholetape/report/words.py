"""What may be said of a finding, in plain words.

Never that a recording is true or genuine: only what it was compared with, what was found, and who answers for the
reference. A match on a print alone is called similarity, never proof.
"""

from __future__ import annotations

import os

from wholetape.findings import CheckResult, Edit, Kind, Missing, Outcome, ReferenceFacts
from wholetape.report.escape import printable
from wholetape.times import Span, duration, timecode

PLURALS = {
    "cut": "cuts",
    "inserted": "insertions",
    "replaced": "replacements",
    "repeated": "repeats",
    "moved": "moves",
    "muted": "mutes",
    "speed": "changes of speed over",
}
SURE = 0.9
"""From this confidence on, an edit makes the outcome; below, it is called possible."""
PLAIN = 0.985
"""From this confidence on, which is told as 99%, it is told once for all edits rather than with each."""
_SEALED = {"one-party": "sealed by one party only", "all-parties": "sealed by all parties"}
_CAPTURE = {"live": ", live, while it was recorded", "finished-file": ", as a finished file"}


def name(path: str) -> str:
    """The file's name, safe to show."""
    return printable(os.path.basename(path) or path)


def outcome_sentence(result: CheckResult) -> str:
    """The answer in one sentence, without its caveats."""
    refs = _supplied(result.references)
    sure = sum(edit.confidence >= 0.9 for edit in result.edits)
    match result.outcome:
        case Outcome.WHOLE:
            by_print = "" if any(ref.kind == "audio" for ref in result.references) else ", by the print alone,"
            return f"whole: same{by_print} as {refs}"
        case Outcome.EXCERPT:
            share = ", ".join(_percent(c) for c in result.coverage.references)
            return f"excerpt: no edit was found, but it holds only {share} of {refs}"
        case Outcome.EDITED:
            return f"edited: {_count(sure, 'edit')} found against {refs}"
        case Outcome.UNRELATED:
            return f"unrelated: none of it was found in {refs}"
        case Outcome.UNDECIDED:
            return f"undecided: against {refs}, it can be called neither whole nor edited: {_open(result)}"


def answer_sentences(result: CheckResult) -> list[str]:
    """The answer, who answers for the references, and on what evidence the answer rests; without full stops."""
    refs = result.references
    answer, basis = outcome_sentence(result), basis_sentence(result)
    if len(refs) == 1 and result.outcome is Outcome.WHOLE:
        told = [f"{answer}, which is {standing(refs[0])}"]
    elif len(refs) > 1 and all(ref.standing == "unsealed" for ref in refs):
        told = [
            answer,
            "All are unsealed: nobody signed them, and they may have been edited before they were supplied",
        ]
    else:
        told = [answer, *(f"{name(ref.path)} is {standing(ref)}" for ref in refs)]
    return [*told, basis[:1].upper() + basis[1:]]


def standing(ref: ReferenceFacts) -> str:
    """What a reference is, after "it is …": who answers for it, and that it may have been edited before they did."""
    if ref.standing == "unsealed":
        return "unsealed: nobody signed it, and it may itself have been edited before it was supplied"
    sealed = _SEALED.get(ref.standing, ref.standing) + _CAPTURE.get(ref.capture, "")
    return f"{sealed}; it may have been edited before it was sealed"


def basis_sentence(result: CheckResult) -> str:
    """On what evidence the answer rests: the reference's own data, its sound, or its print alone."""
    seconds = result.release.duration
    exact = sum(len(s.release) for s in result.spans if s.exact) / max(1, sum(len(s.release) for s in result.spans))
    prints = sum(ref.kind != "audio" for ref in result.references)
    if exact > 0.9995:
        return "all of it carries the reference's own sound data, bit for bit"
    if exact > 0:
        part = duration(exact * seconds)
        return f"{part} of it carries the reference's own sound data, bit for bit; the rest was compared by likeness"
    if prints == len(result.references):
        return "compared with a print alone: likeness, which is never proof"
    if prints:
        return "compared in part with a print alone: likeness, which is never proof"
    return "compared by likeness, as after any re-encoding, which is no proof"


def edit_sentence(edit: Edit, result: CheckResult) -> str:
    """What happened at one edit, with time codes of the release and of the reference."""
    there = _there(edit, result)
    here, length = stretch(edit.release), duration(_length(edit.release))
    ref_length = duration(_length(edit.reference)) if edit.reference else ""
    match edit.kind:
        case Kind.CUT:
            assert edit.reference is not None
            owner = _owner(edit, result)
            text = (
                f"{ref_length} of {owner}, {stretch(edit.reference)}, is missing at {timecode(edit.release.seconds[0])}"
            )
        case Kind.INSERTED:
            text = f"{length} at {here} is not from the reference"
        case Kind.REPLACED if edit.reference and heard_in_place(edit, result):
            text = f"{length} at {here} is a copy of {there}, laid over other words"
        case Kind.REPLACED:
            text = f"{length} at {here} stands in place of {ref_length} of {there}"
        case Kind.REPEATED:
            text = f"{length} at {here} repeats {there}"
        case Kind.MOVED:
            text = f"{length} at {here} was moved here from {there}"
        case Kind.MUTED:
            text = f"{length} at {here} is silenced or covered by a tone; it covers {there}"
        case _:
            text = f"{length} at {here} runs at {edit.speed:.4g} times the speed of {there}"
    return text + (f" (in {printable(edit.where)} only)" if edit.where else "")


def told(edit: Edit, result: CheckResult) -> str:
    """:func:`edit_sentence` with the doubt there is: how confident, and *possible* where it makes no outcome."""
    sentence = edit_sentence(edit, result)
    if edit.confidence >= PLAIN:
        return sentence
    doubt = "" if edit.confidence >= SURE else "possible: "
    return f"{doubt}{sentence} (confidence {edit.confidence:.0%})"


def heard_in_place(edit: Edit, result: CheckResult) -> bool:
    """True when the reference stretch that an edit names is, for the most part, also kept at its own place."""
    if edit.reference is None:
        return False
    shared = sum(
        min(tile.reference.end, edit.reference.end) - max(tile.reference.start, edit.reference.start)
        for tile in result.spans
        if tile.kind is Kind.KEPT
        and tile.source == edit.source
        and tile.reference is not None
        and tile.reference.overlaps(edit.reference)
    )
    return 2 * shared > len(edit.reference)


def missing_sentence(gap: Missing, result: CheckResult) -> str:
    """What an excerpt leaves out at the head or tail of a reference."""
    ref = result.references[gap.source]
    length = duration(_length(gap.reference))
    side = "first" if gap.reference.start == 0 else "last"
    if _length(gap.reference) >= ref.duration - 0.25:
        return f"all of {name(ref.path)} ({length})"
    return f"the {side} {length} of {name(ref.path)}, {stretch(gap.reference)}"


def detects_sentence(detects: dict[str, float]) -> str:
    """The shortest edit of each kind that this run would have found."""
    parts = [f"{PLURALS[kind]} from {duration(detects[kind])}" for kind in PLURALS if kind in detects]
    return ", ".join(parts)


def coverage_sentence(result: CheckResult) -> str:
    """How much of each side was accounted for."""
    cover = result.coverage
    if len(cover.references) == 1:
        heard = f"{_percent(cover.references[0])} of the reference is heard"
    else:
        shares = zip(cover.references, result.references, strict=True)
        heard = "heard: " + ", ".join(f"{_percent(share)} of {name(ref.path)}" for share, ref in shares)
    return (
        f"{heard}; {_percent(cover.release)} of the release is accounted for, {_percent(cover.unverified)} unverified"
    )


def notes(result: CheckResult) -> list[str]:
    """What was not looked at and what stays open, safe to show."""
    found = [printable(note) for note in result.notes]
    if result.release.has_picture and not any("picture" in note for note in found):
        found.insert(0, "the picture was not checked, only the sound")
    return found


def stretch(span: Span) -> str:
    """``1:01.402–1:13.910``."""
    start, end = span.seconds
    return f"{timecode(start)}–{timecode(end)}"


def _length(span: Span) -> float:
    start, end = span.seconds
    return end - start


def _owner(edit: Edit, result: CheckResult) -> str:
    """The reference that an edit is about, by its name where there are several."""
    if len(result.references) > 1 and edit.source is not None:
        return name(result.references[edit.source].path)
    return "the reference"


def _there(edit: Edit, result: CheckResult) -> str:
    owner = _owner(edit, result)
    return f"{owner} at {stretch(edit.reference)}" if edit.reference else owner


def _supplied(refs: tuple[ReferenceFacts, ...]) -> str:
    names = [name(ref.path) for ref in refs]
    if len(names) == 1:
        return f"the reference supplied as {names[0]}"
    return f"the {len(names)} references supplied as {', '.join(names[:-1])} and {names[-1]}"


def _open(result: CheckResult) -> str:
    unverified = [s for s in result.spans if s.kind is Kind.UNVERIFIED]
    parts = []
    if result.edits:
        parts.append(f"{_count(len(result.edits), 'possible edit')} below the confidence to say so")
    if unverified:
        length = duration(sum(_length(s.release) for s in unverified))
        parts.append(f"{length} could not be verified, in {_count(len(unverified), 'place')}")
    return "; ".join(parts) or "see the notes below"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _percent(share: float) -> str:
    if 0 < share < 0.001:
        return "less than 0.1%"
    if 0.9995 <= share < 1:
        return "more than 99.9%" if share < 0.99999 else "100%"
    return f"{share * 100:.1f}%".replace(".0%", "%")
