"""Puts a release together: everything is judged first, then sound and files are laid into the site's folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass

from wholetape.log.keys import PublicKey
from wholetape.media.facts import MediaFacts, inspect
from wholetape.media.tags import read_tags
from wholetape.media.websound import encode_for_web
from wholetape.release.chapters import LARGEST, parse_chapters
from wholetape.release.model import Attached, Chapter, File, Sealed, Session, Sound, Statement
from wholetape.release.names import in_files, numbered
from wholetape.release.order import Order
from wholetape.release.prints import PrintOf, print_of, read_print
from wholetape.release.said import Said, read_statement
from wholetape.release.sealed import Judged, judge, opens, salts_of
from wholetape.store.files import read_file
from wholetape.store.sitefolder import SiteFolder
from wholetape.transcript import formats
from wholetape.transcript.model import Transcript

Report = Callable[[str, float], None]
MAX_DOCUMENT = 256 << 20
"""Bytes of a document."""


@dataclass(frozen=True, slots=True)
class Source:
    """One recording and what belongs to it, judged and not yet in the site."""

    path: str
    facts: MediaFacts
    print: PrintOf
    seal: Judged | None
    transcript: Transcript | None
    captions: tuple[str, bytes] | None
    chapters: tuple[Chapter, ...]
    tags: tuple[tuple[str, str], ...]


def judged(order: Order, report: Report) -> tuple[Source, ...]:
    """Each session's recording with its seal, print and words, every one of which is readable and fits the others.

    Raises:
        WholetapeError: one is not, by its kind.
    """
    return tuple(_source(order, number, report) for number in range(len(order.recordings)))


def _source(order: Order, number: int, report: Report) -> Source:
    path = order.recordings[number]
    name = os.path.basename(path)
    facts, tags = inspect(path), read_tags(path)
    seal, given = order.seals[number], order.prints[number]
    beside = seal.removesuffix(".seal") + ".print" if seal.endswith(".seal") else ""
    printed = given or (beside if beside and os.path.isfile(beside) else "")
    data = read_print(printed) if printed else None
    found = None
    if seal:
        found = judge(seal, path, data, order.trust, lambda share: report(f"verifying {name}", share))
    words, captions = None, None
    if order.transcripts[number]:
        raw = read_file(order.transcripts[number], formats.LARGEST)
        words = formats.read(raw, order.transcripts[number])
        captions = (os.path.basename(order.transcripts[number]), raw)
    if order.chapters[number]:
        chapters = parse_chapters(read_file(order.chapters[number], LARGEST), order.chapters[number])
    else:
        chapters = tuple(Chapter(start, title) for start, title in tags.chapters)
    return Source(
        path,
        facts,
        print_of(path, facts.sha256, printed, data, found, order.jobs, report),
        found,
        words,
        captions,
        chapters,
        tags.words,
    )


def said(order: Order, sources: tuple[Source, ...]) -> tuple[tuple[str, Said], ...]:
    """Each statement with its path; signatures are judged by the keys pinned, and by those of the seals."""
    seals = [source.seal.seal for source in sources if source.seal is not None]
    known: list[PublicKey] = [*order.trust.keys, *(key for seal in seals for key in seal.header.parties)]
    origins = [seal.header.origin for seal in seals]
    return tuple(read_statement(given, known, origins) for given in order.statements)


def laid(source: Source, number: int, order: Order, folder: SiteFolder, base: str, report: Report) -> Session:
    """The session, its sound and files laid into the site."""
    name, facts = os.path.basename(source.path), source.facts
    with folder.putting(f"{base}/audio", numbered(str(number), "mp3")) as (out, done):
        sound = encode_for_web(
            source.path, out, jobs=order.jobs, progress=lambda share: report(f"making {name} fit for browsers", share)
        )
    original = ""
    if order.original:
        original = "files/" + folder.copy(f"{base}/files", in_files(name), source.path, facts.sha256)
    seal, captions = source.seal, source.captions
    return Session(
        title=name,
        recording=File(name, original, facts.size, facts.sha256),
        sound=Sound(f"audio/{done[0]}", sound.duration, sound.channels, sound.outline),
        seal=None
        if seal is None
        else Sealed(
            keep(folder, base, seal.name, seal.public),
            seal.found,
            seal.vouched,
            seal.facts,
            seal.warnings,
            seal.documents,
            salts_of(seal, order.original),
        ),
        print=keep(folder, base, source.print.name, source.print.data),
        transcript=source.transcript,
        transcript_file=keep(folder, base, *captions) if captions else None,
        chapters=tuple(chapter for chapter in source.chapters if chapter.start < sound.duration),
        excerpt=seal.excerpt if seal else None,
    )


def keep(folder: SiteFolder, base: str, name: str, data: bytes) -> File:
    """A download with this content, laid into the site."""
    path = folder.put(f"{base}/files", in_files(name), data)
    return File(name, f"files/{path}", len(data), hashlib.sha256(data).hexdigest())


def statements(
    found: tuple[tuple[str, Said], ...], order: Order, folder: SiteFolder, base: str
) -> tuple[Statement, ...]:
    """The statements as the pages show them, in order of their days."""
    shown = [
        Statement(
            one.statement.party,
            one.statement.kind,
            one.statement.day,
            one.statement.words,
            one.state,
            keep(folder, base, os.path.basename(path), one.data),
            one.key.fingerprint if one.key else "",
            one.key in order.trust.keys,
            one.statement.origin != "-",
        )
        for path, one in found
    ]
    return tuple(sorted(shown, key=lambda statement: statement.day or "9999"))


def documents(order: Order, sources: tuple[Source, ...], folder: SiteFolder, base: str) -> tuple[Attached, ...]:
    """The documents, each with what a seal says of it.

    Raises:
        VerificationFailed: one has the name of a sealed document and another content.
    """
    return tuple(_attached(path, sources, folder, base) for path in order.documents)


def _attached(path: str, sources: tuple[Source, ...], folder: SiteFolder, base: str) -> Attached:
    name, data = os.path.basename(path), read_file(path, MAX_DOCUMENT)
    state = "unsealed"
    for number, source in enumerate(sources):
        if source.seal is None or not source.seal.documents:
            continue
        if source.seal.seal.seed is None:
            state = "unknown"
            continue
        opened = opens(source.seal, name, data)
        if opened is not None:
            file = keep(folder, base, name, data)
            return Attached(file, "sealed", number, opened.number, opened.salt, opened.name_salt)
    return Attached(keep(folder, base, name, data), state)
