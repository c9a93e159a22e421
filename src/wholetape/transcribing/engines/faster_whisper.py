"""faster-whisper (MIT), for whoever installs it and has a CTranslate2 model in a folder. Nothing is fetched."""

from __future__ import annotations

import os
from collections.abc import Mapping

import numpy as np

from wholetape.errors import UnreadableInput, UsageError
from wholetape.media.speech import Speech
from wholetape.store.files import hash_of
from wholetape.transcript.model import Word, span_of


def load(model: str | None, language: str | None) -> FasterWhisper:
    """The engine with the model in the folder ``model``."""
    if model is None:
        raise UsageError("faster-whisper needs a model", "name the folder of a CTranslate2 model with --model")
    if not os.path.isdir(model):
        raise UnreadableInput(f"{model!r} is no folder", "a CTranslate2 model is a folder with model.bin in it")
    try:
        import faster_whisper
    except ImportError as problem:
        raise UsageError("faster-whisper is not installed", "pip install 'wholetape[whisper]'") from problem
    return FasterWhisper(faster_whisper, model, language)


class FasterWhisper:
    """Recognises utterances, each by itself and without regard to the last: no text leaks from one into the next."""

    name = "faster-whisper"

    def __init__(self, package: object, model: str, language: str | None) -> None:
        self.version = str(getattr(package, "__version__", ""))
        self.model = os.path.basename(os.path.normpath(model))
        self.model_sha256 = hash_of(model)
        self.language = language or ""
        self.settings: Mapping[str, str | int | float | bool] = {"beam_size": 5, "temperature": 0.0}
        try:
            self._model = package.WhisperModel(model, device="auto", local_files_only=True)  # type: ignore[attr-defined]
        except (RuntimeError, ValueError, OSError) as problem:
            raise UnreadableInput(
                f"faster-whisper cannot load {model!r}: {problem}", "check the model's files"
            ) from problem

    def hear(self, sound: Speech) -> list[Word]:
        """The words in one utterance, with times from its beginning."""
        segments, info = self._model.transcribe(
            sound.astype(np.float32) / 32768.0,
            language=self.language or None,
            word_timestamps=True,
            condition_on_previous_text=False,
            vad_filter=False,  # our own gate has cut the sound
            **self.settings,
        )
        words = [
            Word(word.word.strip(), span_of(word.start, word.end), round(float(word.probability), 3))
            for segment in segments
            for word in segment.words or ()
            if word.word.strip()
        ]
        self.language = self.language or str(info.language)
        return words
