"""What a host needs of the recording that it serves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from wholetape.log.kinds import What
from wholetape.log.note import Note


class JournalView(Protocol):
    """A recording in the making, as the host sees it. Called from several threads; every method locks for itself."""

    def lines(self, first: int, end: int) -> Sequence[bytes]:
        """The leaves' bytes without newline, from ``first`` up to ``end``, all of them on disk; fewer at the end."""

    def head(self) -> Note:
        """The newest head on disk, signed by the recorder (0x01)."""

    def rows(self, n: int) -> tuple[bytes, bytes] | None:
        """Salt and rows of the print of segment ``n``, as committed to; None where they are not given away."""

    def whole_print(self) -> bytes | None:
        """The print of the whole recording, once it is closed; None before, and where it is not given away."""

    def cosigned(self, note: Note) -> None:
        """Returns when a head with one verified cosignature is on disk; raises ``StorageFailed``."""

    def event(self, event: What, party: str, first: int, samples: int, detail: str) -> None:
        """Asks for an event leaf and returns at once; ``first`` below 0 means at the end of the sound so far."""

    def statement(self, data: bytes) -> None:
        """Returns when a verified statement is on disk, to travel with the seal; raises ``StorageFailed``."""
