"""Speech recognisers, by the names that users give them. Each is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol

from wholetape.media.speech import Speech
from wholetape.transcript.model import Word

NAMES = ("pocketsphinx", "faster-whisper", "whispercpp")
DEFAULT = "pocketsphinx"


class Engine(Protocol):
    """A recogniser with its model loaded."""

    name: str
    version: str
    model: str
    model_sha256: str
    settings: Mapping[str, str | int | float | bool]
    language: str

    def hear(self, sound: Speech) -> list[Word]:
        """The words in one utterance of 16 kHz, with times from its beginning."""
        ...


def load(name: str, model: str | None = None, language: str | None = None) -> Engine:
    """The engine ``name`` with the model at the path ``model``.

    Raises:
        UsageError: an unknown engine, one that is not installed, or one that needs a model and got none.
        UnreadableInput: the model cannot be read.
    """
    module = import_module(f"wholetape.transcribing.engines.{name.replace('-', '_')}")
    engine: Engine = module.load(model, language)
    return engine
