"""E-mail by SMTP, to the server that the environment names."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from wholetape.errors import UsageError

PATIENCE = 20
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Mailer:
    """A server, who writes, and how to sign in there."""

    host: str
    port: int
    sender: str
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    def send(self, to: str, subject: str, body: str) -> None:
        """Sends one message; raises ``OSError`` (smtplib's errors are)."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, to, " ".join(subject.split())
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=self.sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body)
        with smtplib.SMTP(self.host, self.port, timeout=PATIENCE) as server:
            if self.tls:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)


def parse_mailer(url: str) -> Mailer:
    """The mailer of ``smtp://USER:PASSWORD@HOST:PORT/SENDER``; ``smtps`` demands STARTTLS, as does a password."""
    parts = urlsplit(url)
    sender = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "@" not in sender:
        raise UsageError("WHOLETAPE_SMTP names no server", "smtps://USER:PASSWORD@HOST:587/comments@example.org")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    tls = parts.scheme == "smtps" or bool(user)
    return Mailer(parts.hostname, parts.port or (587 if tls else 25), sender, tls, user, password)
