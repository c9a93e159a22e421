"""The end of a recording: its file, its print, the closing leaf, the seal. After a crash anywhere it begins again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wholetape.errors import UnreadableInput, VerificationFailed
from wholetape.log.checkpoint import parse_checkpoint, sign, signature_by
from wholetape.log.keys import PrivateKey
from wholetape.log.kinds import Close, FileFacts
from wholetape.log.leaves import parse_leaf
from wholetape.log.note import Note
from wholetape.seal.build import key_members
from wholetape.seal.live.early import forget, with_early
from wholetape.seal.live.journal import LiveJournal
from wholetape.seal.live.params import COPY, LIVE, PRINT, SEAL
from wholetape.seal.live.recorder import Recorder
from wholetape.seal.live.rows import assemble
from wholetape.seal.live.vault import encrypt
from wholetape.seal.lost import expected, lost_of
from wholetape.seal.members import SEED
from wholetape.seal.sealfile import Seal
from wholetape.seal.sound import SegmentHashes
from wholetape.store.atomic import atomic_write
from wholetape.store.folder import HeldFolder
from wholetape.times import CLOCK_HZ

ESCROWED_SEED = "escrow/seed.age"
_MOST_HEADS, _MOST_STATEMENTS = 400, 1000
"""The newest: a seal has 2,000 members at most."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What was written: the seal, the names of the files beside it, and the samples."""

    seal: Seal
    files: tuple[str, ...]
    samples: int


def close_recording(
    folder: HeldFolder, recorder: Recorder, key: PrivateKey, reason: str, told: Callable[[], None] = lambda: None
) -> Closed:
    """Closes the recording and writes its files; ``told`` is called once the closing head is on disk.

    Raises:
        StorageFailed: something cannot be written; nothing is lost, and closing can be tried again.
        VerificationFailed: the sound on disk is not what was recorded.
        UnreadableInput: there is no sound in it.
    """
    journal, sound, header = recorder.journal, recorder.sound, recorder.journal.header
    closed = journal.builder.count.closed
    if not closed:
        recorder.finish()
    samples = journal.builder.count.samples
    if not samples:
        raise UnreadableInput("nothing was recorded: there is no sound to seal", "is the source muted or empty?")
    hashes = SegmentHashes(journal.builder.seed, _sizes(journal))
    file, pcm = sound.finish(hashes.take)
    hashes.finish()
    _same_sound(journal, hashes.digests)
    heard = -(-samples * CLOCK_HZ // header.rate)
    data = assemble(journal.all_rows(), header.print.tracks, heard, file.sha256).encode()
    printed = FileFacts(len(data), hashlib.sha256(data).digest())
    count = journal.builder.count
    parts = (count.documents, count.events, count.ciphers)
    leaf = Close(reason, count.segments, samples, printed, file, pcm, *parts)
    names = [f"{PRINT}.age" if journal.hidden else PRINT, SEAL]
    atomic_write(folder.name(names[0]), encrypt(data, journal.setup.recipients) if journal.hidden else data)
    if not closed:
        journal.commit([(leaf, None)])
        recorder.changed()
    elif not _closes(journal.builder.lines[len(journal.builder.tree) - 1], file, pcm, printed):
        raise VerificationFailed("the recording on disk is not the one that was closed", "put back its files")
    told()
    seal = with_early(build_seal(journal, key), folder)
    atomic_write(folder.name(SEAL), seal.encode())
    folder.remove(COPY)
    forget(folder)
    return Closed(seal, tuple(names), samples)


def _closes(line: bytes, file: FileFacts, pcm: bytes, printed: FileFacts) -> bool:
    last = parse_leaf(line)
    return isinstance(last, Close) and (last.file, last.pcm, last.print) == (file, pcm, printed)


def build_seal(journal: LiveJournal, key: PrivateKey) -> Seal:
    """The seal of a closed journal: its head with every cosignature that came for it, and earlier heads that count."""
    notes, statements = journal.notes()
    head = journal.head()
    earlier: dict[str, Note] = {}
    for note in notes:
        mine = parse_checkpoint(note.text)
        if mine.size > len(journal.builder.tree) or mine.root != journal.builder.tree.root(mine.size):
            continue  # no head of this recording, whoever brought it
        into = head if note.text == head.text else earlier.get(note.text, Note(note.text, ()))
        for line in note.signatures:
            into = into.signed(line)
        if note.text == head.text:
            head = into
        else:
            earlier[note.text] = into
    kept = _worth_keeping(journal, head, list(earlier.values()))
    others = key_members(journal.setup.keys)
    others |= {f"heads/{n:04}": sign(note, key).encode() for n, note in enumerate(kept)}
    others |= {f"statements/{n:04}": data for n, data in enumerate(statements[-_MOST_STATEMENTS:])}
    seal = journal.builder.seal(head, others)
    if journal.hidden:
        return seal.with_({SEED: None, ESCROWED_SEED: journal.setup.hidden})
    return seal


def _worth_keeping(journal: LiveJournal, head: Note, earlier: list[Note]) -> list[Note]:
    """The newest head of each party that did not sign the closing one, and one about every hour."""
    kept: list[int] = []
    for party in journal.header.parties[1:]:
        if head.by(party.cosigner) is None:
            signed = [n for n, note in enumerate(earlier) if signature_by(note, party.cosigner)]
            kept += signed[-1:]
    size = 0
    for n, note in enumerate(earlier):
        here = parse_checkpoint(note.text).size
        if here >= size:
            kept.append(n)
            size = here + LIVE.early
    return [earlier[n] for n in sorted(set(kept))][-_MOST_HEADS:]


def _sizes(journal: LiveJournal) -> Iterator[int]:
    return (leaf.samples * journal.frame for leaf in journal.segments())


def _same_sound(journal: LiveJournal, digests: list[bytes]) -> None:
    if not digests:  # encrypted: nobody here can read it again
        return
    lost = lost_of(journal.events_so_far())
    segments = list(journal.segments())
    due = expected(segments, lost, journal.builder.seed, journal.frame)
    for leaf, found, wanted in zip(segments, digests, due, strict=True):
        if found != wanted:
            raise VerificationFailed(
                f"second {leaf.first // journal.header.rate} of the recording on disk is not what was recorded: "
                "the file was changed or is damaged",
                "put back the file as it was, then close it with `wholetape record --recover`",
            )
