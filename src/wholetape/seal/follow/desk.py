"""The host's side of the protocol, without a network: every question, and what it is answered with.

Strangers learn nothing: only keys of the header's parties get a challenge, and only who answers it gets news. A party
that stays away, floods or sends nonsense changes nothing for the recording or for the others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import ClassVar

from wholetape.errors import MalformedFile, StorageFailed, VerificationFailed, WholetapeError
from wholetape.log.checkpoint import parse_checkpoint, signature_by
from wholetape.log.encoding import b64decode
from wholetape.log.keys import PrivateKey
from wholetape.log.kinds import Close, Header, Segment, What
from wholetape.log.leaves import parse_leaf
from wholetape.log.merkle import Tree
from wholetape.log.note import Note, parse_note
from wholetape.log.session import Role, sign_session, verify_session
from wholetape.log.statement import SoundStatement, Verdict, verify_statement
from wholetape.seal.follow import messages as m
from wholetape.seal.follow.guests import Guests, Patience
from wholetape.seal.follow.messages import Status
from wholetape.seal.follow.view import JournalView

Answer = tuple[int, bytes]


class Refused(WholetapeError):
    """A question that is answered with a status and words."""

    def __init__(self, status: Status, words: str) -> None:
        super().__init__(words)
        self.status = status


class Desk:
    """Answers followers of the recording behind ``view``.

    Args:
        view: the recording; its first leaf is there already.
        key: the recorder's, of which heads are signed; here it signs answers to challenges only.
        clock: seconds, monotonic.
        tell: called with one line for a person when somebody comes, goes, or finds something.
        patience: bounds.
    """

    def __init__(
        self,
        view: JournalView,
        key: PrivateKey,
        clock: Callable[[], float],
        tell: Callable[[str], None] = lambda line: None,
        patience: Patience | None = None,
    ) -> None:
        self._view, self._key, self._clock, self.tell = view, key, clock, tell
        self._patience = patience or Patience()
        header = parse_leaf(view.lines(0, 1)[0])
        if not isinstance(header, Header) or header.parties[0] != key.public:
            raise ValueError("the first leaf is not the header of a recording by this key")
        self.header = header
        self.guests = Guests(header.parties[1:], clock, self._patience)
        self._lock = threading.Lock()
        self._wake = threading.Condition()  # apart from the lock: the recorder calls changed() with locks of its own
        self._changes = 0
        self._tree = Tree()
        self._segments: list[int] = []  # number of leaves up to and with each segment
        self._head = view.head()
        self._closed = self._stopped = False
        self._print: bytes | None = None
        self._catch_up()

    @property
    def closed(self) -> bool:
        """True once the closing head is there."""
        return self._closed

    def changed(self) -> None:
        """There is a new head: wakes those who wait for it. Waits for nobody itself."""
        with self._wake:
            self._changes += 1
            self._wake.notify_all()

    def stop(self) -> None:
        """Lets nobody wait any more."""
        self._stopped = True
        self.changed()

    def answer(self, path: str, body: bytes) -> Answer:
        """Status and body for one question; raises nothing that a peer can provoke."""
        ask = self._questions.get(path)
        try:
            if ask is None:
                raise Refused(Status.NOT_FOUND, "there is no such question")
            return Status.OK, ask(self, body)
        except Refused as refused:
            return refused.status, m.encode_refusal(str(refused))
        except MalformedFile as problem:
            return Status.BAD, m.encode_refusal(str(problem))
        except VerificationFailed as problem:
            return Status.FORBIDDEN, m.encode_refusal(str(problem))
        except StorageFailed as problem:
            self.tell(f"not stored for a follower: {problem}")
            return Status.NOT_STORED, m.encode_refusal("the recorder could not store it")

    def watch(self) -> None:
        """Records who came and who went; to be called about once a second. A closed recording takes no more of it."""
        if self._closed:
            return
        for party, what in self.guests.changes():
            self._view.event(what, party.key.name, -1, 0, "")
            self.tell(f"{party.key.name} {_WORDS[what]}")

    def waiting_for(self) -> list[str]:
        """Parties that are there and have not cosigned the closing head."""
        return [p.key.name for p in self.guests.parties if self.guests.present(p) and not p.closed]

    def _hello(self, body: bytes) -> bytes:
        hello = m.Hello.parse(body)
        header = self.header
        session = self.guests.challenge(str(hello.party), hello.nonce, header.origin, header.parties[0])
        note = sign_session(session, Role.HOST, self._key)
        return m.Welcome(header.origin, header.parties[0].signer, session.host_nonce, note).encode()

    def _join(self, body: bytes) -> bytes:
        signed = m.Signed.parse(body, session=False)
        lines = signed.note.split("\n")
        nonce = b64decode(lines[3], "the nonce") if len(lines) > 3 else b""
        token = self.guests.join(nonce, signed.note)
        self.watch()
        return m.Joined(token).encode()

    def _ask(self, body: bytes) -> bytes:
        ask = m.Ask.parse(body)
        party, _ = self.guests.of(ask.session)
        self._wait(ask)
        with self._lock:
            size, head = len(self._tree), self._head
            if ask.size > size or ask.since > size:
                raise Refused(Status.CONFLICT, f"the recording has {size} leaves so far")
            proof = self._tree.prove_consistency(ask.since, size) if ask.since else []
        self.guests.of(ask.session)
        others = [p.newest.encode().decode() for p in self.guests.parties if p is not party and p.newest is not None]
        leaves = self._leaves(ask.size, size)
        rows = self._rows(ask.rows, size)
        return m.News(head.encode().decode(), tuple(leaves), tuple(rows), tuple(proof), tuple(others)).encode()

    def _wait(self, ask: m.Ask) -> None:
        """Returns when there is something that the follower does not have, or its patience ends."""
        due = self._clock() + ask.wait
        while True:
            changes = self._changes
            with self._lock:
                self._catch_up()
                if len(self._tree) > ask.size or len(self._segments) > ask.rows or self._closed:
                    return
            with self._wake:
                left = due - self._clock()
                if self._stopped or left <= 0:
                    return
                if self._changes == changes:
                    self._wake.wait(left)

    def _cosign(self, body: bytes) -> bytes:
        signed = m.Signed.parse(body, session=True)
        party, _ = self.guests.of(signed.session)
        note = parse_note(signed.note.encode(), "the cosigned head")
        line = note.by(party.key.cosigner)
        if line is None or not signature_by(note, party.key.cosigner):
            raise VerificationFailed(f"the head is not cosigned by {party.key.name}")
        head = parse_checkpoint(note.text)
        with self._lock:
            self._catch_up()
            known = head.origin == self.header.origin and 1 <= head.size <= len(self._tree)
            if not known or self._tree.root(head.size) != head.root:
                self.tell(f"{party.key.name} has cosigned a head that is none of this recording")
                raise Refused(Status.CONFLICT, "this is no head of the recording")
            last = self._closed and head.size >= len(self._tree) - 1
            closing = last and head.size == len(self._tree)
        with party.lock:
            if head.size < party.size:
                raise Refused(Status.CONFLICT, "a later head is cosigned already")
            if not last and self._clock() - party.cosigned_at < self._patience.cosign:
                raise Refused(Status.TOO_OFTEN, "cosign more seldom")
            alone = Note(note.text, (line,))
            self._view.cosigned(alone)
            party.size, party.newest, party.cosigned_at = head.size, alone, self._clock()
            party.closed = party.closed or closing
        return m.STORED

    def _state(self, body: bytes) -> bytes:
        signed = m.Signed.parse(body, session=True)
        party, _ = self.guests.of(signed.session)
        data = signed.note.encode()
        statement = verify_statement(data, party.key)
        with self._lock:
            self._catch_up()
            head = statement.head
            known = head.origin == self.header.origin and 1 <= head.size <= len(self._tree)
            if not known or self._tree.root(head.size) != head.root:
                raise Refused(Status.CONFLICT, "the statement is about no head of the recording")
            closed = self._closed
        with party.lock:
            if party.stated_last or (not closed and self._clock() - party.stated_at < self._patience.state):
                raise Refused(Status.TOO_OFTEN, "state more seldom")
            self._view.statement(data)
            party.stated_at, party.stated_last = self._clock(), closed
        self._include(statement, closed)
        return m.STORED

    def _include(self, statement: SoundStatement, closed: bool) -> None:
        """Asks for leaves, where the tree still takes them; afterwards a statement travels beside it."""
        for stretch in statement.stretches:
            if stretch.verdict is Verdict.NOT_COMPARED:
                continue
            what = What.MATCHED if stretch.verdict is Verdict.MATCHED else What.NOT_MATCHED
            if not closed:
                self._view.event(what, statement.party, stretch.first, stretch.samples, "")
            if what is What.NOT_MATCHED:
                rate = self.header.rate
                where = f"{stretch.first / rate:.1f} s to {stretch.end / rate:.1f} s"
                self.tell(f"{statement.party} says: what it heard does not match the recording from {where}")

    def _whole_print(self, body: bytes) -> bytes:
        ask = m.AskPrint.parse(body)
        self.guests.of(ask.session)
        with self._lock:
            self._catch_up()
            if self._print is None and self._closed:
                self._print = self._view.whole_print()
            if self._print is None:
                raise Refused(Status.CONFLICT, "the print is given when the recording is closed, if it is given at all")
        return m.Part(self._print[ask.since : ask.since + m.LIMITS.part]).encode()

    def _leave(self, body: bytes) -> bytes:
        signed = m.Signed.parse(body, session=True)
        _, session = self.guests.of(signed.session)
        verify_session(session, Role.LEAVE, signed.note)
        self.guests.leave(signed.session)
        self.watch()
        return m.STORED

    _questions: ClassVar[dict[str, Callable[[Desk, bytes], bytes]]] = {
        m.HELLO: _hello,
        m.JOIN: _join,
        m.NEWS: _ask,
        m.COSIGN: _cosign,
        m.STATE: _state,
        m.PRINT: _whole_print,
        m.LEAVE: _leave,
    }

    def _catch_up(self) -> None:
        """Takes in the leaves of the newest head; ``_lock`` is held, or nobody else is there yet."""
        head = self._view.head()
        checkpoint = parse_checkpoint(head.text)
        have = len(self._tree)
        if checkpoint.size <= have:
            return
        for line in self._view.lines(have, checkpoint.size):
            number = self._tree.append(line)
            leaf = parse_leaf(line)
            if isinstance(leaf, Segment):
                self._segments.append(number + 1)
            self._closed = self._closed or isinstance(leaf, Close)
        if len(self._tree) != checkpoint.size or self._tree.root() != checkpoint.root:
            raise ValueError("the journal's leaves do not make its head")
        self._head = head

    def _leaves(self, first: int, end: int) -> list[bytes]:
        found: list[bytes] = []
        room = m.LIMITS.leaf_bytes
        for line in self._view.lines(first, min(end, first + m.LIMITS.leaves)):
            room -= len(line)
            if room < 0 and found:
                break
            found.append(line)
        return found

    def _rows(self, first: int, size: int) -> list[m.Rows | None]:
        found: list[m.Rows | None] = []
        room = m.LIMITS.row_bytes
        for n in range(first, min(len(self._segments), first + m.LIMITS.rows)):
            if self._segments[n] > size:
                break
            pair = self._view.rows(n)
            room -= 0 if pair is None else len(pair[1])
            if room < 0 and found:
                break
            found.append(pair)
        return found


_WORDS = {What.FOLLOWS: "follows", What.LEFT: "left", What.ABSENT: "is absent"}
