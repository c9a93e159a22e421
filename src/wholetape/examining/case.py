"""One file under examination, and what a method answers about it."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from wholetape.examining.sound import Take
from wholetape.examining.survey import Survey
from wholetape.media.facts import MediaFacts
from wholetape.traces import Reach, Trace


@dataclass(frozen=True, slots=True)
class Case:
    """One file under examination: its facts, its sound, and what was gathered while it was decoded."""

    facts: MediaFacts
    take: Take
    survey: Survey
    pool: ThreadPoolExecutor
    reference_hum: str | os.PathLike[str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one method found, how far it reached, and what it tells of the file's history, in words."""

    traces: tuple[Trace, ...]
    reach: Reach
    words: str = ""


Method = Callable[[Case, Callable[[float], None]], Answer]
