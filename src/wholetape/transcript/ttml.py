"""TTML (W3C), with its profiles IMSC and EBU-TT-D as far as text and times go; read with defusedxml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from wholetape.errors import UnreadableInput
from wholetape.times import CLOCK_HZ, Span
from wholetape.transcript.fields import LONGEST
from wholetape.transcript.model import MILLISECOND, Segment, Transcript, Word
from wholetape.transcript.webvtt import clock

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CLOCK = re.compile(r"(\d+):(\d{2}):(\d{2})(?:\.(\d+)|:(\d+))?\Z")
_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|f|t)\Z")
_XML = "{http://www.w3.org/XML/1998/namespace}"


def parse(data: bytes, what: str) -> Transcript:
    """The transcript of a TTML file: each paragraph with its times and text; layout and styles are passed over.

    Raises:
        UnreadableInput: no XML, XML with entities, no TTML, or times that cannot be read.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError, RecursionError, LookupError) as problem:
        raise UnreadableInput(f"{what} cannot be read as TTML: {problem}", "export it again") from problem
    if _name(root) != "tt":
        raise UnreadableInput(f"{what} is XML, but no TTML", "export the captions as TTML, WebVTT or SRT")
    rates = _Rates(root)
    names = {
        _attribute(agent, "id"): " ".join("".join(agent.itertext()).split())
        for agent in root.iter()
        if _name(agent) == "agent"
    }
    try:
        found = list(_paragraphs(root, 0, None, rates))
    except RecursionError as problem:
        raise UnreadableInput(f"{what} is nested too deeply", "export it again") from problem
    segments = (
        Segment(f"s{number}", text, span, words, names.get(agent, agent))
        for number, (text, span, words, agent) in enumerate(found, 1)
    )
    return Transcript(tuple(segments), root.get(f"{_XML}lang", ""))


class _Rates:
    """Frames and ticks a second of one file."""

    def __init__(self, root: Element) -> None:
        top, bottom = (int(n) for n in (_attribute(root, "frameRateMultiplier") or "1 1").replace(":", " ").split()[:2])
        self.frames = float(_attribute(root, "frameRate") or 30) * top / (bottom or 1)
        self.ticks = float(_attribute(root, "tickRate") or 1)

    def samples(self, text: str) -> int:
        """The place on the clock that a time expression of TTML is."""
        if found := _CLOCK.match(text.strip()):
            seconds = int(found[1]) * 3600.0 + int(found[2]) * 60 + int(found[3])
            seconds += float(f"0.{found[4]}") if found[4] else int(found[5] or 0) / self.frames
        elif found := _OFFSET.match(text.strip()):
            unit = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "f": 1 / self.frames, "t": 1 / self.ticks}
            seconds = float(found[1]) * unit[found[2]]
        else:
            raise UnreadableInput(f"the time {text[:40]!r} is none of TTML's", "export the captions again")
        if seconds > LONGEST:
            raise UnreadableInput(f"the time {text[:40]!r} is out of all bounds", "export the captions again")
        return round(seconds * CLOCK_HZ / MILLISECOND) * MILLISECOND


Found = tuple[str, Span | None, tuple[Word, ...], str]


def _paragraphs(element: Element, base: int, end: int | None, rates: _Rates) -> Iterator[Found]:
    """The paragraphs below ``element``, whose times begin at ``base``."""
    start, end = _timing(element, base, end, rates)
    if _name(element) == "p":
        text = " ".join(_text(element).split())
        span = Span(start, max(start, end)) if end is not None else None
        if text:
            words = tuple(_words(element, start, end, rates))
            if " ".join(word.text for word in words) != text:
                words = ()
            yield text, span, words, _attribute(element, "agent")
        return
    for child in element:
        if _name(child) in {"body", "div", "p"}:
            yield from _paragraphs(child, start, end, rates)


def _timing(element: Element, base: int, end: int | None, rates: _Rates) -> tuple[int, int | None]:
    begin, until, lasts = (element.get(name) for name in ("begin", "end", "dur"))
    start = base + (rates.samples(begin) if begin else 0)
    if until:
        return start, base + rates.samples(until)
    return start, start + rates.samples(lasts) if lasts else end


def _words(element: Element, base: int, end: int | None, rates: _Rates) -> Iterator[Word]:
    """Words with a time of their own: spans with ``begin``, as karaoke and this program have them."""
    for child in element:
        if _name(child) != "span":
            continue
        start, until = _timing(child, base, end, rates)
        text = "".join(child.itertext()).split()
        if child.get("begin") and until is not None and len(text) == 1:
            yield Word(text[0], Span(start, max(start, until)))
        else:
            yield from _words(child, start, until, rates)


def _text(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts.append(" " if _name(child) == "br" else "" if _name(child) == "metadata" else _text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _attribute(element: Element, name: str) -> str:
    """The attribute ``name`` in whichever of TTML's namespaces."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def write(transcript: Transcript) -> str:
    """The transcript as TTML, words with times as spans, speakers as agents."""
    speakers = sorted({segment.speaker for segment in transcript.segments if segment.speaker})
    ids = {name: f"a{number}" for number, name in enumerate(speakers, 1)}
    agents = "".join(
        f'<ttm:agent xml:id="{ids[name]}" type="person"><ttm:name type="full">{_escaped(name)}</ttm:name></ttm:agent>'
        for name in speakers
    )
    body = "\n".join(_paragraph(segment, ids) for segment in transcript.segments if segment.span)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" '
        f'xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang={quoteattr(transcript.language)}>\n'
        f"<head><metadata>{agents}</metadata></head>\n<body><div>\n{body}\n</div></body>\n</tt>\n"
    )


def _paragraph(segment: Segment, ids: dict[str, str]) -> str:
    assert segment.span is not None
    start = segment.span.start
    agent = f' ttm:agent="{ids[segment.speaker]}"' if segment.speaker else ""
    text = _escaped(segment.text)
    inside = all(segment.span.start <= word.span.start for word in segment.words)
    if segment.words and inside and " ".join(word.text for word in segment.words) == segment.text:
        text = " ".join(
            f'<span begin="{clock(w.span.start - start)}" end="{clock(w.span.end - start)}">{_escaped(w.text)}</span>'
            for w in segment.words
        )
    return f'<p begin="{clock(start)}" end="{clock(segment.span.end)}"{agent}>{text}</p>'


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _escaped(text: str) -> str:
    return escape(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text))
