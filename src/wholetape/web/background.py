"""What is done without anybody asking: periods of retention, messages to moderators, heads handed outside."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from wholetape.comments import outbox
from wholetape.comments import settings as stored
from wholetape.comments.desk import Turn
from wholetape.comments.redacting import finish
from wholetape.comments.retention import expire
from wholetape.comments.settings import Settings
from wholetape.errors import WholetapeError
from wholetape.store.atomic import atomic_write
from wholetape.store.web import send
from wholetape.web.context import Context
from wholetape.web.mail import Mailer

EVERY = 20.0
"""Seconds between two rounds."""
T = TypeVar("T")


class Background:
    """A thread that goes round until it is stopped; what fails in one round is tried again in the next.

    Args:
        context: the application's.
        log: where failures are told.
        mailer: sends e-mail; None where none is set up.
        heads: the folder into which heads are written for somebody to carry outside; None for none.
    """

    def __init__(
        self,
        context: Context,
        log: Callable[[dict[str, object]], None],
        mailer: Mailer | None = None,
        heads: Path | None = None,
    ) -> None:
        self._context, self._log, self._mailer, self._heads = context, log, mailer, heads
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the step under way."""
        self._ended.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._ended.wait(EVERY):
            self.round()

    def round(self) -> None:
        """One round; returns when all steps are done or have failed."""
        try:
            settings = self._context.read_now(stored.load)
        except Exception as problem:
            self._failed("settings", problem)
            return
        for step in (self._retain, self._tell, self._hand_out, self._deliver):
            try:
                step(settings)
            except Exception as problem:  # the next step and the next round go on
                self._failed(step.__name__.strip("_"), problem)

    def _do(self, work: Callable[[Turn], T]) -> T:
        return self._context.desk.do(work).value

    def _failed(self, step: str, problem: Exception) -> None:
        self._log({"event": "error", "step": step, "kind": type(problem).__name__})

    def _retain(self, settings: Settings) -> None:
        if destroyed := self._do(lambda turn: expire(turn, settings)):
            for words in finish(self._context.desk):
                self._log({"event": "backup", "what": words})
            self._log({"event": "retention", "destroyed": destroyed})

    def _tell(self, settings: Settings) -> None:
        pause = settings.notify_minutes * 60_000
        mails, hooks = settings.notify_email, settings.notify_webhook
        self._do(lambda turn: outbox.tell_moderators(turn, mails, hooks, pause, settings.base_url))

    def _hand_out(self, settings: Settings) -> None:
        mails, hooks, pause = settings.head_email, settings.head_webhook, settings.head_hours * 3_600_000
        note = self._do(lambda turn: outbox.hand_out_head(turn, mails, hooks, pause))
        if note is not None and self._heads is not None:
            size = note.split(b"\n")[1].decode()
            atomic_write(self._heads / f"{size}.head", note)

    def _deliver(self, settings: Settings) -> None:
        for message in self._do(outbox.take):
            try:
                self._send(message)
            except (WholetapeError, OSError) as problem:
                self._failed(message.way, problem)
            else:
                self._do(lambda turn, number=message.id: outbox.sent(turn, number))  # type: ignore[misc]

    def _send(self, message: outbox.Message) -> None:
        if message.way == outbox.WEBHOOK:
            send(message.to, message.body.encode(), kind="application/json", accept="*/*", limit=1 << 16, patience=10)
        elif self._mailer is None:
            raise OSError("no server for e-mail is set up")
        else:
            self._mailer.send(message.to, message.subject, message.body)
