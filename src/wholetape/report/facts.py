"""The sections of a page that bound its answer: what was established, what was not, and about which files."""

from __future__ import annotations

from collections.abc import Iterator

from wholetape.findings import CheckResult, Outcome, ReferenceFacts
from wholetape.match.calibration import CALIBRATION
from wholetape.report import words
from wholetape.report.escape import printable
from wholetape.report.markup import Markup, tag
from wholetape.times import duration, timecode


def established(result: CheckResult) -> Iterator[Markup]:
    """Coverage, what is left out, and how short an edit this run could have seen."""
    rows = [("Covered", words.coverage_sentence(result))]
    if result.missing and result.outcome is not Outcome.UNRELATED:
        rows.append(("Left out", "; ".join(words.missing_sentence(gap, result) for gap in result.missing)))
    if result.detects:
        rows.append(
            (
                "Could have been seen",
                f"{words.detects_sentence(result.detects)}, 95 times in 100; shorter ones may have been missed",
            )
        )
    else:
        rows.append(("Could have been seen", "no length can be named for this run"))
    if result.edits:
        rows.append(
            (
                "Confidence",
                f"the share of such findings that were real when it was measured, {CALIBRATION.label}; not a "
                "probability that somebody did something. From 90% on, an edit decides the answer; below, it is called "
                "possible",
            )
        )
    rows += [("Note", note) for note in words.notes(result)]
    rows += [("Damage", printable(damage)) for damage in result.release.damage]
    yield tag("h3", "What this run saw, and what it could have seen")
    yield tag(
        "dl", *(tag("div", tag("dt", name), tag("dd", f"{_begun(told)}.")) for name, told in rows), class_="facts"
    )


def not_established(result: CheckResult) -> Iterator[Markup]:
    """What no reader may take from this page."""
    yield tag("h3", "What was not established")
    yield tag("ul", *(tag("li", f"{line}.") for line in _open(result)))


def _open(result: CheckResult) -> Iterator[str]:
    one = len(result.references) == 1
    yield "Whether the reference shows what happened" if one else "Whether the references show what happened"
    if any(ref.standing == "unsealed" for ref in result.references):
        which = "the reference, which is unsealed," if one else "a reference that is unsealed"
        yield f"Whether {which} had been edited before it was supplied"
    if any(ref.standing != "unsealed" for ref in result.references):
        which = "the reference" if one else "a reference that is sealed"
        yield f"Whether {which} had been edited before the seal was made"
    if not result.spans or not all(tile.exact for tile in result.spans):
        yield "That the sound is the reference’s own: likeness, however close, is no proof"
    if any(ref.kind != "audio" for ref in result.references):
        yield "Anything that the print does not hold: the sound of that reference was not at hand"
    yield "Anything but the sound: pictures, subtitles, descriptions and dates were not looked at"
    yield "Edits shorter than the lengths above, and edits within silence"
    yield "Who speaks, who made an edit, when, by what means, and with what intent"
    yield "What was said before the recording began, after it ended, or out of its reach"


def what_was_compared(result: CheckResult) -> Iterator[Markup]:
    """Name, hash, length and standing of each file."""
    facts = result.release
    yield tag("h3", "The files")
    streams = "1 audio stream" if facts.streams == 1 else f"{facts.streams} audio streams"
    rows = [
        ("Role", "release"),
        ("Length", f"{timecode(facts.duration)} ({duration(facts.duration)})"),
        ("Form", f"{printable(facts.codec)}, {streams}{', with a picture' if facts.has_picture else ''}"),
        ("SHA-256", facts.sha256),
    ]
    yield _file(words.name(facts.path), rows)
    for ref in result.references:
        yield _file(words.name(ref.path), list(_of_reference(ref)))


def _of_reference(ref: ReferenceFacts) -> Iterator[tuple[str, str]]:
    kinds = {
        "audio": "reference: a recording",
        "print": "reference: a print",
        "seal": "reference: a seal and its print",
    }
    yield "Role", kinds.get(ref.kind, f"reference: {printable(ref.kind)}")
    yield "Length", f"{timecode(ref.duration)} ({duration(ref.duration)})"
    yield "Standing", words.standing(ref)
    yield "SHA-256", ref.sha256


def _file(name: str, rows: list[tuple[str, str]]) -> Markup:
    return tag(
        "section",
        tag("h4", tag("bdi", name)),
        tag(
            "dl",
            *(tag("div", tag("dt", key), tag("dd", value, class_=_code(key))) for key, value in rows),
            class_="facts",
        ),
        class_="file",
    )


def _code(key: str) -> str | None:
    return "hash" if key == "SHA-256" else None


def supplied(result: CheckResult) -> Iterator[Markup]:
    """A form, for a person to fill in on paper: who supplied which file."""
    names = [("release", result.release.path), *(("reference", ref.path) for ref in result.references)]
    blank = tag("td", tag("span", "to be filled in", class_="unseen"))
    rows = [
        tag("tr", tag("th", tag("bdi", words.name(path)), f" ({role})", scope="row"), blank, blank, blank)
        for role, path in names
    ]
    heads = ("File", "Supplied by", "On", "How it came, and how it was kept")
    yield tag("h3", "Who supplied what")
    yield tag(
        "p",
        "The program cannot know this. To be filled in by hand by whoever puts this report on file.",
        class_="small",
    )
    yield tag(
        "div",
        tag(
            "table",
            tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))),
            tag("tbody", *rows),
            class_="blank",
        ),
        class_="wide",
        tabindex=0,
        role="group",
        aria_label="Who supplied what",
    )
    yield tag("p", "Report made by:", class_="line")
    yield tag("p", "Date and signature:", class_="line")


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
