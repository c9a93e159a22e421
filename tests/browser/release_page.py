"""A published release for tests: on a web server that knows nothing of it, and where its sound is."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


@contextlib.contextmanager
def served(folder) -> Iterator[str]:
    """The folder on a web server that knows nothing of it."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def playing(seen, session: int = 1) -> float:
    return float(seen.page.evaluate(f"document.querySelector('#s{session} audio').currentTime"))
