"""Serves a recording in the making to those who follow it: all that ``wholetape record --host`` calls."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from wholetape.errors import StorageFailed
from wholetape.log.keys import PrivateKey
from wholetape.seal.follow.desk import Desk
from wholetape.seal.follow.guests import Patience
from wholetape.seal.follow.view import JournalView
from wholetape.store.httpclient import parse_address
from wholetape.store.httpserver import Bounds, HttpServer, own_address


class Host:
    """A server for followers; from construction on it listens, ``with`` it until the end.

    Args:
        address: ``ADDR:PORT``, ``[V6]:PORT``, or ``:PORT`` for all addresses of this machine; port 0 takes a free one.
        view: the recording; its header is there already.
        key: the recorder's.

    Raises:
        UsageError: no address.
        NetworkFailed: not an address of this machine, or in use.
    """

    def __init__(
        self,
        address: str,
        view: JournalView,
        key: PrivateKey,
        *,
        patience: Patience | None = None,
        bounds: Bounds | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        name, port = parse_address(address)
        self._desk = Desk(view, key, clock, patience=patience)
        self._server = HttpServer(name, port, self._desk.answer, clock, bounds)
        self._end = threading.Event()
        self._watch = threading.Thread(target=self._watching, name="followers", daemon=True)
        self._watch.start()
        shown = name or own_address()
        self.address = f"[{shown}]:{self._server.port}" if ":" in shown else f"{shown}:{self._server.port}"
        """What followers give to ``wholetape follow``."""

    @property
    def tell(self) -> Callable[[str], None]:
        """Called from other threads with one line for a person when somebody comes, goes, or finds something."""
        return self._desk.tell

    @tell.setter
    def tell(self, tell: Callable[[str], None]) -> None:
        self._desk.tell = tell

    def changed(self) -> None:
        """There is a new head on disk: wakes those who wait. Never blocks for long."""
        self._desk.changed()

    def finish(self, timeout: float = 5.0) -> list[str]:
        """Waits, after the closing head is on disk, for those who follow to fetch and cosign it, at most ``timeout``.

        Returns the names of parties that were there and did not.
        """
        due = time.monotonic() + timeout
        self._desk.changed()
        while (late := self._desk.waiting_for()) and time.monotonic() < due and not self._end.wait(0.05):
            pass
        return late

    def stop(self) -> None:
        """Ends all conversations."""
        self._end.set()
        self._desk.stop()
        self._server.stop()
        self._watch.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _watching(self) -> None:
        while not self._end.wait(1.0):
            try:
                if not self._desk.closed:
                    self._desk.watch()
            except StorageFailed as problem:
                self._desk.tell(f"not recorded who follows: {problem}")
