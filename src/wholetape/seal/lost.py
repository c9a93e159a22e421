"""Sound that was committed and then lost on disk: a ``gap`` event with a length says where, and zeros stand there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wholetape.log.kinds import Event, Segment, What
from wholetape.log.salts import Label, commit, salt


def lost_of(leaves: Iterable[object]) -> list[Event]:
    """The events among ``leaves`` that say of committed sound that it is lost."""
    return [leaf for leaf in leaves if isinstance(leaf, Event) and leaf.event is What.GAP and leaf.samples]


def is_lost(leaf: Segment, lost: Sequence[Event]) -> bool:
    """Whether all of a segment lies in one of the stretches ``lost``."""
    return any(own.first <= leaf.first and leaf.first + leaf.samples <= own.first + own.samples for own in lost)


def expected(segments: Sequence[Segment], lost: Sequence[Event], seed: bytes, width: int) -> list[bytes | None]:
    """The hash that each segment's sound must have in the recording: its own, or that of zeros where it is lost.

    ``width`` is bytes of a sample of all channels.
    """
    if not lost:
        return [leaf.sound for leaf in segments]
    return [
        commit(salt(seed, Label.SOUND, leaf.n), bytes(leaf.samples * width)) if is_lost(leaf, lost) else leaf.sound
        for leaf in segments
    ]
