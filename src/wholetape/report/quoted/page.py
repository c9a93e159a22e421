"""A quote's result as one HTML page that asks nobody for anything: to read, to listen to, to print for a file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping

from wholetape.quotes import Match, Op, QuoteResult, Step
from wholetape.report.markup import Markup, own, tag
from wholetape.report.quoted import words
from wholetape.report.quoted.jsonform import Searched, sources
from wholetape.times import timecode

_STYLE = """
body{font:1rem/1.55 system-ui,"Noto Sans Khmer","Khmer OS",sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
:root{color-scheme:light dark}
h1{font-size:1.3rem} blockquote{margin:1rem 0;padding:.2rem 1rem;border-inline-start:4px solid #888;font-size:1.15rem}
.outcome{font-weight:700;font-size:1.2rem;text-transform:capitalize} .small{font-size:.88rem}
article{border-top:1px solid #888;padding:.6rem 0} .context{opacity:.8} audio{width:100%;margin:.5rem 0}
del{text-decoration:line-through 2px;background:#f7c9c4;color:#5b0f08}
ins{text-decoration:underline 2px;background:#cfe8c6;color:#153d0a}
.editor{background:#e3e0f7;color:#241a63} .left-out{background:#eee;color:#333;font-style:italic}
.warning{border-inline-start:4px solid #b36b00;padding-inline-start:.6rem}
td,th{text-align:start;vertical-align:top;padding:.3rem .6rem .3rem 0}
"""


def as_html(
    result: QuoteResult, searched: Searched, clips: Mapping[int, bytes], notes: tuple[str, ...], made: str
) -> str:
    """The page; ``clips`` has MP3 of the places, by number of the match, from 0; ``notes`` why some are missing."""
    style = own(_STYLE)
    language = searched.transcript.language or None
    body = [
        tag("h1", "Report of a quote"),
        tag("blockquote", tag("bdi", result.quote), lang=language),
        tag("p", str(result.outcome).replace("-", " "), class_="outcome"),
        tag("p", words.answer(result).partition(": ")[2].capitalize() + "."),
        tag("p", f"{words.confirmed(result)}.".capitalize()),
        tag("ul", *(tag("li", words.confirmation(said)) for said in result.confirmed)) if result.confirmed else None,
        *(_match(number, match, searched, clips.get(number)) for number, match in enumerate(result.matches)),
        tag("h2", "What this does not say"),
        tag("ul", *(tag("li", f"{note[:1].upper()}{note[1:]}.") for note in (*result.notes, *notes))),
        *_supplied(searched),
        tag("p", made, class_="small"),
    ]
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy(style)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{str(result.outcome).replace('-', ' ')}: report of a quote"),
        tag("style", style),
    ]
    page = tag("html", tag("head", *head), tag("body", tag("main", *body)), lang="en")
    return f"<!doctype html>\n{page}\n"


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; media-src data:; base-uri 'none'; form-action 'none'"


def _match(number: int, match: Match, searched: Searched, clip: bytes | None) -> Markup:
    language = searched.transcript.language or None
    sound = None
    if clip:
        data = base64.b64encode(clip).decode()
        sound = tag("audio", controls=True, preload="none", src=f"data:audio/mpeg;base64,{data}")
    same = "The same words" if match.exact else "Words differ" if match.score < 1 else "The same words, but see below"
    return tag(
        "article",
        tag("h2", f"{number + 1}. {words.place(match)}"),
        tag("p", f"{same}; score {match.score:.2f}."),
        sound,
        tag(
            "p",
            tag("span", f"… {match.before} ", class_="context"),
            *(piece for step in match.diff for piece in _step(step)),
            tag("span", f" {match.after} …", class_="context"),
            lang=language,
        ),
        *(tag("p", f"{words.caution(warned)}.".capitalize(), class_="warning") for warned in match.warnings),
        *_translated(match, searched),
    )


def _step(step: Step) -> Iterator[Markup | str]:
    if step.op is Op.EQUAL:
        yield f"{step.transcript} "
    elif step.op is Op.BRACKET:
        yield tag("span", step.quote, class_="editor", title="the editor's words")
        yield tag("ins", step.transcript, title="what was said there") if step.transcript else ""
        yield " "
    elif step.op in (Op.ELLIPSIS, Op.FILLER):
        yield tag("span", f"({step.transcript})" if step.transcript else "…", class_="left-out", title="left out")
        yield " "
    else:
        yield tag("del", step.quote, title="quoted, not in the transcript") if step.quote else ""
        yield tag("ins", step.transcript, title="in the transcript, not quoted") if step.transcript else ""
        yield " "


def _translated(match: Match, searched: Searched) -> Iterator[Markup]:
    """Source and translation side by side, with who translated."""
    translation = searched.transcript.translation
    if translation is None:
        return
    rows = sources(match, searched)
    chosen = set(match.segments)
    rendered = " ".join(s.text for s in searched.transcript.segments if s.id in chosen)
    original = [
        tag("p", f"[{timecode(row['at'][0])}] " if row.get("at") else "", row.get("text", f"segment {row['id']}"))
        for row in rows
    ]
    who = f"Translated by {translation.by}, {translation.time}, from {translation.name}."
    if searched.source is None:
        who += " The source is not at hand: name it with --source."
    yield tag(
        "table",
        tag(
            "tr", tag("th", translation.language or "source"), tag("th", searched.transcript.language or "translation")
        ),
        tag("tr", tag("td", *original, lang=translation.language or None), tag("td", rendered)),
    )
    yield tag("p", who, class_="small")


def _supplied(searched: Searched) -> Iterator[Markup]:
    transcript = searched.transcript
    making, sound = transcript.making, transcript.sound
    rows = {
        "transcript": f"{searched.path}, SHA-256 {searched.sha256}",
        "recording": f"{sound.name}, SHA-256 {sound.sha256}" if sound.sha256 else "not named by the transcript",
        "occasion": transcript.occasion,
        "words by": " ".join(filter(None, (str(making.origin), making.engine, making.version, making.model))),
        "model SHA-256": making.model_sha256,
    }
    yield tag("h2", "What was searched")
    yield tag("table", *(tag("tr", tag("th", name), tag("td", text)) for name, text in rows.items() if text))
