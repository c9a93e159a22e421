"""Goes on with, or closes, a recording whose recorder was killed; what is missing is recorded as missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from wholetape.log.keys import PrivateKey
from wholetape.log.kinds import Event, What
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
    changed: Callable[[], None] = lambda: None,
) -> Recorder:
    """The recorder of the recording in ``folder``, at its end: sound beyond the leaves is committed, then a gap.

    Raises:
        UsageError: there is none, or it is not this key's.
        MalformedFile: the journal is damaged beyond what its copy makes good.
        StorageFailed: the folder cannot be written to.
    """
    journal = LiveJournal.open(folder, key, identities)
    header, count = journal.header, journal.builder.count
    sound: SoundFile
    if journal.hidden:
        hidden = HiddenSound(folder, header, journal.setup.recipients, identities)
        hidden.recount(count.covered)
        sound = hidden
    else:
        sound = PlainSound(folder, header)
    for own in lost_of(journal.events_so_far()):
        sound.lose(own.first, own.first + own.samples)
    if sound.samples < count.samples:
        first = next(leaf.first for leaf in journal.segments() if leaf.first + leaf.samples > sound.samples)
        missing = Event(What.GAP, first, count.samples - first, _now(clocks), "", "sound was lost on the disk")
        journal.commit([(missing, None)])
        sound.lose(first, count.samples)
    recorder = Recorder(journal, sound, clocks, changed)
    if count.closed:
        return recorder
    at, end = count.samples, sound.samples
    while at < end:
        recorder.take(sound.read(at, min(end, at + header.rate)), on_disk=True)
        at = recorder.samples
    recorder.boundary(What.GAP, "the recorder ended unexpectedly; what was said until it ran again is missing")
    return recorder


def is_recording(folder: HeldFolder) -> bool:
    """Whether there is a recording in it."""
    return folder.exists(JOURNAL) or folder.exists(COPY)


def _now(clocks: Clocks) -> int:
    return max(0, int(clocks.wall() * 1000))
