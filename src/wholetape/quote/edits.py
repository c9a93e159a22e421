"""The words inside each edit of a check: "these 14 words were cut"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wholetape.errors import UnreadableInput
from wholetape.times import Span
from wholetape.transcript.fields import Fields
from wholetape.transcript.model import Transcript, span_of
from wholetape.transcript.spoken import Spoken, run_of, text_of

FORMAT = "wholetape.check/v1"
_LOST = {"cut", "muted", "replaced"}
_MOST = 0.5
"""Share of a word that must lie within an edit for it to count: times of words are right to a fifth of a second."""


@dataclass(frozen=True, slots=True)
class EditedWords:
    """One edit: what was done, where on this transcript's clock, and the words there. ``lost`` from the release."""

    kind: str
    at: Span
    words: int
    text: str
    before: str
    after: str
    lost: bool
    timed: bool

    @property
    def sentence(self) -> str:
        """``these 14 words were cut``."""
        these = "this word was" if self.words == 1 else f"these {self.words} words were"
        if not self.words:
            return f"no word lies in what was {_VERBS.get(self.kind, self.kind)}"
        return f"{these} {_VERBS.get(self.kind, self.kind)}"


_VERBS = {"speed": "played at another speed", "moved": "moved to another place"}


def edited_words(tree: Fields, transcript: Transcript) -> tuple[tuple[EditedWords, ...], str]:
    """The words inside each edit of a check's JSON; and which recording of the check the transcript is taken to be of.

    Raises:
        UnreadableInput: not the JSON of a check, or the transcript has no times, or is of neither.
    """
    if tree.text("format") != FORMAT:
        raise UnreadableInput(f"{tree.what} is not the JSON of a check", "wholetape check … --json FILE writes it")
    if not any(segment.span for segment in transcript.segments):
        raise UnreadableInput("the transcript has no times", "lay it along the sound: wholetape transcribe --text")
    clock, source, told = _clock(tree, transcript)
    words = run_of(transcript)
    return tuple(_edits(tree, transcript, words, clock, source)), told


def _clock(tree: Fields, transcript: Transcript) -> tuple[str, int, str]:
    """Which of an edit's two spans counts for the transcript, by the hash of the recording that it is of."""
    sha256 = transcript.sound.sha256
    references = list(tree.objects("references"))
    if sha256 and tree.object("release").text("sha256") == sha256:
        return "release", -1, "the transcript is of the release: of what was cut it holds nothing"
    for number, reference in enumerate(references):
        if sha256 and reference.text("sha256") == sha256:
            return "reference", number, "the transcript is of the reference"
    if sha256 and all(reference.text("kind") == "audio" for reference in references):
        raise UnreadableInput(
            "the transcript is neither of the release nor of the reference of this check",
            "transcribe the reference of the check, or name the check's own recording",
        )
    return "reference", 0, "the transcript does not tell of which file it is: it is taken to be of the reference"


def _edits(
    tree: Fields, transcript: Transcript, words: Sequence[Spoken], clock: str, source: int
) -> Iterator[EditedWords]:
    for entry in tree.objects("edits"):
        if clock == "reference" and entry.has("source") and int(entry.number("source")) != source:
            continue
        numbers = entry.numbers(clock)
        if len(numbers) != 2:
            continue
        at = span_of(*numbers)
        inside = [n for n, word in enumerate(words) if word.span and _within(word.span, at)]
        if not len(at):
            continue
        first, last = (inside[0], inside[-1] + 1) if inside else _gap(words, at)
        yield EditedWords(
            entry.text("kind"),
            at,
            last - first,
            text_of(transcript, words[first:last]),
            text_of(transcript, words[max(0, first - 12) : first]),
            text_of(transcript, words[last : last + 12]),
            clock == "reference" and entry.text("kind") in _LOST,
            all(word.timed for word in words[first:last]),
        )


def _within(word: Span, at: Span) -> bool:
    return min(word.end, at.end) - max(word.start, at.start) > _MOST * len(word) - (not len(word))


def _gap(words: Sequence[Spoken], at: Span) -> tuple[int, int]:
    place = next((n for n, word in enumerate(words) if word.span and word.span.start >= at.start), len(words))
    return place, place
