"""Archive: which recording is this clip from? The use case behind ``wholetape archive``."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor
from types import TracebackType
from typing import Any, Self

from wholetape.archive import finding, layout, parts
from wholetape.archive.adding import Printer, add_all
from wholetape.archive.companions import index_anew
from wholetape.archive.entries import Added, Addition, Entry, FindOutcome, Found, Hit
from wholetape.archive.filing import file_away
from wholetape.archive.params import FIND
from wholetape.archive.seek import loud_frames
from wholetape.archive.verifying import Fault, faults
from wholetape.archive.words import InCatalog, InDatabase, Passage, Unnamed, WordIndex, passages
from wholetape.errors import MalformedFile, UsageError
from wholetape.match.bands import Frames
from wholetape.match.params import PRINT
from wholetape.store.atomic import atomic_write, make_folders, remove_file
from wholetape.store.catalog import Catalog, only_writer
from wholetape.store.finds import candidates
from wholetape.store.wordbase import WordBase

__all__ = ["Added", "Addition", "Archive", "Entry", "Fault", "FindOutcome", "Found", "Hit", "Passage"]

_MEDIA = """3g2 3gp aac ac3 adts aif aiff amr ape asf au avi awb caf dss dts eac3 flac flv gsm latm loas m2ts m4a m4b
m4v mka mkv mov mp2 mp3 mp4 mpc mpeg mpg mts mxf oga ogg ogv opus print qcp ra rm sbc shn spx tta ts vob voc
w64 wav weba webm wma wmv wv"""
SUFFIXES = frozenset(f".{name}" for name in _MEDIA.split())
"""What names of recordings end with, in a folder; a file that is named itself may end as it likes."""
_ENTRY = "SELECT id, sha256, name, path, seconds, added, seal, transcript FROM recordings"
_SECOND = PRINT.rate / PRINT.hop


def _quiet(what: str, share: float) -> None:
    """Tell nobody."""


class Archive:
    """The archive in ``folder``; made where ``make`` is true. A context manager.

    Any number of readers may use it beside one writer; ``add``, ``remove`` and ``rebuild`` write. The words of
    transcripts are in its catalogue, or in the PostgreSQL database ``words``: into which the first ``add`` or
    ``rebuild`` that names it moves them.

    Raises:
        UsageError: there is none.
        MalformedFile: its catalogue is damaged, or of a newer version.
        StorageFailed: it cannot be made, or the database cannot be used.
    """

    def __init__(self, folder: str | os.PathLike[str], *, make: bool = False, words: str = "") -> None:
        self.folder = os.path.abspath(os.fspath(folder))
        if make:
            with only_writer(self.folder):
                make_folders(self.folder, layout.FOLDERS)
                self._catalog = Catalog(layout.catalog(self.folder), make=True)
        else:
            self._catalog = Catalog(layout.catalog(self.folder))
        self._base = WordBase(words) if words else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the archive."""
        self._catalog.close()

    def add(
        self,
        paths: Sequence[str],
        make: Printer,
        *,
        executor: Executor | None = None,
        workers: int = 1,
        progress: Callable[[str, float], None] = _quiet,
    ) -> Generator[Addition, None, None]:
        """Adds the recordings of ``paths``, files and folders, and yields what became of each as it is decided.

        What is there already is left as it is, and a file that cannot be read stops no other. ``make``
        makes a print, on ``executor`` where there is one: of several machines, for instance, on which the same paths
        must lead to the same files.

        Raises:
            StorageFailed: the archive cannot be written, or somebody else writes to it.
        """
        with only_writer(self.folder):
            words = self._settled_words()
            found, problems = candidates(paths, SUFFIXES)
            yield from (Addition(problem, Added.BROKEN, why="cannot be looked at") for problem in problems)
            yield from add_all(self._catalog, words, self.folder, found, make, executor, workers, progress)
            file_away(self._catalog, self.folder)

    def entries(self) -> list[Entry]:
        """All recordings, in the order in which they were added."""
        return [_entry(row) for row in self._catalog.rows(f"{_ENTRY} ORDER BY id")]

    def entry(self, which: str) -> Entry:
        """The recording that ``which`` names: its number, the beginning of its SHA-256, its name or its path.

        Raises:
            UsageError: none is named so, or several.
        """
        rows = self._catalog.rows(
            f"""{_ENTRY} WHERE name = :w OR path = :w OR CAST(id AS TEXT) = :w
            OR (length(:w) >= 6 AND substr(sha256, 1, length(:w)) = :w)""",
            {"w": which},
        )
        if len(rows) != 1:
            words = "no recording" if not rows else f"{len(rows)} recordings"
            raise UsageError(
                f"{words} of this archive: {which!r}", "`wholetape archive list` shows number and hash of each"
            )
        return _entry(rows[0])

    def print_file(self, entry: Entry) -> str:
        """The file of a recording's print."""
        return layout.print_of(self.folder, entry.sha256)

    def find(
        self,
        frames: Frames,
        *,
        executor: Executor | None = None,
        progress: Callable[[str, float], None] = _quiet,
    ) -> Found:
        """Which recordings hold the clip that ``frames`` describe, or a stretch of it, and where."""
        entries = {entry.id: entry for entry in self.entries()}
        hours = sum(entry.seconds for entry in entries.values()) / 3600
        duration = len(frames) / _SECOND
        loud = max((len(loud_frames(frames, *window)) for window in finding.windows(frames)), default=0)
        if loud < FIND.least_frames:
            why = "the clip has less than a second of sound in it"
            return Found(FindOutcome.NOT_FOUND, (), duration, (len(entries), hours), why)
        found = self._matches(frames, executor, lambda share: progress("searching the archive", share))
        hits = tuple(
            _hit(entries[match.recording], match, len(frames)) for match in found if match.recording in entries
        )[: FIND.most_hits]
        outcome = FindOutcome.NOT_FOUND
        if hits:
            outcome = FindOutcome.UNCERTAIN
            if finding.sure(hits[0].score, hits[0].agreement):
                outcome = FindOutcome.FOUND
                hits = tuple(hit for hit in hits if finding.sure(hit.score, hit.agreement))
        return Found(outcome, hits, duration, (len(entries), hours))

    def _matches(
        self, frames: Frames, executor: Executor | None, progress: Callable[[float], None]
    ) -> list[finding.Match]:
        for last in (False, True):
            asks = [(self.folder, *name) for name in parts.names(self._catalog)]
            try:
                return finding.matches(asks, frames, executor, progress)
            except MalformedFile:  # a writer merged segments while we looked: look once more
                if last or asks == [(self.folder, *name) for name in parts.names(self._catalog)]:
                    raise
        raise AssertionError("unreachable")

    def passages(self, text: str) -> list[tuple[Entry, Passage]]:
        """Passages of transcripts that hold all words of ``text``, best first, each with its recording.

        Raises:
            UsageError: there is no word in ``text``, or the words are in a database that was not named.
            StorageFailed: the database cannot be used.
        """
        if self._base and not self._words_elsewhere:
            raise UsageError(
                "the words of this archive's transcripts are in its catalogue",
                "leave out --words-database, or move them with `wholetape archive verify --rebuild`",
            )
        entries = {entry.id: entry for entry in self.entries()}
        return [
            (entries[found.recording], found) for found in passages(self._words(), text) if found.recording in entries
        ]

    def transcript_file(self, entry: Entry) -> str:
        """The file of a recording's transcript."""
        return layout.transcript_of(self.folder, entry.sha256)

    def remove(self, which: str) -> Entry:
        """Removes a recording with its print, seal and transcript, and returns what it was. Its file is left alone.

        Raises:
            UsageError: no recording is named so, or several.
        """
        with only_writer(self.folder):
            entry = self.entry(which)
            words = self._settled_words()
            with self._catalog.change():
                words.drop(entry.id, entry.sha256)
                self._catalog.run("DELETE FROM files WHERE sha256 = ?", (entry.sha256,))
                self._catalog.run("DELETE FROM recordings WHERE id = ?", (entry.id,))
            for file in (layout.print_of, layout.seal_of, layout.transcript_of):
                remove_file(file(self.folder, entry.sha256))
            file_away(self._catalog, self.folder)
            return entry

    def verify(self, progress: Callable[[str, float], None] = _quiet) -> list[Fault]:
        """What is wrong with the archive's files: missing, damaged, contradicting the catalogue; else nothing."""
        return faults(self._catalog, self.folder, lambda share: progress("verifying the archive", share))

    def rebuild(self) -> None:
        """Files all prints anew into one segment, and all words of transcripts."""
        with only_writer(self.folder):
            index_anew(self._catalog, self._settled_words(), self.folder)
            file_away(self._catalog, self.folder, all_anew=True)

    @property
    def _words_elsewhere(self) -> bool:
        return os.path.isfile(layout.words_elsewhere(self.folder))

    def _words(self) -> WordIndex:
        if self._base:
            return InDatabase(self._catalog, self._base)
        return Unnamed() if self._words_elsewhere else InCatalog(self._catalog)

    def _settled_words(self) -> WordIndex:
        """Where a writer puts words; into a database that is named for the first time those that are there move."""
        words = self._words()
        if isinstance(words, Unnamed):
            raise words.missing()
        if self._base and not self._words_elsewhere:
            index_anew(self._catalog, words, self.folder)
            atomic_write(layout.words_elsewhere(self.folder), b"PostgreSQL\n")
            self._catalog.run("DELETE FROM passages")
        return words


def _entry(row: Any) -> Entry:
    return Entry(
        row["id"],
        row["sha256"],
        row["name"],
        row["path"],
        row["seconds"],
        row["added"],
        bool(row["seal"]),
        bool(row["transcript"]),
    )


def _hit(entry: Entry, match: finding.Match, length: int) -> Hit:
    """The hit of a match: to the ends of the clip where its first and last windows are there, and of the recording."""
    start = 0 if match.start <= FIND.window else match.start
    end = length if match.end >= length - FIND.window else match.end
    last = entry.seconds * _SECOND
    start, stop = max(start, -match.offset), min(float(end), last - match.offset)
    return Hit(
        entry,
        ((match.offset + start) / _SECOND, (match.offset + stop) / _SECOND),
        (start / _SECOND, stop / _SECOND),
        match.score,
        match.agreement,
    )
