"""The report of a check as one HTML page that asks nobody for anything: to read, to listen to, to print for a file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from importlib.resources import files

from wholetape.errors import WholetapeError
from wholetape.findings import CheckResult, Outcome
from wholetape.report import words
from wholetape.report.annex import annex, closing
from wholetape.report.certificate import Occasion
from wholetape.report.drawing import overview, patterns
from wholetape.report.entries import edit_list, legend, unverified_list
from wholetape.report.facts import established, not_established, supplied, what_was_compared
from wholetape.report.markup import Markup, own, tag
from wholetape.report.sounds import SILENT, Sounds
from wholetape.report.styles import styles

Answer = CheckResult | WholetapeError


def as_html(
    answers: Sequence[Answer],
    occasion: Occasion,
    sounds: Sounds = SILENT,
    paths: Sequence[str] = (),
) -> str:
    """The page about the ``answers``, one section each.

    Args:
        answers: results, or the error of a release that could not be read.
        occasion: what the program ran on, and when.
        sounds: outlines and clips, from :func:`wholetape.report.sounds.gather`.
        paths: the releases' paths in the order of the answers, for those that have no result.
    """
    style, script = own(styles()), own(_resource("page.js"))
    results = [answer for answer in answers if isinstance(answer, CheckResult)]
    named = [
        answer.release.path if isinstance(answer, CheckResult) else path
        for answer, path in zip(answers, paths or [""] * len(answers), strict=True)
    ]
    body = [
        tag("a", "To the answer", href="#main", class_="skip"),
        patterns(),
        tag("header", tag("p", "wholetape", class_="mark-word"), tag("h1", "Report of a check"), _dated(occasion)),
        tag(
            "main",
            _contents(answers, named),
            *(_section(number, *entry, sounds) for number, entry in enumerate(zip(answers, named, strict=True), 1)),
            *annex(results, occasion, sounds),
            id="main",
        ),
        tag("footer", *closing(results, sounds)),
    ]
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", _title(answers, named)),
        tag("style", style),
    ]
    page = tag("html", tag("head", *head), tag("body", *body, tag("script", script)), lang="en")
    return f"<!doctype html>\n{page}\n"


def _resource(name: str) -> str:
    """A file of this package; not a user's, so no use of ``store``."""
    return files("wholetape.report").joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing may be fetched, run or styled but what stands in the page: by its hash."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; media-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(code: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()


def _title(answers: Sequence[Answer], named: Sequence[str]) -> str:
    if len(answers) == 1:
        outcome = answers[0].outcome if isinstance(answers[0], CheckResult) else "not read"
        return f"{words.name(named[0])}: {outcome} – report of a check"
    return f"{len(answers)} releases – report of a check"


def _dated(occasion: Occasion) -> Markup:
    program = next((f"{name} {version}" for name, version in occasion.software.items()), "")
    return tag("p", f"Made by {program}, {occasion.time} by this machine’s clock.", class_="small")


def _contents(answers: Sequence[Answer], named: Sequence[str]) -> Markup | None:
    if len(answers) < 2:
        return None
    items = [
        tag(
            "li",
            tag("a", tag("bdi", words.name(path)), href=f"#r{number}"),
            ": ",
            tag("b", str(answer.outcome) if isinstance(answer, CheckResult) else "could not be read"),
        )
        for number, (answer, path) in enumerate(zip(answers, named, strict=True), start=1)
    ]
    return tag("nav", tag("ol", *items), aria_label="Releases", class_="contents")


def _section(number: int, answer: Answer, path: str, sounds: Sounds) -> Markup:
    heading = tag("h2", tag("bdi", words.name(path)), id=f"r{number}")
    if not isinstance(answer, CheckResult):
        told = [tag("p", f"{answer}."), tag("p", f"{answer.hint}.") if answer.hint else None]
        return tag(
            "article", heading, tag("div", tag("p", "could not be read", class_="outcome"), *told, class_="answer")
        )
    prefix = f"r{number}"
    return tag(
        "article",
        heading,
        _answer(answer),
        *_picture(answer, sounds, prefix),
        tag("section", *edit_list(answer, sounds, prefix)) if answer.outcome is not Outcome.UNRELATED else None,
        *unverified_list(answer, sounds),
        *established(answer),
        *not_established(answer),
        *what_was_compared(answer),
        *supplied(answer),
    )


def _answer(result: CheckResult) -> Markup:
    first, *rest = words.answer_sentences(result)
    outcome, _, said = first.partition(": ")
    return tag(
        "div",
        tag("p", outcome, class_="outcome"),
        tag("p", f"{said[:1].upper()}{said[1:]}.", class_="lead"),
        *(tag("p", f"{sentence}.") for sentence in rest),
        class_=f"answer o-{result.outcome}",
    )


def _picture(result: CheckResult, sounds: Sounds, prefix: str) -> Iterator[Markup]:
    if not result.spans or not result.spans[-1].release.end:
        return
    below = " and ".join(
        f"{words.name(ref.path)} (its level, from the print)" if ref.path in sounds.levels else words.name(ref.path)
        for ref in result.references
    )
    choose = " Choose an edit to go to its place in the list." if result.edits else ""
    yield tag(
        "figure",
        overview(result, sounds, prefix),
        legend(result),
        tag(
            "figcaption",
            f"Above: {words.name(result.release.path)}. Below: {below}. "
            f"Grey bands link what is the same in both.{choose}",
            class_="small",
        ),
        class_="picture",
    )
