"""A quote as a W3C Web Annotation: the words as TextQuoteSelector, the place as a media fragment."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote as percent

from wholetape.quotes import Match, QuoteResult
from wholetape.report.quoted import words
from wholetape.report.quoted.jsonform import Searched

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
FRAGMENTS = "http://www.w3.org/TR/media-frags/"
_AROUND = 64
"""Characters of prefix and suffix: enough to tell one place from another, and no reprint."""


def as_annotation(result: QuoteResult, searched: Searched, url: str, time: str, generator: str) -> dict[str, Any]:
    """The annotation of a quote's places; ``url`` is where the recording is to be had, else its file's name.

    Web Annotation Data Model (W3C 2017), sections 4.2.4, 4.2.1 and 3.3.5; Media Fragments URI 1.0, section 4.2.1.
    """
    source = url or percent(searched.transcript.sound.name or searched.path)
    return {
        "@context": CONTEXT,
        "type": "Annotation",
        "motivation": "identifying",
        "created": time,
        "generator": {"type": "Software", "name": generator},
        "body": {
            "type": "TextualBody",
            "value": f"“{result.quote}”: {words.answer(result)}; {words.confirmed(result)}",
            "format": "text/plain",
            "language": "en",
        },
        "target": [_target(match, source, searched) for match in result.matches],
    }


def _target(match: Match, source: str, searched: Searched) -> dict[str, Any]:
    text: dict[str, Any] = {
        "type": "TextQuoteSelector",
        "exact": match.text,
        "prefix": match.before[-_AROUND:],
        "suffix": match.after[:_AROUND],
    }
    language = searched.transcript.language
    target = {"source": source, **({"language": language} if language else {})}
    if match.at is None:
        return {**target, "selector": text}
    start, end = match.at.seconds
    fragment = {"type": "FragmentSelector", "conformsTo": FRAGMENTS, "value": f"t={start:.3f},{end:.3f}"}
    return {**target, "selector": [fragment, text]}
