"""Clients that send forms, or ask for pages, over many connections at once, in a process of their own."""

from __future__ import annotations

import http.client
import multiprocessing
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

CONNECTIONS = 16


@dataclass
class Load:
    """What clients saw."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    refused: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * share))] * 1000


def clients(port: int, work: list[tuple[bytes, str]] | int, connections: int = CONNECTIONS) -> Load:
    """Sends forms, or asks ``work`` times for the public page, over several connections, in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_client, args=(port, work, connections, theirs))
    process.start()
    theirs.close()
    try:
        found: Load = ours.recv()
    except EOFError:
        found = Load(1.0)
    process.join()
    return found


def _client(port: int, work: Any, connections: int, out: Any) -> None:
    told, lock = Load(), threading.Lock()
    todo: Iterator[Any] = iter(work if isinstance(work, list) else range(work))

    def run() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with lock:
                one = next(todo, None)
            if one is None:
                line.close()
                return
            began = time.perf_counter()
            try:
                if isinstance(one, tuple):
                    line.request(
                        "POST", "/comments/debate", one[0], {"Content-Type": "application/x-www-form-urlencoded"}
                    )
                else:
                    line.request("GET", "/comments/debate")
                answer = line.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                return  # the server was killed
            with lock:
                if answer.status == (303 if isinstance(one, tuple) else 200):
                    told.times.append(time.perf_counter() - began)
                    told.tokens += [one[1]] if isinstance(one, tuple) else []
                else:
                    told.refused += 1

    began = time.perf_counter()
    threads = [threading.Thread(target=run) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.seconds = time.perf_counter() - began
    out.send(told)
