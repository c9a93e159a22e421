"""Where the files of an archive lie in its folder. ``docs/spec/archive.md`` is the definition."""

from __future__ import annotations

import os

CATALOG = "archive.db"
PRINTS = "prints"
SEALS = "seals"
TRANSCRIPTS = "transcripts"
SEGMENTS = "segments"
FOLDERS = (PRINTS, SEALS, TRANSCRIPTS, SEGMENTS)
FRESH = ""
"""The name that stands for the lanes that are in no segment yet."""


def catalog(folder: str) -> str:
    """The catalogue's file."""
    return os.path.join(folder, CATALOG)


def words_elsewhere(folder: str) -> str:
    """A file that is there where the words of the transcripts are in a database."""
    return os.path.join(folder, "words-elsewhere")


def segment(folder: str, name: str) -> str:
    """The folder of a segment."""
    return os.path.join(folder, SEGMENTS, name)


def seal_of(folder: str, sha256: str) -> str:
    """The seal that lay beside that recording."""
    return os.path.join(folder, SEALS, f"{sha256}.seal")


def transcript_of(folder: str, sha256: str) -> str:
    """The transcript that lay beside that recording, in ``wholetape.transcript/v1``."""
    return os.path.join(folder, TRANSCRIPTS, f"{sha256}.json")


def print_of(folder: str, sha256: str) -> str:
    """The print of the recording with that hash."""
    return os.path.join(folder, PRINTS, f"{sha256}.print")
