"""The hurdle before the queue: a form that is used once, not too fast, and a question that a person answers.

No third party, no script, no cookie: all that is asked stands in the form, and all that is needed to judge the answer
in its sealed token. It stops what fills in every form of the web; a program written against this one site it slows
down, and the bounds per source and the order of the queue do the rest.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from wholetape.comments.secret import Secret
from wholetape.comments.settings import Settings
from wholetape.errors import UsageError

_NONCE = 12
_MAC = 16


class NotPassed(UsageError):
    """The form is not taken; ``code`` names the reason in the message catalogue."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the form is not taken: {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a sum of ``a`` and ``b``, or the publisher's question number ``own``."""

    a: int
    b: int
    own: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A fresh form: its token, and its question."""

    token: str
    question: Question


def make_form(secret: Secret, release: str, settings: Settings, at: int, nonce: bytes | None = None) -> Form:
    """A form for a comment under ``release``."""
    nonce = nonce or secrets.token_bytes(_NONCE)
    sealed = at.to_bytes(6, "big") + nonce
    token = sealed + _mac(secret, sealed, release)
    return Form(base64.urlsafe_b64encode(token).decode(), _question(secret, nonce, settings))


def pass_form(secret: Secret, release: str, settings: Settings, at: int, token: str, answer: str, trap: str) -> bytes:
    """The form's nonce, when it was made here, for this release, is of the right age, and is rightly answered.

    Whether it was used before, the database knows.

    Raises:
        NotPassed: with the reason.
    """
    made, nonce = _opened(secret, release, token)
    if trap:
        raise NotPassed("trap")
    if at - made > settings.form_hours * 3_600_000:
        raise NotPassed("old")
    if at - made < settings.form_seconds * 1000:
        raise NotPassed("fast")
    if not _right(_question(secret, nonce, settings), settings, answer):
        raise NotPassed("answer")
    return nonce


def _opened(secret: Secret, release: str, token: str) -> tuple[int, bytes]:
    try:
        data = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError as problem:
        raise NotPassed("form") from problem
    sealed, mac = data[:-_MAC], data[-_MAC:]
    if len(sealed) != 6 + _NONCE or not hmac.compare_digest(mac, _mac(secret, sealed, release)):
        raise NotPassed("form")
    return int.from_bytes(sealed[:6], "big"), sealed[6:]


def _mac(secret: Secret, sealed: bytes, release: str) -> bytes:
    return secret.mac("form", sealed + release.encode())[:_MAC]


def _question(secret: Secret, nonce: bytes, settings: Settings) -> Question:
    draw = secret.mac("question", nonce)
    own = draw[2] % len(settings.questions) if settings.questions else None
    return Question(2 + draw[0] % 8, 2 + draw[1] % 8, own)


def _right(question: Question, settings: Settings, answer: str) -> bool:
    given = plain_answer(answer)
    if question.own is not None:
        return given in [plain_answer(one) for one in settings.questions[question.own]["answer"].split("|")]
    return given == str(question.a + question.b)


def plain_answer(answer: str) -> str:
    """An answer without case and spaces, and with digits of any script as ASCII ones."""
    digits = (str(unicodedata.digit(c)) if c.isdigit() else c for c in answer.strip().casefold())
    return " ".join("".join(digits).split())
