"""What a recording's file says in words: chapters, and tags that may name people, devices and places."""

from __future__ import annotations

import os
from dataclasses import dataclass

from wholetape.media.guard import open_container, open_regular

MOST = 500
"""Chapters, and tags, of one file."""
_LONGEST = 200
_HARMLESS = frozenset(
    {"encoder", "major_brand", "minor_version", "compatible_brands", "language", "vendor_id", "handler_name"}
)


@dataclass(frozen=True, slots=True)
class Tags:
    """``chapters`` are pairs of seconds and title; ``words`` pairs of a tag's name and value."""

    chapters: tuple[tuple[float, str], ...]
    words: tuple[tuple[str, str], ...]


def read_tags(path: str | os.PathLike[str]) -> Tags:
    """The tags of the file at ``path``. Nothing in them is verified.

    Raises:
        UnreadableInput: no such file, or not media.
    """
    with open_regular(path) as file, open_container(file, os.fspath(path)) as container:
        chapters = []
        for chapter in container.chapters()[:MOST]:
            base = chapter["time_base"]
            start = float(chapter["start"] * base) if base else 0.0
            title = chapter["metadata"].get("title", "")
            if start >= 0 and title:
                chapters.append((start, title[:_LONGEST]))
        found = {**container.metadata}
        for stream in container.streams:
            found |= stream.metadata
        words = [(name[:_LONGEST], value[:_LONGEST]) for name, value in found.items() if name.lower() not in _HARMLESS]
        return Tags(tuple(sorted(chapters)), tuple(words[:MOST]))
