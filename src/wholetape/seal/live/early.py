"""An early time-stamp: authorities are asked over a head while the recording goes on, so that its beginning is dated.

The head is kept as ``early``, the replies as ``early-0.tsr`` and so on, until the seal takes them along. Recording
waits for nobody: whoever does not answer is told of.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from wholetape.errors import MalformedFile, UnreadableInput, VerificationFailed, WholetapeError
from wholetape.log.checkpoint import parse_checkpoint
from wholetape.log.note import parse_note
from wholetape.log.stamp import MAX_REPLY, parse_stamp
from wholetape.seal.live.journal import LiveJournal
from wholetape.seal.live.params import LIVE
from wholetape.seal.sealfile import Seal
from wholetape.seal.stamping import MAX_STAMPS, Send, ask, post, stamp_members
from wholetape.seal.times import utc
from wholetape.store.atomic import atomic_write
from wholetape.store.files import read_file
from wholetape.store.folder import HeldFolder

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

EARLY = "early"
_MOST = 1 << 20


class EarlyStamp:
    """Asks ``urls``, in a thread of its own, once ``journal`` has some seconds; what they say is kept in ``folder``.

    ``tell`` takes a line for a person, from that thread. Where an early head is kept already, nobody is asked.
    """

    def __init__(
        self,
        folder: HeldFolder,
        journal: LiveJournal,
        urls: Sequence[str],
        roots: Sequence[Certificate],
        tell: Callable[[str], None],
        send: Send = post,
    ) -> None:
        self._folder, self._journal, self._tell = folder, journal, tell
        self._urls, self._roots, self._send = urls, roots, send
        self._thread: threading.Thread | None = None
        self._done = not urls or folder.exists(EARLY)

    def changed(self) -> None:
        """There is a new head; never waits."""
        if not self._done and self._journal.builder.count.segments >= LIVE.stamp_after:
            self._done = True
            self._thread = threading.Thread(target=self._ask, name="time-stamps", daemon=True)
            self._thread.start()

    def finish(self, patience: float) -> None:
        """Waits, at most so many seconds, for what is under way."""
        if self._thread is not None:
            self._thread.join(patience)

    def _ask(self) -> None:
        head = self._journal.head().encode()
        replies = []
        for answer in ask(head, self._urls, self._roots, self._send):
            if answer.stamp is None:
                self._tell(f"no early time-stamp: {answer.problem}")
            else:
                replies.append(answer.reply)
                self._tell(f"its beginning is stamped {utc(answer.stamp.latest)} by {answer.stamp.authority}")
        if not replies:
            return
        try:
            for number, reply in enumerate(replies):
                atomic_write(self._folder.name(_reply(number)), reply)
            atomic_write(self._folder.name(EARLY), head)
        except WholetapeError as problem:
            self._tell(f"the early time-stamp is not kept: {problem}")


def with_early(seal: Seal, folder: HeldFolder) -> Seal:
    """``seal`` with the early head that is kept in ``folder``, and its time-stamps; those that are damaged left out."""
    try:
        head = read_file(folder.name(EARLY), _MOST)
        checkpoint = parse_checkpoint(parse_note(head, "the early head").text)
    except (UnreadableInput, MalformedFile):
        return seal
    if checkpoint.size > len(seal.leaves) or seal.tree.root(checkpoint.size) != checkpoint.root:
        return seal
    replies = []
    for number in range(MAX_STAMPS):
        try:
            reply = read_file(folder.name(_reply(number)), MAX_REPLY)
            parse_stamp(reply, head)
        except (UnreadableInput, MalformedFile, VerificationFailed):
            continue
        replies.append(reply)
    return seal.with_(stamp_members(seal.members, head, replies)) if replies else seal


def forget(folder: HeldFolder) -> None:
    """Removes them from ``folder``, when the seal is written."""
    for name in (EARLY, *(_reply(number) for number in range(MAX_STAMPS))):
        folder.remove(name)


def _reply(number: int) -> str:
    return f"{EARLY}-{number}.tsr"
