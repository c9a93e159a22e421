"""``follow.html`` in a browser: opened from a file, talking to a host at an address that is not localhost."""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import threading
from pathlib import Path

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.follow_page import Opened
from tests.seal import made
from tests.seal.follow.desk_and_room import Journal
from wholetape.log.checkpoint import parse_checkpoint, signature_by
from wholetape.log.keys import PrivateKey, encode_private, encode_public
from wholetape.log.kinds import What
from wholetape.log.merkle import Tree
from wholetape.log.note import parse_note
from wholetape.seal.follow.host import Host
from wholetape.seal.follow.page import page
from wholetape.store.followed import FollowedFolder
from wholetape.store.httpserver import own_address


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "follow.html"
    path.write_bytes(page())
    return path


@pytest.fixture
def opened(visit, file):
    return Opened(visit(), file)


def elsewhere() -> str:
    """An address of this machine that browsers do not take for localhost."""
    address = own_address()
    return "127.0.0.1" if address == "localhost" else address


class Recording(threading.Thread):
    """A recording that goes on in the background, a second in every fifth of one."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(daemon=True)
        self.journal, self.end = journal, threading.Event()

    def run(self) -> None:
        while not self.end.wait(0.2):
            self.journal.second()

    def stop(self) -> None:
        self.end.set()
        self.join(5)


@pytest.fixture
def recording():
    journal = Journal()
    with Host(f"{elsewhere()}:0", journal, made.A) as host:
        journal.changed = host.changed
        thread = Recording(journal)
        thread.start()
        try:
            yield thread, host
        finally:
            thread.stop()


def follow(opened, tmp_path, address: str, key: PrivateKey = made.B, trust: PrivateKey | None = made.A) -> None:
    """Fills in the form as a person does."""
    (tmp_path / "mine.key").write_bytes(encode_private(key))
    opened.choose("#key", tmp_path / "mine.key")
    if trust is not None:
        (tmp_path / "theirs.pub").write_bytes(encode_public(trust))
        opened.choose("#trust", tmp_path / "theirs.pub")
    opened.run("localStorage.clear()")
    opened.run(f"$('address').value = {json.dumps(address)}; $('start').click()")


def state(opened) -> str:
    return str(opened.run("$('state').textContent"))


def test_it_needs_nothing_but_itself():
    text = page().decode()
    for outside in ("http://", "https://", "import ", "src=", "@import", "url(", "eval(", "innerHTML", "subtle."):
        kept = text.replace("http: https:", "").replace("`http://${address}`", "")
        assert outside not in kept.replace("https?:", ""), outside


def test_opened_it_asks_for_nothing_and_works_for_everybody(visit, file):
    for size, dark in ((DESKTOP, False), (PHONE, True)):
        seen = visit(size, dark=dark)
        seen.go(file)
        assert seen.requests == [file.as_uri()]
        assert seen.complaints == []
        assert seen.faults() == []
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_follows_cosigns_and_sees_the_end(opened, tmp_path, recording):
    thread, host = recording
    follow(opened, tmp_path, host.address)
    opened.until("follower && follower.stored > 20", 60)
    thread.stop()
    thread.journal.close()
    assert host.finish(15) == []
    opened.until("$('state').textContent.includes('followed it to the end')")
    lines = thread.journal.all_lines
    sizes = [parse_checkpoint(note.text).size for note in thread.journal.stored]
    assert sizes == sorted(sizes)
    assert sizes[-1] == len(lines) - 1
    assert opened.run("$('root').textContent") == Tree(lines[:-1]).root().hex()
    saved = opened.saved()
    assert saved["leaves"].splitlines() == lines
    assert saved["head"] == thread.journal.head().encode()
    assert saved["recording.print"] == thread.journal.print()
    for name in ("leaves", "rows", "heads"):
        (tmp_path / "folder").mkdir(exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(saved[name])
    with FollowedFolder(tmp_path / "folder") as folder:  # as the program keeps it
        assert folder.leaves() == lines
        assert len(folder.rows()) == len(thread.journal.printed)
        assert [parse_checkpoint(note.text).size for note in folder.heads()] == sizes


def test_after_a_pause_the_whole_print_comes_at_the_end(opened, tmp_path, recording):
    thread, host = recording
    follow(opened, tmp_path, host.address)
    opened.until("follower && follower.stored > 3", 60)
    thread.stop()
    thread.journal.second(committed=False)
    thread.journal.leaf(What.PAUSE)
    thread.journal.leaf(What.RESUME)
    thread.journal.second()
    thread.journal.close()
    opened.until("$('state').textContent.includes('followed it to the end')")
    saved = opened.saved()
    assert b"-\n" in saved["rows"]
    assert saved["recording.print"] == thread.journal.print()


def test_a_print_that_the_closing_leaf_does_not_name_stops_it_before_it_signs_the_end(opened, tmp_path, recording):
    thread, host = recording
    opened.run("$('close').click()")
    follow(opened, tmp_path, host.address)
    opened.until("follower && follower.stored > 3", 60)
    thread.stop()
    thread.journal.second(committed=False)
    thread.journal.printed[1] = bytes(825)
    thread.journal.close()
    opened.until("$('state').textContent.includes('STOPPED')")
    assert "not the one that its closing leaf names" in state(opened)
    assert parse_checkpoint(thread.journal.stored[-1].text).size < len(thread.journal.all_lines)


def test_a_host_that_forks_is_caught_and_nothing_more_is_signed(opened, tmp_path, recording):
    thread, host = recording
    follow(opened, tmp_path, host.address)
    opened.until("follower && follower.stored > 5", 60)
    thread.stop()
    other = thread.journal.forked(4)
    for _ in range(40):
        other.second(sound=os.urandom(2 * made.RATE))
    signed = opened.run("follower.signed")
    with Host(f"{elsewhere()}:0", other, made.A) as fork:
        opened.run(f"follower.url = 'http://{fork.address}'")
        opened.until("$('state').textContent.includes('STOPPED')")
        assert "cannot show to continue" in state(opened)
        assert opened.run("follower.signed") == signed
        assert not other.stored
    saved = opened.saved()
    shown = [parse_note(saved[f"evidence/000{n}"], "a head") for n in range(2)]
    assert all(signature_by(note, made.A.public.signer) for note in shown)
    assert parse_checkpoint(shown[0].text).root == Tree(thread.journal.all_lines).root(
        parse_checkpoint(shown[0].text).size
    )
    assert parse_checkpoint(shown[1].text).root != parse_checkpoint(shown[0].text).root


def test_a_page_that_was_reloaded_remembers_what_its_key_signed(opened, tmp_path, recording):
    thread, host = recording
    follow(opened, tmp_path, host.address)
    opened.until("follower && follower.stored > 5", 60)
    thread.stop()
    other = thread.journal.forked(4)
    for _ in range(40):
        other.second(sound=os.urandom(2 * made.RATE))
    opened.page.reload()
    again = opened
    with Host(f"{elsewhere()}:0", other, made.A) as fork:
        again.choose("#key", tmp_path / "mine.key")
        again.run(f"$('address').value = '{fork.address}'; $('start').click()")
        again.until("$('state').textContent.includes('STOPPED')")
        assert "this key signed" in state(again)
    assert not other.stored


def test_another_recorder_than_the_one_whose_key_was_given_is_refused(opened, tmp_path, recording):
    _, host = recording
    follow(opened, tmp_path, host.address, trust=made.STRANGER)
    opened.until("$('state').textContent.includes('STOPPED')")
    assert "not the recorder whose key you gave" in state(opened)


def test_without_a_key_to_trust_the_fingerprint_is_shown(opened, tmp_path, recording):
    _, host = recording
    opened.run("$('trust').value = ''")
    follow(opened, tmp_path, host.address, trust=None)
    opened.until("follower && follower.signed > 0")
    assert opened.run("$('fingerprint').textContent") == made.A.public.fingerprint
    opened.run("$('leave').click()")
    opened.until("$('state').textContent.includes('left before the end')")


def test_a_stranger_is_told_that_it_is_no_party(opened, tmp_path, recording):
    _, host = recording
    follow(opened, tmp_path, host.address, key=made.STRANGER)
    opened.until("$('state').textContent.includes('of no party')")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (encode_public(made.B), "public key"),
        (encode_private(made.B, "secret", randomness=bytes(28)), "encrypted"),
        (b"nonsense", "no private key"),
        (encode_private(made.B).replace(b"side-b", b"side-c"), "ID does not fit"),
        (b"\xff\xfe\n", "UTF-8"),
        (b"x" * 5000, "too long"),
    ],
    ids=["public", "encrypted", "nonsense", "renamed", "binary", "long"],
)
def test_files_that_are_no_key(opened, tmp_path, content, words):
    (tmp_path / "wrong.key").write_bytes(content)
    opened.choose("#key", tmp_path / "wrong.key")
    opened.run("$('address').value = '127.0.0.1:1'; $('start').click()")
    opened.until(f"$('state').textContent.includes({json.dumps(words)})")


BENT = {
    "head": ("n => ({...n, head: n.head.replace('side-a', 'side-b')})", "not signed by the recorder"),
    "leaf": ("n => ({...n, leaves: n.leaves.map(l => l.replace('s\":8000', 's\":7999'))})", "not make|not follow"),
    "order": ("n => ({...n, leaves: [...n.leaves].reverse()})", "does not follow|first leaf"),
    "rows": ("n => ({...n, rows: n.rows.map(r => ({...r, salt: b64(new Uint8Array(32))}))})", "commits to"),
    "others": ("n => ({...n, others: [n.head]})", "no party cosigned"),
    "extra": ("n => ({...n, more: 1})", "other members"),
    "types": ("n => ({...n, leaves: [7]})", "malformed"),
    "null": ("n => ({...n, rows: [[]]})", "malformed"),
    "many": ("n => ({...n, leaves: Array(601).fill('')})", "too many"),
}  # fmt: skip


@pytest.mark.parametrize("name", BENT)
def test_what_does_not_hold_stops_it(opened, tmp_path, recording, name):
    bend, words = BENT[name]
    thread, host = recording
    for _ in range(3):
        thread.journal.second()
    opened.run(
        "(() => { const ask = Follower.prototype.ask; Follower.prototype.ask = async function (path, message, wait) {"
        "const answer = await ask.call(this, path, message, wait);"
        f"return path === 'news' ? ({bend})(answer) : answer; }}; }})()"
    )
    follow(opened, tmp_path, host.address)
    opened.until("$('state').textContent.includes('STOPPED')")
    assert re.search(words, state(opened)), state(opened)
    assert not thread.journal.stored


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 9_000_000,
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\n\xff\xff",
        b"HTTP/1.1 418 T\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 5\r\n\r\nnever",
    ],
    ids=["huge", "empty", "binary", "teapot"],
)
def test_nonsense_from_the_host_stops_it_with_clear_words(opened, tmp_path, answer):
    with socket.create_server((elsewhere(), 0)) as listening:

        def talk() -> None:
            sock, _ = listening.accept()
            with sock:
                sock.recv(65536)
                try:
                    sock.sendall(answer)
                except OSError:
                    return

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        follow(opened, tmp_path, f"{elsewhere()}:{listening.getsockname()[1]}")
        opened.until("$('state').textContent.includes('STOPPED')", 60)
        thread.join(10)


def test_the_hash_in_the_documentation_is_the_pages():
    docs = Path(__file__).parents[2] / "docs"
    assert hashlib.sha256(page()).hexdigest() in (docs / "follow.md").read_text()
