"""What `serve` does without being asked: messages over real sockets, heads in a folder, periods of retention."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from wholetape.comments.settings import save
from wholetape.comments.states import Act
from wholetape.errors import UsageError
from wholetape.log.checkpoint import parse_checkpoint
from wholetape.log.note import parse_note
from wholetape.web.background import Background
from wholetape.web.mail import parse_mailer


@contextmanager
def running(server) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


class Hook(BaseHTTPRequestHandler):
    taken: list[dict[str, object]]

    def do_POST(self):
        self.taken.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words):
        pass


class Mail(socketserver.StreamRequestHandler):
    """Enough of SMTP to take a message."""

    taken: list[str]

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip().upper():
            if line.startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    text += self.rfile.readline()
                self.taken.append(text.decode())
            self.wfile.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 ok\r\n")


@pytest.fixture
def post() -> Iterator[tuple[int, list, int, list]]:
    """Where webhooks and mail arrive: the port and what was taken, of each."""
    hook: Any = type("H", (Hook,), {"taken": []})
    mail: Any = type("M", (Mail,), {"taken": []})
    with (
        running(HTTPServer(("127.0.0.1", 0), hook)) as web_port,
        running(socketserver.TCPServer(("127.0.0.1", 0), mail)) as mail_port,
    ):
        yield web_port, hook.taken, mail_port, mail.taken


def test_moderators_authors_and_keepers_of_heads_are_told(web, post, tmp_path):
    web_port, hooks, mail_port, mails = post
    changes = {
        "notify_webhook": [f"http://127.0.0.1:{web_port}/x"],
        "notify_email": ["desk@example.org"],
        "head_webhook": [f"http://127.0.0.1:{web_port}/y"],
        "base_url": "https://tapes.example",
    }
    web.office.desk.do(lambda turn: save(turn, changes))
    uid, _ = web.office.send("hidden words", email="ann@example.org")
    web.office.act(uid, Act.APPROVED)
    web.office.send("another")
    mailer = parse_mailer(f"smtp://127.0.0.1:{mail_port}/comments@example.org")
    background = Background(web.context, web.log.append, mailer, tmp_path)
    background.round()
    assert {h["event"] for h in hooks} == {"queue", "head"}
    assert next(h for h in hooks if h["event"] == "queue")["waiting"] == 1
    assert len(mails) == 2
    assert all("hidden" not in text for text in (*mails, json.dumps(hooks)))
    (kept,) = tmp_path.glob("*.head")
    head = parse_checkpoint(parse_note(kept.read_bytes()).text)
    assert head.size == int(kept.stem)
    background.round()
    assert (len(hooks), len(mails)) == (2, 2)
    assert not [event for event in web.log if event["event"] == "error"]


def test_what_cannot_be_delivered_is_tried_again_and_keeps_nothing_else(web):
    web.office.desk.do(lambda turn: save(turn, {"notify_webhook": ["http://127.0.0.1:1/x"], "days_rejected": 1}))
    uid, _ = web.office.send("hidden words")
    web.office.act(uid, Act.REJECTED, reason="x")
    web.office.send("waiting")
    web.office.clock.sleep(days=2)
    background = Background(web.context, web.log.append)
    background.round()
    assert [event["step"] for event in web.log if event["event"] == "error"] == ["webhook"]
    assert web.office.row(uid).state == "redacted"
    assert web.office.read(lambda c: c.exec_driver_sql("SELECT COUNT(*) FROM outbox").scalar()) == 1


@pytest.mark.parametrize("url", ["", "http://x/y@z", "smtp://host/", "smtp:///a@b"])
def test_a_mail_server_is_named_in_full(url):
    with pytest.raises(UsageError):
        parse_mailer(url)
    assert parse_mailer("smtps://u:p%40q@mail.example/c@example.org").password == "p@q"
