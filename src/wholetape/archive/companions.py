"""What lies beside a recording when it is added: its seal, and its transcript, word by word."""

from __future__ import annotations

from pathlib import PurePath

from wholetape.archive import layout
from wholetape.archive.words import WordIndex
from wholetape.errors import WholetapeError
from wholetape.store.atomic import atomic_write
from wholetape.store.catalog import Catalog
from wholetape.store.files import read_file
from wholetape.store.finds import beside
from wholetape.transcript import formats, native

TRANSCRIPTS = (".json", ".vtt", ".srt", ".ttml", ".txt")
"""What names of transcripts end with, the one that tells most first."""
_SEAL_LIMIT = 1 << 26


def keep_companions(catalog: Catalog, words: WordIndex, folder: str, path: str, sha256: str) -> list[str]:
    """Keeps what lies beside the recording at ``path`` and is not kept yet; returns what is wrong with those files.

    A seal is not verified here: it says nothing until ``wholetape verify`` or ``check`` has read it with keys.
    """
    rows = catalog.rows("SELECT id, seal, transcript FROM recordings WHERE sha256 = ?", (sha256,))
    if not rows:
        return []
    problems: list[str] = []
    if rows[0]["seal"] is None:
        _keep_seal(catalog, folder, path, sha256, problems)
    if rows[0]["transcript"] is None:
        _keep_transcript(catalog, words, folder, path, rows[0]["id"], sha256, problems)
    return problems


def _keep_seal(catalog: Catalog, folder: str, path: str, sha256: str, problems: list[str]) -> None:
    seal = beside(path, ".seal")
    if seal is None:
        return
    try:
        data = read_file(seal, _SEAL_LIMIT)
    except WholetapeError as problem:
        problems.append(str(problem))
        return
    atomic_write(layout.seal_of(folder, sha256), data)
    catalog.run("UPDATE recordings SET seal = ? WHERE sha256 = ?", (PurePath(seal).name, sha256))


def _keep_transcript(
    catalog: Catalog, words: WordIndex, folder: str, path: str, number: int, sha256: str, problems: list[str]
) -> None:
    for suffix in TRANSCRIPTS:
        file = beside(path, suffix)
        if file is None or file == path:
            continue
        try:
            transcript = formats.read(read_file(file, formats.LARGEST), repr(file))
        except WholetapeError as problem:
            problems.append(str(problem))
            continue
        atomic_write(layout.transcript_of(folder, sha256), native.encode(transcript).encode())
        with catalog.change():
            catalog.run("UPDATE recordings SET transcript = ? WHERE id = ?", (PurePath(file).name, number))
            words.put(number, sha256, transcript)
        return


def index_anew(catalog: Catalog, words: WordIndex, folder: str) -> None:
    """Puts the words of every transcript that is kept into ``words``.

    Raises:
        MalformedFile: a transcript is damaged.
        StorageFailed: the words cannot be written.
    """
    for row in catalog.rows("SELECT id, sha256 FROM recordings WHERE transcript IS NOT NULL ORDER BY id"):
        file = layout.transcript_of(folder, row["sha256"])
        with catalog.change():
            words.put(row["id"], row["sha256"], formats.read(read_file(file, formats.LARGEST), repr(file)))
