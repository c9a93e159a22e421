"""Serving and asking over HTTP, with peers who send nonsense, too much, too slowly, or nothing at all."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time

import pytest

from wholetape.errors import NetworkFailed, UsageError
from wholetape.store.httpclient import Peer, parse_address
from wholetape.store.httpserver import Bounds, HttpServer

BOUNDS = Bounds(body=1000, head=4000, connections=12, each=6, arrive=0.5, idle=1.0, rate=1000, burst=1000)


def echo(path: str, body: bytes) -> tuple[int, bytes]:
    if path == "/fail":
        raise RuntimeError("inside")
    return 200, path.encode() + b" " + body


@pytest.fixture
def server():
    with serving() as server:
        yield server


@contextlib.contextmanager
def serving(handle=echo, bounds=BOUNDS, clock=time.monotonic):
    server = HttpServer("127.0.0.1", 0, handle, clock, bounds)
    try:
        yield server
    finally:
        server.stop()


def raw(server, data: bytes, *, source: str = "127.0.0.1", wait: float = 5.0) -> bytes:
    """All that comes back for these bytes."""
    with socket.create_connection(("127.0.0.1", server.port), wait, (source, 0)) as sock, contextlib.suppress(OSError):
        sock.sendall(data)
        got = b""
        while part := sock.recv(65536):
            got += part
            if b"\r\n\r\n" in got and b"Connection: close" not in got:
                break
        return got
    return b""


def peer(server, most: int = 10_000) -> Peer:
    return Peer("127.0.0.1", server.port, most=most)


def good(server) -> bool:
    """Whether it answers whoever asks well."""
    asked = peer(server)
    try:
        return asked.ask("/", b"", 5) == (200, b"/ ")
    finally:
        asked.close()


@contextlib.contextmanager
def impostor(talk):
    """A listening socket whose every connection ``talk`` deals with."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        end = threading.Event()

        def run() -> None:
            listening.settimeout(0.1)
            while not end.is_set():
                with contextlib.suppress(OSError):
                    sock, _ = listening.accept()
                    with sock:
                        sock.settimeout(5)
                        sock.recv(65536)
                        talk(sock)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield Peer("127.0.0.1", listening.getsockname()[1], most=1000)
        finally:
            end.set()
            thread.join(10)


def test_questions_are_answered_over_one_connection(server):
    asked = peer(server)
    assert [asked.ask(f"/{n}", b"x" * n, 5) for n in range(3)] == [(200, b"/0 "), (200, b"/1 x"), (200, b"/2 xx")]
    asked.close()


def test_a_connection_that_was_closed_meanwhile_is_opened_anew(server):
    asked = peer(server)
    asked.ask("/1", b"", 5)
    time.sleep(1.3)  # the server's patience between two requests is one second
    assert asked.ask("/2", b"", 5) == (200, b"/2 ")
    asked.close()


def test_a_page_from_a_file_may_ask(server):
    """Its origin is ``null``; browsers ask first whether they may."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    headers = {
        "Origin": "null",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Private-Network": "true",
    }
    connection.request("OPTIONS", "/follow", headers=headers)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
    assert "content-type" in answer.headers["Access-Control-Allow-Headers"]
    connection.close()


def test_it_serves_no_page(server):
    """Code that the recorder serves is not code of one's own."""
    assert raw(server, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"POST / HTTP/1.1\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nContent-Length: 0x10\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", b"411"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"POST /fail HTTP/1.1\r\nContent-Length: 0\r\n\r\n", b"500"),
        (b"DELETE / HTTP/1.1\r\n\r\n", b"501"),
        (b"POST / HTTP/9.9\r\n\r\n", b"505"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\n" + b"".join(b"H%d: x\r\n" % n for n in range(200)) + b"\r\n", b"431"),
    ],
    ids=range(12),
)
def test_wrong_requests_are_refused(server, request_, status):
    assert raw(server, request_).split(b" ")[1] == status
    assert good(server)


@pytest.mark.parametrize(
    "request_",
    [
        b"",
        b"\0" * 100,
        b"POST / HTTP/1.1\r\nX: " + b"x" * 5000,
        b"A" * 100_000,
        b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc",
        bytes.fromhex("16030100") * 100,
    ],
    ids=["nothing", "zeros", "a long header", "a long line", "half a body", "TLS"],
)
def test_who_never_finishes_is_cut_off(server, request_):
    began = time.monotonic()
    answer = raw(server, request_)
    assert b" 200 " not in answer
    assert time.monotonic() - began < 3
    assert good(server)


def test_a_request_that_trickles_in_is_cut_off(server):
    with socket.create_connection(("127.0.0.1", server.port), 5) as sock:
        began = time.monotonic()
        with pytest.raises(OSError):  # noqa: PT012 - any of the bytes may be the one that is refused
            while time.monotonic() - began < 5:
                sock.sendall(b"P")
                time.sleep(0.05)
        assert time.monotonic() - began < 3


def test_who_opens_many_connections_keeps_others_from_nothing():
    with serving() as server, contextlib.ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 5, ("127.0.0.2", 0)))
        assert raw(server, b"POST /a HTTP/1.1\r\nContent-Length: 0\r\n\r\n", source="127.0.0.3").startswith(
            b"HTTP/1.1 200"
        )


def test_connections_from_everywhere_are_bounded_and_make_room_again():
    with serving() as server, contextlib.ExitStack() as stack:
        for n in range(40):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 5, (f"127.0.0.{10 + n}", 0)))
        time.sleep(0.3)
        assert len(server._server._open) <= BOUNDS.connections
        assert sum(thread.name.startswith("Thread-") for thread in threading.enumerate()) <= BOUNDS.connections + 4
        time.sleep(1.2)
        assert good(server)


def test_an_address_that_asks_too_often_is_told_so_and_others_are_not():
    bounds = Bounds(rate=1, burst=5)
    with serving(bounds=bounds, clock=lambda: 7.0) as server:
        asked = peer(server)
        answers = [asked.ask("/", b"", 5)[0] for _ in range(8)]
        assert answers == [200] * 5 + [429] * 3
        assert b" 200 " in raw(server, b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", source="127.0.0.9")
        asked.close()


def test_who_does_not_take_the_answer_is_given_up():
    huge = b"x" * (32 << 20)
    with serving(lambda path, body: (200, huge)) as server, socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", server.port))
        sock.sendall(b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        deadline = time.monotonic() + 5
        time.sleep(0.2)
        while server._server._open and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not server._server._open


def test_stopping_ends_connections_that_wait():
    waits = threading.Event()

    def handle(path: str, body: bytes) -> tuple[int, bytes]:
        waits.wait(20)
        return 200, b""

    with contextlib.ExitStack() as stack:
        server = stack.enter_context(serving(handle))
        stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 5))
        waits.set()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", server.port), 1)


@pytest.mark.parametrize("host", ["203.0.113.7", "no such name", "256.1.1.1", "::zz"])
def test_an_address_that_is_not_ours_cannot_be_listened_on(host):
    with pytest.raises(NetworkFailed, match="cannot listen"):
        HttpServer(host, 0, echo, time.monotonic)


def test_a_port_that_is_taken_is_told(server):
    with pytest.raises(NetworkFailed, match="in use"):
        HttpServer("127.0.0.1", server.port, echo, time.monotonic)


# --- asking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("192.168.1.5:7654", ("192.168.1.5", 7654)),
        (":7654", ("", 7654)),
        ("[fe80::1]:7654", ("fe80::1", 7654)),
        ("laptop.local:80", ("laptop.local", 80)),
        ("http://10.0.0.1:7654/", ("10.0.0.1", 7654)),
    ],
)
def test_addresses(text, parsed):
    assert parse_address(text) == parsed


@pytest.mark.parametrize(
    "text", ["", "a", "a:", "a:b", "a:99999", "a b:1", "fe80::1:7654", "a:1/x", "\n:1", "ä:1", "@:1"]
)
def test_what_is_no_address(text):
    with pytest.raises(UsageError, match="is no address"):
        parse_address(text)


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NetworkFailed, match="cannot be reached"):
        Peer("127.0.0.1", port, most=100).ask("/", b"", 2)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"


def trickle(sock: socket.socket, part: bytes = b"H") -> None:
    for _ in range(100):
        sock.sendall(part)
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("talk", "words"),
    [
        (lambda sock: None, "cannot be reached|does not speak"),
        (lambda sock: sock.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"), "does not speak HTTP"),
        (lambda sock: sock.sendall(HEAD + b"abc"), "broke off"),
        (
            lambda sock: sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
            "does not speak HTTP",
        ),
        (
            lambda sock: sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000),
            "more than 1,000",
        ),
        (lambda sock: sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000), "more than 1,000"),
        (lambda sock: sock.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000), "does not speak HTTP"),
        (lambda sock: sock.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000), "does not speak HTTP"),
        (lambda sock: time.sleep(2), "did not answer in 1 s"),
        (trickle, "did not answer in 1 s"),
        (lambda sock: trickle(sock, b"HTTP/1.1 100 Continue\r\n\r\n"), "did not answer in 1 s"),
    ],
    ids=range(11),
)
def test_whatever_answers_the_asker_comes_back_in_time_with_clear_words(talk, words):
    def careful(sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            talk(sock)

    with impostor(careful) as asked:
        began = time.monotonic()
        with pytest.raises(NetworkFailed, match=words):
            asked.ask("/", b"", 1)
        assert time.monotonic() - began < 4


def test_a_redirect_is_not_followed():
    with impostor(
        lambda sock: sock.sendall(b"HTTP/1.1 302 F\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
    ) as asked:
        assert asked.ask("/", b"", 2) == (302, b"")
        asked.close()
