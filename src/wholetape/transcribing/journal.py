"""What was recognised so far, beside the transcript to be: a run that was stopped goes on where it was.

A line is written, and on the disk, after each utterance. The first names the recording's hash, engine, model and
settings; a journal of anything else is begun anew. A last line that a crash cut off is dropped.
"""

from __future__ import annotations

import json
from typing import Any

from wholetape.store.growing import GrowingFile
from wholetape.times import Span
from wholetape.transcript.model import Word

Key = tuple[int, int]
"""First sample and number of samples of an utterance."""


class Journal:
    """The journal at ``path``; ``done`` has the words of each utterance that was recognised."""

    def __init__(self, path: str, head: dict[str, Any]) -> None:
        self.path = path
        self.done: dict[Key, list[Word]] = {}
        self._file = GrowingFile(path)
        whole = self._file.read(0, self._file.size)
        lines = whole[: whole.rfind(b"\n") + 1].splitlines(keepends=True)
        kept = 0
        try:
            if lines and json.loads(lines[0]) == head:
                kept = len(lines[0])
                for line in lines[1:]:
                    key, words = _parse(line)
                    self.done[key] = words
                    kept += len(line)
        except (ValueError, KeyError, TypeError):
            pass  # what is behind a damaged line is recognised again
        if kept != self._file.size:
            self._file.truncate(kept)
        if not kept:
            self._append(head)

    def add(self, key: Key, words: list[Word]) -> None:
        """Returns when the words of one utterance are on the disk."""
        rows = [[word.text, word.span.start, word.span.end, word.confidence] for word in words]
        self._append({"at": list(key), "words": rows})
        self.done[key] = words

    def _append(self, tree: dict[str, Any]) -> None:
        self._file.append(json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self._file.sync()

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()


def _parse(line: bytes) -> tuple[Key, list[Word]]:
    tree = json.loads(line)
    start, count = tree["at"]
    words = [Word(str(text), Span(int(a), int(b)), sure) for text, a, b, sure in tree["words"]]
    return (int(start), int(count)), words
