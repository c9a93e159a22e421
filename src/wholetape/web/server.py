"""The program that listens: uvicorn around the application, with the bounds that a public server needs."""

from __future__ import annotations

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
    try:
        listening = config.bind_socket()
    except SystemExit as problem:
        raise NetworkFailed(
            f"cannot listen on {host} port {port}", "choose an address of this machine and a free port"
        ) from problem
    background = Background(context, log, mailer, heads)
    background.start()
    log({"event": "listening", "host": host, "port": listening.getsockname()[1]})
    ready(listening.getsockname()[1])
    try:
        uvicorn.Server(config).run([listening])
    finally:
        background.stop()
        context.desk.close()
        log({"event": "stopped"})
