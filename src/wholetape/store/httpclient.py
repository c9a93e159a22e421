"""Asks a peer by HTTP: one POST, a bounded answer, within a bounded time, whatever the peer does."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import threading

from wholetape.errors import NetworkFailed, UsageError

_ADDRESS = re.compile(
    r"(?:(?P<name>[A-Za-z0-9._-]*)|\[(?P<six>[0-9A-Fa-f:.]+(?:%[A-Za-z0-9._-]+)?)\]):(?P<port>[0-9]{1,5})\Z"
)


def parse_address(text: str) -> tuple[str, int]:
    """Host and port of ``ADDR:PORT``, ``[V6]:PORT`` or ``:PORT``; raises ``UsageError``."""
    found = _ADDRESS.match(text.removeprefix("http://").removesuffix("/"))
    if found is None or not 0 <= int(found["port"]) <= 65535:
        raise UsageError(f"{text!r} is no address", "write 192.168.1.5:7654, or [fe80::1]:7654")
    return found["six"] or found["name"] or "", int(found["port"])


class _Stale(Exception):
    """A kept connection that the other end had closed."""


class Peer:
    """The other end at ``host``, ``port``; one connection, opened anew when it breaks."""

    def __init__(self, host: str, port: int, *, most: int) -> None:
        """``most``: bytes of an answer at most."""
        self._host, self._port, self._most = host or "localhost", port, most
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, path: str, body: bytes, timeout: float) -> tuple[int, bytes]:
        """Status and body of the answer, all of it there within ``timeout`` seconds.

        Raises:
            NetworkFailed: nobody answers, the answer is no HTTP, too long, or not there in time.
        """
        try:
            return self._ask(path, body, timeout)
        except _Stale:  # the connection was closed while nobody asked
            return self._ask(path, body, timeout)

    def close(self) -> None:
        """Ends the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, path: str, body: bytes, timeout: float) -> tuple[int, bytes]:
        reused = self._connection is not None
        connection = self._connection or http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        self._connection = connection
        late = threading.Event()
        watch = threading.Timer(timeout, _hang_up, (connection, late))
        watch.daemon = True
        watch.start()
        try:
            if connection.sock is None:
                connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            connection.sock.settimeout(timeout)
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            data = answer.read(self._most + 1)
            if len(data) > self._most:
                raise NetworkFailed(f"{self._name} sent an answer of more than {self._most:,} bytes")
            if not answer.isclosed():
                answer.close()
            if late.is_set() or (answer.length or 0) > 0:
                raise NetworkFailed(f"{self._name} broke off in the middle of its answer")
            if answer.will_close:
                self.close()
            return answer.status, data
        except (OSError, http.client.HTTPException, ValueError) as problem:
            self.close()
            if reused and isinstance(problem, ConnectionError) and not late.is_set():
                raise _Stale from problem
            why = (
                f"did not answer in {timeout:.0f} s"
                if late.is_set() or isinstance(problem, TimeoutError)
                else _why(problem)
            )
            raise NetworkFailed(f"{self._name} {why}", "is the recorder running, and the address right?") from problem
        except BaseException:
            self.close()
            raise
        finally:
            watch.cancel()

    @property
    def _name(self) -> str:
        return f"{self._host} port {self._port}"


def _hang_up(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    late.set()
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _why(problem: Exception) -> str:
    if isinstance(problem, OSError):
        return f"cannot be reached: {(problem.strerror or str(problem)).lower()}"
    return "does not speak HTTP"
