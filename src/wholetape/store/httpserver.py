"""A small HTTP server for a handful of peers on a local network, which strangers cannot exhaust.

It takes POST with a body of bounded size and answers with bytes; pages opened from a file may talk to it (CORS). Each
connection has a thread; how many there are, from one address too, how long a request may take to arrive, and how many
requests an address may send are all bounded. No TLS: what it carries must be signed, and is read by whoever listens.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from wholetape.errors import NetworkFailed

Answer = tuple[int, bytes]
"""HTTP status and body."""
Handle = Callable[[str, bytes], Answer]
"""From path and body to the answer; called from many threads."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What peers may use up."""

    body: int = 128 << 10
    """bytes of a request's body"""
    head: int = 16 << 10
    """bytes of a request's lines and headers"""
    connections: int = 64
    """open at once"""
    each: int = 8
    """open at once from one address; a browser opens six"""
    arrive: float = 10.0
    """seconds for a whole request to arrive, or for an answer to be taken"""
    idle: float = 60.0
    """seconds that a connection is kept between two requests"""
    rate: float = 50.0
    """requests a second from one address"""
    burst: float = 100.0
    """requests that may come at once after a pause"""
    addresses: int = 4096
    """addresses whose rate is remembered"""


class HttpServer:
    """Serves ``handle`` at ``host``, ``port`` (0: any free one) from construction until :meth:`stop`.

    Args:
        host: address to listen on; empty for all of this machine.
        port: TCP port.
        handle: answers each request; what it raises becomes status 500 and closes nothing else.
        clock: seconds, monotonic.
        bounds: what peers may use up.

    Raises:
        NetworkFailed: the address is not of this machine, or in use.
    """

    def __init__(
        self, host: str, port: int, handle: Handle, clock: Callable[[], float], bounds: Bounds | None = None
    ) -> None:
        try:
            self._server = _Server(host, port, handle, clock, bounds or Bounds())
        except (OSError, OverflowError, UnicodeError) as problem:
            where = f"{host or 'all addresses'} port {port}"
            raise NetworkFailed(
                f"cannot listen on {where}: {getattr(problem, 'strerror', None) or problem}",
                "choose an address of this machine and a free port",
            ) from problem
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="host", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Takes no more connections and ends those there are."""
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()
        self._thread.join(5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, host: str, port: int, handle: Handle, clock: Callable[[], float], bounds: Bounds) -> None:
        if ":" in host:
            self.address_family = socket.AF_INET6
        self.handle, self.clock, self.bounds = handle, clock, bounds
        self._lock = threading.Lock()
        self._open: dict[Any, str] = {}
        self._tokens: dict[str, tuple[float, float]] = {}
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Binds without asking a name server for this machine's name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        address = str(client_address[0])
        with self._lock:
            full = len(self._open) >= self.bounds.connections
            if full or sum(a == address for a in self._open.values()) >= self.bounds.each:
                self._close(request)
                return
            self._open[request] = address
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no more threads
            self.shutdown_request(request)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.pop(request, None)
        self._close(request)

    def hang_up(self) -> None:
        """Ends all connections."""
        with self._lock:
            for request in self._open:
                with contextlib.suppress(OSError):
                    request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A peer that breaks off, or sends what is no HTTP, is no news."""

    def may_ask(self, address: str) -> bool:
        """Takes one token of the address's bucket; False when it is empty."""
        now = self.clock()
        with self._lock:
            left, then = self._tokens.pop(address, (self.bounds.burst, now))
            left = min(self.bounds.burst, left + (now - then) * self.bounds.rate)
            self._tokens[address] = (max(0.0, left - 1), now)
            if len(self._tokens) > self.bounds.addresses:
                self._tokens.pop(next(iter(self._tokens)))  # the one that asked longest ago
        return left >= 1

    @staticmethod
    def _close(request: Any) -> None:
        with contextlib.suppress(OSError):
            request.shutdown(socket.SHUT_RDWR)
        request.close()


class _Slow(Exception):
    """A request that takes too long or too many bytes to arrive."""


class _Wire:
    """What a connection sends, within bytes and seconds for each request."""

    def __init__(self, connection: socket.socket, clock: Callable[[], float], bounds: Bounds) -> None:
        self._connection, self._clock, self._bounds = connection, clock, bounds
        self._left = b""
        self._due = self._budget = 0.0

    def expect(self) -> bool:
        """Waits for the first byte of the next request; False when none comes."""
        self._due, self._budget = self._clock() + self._bounds.idle, self._bounds.head
        if not self._left and not self._more():
            return False
        self._due = self._clock() + self._bounds.arrive
        return True

    def readline(self, limit: int = -1) -> bytes:
        """Up to and with a newline."""
        while b"\n" not in self._left and (limit < 0 or len(self._left) < limit):
            if not self._more():
                break
        end = self._left.find(b"\n") + 1 or len(self._left)
        return self._take(end if limit < 0 else min(end, limit))

    def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes, the request's body."""
        self._budget = size + 1
        while len(self._left) < size:
            if not self._more():
                raise _Slow
        return self._take(size)

    def close(self) -> None:
        """For the standard library, which closes what it reads from."""

    def _take(self, size: int) -> bytes:
        taken, self._left = self._left[:size], self._left[size:]
        return taken

    def _more(self) -> bool:
        patience = self._due - self._clock()
        if patience <= 0 or self._budget <= 0:
            raise _Slow
        self._connection.settimeout(patience)
        try:
            data = self._connection.recv(16 << 10)
        except TimeoutError as problem:
            raise _Slow from problem
        self._budget -= len(data)
        self._left += data
        return bool(data)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "wholetape", ""
    default_request_version = "HTTP/1.1"  # nobody is answered as in 1991, without a status
    server: _Server
    rfile: Any

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.rfile = _Wire(self.connection, self.server.clock, self.server.bounds)

    def handle(self) -> None:
        with contextlib.suppress(OSError, _Slow):
            self.close_connection = False
            while not self.close_connection and self.rfile.expect():
                self.handle_one_request()

    def do_OPTIONS(self) -> None:
        self._send(HTTPStatus.NO_CONTENT, b"")

    def do_GET(self) -> None:
        words = b"A recorder. Follow it with your own copy of wholetape, or of follow.html: it serves no pages.\n"
        self._send(HTTPStatus.NOT_FOUND, words, "text/plain; charset=utf-8")

    def do_POST(self) -> None:
        if not self.server.may_ask(str(self.client_address[0])):
            self._refuse(HTTPStatus.TOO_MANY_REQUESTS)
            return
        length = self.headers.get_all("Content-Length", [])
        if "Transfer-Encoding" in self.headers or len(length) != 1 or not length[0].isdecimal():
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
            return
        if len(length[0]) > 9 or int(length[0]) > self.server.bounds.body:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        body = self.rfile.read(int(length[0]))
        try:
            status, answer = self.server.handle(self.path, body)
        except Exception:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR)
            raise
        self._send(status, answer)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The standard library's way to refuse, without its page."""
        self._refuse(HTTPStatus(code))

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self._send(status, b'{"error":"%s"}' % status.phrase.lower().encode())

    def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.connection.settimeout(self.server.bounds.arrive)
        self.send_response(status)
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        for name, value in _CORS:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: addresses of those who follow are nobody's business."""


_CORS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "POST"),
    ("Access-Control-Allow-Headers", "content-type"),
    ("Access-Control-Allow-Private-Network", "true"),
    ("Access-Control-Max-Age", "600"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
)
"""A page opened from a file has the origin ``null``; whoever asks is told apart by signatures, never by origin."""


def own_address() -> str:
    """This machine's address on its network, as far as it knows, or ``localhost``; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "localhost"
