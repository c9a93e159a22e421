"""Who follows: challenges that were sent, sessions that were opened, and which party is there. All bounded."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from wholetape.errors import VerificationFailed
from wholetape.log.keys import PublicKey
from wholetape.log.kinds import What
from wholetape.log.note import Note
from wholetape.log.session import NONCE_BYTES, Role, Session, verify_session


@dataclass(frozen=True, slots=True)
class Patience:
    """Times and numbers by which guests are judged."""

    challenge: float = 30.0
    """seconds in which a challenge must be answered"""
    challenges: int = 256
    """challenges that may be open; the oldest gives way"""
    sessions: int = 4
    """sessions of one party at once, say laptop and telephone; the oldest gives way"""
    silent: float = 15.0
    """seconds without a question after which a party is absent"""
    between: float = 10.0
    """seconds between two leaves about the coming and going of one party"""
    cosign: float = 0.5
    """seconds between two cosignatures of one party"""
    state: float = 2.0
    """seconds between two statements of one party"""


@dataclass
class Party:
    """What is known of one party. ``told`` is what the last leaf about it says; ``newest`` what it cosigned last."""

    key: PublicKey
    seen: float = -1e9
    left: bool = False
    told: What | None = None
    told_at: float = -1e9
    cosigned_at: float = -1e9
    stated_at: float = -1e9
    size: int = 0
    newest: Note | None = None
    closed: bool = False
    """it has cosigned the closing head, or said that it will not, by leaving"""
    stated_last: bool = False
    """its statement after the closing leaf was taken, the only one"""
    lock: threading.Lock = field(default_factory=threading.Lock)


class Guests:
    """Parties by their keys. ``parties`` are those that may follow: all of the header but the recorder."""

    def __init__(self, parties: Sequence[PublicKey], clock: Callable[[], float], patience: Patience) -> None:
        self._clock, self._patience = clock, patience
        self._lock = threading.Lock()
        self._parties = {str(key.cosigner): Party(key) for key in parties}
        self._challenges: OrderedDict[bytes, tuple[float, Session]] = OrderedDict()
        self._sessions: OrderedDict[str, tuple[Party, Session]] = OrderedDict()

    @property
    def parties(self) -> list[Party]:
        """All that may follow."""
        return list(self._parties.values())

    def challenge(self, vkey: str, nonce: bytes, origin: str, recorder: PublicKey) -> Session:
        """A new challenge for the party with this cosigner vkey.

        Raises:
            VerificationFailed: no party has it; nothing else is told to strangers.
        """
        party = self._parties.get(vkey)
        if party is None:
            raise VerificationFailed("this key is of no party of the recording")
        session = Session(origin, nonce, secrets.token_bytes(NONCE_BYTES), party.key, recorder)
        with self._lock:
            while len(self._challenges) >= self._patience.challenges:
                self._challenges.popitem(last=False)
            self._challenges[session.host_nonce] = (self._clock(), session)
        return session

    def join(self, nonce: bytes, signed: str) -> str:
        """The token of a new session, whose follower has signed the challenge with this host nonce. Each serves once.

        Raises:
            VerificationFailed: no such challenge, too late, or not signed by the party.
        """
        with self._lock:
            then, session = self._challenges.pop(nonce, (-1e9, None))
        if session is None or self._clock() - then > self._patience.challenge:
            raise VerificationFailed("there is no such challenge, or it was answered too late")
        verify_session(session, Role.FOLLOWER, signed)
        party = self._parties[str(session.follower.cosigner)]
        token = secrets.token_hex(16)
        with self._lock:
            mine = [t for t, (p, _) in self._sessions.items() if p is party]
            if len(mine) >= self._patience.sessions:
                del self._sessions[mine[0]]
            self._sessions[token] = (party, session)
            party.seen, party.left = self._clock(), False
        return token

    def of(self, token: str) -> tuple[Party, Session]:
        """Whose session this is; the party counts as seen.

        Raises:
            VerificationFailed: no session has this token.
        """
        with self._lock:
            found = self._sessions.get(token)
            if found is None:
                raise VerificationFailed("there is no such session")
            found[0].seen = self._clock()
            return found

    def leave(self, token: str) -> None:
        """Ends a session; a party without any has left."""
        with self._lock:
            party, _ = self._sessions.pop(token)
            party.left = not any(p is party for p, _ in self._sessions.values())

    def present(self, party: Party) -> bool:
        """True while a party follows."""
        return not party.left and self._clock() - party.seen <= self._patience.silent

    def changes(self) -> list[tuple[Party, What]]:
        """What leaves are due about who came and went; each is returned once, and not too often for any party."""
        due = []
        with self._lock:
            for party in self._parties.values():
                now = What.FOLLOWS if self.present(party) else What.LEFT if party.left else What.ABSENT
                first = party.told is None
                same = now == party.told or (first and now is What.ABSENT)
                away = {now, party.told} == {What.LEFT, What.ABSENT}
                if same or away or (not first and self._clock() - party.told_at < self._patience.between):
                    continue
                party.told, party.told_at = now, self._clock()
                due.append((party, now))
        return due
