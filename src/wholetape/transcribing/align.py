"""Words that somebody supplied, laid along the sound of a recording: each gets a time, none is checked.

First the recogniser hears what it can; where it hears the supplied words, they are anchored. Between anchors words are
laid by forced alignment where its dictionary has them all, else in proportion to their letters. Forced alignment takes
any text: one with a "not" left out fits as well. So each word keeps whether it was *heard*: confidence 0 says that it
was not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from rapidfuzz.distance import Indel

from wholetape.errors import UnreadableInput
from wholetape.media.speech import SPEECH_HZ, Speech, speech
from wholetape.times import CLOCK_HZ, Span
from wholetape.transcribing.engines import Engine
from wholetape.transcript.model import MILLISECOND, Origin, Segment, Transcript, Word
from wholetape.transcript.spoken import Spoken, run_of

LEAST_ANCHORED = 0.1
"""Share of supplied words that must be anchored: below it, the text is of another recording."""
LONGEST_LAY = 30.0
"""Seconds between two anchors up to which words are laid by forced alignment."""
_LONG_WORD = 6
"""Letters from which one word alone is an anchor; shorter ones need a neighbour."""
_AROUND = round(0.15 * CLOCK_HZ)
"""Sound beyond the anchors that forced alignment is given."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Supplied words number ``first`` up to ``end``, between two anchors, somewhere within ``span``."""

    first: int
    end: int
    span: Span


def align(
    path: str,
    supplied: Transcript,
    heard: Transcript,
    engine: Engine,
    *,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> Transcript:
    """``supplied`` with the times at which its words are said in the recording at ``path``, which is ``heard`` so far.

    Raises:
        UnreadableInput: too few of the words are heard: this text is not of this recording.
    """
    words, machine = run_of(supplied), run_of(heard)
    spans, sure = _anchored(words, machine)
    share = len(spans) / max(1, len(words))
    if share < LEAST_ANCHORED:
        raise UnreadableInput(
            f"the text does not fit the recording: {share:.0%} of its words are heard in it",
            "check that it is the text of this recording, in the engine's language",
        )
    whole = Span(0, round(heard.sound.duration * CLOCK_HZ))
    stretches = list(_between(len(words), spans, whole))
    laid = {}
    if hasattr(engine, "lay"):
        sounds = speech(path, progress=lambda share: progress("laying the words along the sound", share))
        laid = dict(_laid(engine, words, stretches, sounds))
    for stretch in stretches:
        found = laid.get(stretch.first) or _spread(words, stretch)
        spans.update(zip(range(stretch.first, stretch.end), found, strict=True))
    making = replace(
        heard.making, origin=Origin.ALIGNED, settings={**heard.making.settings, "words_heard": round(share, 3)}
    )
    segments = tuple(_segments(supplied, words, spans, sure))
    return Transcript(segments, supplied.language or heard.language, heard.sound, making, heard.occasion)


def _anchored(words: Sequence[Spoken], machine: Sequence[Spoken]) -> tuple[dict[int, Span], dict[int, float]]:
    """Times of the supplied words that were heard in their order, two together or a long one, and how surely."""
    spans: dict[int, Span] = {}
    for step in Indel.opcodes([word.norm for word in words], [word.norm for word in machine]):
        if step.tag != "equal":
            continue
        length = step.src_end - step.src_start
        if length > 1 or len(words[step.src_start].norm) >= _LONG_WORD:
            for offset in range(length):
                span = machine[step.dest_start + offset].span
                if span is not None:
                    spans[step.src_start + offset] = span
    return spans, dict.fromkeys(spans, 1.0)


def _between(count: int, spans: dict[int, Span], whole: Span) -> Iterator[_Stretch]:
    """The stretches of words that have no time yet."""
    first = 0
    while first < count:
        if first in spans:
            first += 1
            continue
        end = first
        while end < count and end not in spans:
            end += 1
        start = spans[first - 1].end if first else whole.start
        until = spans[end].start if end < count else whole.end
        yield _Stretch(first, end, Span(start, max(start, until)))
        first = end


def _spread(words: Sequence[Spoken], stretch: _Stretch) -> list[Span]:
    letters = [len(word.norm) + 1 for word in words[stretch.first : stretch.end]]
    edges = np.concatenate(([0], np.cumsum(letters))) * len(stretch.span) // max(1, sum(letters)) + stretch.span.start
    return [Span(int(a), int(b)) for a, b in pairwise(edges)]


def _laid(
    engine: Engine, words: Sequence[Spoken], stretches: Sequence[_Stretch], sounds: Iterator[Speech]
) -> Iterator[tuple[int, list[Span]]]:
    """Times by forced alignment, by the number of the stretch's first word; sound is read once, and little is held."""
    ratio = SPEECH_HZ // CLOCK_HZ
    held, origin = np.zeros(0, np.int16), 0
    for stretch in stretches:
        norms = [word.norm.replace("'s", "is") for word in words[stretch.first : stretch.end]]
        seconds = len(stretch.span) / CLOCK_HZ
        if not 0.05 * len(norms) < seconds <= LONGEST_LAY or not all(engine.knows(n) for n in norms):  # type: ignore[attr-defined]
            continue
        low = max(0, stretch.span.start - _AROUND)
        start, end = low * ratio, (stretch.span.end + _AROUND) * ratio
        while origin + len(held) < end and (block := next(sounds, None)) is not None:
            keep = max(0, start - origin)
            held, origin = np.concatenate((held[keep:], block)), origin + min(keep, len(held))
        piece = held[max(0, start - origin) : max(0, end - origin)]
        found = engine.lay(piece, norms) if len(piece) else None  # type: ignore[attr-defined]
        if found:
            yield stretch.first, [_within(Span(s.start + low, s.end + low), stretch.span) for s in found]


def _within(span: Span, bounds: Span) -> Span:
    start = min(max(span.start, bounds.start), bounds.end)
    return Span(start, min(max(span.end, start), bounds.end))


def _segments(
    supplied: Transcript, words: Sequence[Spoken], spans: dict[int, Span], sure: dict[int, float]
) -> Iterator[Segment]:
    """The supplied segments with the times of their words as written."""
    at = 0
    for number, segment in enumerate(supplied.segments):
        first = at
        while at < len(words) and words[at].segment == number:
            at += 1
        mine = range(first, at)
        found = []
        for raw in re.finditer(r"\S+", segment.text):
            inside = [k for k in mine if words[k].start < raw.end() and words[k].end > raw.start()]
            if inside:
                span = _millis(Span(spans[inside[0]].start, max(spans[k].end for k in inside)))
                found.append(Word(raw[0], span, min(sure.get(k, 0.0) for k in inside)))
        if found:
            whole = Span(found[0].span.start, max(word.span.end for word in found))
            yield replace(segment, span=whole, words=tuple(found))
        else:
            yield replace(segment, span=None, words=())


def _millis(span: Span) -> Span:
    """The span in whole milliseconds, which every format keeps."""
    start, end = (at // MILLISECOND * MILLISECOND for at in (span.start, span.end))
    return Span(start, max(start, end))
