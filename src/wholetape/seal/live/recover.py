"""Goes on with, or closes, a recording whose recorder was killed; what is missing is recorded as missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from wholetape.errors import UsageError, VerificationFailed
from wholetape.log.keys import PrivateKey
from wholetape.log.kinds import Event, Segment, What
from wholetape.seal.live.journal import LiveJournal
from wholetape.seal.live.params import COPY, JOURNAL
from wholetape.seal.live.recorder import Clocks, Recorder
from wholetape.seal.live.sound import HiddenSound, PlainSound, SoundFile
from wholetape.seal.lost import lost_of
from wholetape.store.folder import HeldFolder


def resume(
    folder: HeldFolder,
    key: PrivateKey,
    clocks: Clocks,
    *,
    identities: Sequence[Any] = (),
    go_on: bool = True,
    changed: Callable[[], None] = lambda: None,
) -> Recorder:
    """The recorder of the recording in ``folder``, at its end: sound beyond the leaves is committed, then a gap.

    One that was being closed is given back only where ``go_on`` is false: its closing can be finished, no more.

    Raises:
        UsageError: there is none, or it is not this key's.
        MalformedFile: the journal is damaged beyond what its copy makes good.
        StorageFailed: the folder cannot be written to.
        VerificationFailed: the recording was closed, and is not on disk as it was then.
    """
    journal = LiveJournal.open(folder, key, identities)
    header, count = journal.header, journal.builder.count
    if go_on and count.closed:
        journal.close()
        raise UsageError(f"the recording in {folder.path!r} is closed", "write its seal with --recover")
    sound: SoundFile
    if journal.hidden:
        sound = HiddenSound(folder, header, journal.setup.recipients, identities)
    else:
        sound = PlainSound(folder, header)
    segments = list(journal.segments())
    for own in lost_of(journal.events_so_far()):
        _lose(sound, segments, own.first, own.first + own.samples)
    if sound.samples != count.samples and count.closed:
        raise VerificationFailed("the recording on disk is not as long as when it was closed", "put back its files")
    if sound.samples < count.samples:
        first = next(leaf.first for leaf in segments if leaf.first + leaf.samples > sound.samples)
        missing = Event(What.GAP, first, count.samples - first, _now(clocks), "", "sound was lost on the disk")
        journal.commit([(missing, None)])
        _lose(sound, segments, first, count.samples)
    sound.recount(count.covered)
    recorder = Recorder(journal, sound, clocks, changed)
    if count.closed:
        return recorder
    at, end = count.samples, sound.samples
    while at < end:
        recorder.take(sound.read(at, min(end, at + header.rate)), on_disk=True)
        at = recorder.samples
    recorder.boundary(What.GAP, "the recorder ended unexpectedly; what was said until it ran again is missing")
    return recorder


def _lose(sound: SoundFile, segments: Sequence[Segment], first: int, end: int) -> None:
    for leaf in segments:
        if first <= leaf.first < end and leaf.first <= sound.samples:
            sound.lose(leaf.first, leaf.first + leaf.samples)


def is_recording(folder: HeldFolder) -> bool:
    """Whether there is a recording in it."""
    return folder.exists(JOURNAL) or folder.exists(COPY)


def _now(clocks: Clocks) -> int:
    return max(0, int(clocks.wall() * 1000))
