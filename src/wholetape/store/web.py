"""One HTTP request to a stranger, bounded in time and size."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from urllib.parse import urlsplit

from wholetape.errors import NetworkFailed, UsageError


class Declined(NetworkFailed):
    """Somebody answered, with another ``status`` than 200."""

    def __init__(self, url: str, status: int) -> None:
        super().__init__(f"{url} answered {status}", "check the address, or try again later")
        self.status = status


PATIENCE = 30.0
"""Seconds for a whole request, from connecting to the last byte."""


def check_url(url: str) -> str:
    """Returns ``url`` when it is one of HTTP or HTTPS.

    Raises:
        UsageError: another scheme, no host, or characters that no URL has.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good or not url.isascii() or any(letter <= " " or letter == "\x7f" for letter in url):
        raise UsageError(f"{url!r} is no address of the web", "it begins with http:// or https://")
    return url


def send(
    url: str, body: bytes | None = None, *, kind: str, accept: str, limit: int, patience: float = PATIENCE
) -> bytes:
    """The body of the reply to a POST of ``body``, or to a GET where it is None. Redirects are not followed.

    Args:
        url: where, HTTP or HTTPS.
        body: what is posted.
        kind: its content type.
        accept: the content type of the reply.
        limit: bytes of the reply at most.
        patience: seconds for everything together.

    Raises:
        NetworkFailed: nobody there, no answer in time, an answer other than 200, of another type, or too long.
        UsageError: no address of the web.
    """
    parts = urlsplit(check_url(url))
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = make(parts.hostname or "", parts.port, timeout=patience)
    watch = threading.Timer(patience, _cut, [connection])
    watch.daemon = True
    watch.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Accept": accept, "User-Agent": "wholetape", **({"Content-Type": kind} if body is not None else {})}
        connection.request("GET" if body is None else "POST", path, body, headers)
        with connection.getresponse() as reply:
            if reply.status != 200:
                raise Declined(url, reply.status)
            data = reply.read(limit + 1)
            if len(data) > limit:
                raise NetworkFailed(f"{url} sent more than {limit:,} bytes", "check the address")
            found = reply.headers.get_content_type()
            if accept not in ("*/*", found):
                raise NetworkFailed(f"{url} sent {found}, not {accept}", "check the address")
            if reply.length:  # http.client takes a body that is cut off for one that ended
                raise NetworkFailed(f"{url} ended in the middle of its answer", "try again")
            return data
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise NetworkFailed(f"{url}: {_why(problem)}", "check the address and the network, or try again") from problem
    finally:
        watch.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    """Ends a connection that takes too long, however slowly it drips."""
    line: socket.socket | None = connection.sock
    if line is not None:
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


def _why(problem: Exception) -> str:
    if isinstance(problem, socket.gaierror):
        return "there is no such host"
    if isinstance(problem, TimeoutError):
        return "no answer in time"
    if isinstance(problem, ConnectionRefusedError):
        return "nobody answers there"
    if isinstance(problem, ssl.SSLError):
        return f"no secure connection: {problem.reason or problem}"
    return f"the connection broke ({problem or type(problem).__name__})"
