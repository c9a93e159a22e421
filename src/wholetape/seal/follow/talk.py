"""A follower's conversation with a host: joining, asking, leaving, and coming back after a break."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from wholetape.errors import MalformedFile, NetworkFailed, VerificationFailed
from wholetape.log.keys import PrivateKey, PublicKey, public_of
from wholetape.log.note import COSIGNATURE, VerifierKey
from wholetape.log.session import NONCE_BYTES, Role, Session, sign_session, verify_session
from wholetape.seal.follow import messages as m


class Asks(Protocol):
    """A way to the host."""

    def ask(self, path: str, body: bytes, timeout: float) -> tuple[int, bytes]:
        """Status and body of the answer; raises ``NetworkFailed``."""

    def close(self) -> None:
        """Ends it."""


class Refusal(VerificationFailed):
    """The host refused a question; ``status`` says which way."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"the host refused: {words}", "are you a party of this recording, with this key?")
        self.status = status

    @property
    def passing(self) -> bool:
        """True for what a new session, or patience, may heal."""
        return self.status in (m.Status.FORBIDDEN, m.Status.TOO_OFTEN)


@dataclass
class Conversation:
    """With whoever answers at ``host``, as the party that has ``key``.

    ``trusted`` is the recorder's key when it is pinned; otherwise whoever holds the key that it shows is believed to be
    a recorder. ``patience``: seconds for an answer.
    """

    host: Asks
    key: PrivateKey
    trusted: PublicKey | None
    patience: float = 15.0
    session: Session | None = None
    _token: str = ""

    def join(self) -> Session:
        """A new session with the recorder, who has shown that it is there now.

        Raises:
            NetworkFailed: nobody answers.
            VerificationFailed: another recorder, no proof of its key, or it does not let this key in.
            Refusal: too many questions; later it may go.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        hello = m.Hello(self.key.public.cosigner, nonce)
        welcome = m.Welcome.parse(self._ask_to_join(m.HELLO, hello.encode()))
        recorder = public_of(welcome.recorder, _cosigner(welcome.recorder))
        if self.trusted is not None and recorder != self.trusted:
            raise VerificationFailed(
                f"the host is {recorder.name} with the fingerprint {recorder.fingerprint}, not the recorder you trust",
                "compare the address, and the recorder's .pub file with the recorder itself",
            )
        session = Session(welcome.origin, nonce, welcome.nonce, self.key.public, recorder)
        verify_session(session, Role.HOST, welcome.note)
        mine = m.Signed(sign_session(session, Role.FOLLOWER, self.key))
        self._token = m.Joined.parse(self._ask_to_join(m.JOIN, mine.encode())).session
        self.session = session
        return session

    def news(self, size: int, rows: int, since: int, wait: int) -> m.News:
        """What the host has beyond that; raises as :meth:`ask` does, and ``MalformedFile``."""
        question = m.Ask(self._token, size, rows, since, wait)
        return m.News.parse(self.ask(m.NEWS, question.encode(), wait))

    def print(self, size: int) -> bytes:
        """The whole print, which has ``size`` bytes; raises as :meth:`ask` does, and ``MalformedFile``."""
        data = bytearray()
        while len(data) < size:
            part = m.Part.parse(self.ask(m.PRINT, m.AskPrint(self._token, len(data)).encode())).data
            if not part:
                break
            data += part
        return bytes(data)

    def store(self, path: str, note: str) -> None:
        """Returns when the recorder has stored a signed note; raises as :meth:`ask` does."""
        m.parse_stored(self.ask(path, m.Signed(note, self._token).encode()))

    def leave(self) -> None:
        """Says good-bye, as far as anybody listens."""
        if self.session is not None:
            note = sign_session(self.session, Role.LEAVE, self.key)
            with contextlib.suppress(NetworkFailed, VerificationFailed, MalformedFile):
                self.store(m.LEAVE, note)
        self.session = None
        self.host.close()

    def ask(self, path: str, body: bytes, wait: float = 0.0) -> bytes:
        """The answer's body.

        Raises:
            NetworkFailed: nobody answers.
            Refusal: the host does not.
        """
        status, answer = self.host.ask(path, body, self.patience + wait)
        if status != m.Status.OK:
            raise Refusal(status, m.parse_refusal(answer) or f"status {status}")
        return answer

    def _ask_to_join(self, path: str, body: bytes) -> bytes:
        try:
            return self.ask(path, body)
        except Refusal as refusal:
            if refusal.status == m.Status.TOO_OFTEN:
                raise
            raise VerificationFailed(str(refusal), refusal.hint) from refusal


def patiently(
    step: Callable[[], object],
    again: Callable[[], object],
    pauses: tuple[float, ...],
    sleep: Callable[[float], None],
    tell: Callable[[str], None],
    stop: Callable[[], bool],
) -> None:
    """Does ``step``; after a break, or a session that the host has forgotten, ``again`` and then ``step``.

    Raises what they raise once the ``pauses`` between the attempts are used up, and at once what no patience heals.
    """
    for number, pause in enumerate((*pauses, None)):
        try:
            if number:
                again()
            step()
        except (NetworkFailed, Refusal) as problem:
            if pause is None or (isinstance(problem, Refusal) and not problem.passing):
                raise
            if not number:
                tell(f"{problem}; trying again")
        else:
            if number:
                tell("the recorder answers")
            return
        if stop():
            return
        sleep(pause)


def _cosigner(signer: VerifierKey) -> VerifierKey:
    if len(signer.key) != 32:
        raise MalformedFile("the recorder's key is none")
    return VerifierKey(signer.name, COSIGNATURE, signer.key)
