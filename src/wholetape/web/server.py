"""The program that listens: uvicorn around the application, with the bounds that a public server needs."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wholetape.errors import NetworkFailed
from wholetape.web.app import make_app
from wholetape.web.background import Background
from wholetape.web.context import Context
from wholetape.web.edge import to_stream
from wholetape.web.mail import Mailer


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one reader may use up."""

    connections: int = 1000
    """open at once; more are answered 503"""
    idle: int = 15
    """seconds that a connection is kept between two requests"""
    head: int = 32 << 10
    """bytes of a request's headers"""


def serve(
    context: Context,
    host: str,
    port: int,
    ready: Callable[[int], None],
    mailer: Mailer | None = None,
    heads: Path | None = None,
    bounds: Bounds = Bounds(),
) -> None:
    """Serves until the process is told to stop; then ends what is under way. ``ready`` is told the port.

    Raises:
        NetworkFailed: the address is not of this machine, or in use.
    """
    import uvicorn

    log = to_stream()
    config = uvicorn.Config(
        make_app(context, log),
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        limit_concurrency=bounds.connections,
        timeout_keep_alive=bounds.idle,
        timeout_graceful_shutdown=20,
        h11_max_incomplete_event_size=bounds.head,
        lifespan="off",
        ws="none",
    )
    listening = _listen(host, port)
    background = Background(context, log, mailer, heads)
    background.start()
    log({"event": "listening", "host": host, "port": listening.getsockname()[1]})
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn ends on it, and raises it once more afterwards
    ready(listening.getsockname()[1])
    try:
        uvicorn.Server(config).run([listening])
    finally:
        background.stop()
        context.desk.close()
        log({"event": "stopped"})


def _listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections from now on: who is told the port may connect at once."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((host, port))
            listening.listen(2048)
        except BaseException:
            listening.close()
            raise
    except (OSError, UnicodeError) as problem:
        raise NetworkFailed(
            f"cannot listen on {host} port {port}: {getattr(problem, 'strerror', None) or problem}",
            "choose an address of this machine and a free port",
        ) from problem
    return listening
