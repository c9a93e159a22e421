"""Chapters: from a file of lines ``TIME TITLE``, else those that the recording's file holds."""

from __future__ import annotations

import re

from wholetape.errors import MalformedFile
from wholetape.release.model import Chapter

LARGEST = 1 << 18
MOST = 500
_LINE = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{2}(?:\.\d{1,3})?)\s+(\S.*)\Z", re.ASCII)


def parse_chapters(data: bytes, what: str) -> tuple[Chapter, ...]:
    """The chapters in a text: a line each, ``M:SS TITLE`` or ``H:MM:SS TITLE``, in order of time.

    Raises:
        MalformedFile: a line that is none, or too many.
    """
    try:
        lines = [line.strip() for line in data.decode("utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError as problem:
        raise MalformedFile(f"{what} is not text in UTF-8") from problem
    found: list[Chapter] = []
    for number, line in enumerate(lines, 1):
        match = _LINE.match(line)
        if match is None or len(found) >= MOST:
            raise MalformedFile(f"{what}: line {number} is no chapter", "a line is for instance: 12:30 Second question")
        hours, minutes, seconds, title = match.groups()
        found.append(Chapter(int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds), title[:200]))
    return tuple(sorted(found, key=lambda chapter: chapter.start))
