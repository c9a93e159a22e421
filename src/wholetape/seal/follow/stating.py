"""What a listener finds becomes signed statements, seldom where all is well and at once where it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from wholetape.log.keys import PrivateKey
from wholetape.log.statement import MAX_STRETCHES, SoundStatement, Stretch, Verdict, sign_statement
from wholetape.seal.follow.history import History
from wholetape.store.followed import FollowedFolder


class Listens(Protocol):
    """Compares what was heard here with the rows of the recording."""

    def compare(self, history: History) -> Sequence[Stretch]:
        """What is newly known, in order and without gap; empty for nothing yet."""

    def finish(self, history: History) -> Sequence[Stretch]:
        """The same, at the end of the recording."""


@dataclass(frozen=True, slots=True)
class Often:
    """Seconds between two statements."""

    calm: float = 60.0
    """where everything matches"""
    urgent: float = 2.5
    """where something does not"""


@dataclass
class Stater:
    """Signs what ``listener`` finds with ``key``, and keeps it in ``folder``.

    ``tell`` takes lines for a person. ``not_matched`` are the samples that did not match so far.
    """

    listener: Listens
    key: PrivateKey
    folder: FollowedFolder
    clock: Callable[[], float]
    tell: Callable[[str], None]
    often: Often = field(default_factory=Often)
    not_matched: int = 0
    matched: int = 0
    _waiting: list[Stretch] = field(default_factory=list)
    _stated_at: float = -1e9

    def state(self, history: History, *, last: bool = False) -> str:
        """The next statement, kept already, to be sent; empty when none is due."""
        found = self.listener.finish(history) if last else self.listener.compare(history)
        for stretch in found:
            self._count(stretch, history)
        self._waiting = joined([*self._waiting, *found])
        urgent = any(s.verdict is Verdict.NOT_MATCHED for s in self._waiting)
        since = self.clock() - self._stated_at
        early = not last and since < (self.often.urgent if urgent else self.often.calm)
        if not self._waiting or early or history.checkpoint is None:
            return ""
        now, self._waiting = self._waiting[:MAX_STRETCHES], self._waiting[MAX_STRETCHES:]
        data = sign_statement(SoundStatement(history.checkpoint, self.key.name, tuple(now)), self.key)
        self.folder.state(self.folder.statements(), data)
        self._stated_at = self.clock()
        return data.decode()

    def _count(self, stretch: Stretch, history: History) -> None:
        if stretch.verdict is Verdict.MATCHED:
            self.matched += stretch.samples
        elif stretch.verdict is Verdict.NOT_MATCHED:
            self.not_matched += stretch.samples
            rate = history.header.rate
            where = f"{stretch.first / rate:.1f} s to {stretch.end / rate:.1f} s"
            self.tell(f"NOT MATCHED: the recording is not what is heard here, {where}")


def joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Neighbours of one verdict as one stretch."""
    out: list[Stretch] = []
    for stretch in stretches:
        if out and out[-1].verdict is stretch.verdict and out[-1].end == stretch.first:
            out[-1] = Stretch(stretch.verdict, out[-1].first, out[-1].samples + stretch.samples)
        else:
            out.append(stretch)
    return out
