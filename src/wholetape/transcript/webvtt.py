"""WebVTT (W3C), with voices and with the times of words inside cues, as YouTube and this program write them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from wholetape.errors import UnreadableInput
from wholetape.times import Span
from wholetape.transcript.model import MILLISECOND, Segment, Transcript, Word, millis

_STAMP = r"(?:(\d{1,6}):)?(\d{2}):(\d{2})[.,](\d{3})"
_TIMING = re.compile(rf"[ \t]*{_STAMP}[ \t]*-->[ \t]*{_STAMP}")
_INSIDE = re.compile(rf"<{_STAMP}>")
_TAG = re.compile(r"<[^<>]*>")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^<>]*)>")


def parse(text: str, what: str) -> Transcript:
    """The transcript of a WebVTT file; comments, styles and regions are passed over.

    Raises:
        UnreadableInput: no cue with times is in it.
    """
    language = ""
    rolling = bool(re.match(r"\s*WEBVTT[^\n]*\n(?:[^\n]+\n)*?Kind: captions\n", text) and _INSIDE.search(text))
    segments: list[Segment] = []
    last = ""
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.strip("\n").split("\n")
        at = next((number for number, line in enumerate(lines) if _TIMING.match(line)), None)
        if at is None:
            language = language or _language(lines)
            continue
        timing = _TIMING.match(lines[at])
        assert timing is not None
        cue = lines[at + 1 :]
        if rolling:  # as YouTube has it: each cue shows the line before once more, alone or above a new one
            shown = [line for line in cue if _plain(line)]
            cue = [line for line in shown if _plain(line) != last or _INSIDE.search(line)]
            last = _plain(shown[-1]) if shown else last
        segment = _segment(len(segments) + 1, _span(timing), "\n".join(cue))
        if segment.text:
            segments.append(segment)
    if not segments and "-->" in text:
        raise UnreadableInput(f"{what} has no cue that can be read", "its times read 00:00:01.000 --> 00:00:02.000")
    return Transcript(tuple(segments), language)


def _language(lines: list[str]) -> str:
    found = (re.match(r"Language:[ \t]*([A-Za-z0-9-]+)", line) for line in lines if lines[0].startswith("WEBVTT"))
    return next((match[1] for match in found if match), "")


def _segment(number: int, span: Span, cue: str) -> Segment:
    voice = _VOICE.search(cue)
    speaker = html.unescape(voice[1]).strip() if voice else ""
    return Segment(f"s{number}", _plain(cue), span, tuple(_words(cue, span)), speaker)


def _words(cue: str, span: Span) -> Iterator[Word]:
    """The words between times inside the cue; none where there is no time."""
    pieces = _INSIDE.split(cue)
    if len(pieces) == 1:
        return
    starts = [span.start, *(_samples(pieces[k : k + 4]) for k in range(1, len(pieces), 5))]
    for number, piece in enumerate(pieces[::5]):
        words = _plain(piece).split()
        start = starts[number]
        end = max(start, starts[number + 1] if number + 1 < len(starts) else span.end)
        for place, word in enumerate(words):
            first, last = (start + (end - start) * k // len(words) for k in (place, place + 1))
            yield Word(word, Span(first, last))


def _plain(cue: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", cue)).split())


def _span(found: re.Match[str]) -> Span:
    start, end = _samples(list(found.groups()[:4])), _samples(list(found.groups()[4:]))
    return Span(start, max(start, end))


def _samples(parts: list[str | None]) -> int:
    hours, minutes, seconds, ms = (int(part or 0) for part in parts)
    return (((hours * 60 + minutes) * 60 + seconds) * 1000 + ms) * MILLISECOND


def write(transcript: Transcript) -> str:
    """The transcript as WebVTT; the times at which words begin stand inside the cues."""
    head = "WEBVTT\n" + (f"Language: {transcript.language}\n" if transcript.language else "")
    return head + "".join(f"\n{_cue(segment)}\n" for segment in transcript.segments if segment.span)


def _cue(segment: Segment) -> str:
    assert segment.span is not None
    voice = f"<v {_escaped(segment.speaker)}>" if segment.speaker else ""
    text = " ".join(f"<{clock(word.span.start)}>{_escaped(word.text)}" for word in segment.words)
    if not segment.words or " ".join(word.text for word in segment.words) != segment.text:
        text = _escaped(segment.text)
    return f"{clock(segment.span.start)} --> {clock(segment.span.end)}\n{voice}{text}"


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clock(samples: int) -> str:
    """``hh:mm:ss.mmm``, as WebVTT and TTML have it."""
    ms = millis(samples)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
