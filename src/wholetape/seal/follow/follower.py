"""Follows a recording: fetches, checks, keeps, and cosigns every few seconds.

1. ``talk`` joins: the host shows that it holds the recorder's key and is there now, the follower shows its own key.
2. News come as they are made. ``history`` checks every bit; leaves and rows are kept on disk (``store.followed``).
3. Every few seconds the newest head is remembered as signed (``store.ledger``), signed, kept, and only then sent.
4. What a listener finds is signed by ``stating``, kept, and sent; it is kept too where the recorder refuses it.
5. At the end the closing head is signed only when asked for: it holds the hash of a file that was not seen here.
   Otherwise the head over everything before it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from wholetape.errors import MalformedFile, NetworkFailed, VerificationFailed
from wholetape.log.checkpoint import Checkpoint, cosign, parse_checkpoint
from wholetape.log.kinds import Close
from wholetape.log.note import Note
from wholetape.seal.follow import messages as m
from wholetape.seal.follow.history import Contradiction, History
from wholetape.seal.follow.printed import fits, printed
from wholetape.seal.follow.stating import Stater
from wholetape.seal.follow.talk import Conversation, Refusal, patiently
from wholetape.store.followed import FollowedFolder
from wholetape.store.ledger import HeadLedger


@dataclass(frozen=True, slots=True)
class Pace:
    """Times of a follower, in seconds."""

    cosign: float = 3.0
    """between two cosignatures"""
    wait: int = 5
    """that the host may hold an answer back until there is news"""
    stalled: float = 10.0
    """without a new head, the recording neither paused nor closed, until the person is told"""
    breath: float = 0.2
    """after an answer that brings nothing, and came at once"""
    first: tuple[float, ...] = (0.5, 1, 2, 3)
    """before each further attempt to reach a host that was never there"""
    again: tuple[float, ...] = (0.5, 1, 2, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5)
    """before each further attempt to reach a host that is gone: a minute in all"""


@dataclass
class Follower:
    """One party's side of following.

    Args:
        talk: the conversation with the host, as this party.
        folder: where everything is kept.
        ledger: what this key has signed.
        wall: seconds since 1970, for cosignatures.
        clock, sleep: monotonic.
        tell: takes lines for a person.
        sign_close: whether the closing head is cosigned too, its file unseen.
        stater: compares with what is heard here, and states it.
    """

    talk: Conversation
    folder: FollowedFolder
    ledger: HeadLedger
    wall: Callable[[], float]
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    tell: Callable[[str], None]
    sign_close: bool = False
    stater: Stater | None = None
    pace: Pace = field(default_factory=Pace)
    history: History | None = None
    signed: int = 0
    """Leaves under the newest head that was cosigned."""
    stored: int = 0
    """Leaves under the newest head whose cosignature the recorder has stored."""
    _cosigned_at: float = -1e9
    _grew_at: float = 0.0
    _got: bool = True
    _told: set[str] = field(default_factory=set)

    def run(self, stop: Callable[[], bool] = lambda: False) -> bool:
        """Follows until the recording is closed (True) or ``stop()`` says so (False).

        Raises:
            NetworkFailed: the host cannot be reached, or not any more.
            VerificationFailed: something does not hold; evidence, if there is any, is in the folder.
            MalformedFile: the host, or the folder, holds what is none.
            StorageFailed: the folder or the ledger cannot be written; nothing was signed since.
        """
        if self.history is None:  # the recorder may be about to start
            patiently(self.join, _nothing, self.pace.first, self.sleep, self.tell, stop)
        while not stop():
            patiently(self.step, self.join, self.pace.again, self.sleep, self.tell, stop)
            if self.history is not None and self.history.closed:
                self._close(self.history)
                return True
        self.talk.leave()
        return False

    def join(self) -> History:
        """Opens a session; the first time, takes up what the folder holds."""
        session = self.talk.join()
        history = self.history
        if history is None:
            history = History(session.origin, session.recorder)
            history.resume(self.folder.leaves(), self.folder.rows(), self.folder.heads())
            self.folder.forget_rows(len(history.rows))
            self.tell(f"following {session.recorder.name}, recording {session.origin.removeprefix('wholetape/')}")
            if self.talk.trusted is None:
                self.tell(
                    "nobody vouches for the recorder's key; compare its fingerprint with the recorder: "
                    f"{session.recorder.fingerprint}"
                )
            if history.since:
                self.tell(f"going on after {history.since} leaves that were signed before")
            self._grew_at = self.clock()
        elif (history.origin, history.recorder) != (session.origin, session.recorder):
            raise VerificationFailed(
                "the host now offers another recording", "the one followed so far is in the folder; it was not closed"
            )
        self.history = history
        return history

    def step(self) -> None:
        """One question for news, and a cosignature when it is time; raises as :meth:`run` does."""
        history = self.history or self.join()
        had, began = (len(history.lines), len(history.rows)), self.clock()
        news = self.talk.news(*had, history.since, self._wait(history))
        try:
            leaves, rows = history.take(news)
        except Contradiction as found:
            self.folder.evidence(found.notes)
            raise
        self.folder.keep(leaves, rows)
        self._got = (len(history.lines), len(history.rows)) != had
        self._notice(history, len(history.lines) > had[0])
        if not self._got and self.clock() - began < self.pace.breath:
            self.sleep(self.pace.breath)  # a host that answers at once, with nothing, does not keep this machine busy
        if not history.complete or history.closed:
            return
        self._state(history)
        if self.clock() - self._cosigned_at >= self.pace.cosign:
            self._cosign(history)

    def _wait(self, history: History) -> int:
        if self._got and (not history.complete or len(history.rows) < len(history.segments)):
            return 0
        if self.signed == len(history.lines):
            return self.pace.wait
        due = self._cosigned_at + self.pace.cosign - self.clock()
        return min(self.pace.wait, max(1, math.ceil(due)))

    def _notice(self, history: History, grew: bool) -> None:
        """Tells a person what a machine cannot judge."""
        now = self.clock()
        if grew:
            if "stalled" in self._told:
                self.tell("the recording goes on")
            self._grew_at = now
            self._told.discard("stalled")
        elif not history.paused and now - self._grew_at > self.pace.stalled:
            self._once("stalled", f"nothing new for {now - self._grew_at:.0f} s: it stands still, or is held back")
        for name in history.others:
            self._once(f"with {name}", f"{name} has cosigned the same history")
        if history.withheld:
            self._once("withheld", "the recorder does not show the print of all segments: that sound is not compared")

    def _once(self, what: str, line: str) -> None:
        if what not in self._told:
            self._told.add(what)
            self.tell(line)

    def _cosign(self, history: History, head: Note | None = None) -> None:
        """Signs ``head``, by default the recorder's newest, and sends it; one that was not stored is sent again."""
        head = head or history.head
        assert head is not None
        checkpoint = parse_checkpoint(head.text)
        self.ledger.remember(checkpoint, history.tree)
        mine = cosign(head, self.talk.key, int(self.wall()))
        if checkpoint.size > self.signed:
            self.folder.keep_head(mine)
            self.signed = checkpoint.size
        self._cosigned_at = self.clock()
        line = mine.by(self.talk.key.public.cosigner)
        if line is None or self.stored == checkpoint.size:
            return
        try:
            self.talk.store(m.COSIGN, Note(mine.text, (line,)).encode().decode())
            self.stored = checkpoint.size
            self._told.discard("not stored")
        except Refusal as refusal:
            if refusal.status not in (m.Status.NOT_STORED, m.Status.TOO_OFTEN):
                raise
            self._once("not stored", f"a signature was not stored, {refusal}; it is kept in the folder")

    def _state(self, history: History, *, last: bool = False) -> None:
        if self.stater is None:
            return
        statement = self.stater.state(history, last=last)
        if statement:
            try:
                self.talk.store(m.STATE, statement)
            except Refusal as refusal:
                self._once("unwanted", f"a statement was not taken, {refusal}; it is kept in the folder")

    def _close(self, history: History) -> None:
        """Signs what may be signed, writes what there is to write, and leaves."""
        assert history.head is not None
        self._state(history, last=True)
        whole = self._print(history)
        size = len(history.tree)
        if self.sign_close:
            self._cosign(history)
        elif self.signed < size - 1:
            before = Checkpoint(history.origin, size - 1, history.tree.root(size - 1))
            self._cosign(history, Note(before.text, ()))
        self.folder.put("head", history.head.encode())
        self.talk.leave()
        if whole is not None:
            self.folder.put("recording.print", whole)

    def _print(self, history: History) -> bytes | None:
        """The whole print: from the rows that were shown, or, where pauses left some out, from the host at the end."""
        try:
            whole = printed(history)
        except MalformedFile as problem:
            raise VerificationFailed(f"the closing leaf does not fit what was shown: {problem}") from problem
        close = history.leaves[-1]
        if whole is not None or history.withheld or not isinstance(close, Close):
            return whole
        try:
            whole = self.talk.print(close.print.size)
        except (Refusal, NetworkFailed, MalformedFile) as problem:
            self.tell(f"the recorder does not give the print: {problem}")
            return None
        if not fits(history, whole):
            raise VerificationFailed("the print that the recorder gives is not the one that its closing leaf names")
        return whole


def _nothing() -> None:
    """There is nothing to do again where nothing was begun."""
