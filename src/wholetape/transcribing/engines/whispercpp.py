"""whisper.cpp through pywhispercpp (MIT), for whoever installs it and has a ggml model file. Nothing is fetched."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from wholetape.errors import UnreadableInput, UsageError
from wholetape.media.speech import Speech
from wholetape.store.files import hash_of
from wholetape.transcript.model import Word, span_of


def load(model: str | None, language: str | None) -> WhisperCpp:
    """The engine with the ggml model in the file ``model``."""
    if model is None:
        raise UsageError("whispercpp needs a model", "name a ggml model file with --model")
    if not os.path.isfile(model):
        raise UnreadableInput(f"{model!r} is no file", "a model of whisper.cpp is one file, ggml-….bin")
    try:
        from pywhispercpp.model import Model
    except ImportError as problem:
        raise UsageError("pywhispercpp is not installed", "pip install 'wholetape[whispercpp]'") from problem
    return WhisperCpp(Model, model, language)


class WhisperCpp:
    """Recognises utterances, each by itself, one word a segment, so that each word has its times."""

    name = "whisper.cpp"

    def __init__(self, model_class: object, model: str, language: str | None) -> None:
        try:
            self.version = version("pywhispercpp")
        except PackageNotFoundError:
            self.version = ""
        self.model = os.path.basename(model)
        self.model_sha256 = hash_of(model)
        self.language = language or ""
        self.settings: Mapping[str, str | int | float | bool] = {
            "token_timestamps": True,
            "max_len": 1,
            "split_on_word": True,
            "no_context": True,
        }
        try:
            self._model = model_class(model, print_progress=False, print_realtime=False)  # type: ignore[operator]
        except (RuntimeError, ValueError, OSError) as problem:
            raise UnreadableInput(
                f"whisper.cpp cannot load {model!r}: {problem}", "check the model's file"
            ) from problem

    def hear(self, sound: Speech) -> list[Word]:
        """The words in one utterance, with times from its beginning; its own times count centiseconds."""
        found = self._model.transcribe(
            sound.astype(np.float32) / 32768.0, language=self.language or "auto", **self.settings
        )
        return [
            Word(segment.text.strip(), span_of(segment.t0 / 100, segment.t1 / 100))
            for segment in found
            if segment.text.strip() and not segment.text.strip().startswith(("[", "("))
        ]
