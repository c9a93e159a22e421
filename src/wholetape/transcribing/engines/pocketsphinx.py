"""pocketsphinx (BSD): offline, small, English, with the model in its wheel. It finds places; it confirms no word."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from wholetape.errors import UnreadableInput, UsageError
from wholetape.media.speech import SPEECH_HZ, Speech
from wholetape.store.files import hash_of
from wholetape.times import CLOCK_HZ, Span
from wholetape.transcribing.params import SPHINX
from wholetape.transcript.model import MILLISECOND, Word

FRAME_MS = 10
"""Milliseconds of one of its frames."""


def load(model: str | None, language: str | None) -> Sphinx:
    """The engine with its own model, or the one in the folder ``model`` (``hmm/``, ``lm.bin``, ``words.dict``)."""
    try:
        import pocketsphinx
    except ImportError as problem:
        raise UsageError("pocketsphinx is not installed", "pip install 'wholetape[transcribe]'") from problem
    if model is None and language and not language.lower().startswith("en"):
        raise UsageError(
            f"pocketsphinx's own model is English, not {language!r}",
            "name a model of that language with --model, or another --engine with a model that knows it",
        )
    return Sphinx(pocketsphinx, model, language or "en")


class Sphinx:
    """Decodes utterances, each by itself: the same sound gives the same words, in whatever order they come."""

    name = "pocketsphinx"

    def __init__(self, package: Any, model: str | None, language: str) -> None:
        self.version = version("pocketsphinx")
        self.language = language
        root = os.path.join(package.get_model_path(), "en-us")
        paths = {"hmm": f"{root}/en-us", "lm": f"{root}/en-us.lm.bin", "dict": f"{root}/cmudict-en-us.dict"}
        if model is not None:
            paths = {"hmm": f"{model}/hmm", "lm": f"{model}/lm.bin", "dict": f"{model}/words.dict"}
        self.model = "en-us" if model is None else os.path.basename(os.path.normpath(model))
        self.model_sha256 = hash_of(*paths.values())
        limits: dict[str, str | int | float | bool] = {
            "maxhmmpf": SPHINX.active_states,
            "maxwpf": SPHINX.active_words,
            "cmn": "batch",  # by each utterance alone: nothing is carried from one to the next
        }
        self.settings: Mapping[str, str | int | float | bool] = limits
        try:
            self._decoder = package.Decoder(**paths, **limits, samprate=float(SPEECH_HZ), loglevel="FATAL")
        except RuntimeError as problem:
            raise UnreadableInput(
                f"pocketsphinx cannot load its model: {problem}", "check the files of --model"
            ) from problem
        self._package = package
        self._exp = self._decoder.logmath.exp if hasattr(self._decoder, "logmath") else None

    def hear(self, sound: Speech) -> list[Word]:
        """The words in one utterance, with times from its beginning; noises and silences are none."""
        self._run(sound)
        found = []
        for segment in self._decoder.seg() or ():
            text = plain(segment.word)
            if text:
                found.append(Word(text, frames(segment.start_frame, segment.end_frame), self._sure(segment.prob)))
        return found

    def _run(self, sound: Speech) -> None:
        self._decoder.reinit_feat()  # forgets the noise of the last one
        self._decoder.start_utt()
        self._decoder.process_raw(sound.tobytes(), full_utt=True)
        self._decoder.end_utt()

    def _sure(self, log_prob: float) -> float | None:
        if self._exp is None:
            return None
        return round(min(1.0, max(0.0, float(self._exp(log_prob)))), 3)

    def knows(self, word: str) -> bool:
        """Whether its dictionary has ``word``."""
        return self._decoder.lookup_word(word) is not None

    def lay(self, sound: Speech, words: list[str]) -> list[Span] | None:
        """When each of ``words``, all of which it knows, is said in ``sound``; None where they do not fit at all."""
        from contextlib import suppress

        spans: list[Span] = []
        try:
            self._decoder.set_align_text(" ".join(words))
            with suppress(RuntimeError):
                self._run(sound)
                spans = [frames(s.start_frame, s.end_frame) for s in self._decoder.seg() or () if plain(s.word)]
        finally:
            self._decoder.activate_search()
        return spans if len(spans) == len(words) else None


def plain(word: str) -> str:
    """The word without the number of its pronunciation; empty for silences and noises."""
    if word.startswith(("<", "[", "+")):
        return ""
    return re.sub(r"\(\d+\)\Z", "", word)


def frames(first: int, last: int) -> Span:
    """The span of frames ``first`` to ``last``, both included."""
    step = FRAME_MS * MILLISECOND
    assert step == CLOCK_HZ * FRAME_MS // 1000
    return Span(first * step, max(first, last + 1) * step)
