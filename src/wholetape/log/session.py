"""Who talks to whom while a recording is followed: challenges that recorder and follower sign.

A signature covers both nonces, both keys and the recording, so that it is worth nothing in another conversation; the
first line keeps it apart from everything else that these keys sign. ``docs/spec/follow.md``, section Joining.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.log import ed25519
from wholetape.log.encoding import b64encode
from wholetape.log.keys import PrivateKey, PublicKey
from wholetape.log.note import Note, Signature, parse_note

NONCE_BYTES = 32
_DOMAIN = "wholetape.session/v1"


class Role(StrEnum):
    """What a signature under a session says."""

    HOST = "host"
    FOLLOWER = "follower"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation: the recording's ``origin``, a nonce of 32 bytes from each side, and both keys."""

    origin: str
    follower_nonce: bytes
    host_nonce: bytes
    follower: PublicKey
    recorder: PublicKey

    def text(self, role: Role) -> str:
        """What is signed in this role."""
        lines = (
            f"{_DOMAIN} {role}",
            self.origin,
            b64encode(self.follower_nonce),
            b64encode(self.host_nonce),
            str(self.follower.cosigner),
            str(self.recorder.signer),
        )
        return "".join(f"{line}\n" for line in lines)


def sign_session(session: Session, role: Role, key: PrivateKey) -> str:
    """The signed note, as text; :func:`verify_session` is its inverse."""
    vkey = key.public.signer
    text = session.text(role)
    return Note(text, (Signature(vkey.name, vkey.id, ed25519.sign(key.seed, text.encode())),)).encode().decode()


def verify_session(session: Session, role: Role, signed: str) -> None:
    """Returns when ``signed`` is this session's note in this role, by the key whose role it is.

    Raises:
        VerificationFailed: another text, another key, or no signature that holds.
    """
    key = (session.recorder if role is Role.HOST else session.follower).signer
    try:
        note = parse_note(signed.encode(), "the answer to the challenge")
    except (MalformedFile, UnicodeError) as problem:
        raise VerificationFailed("the answer to the challenge is no signed note") from problem
    line = note.by(key)
    right = note.text == session.text(role) and line is not None
    if not right or line is None or not ed25519.holds(key.key, line.data, note.text.encode()):
        raise VerificationFailed(
            f"whoever answers does not hold the key of {key.name}", "compare the address, and the keys' fingerprints"
        )
