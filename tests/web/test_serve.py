"""``wholetape serve`` as a process: two on one PostgreSQL, killed under load, and what it says when it cannot start."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from pathlib import Path

import pytest

from bench.comments import forms
from bench.comments_clients import clients
from bench.comments_served import Served
from wholetape.cli.main import main


def ask(port: int, path: str, method: str = "GET", body: bytes | None = None, **headers: str):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
    answer = line.getresponse()
    data = answer.read().decode()
    line.close()
    return answer, data


def test_two_instances_on_one_postgresql_share_queue_trail_and_sessions(postgres, tmp_path):
    first = Served(tmp_path / "first", postgres.fresh())
    first.start()
    second = Served(tmp_path / "first", first.url)
    second.start()
    loads = []
    bodies = [forms(first.secret, 60, seed) for seed in (1, 2)]
    threads = [
        threading.Thread(target=lambda p=port, b=body: loads.append(clients(p, b, 8)))
        for port, body in zip((first.port, second.port), bodies, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tokens = [token for load in loads for token in load.tokens]
    assert len(tokens) == 120
    for token in tokens[:3] + tokens[-3:]:
        for port in (first.port, second.port):
            assert ask(port, f"/comments/-/status/{token}")[0].status == 200
    token = tokens[0]
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    assert ask(first.port, f"/comments/-/status/{token}/withdraw", "POST", b"", **form)[0].status == 303
    assert "withdrawn" in ask(second.port, f"/comments/-/status/{token}")[1]
    first.stop()
    assert ask(second.port, "/readyz")[0].status == 200
    second.stop()
    assert first.verified() == 120


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_under_load_everything_acknowledged_is_there_and_the_trail_verifies(kind, request, tmp_path):
    url = None if kind == "sqlite" else request.getfixturevalue("postgres").fresh()
    served = Served(tmp_path / "site", url)
    tokens: list[str] = []
    for number in range(2):
        served.start()
        bodies = forms(served.secret, 600, number)
        stop = threading.Timer(0.8, served.process.kill)
        stop.start()
        tokens += clients(served.port, bodies, 8).tokens
        stop.join()
        served.stop(9)
        served.verified()
    assert all(served.has(tokens))


def test_it_tells_its_health_and_numbers_and_logs_without_personal_data(tmp_path):
    served = Served(tmp_path / "site", None)
    served.start()
    assert ask(served.port, "/healthz")[1] == "ok\n"
    assert ask(served.port, "/readyz")[1] == "ok\n"
    clients(served.port, forms(served.secret, 3, 1), 1)
    page = ask(served.port, "/metrics")[1]
    assert "wholetape_queue_comments 3" in page
    assert 'route="/comments/{release}",status="303"} 3' in page
    assert "server" not in ask(served.port, "/healthz")[0].headers
    served.stop()
    lines = [json.loads(line) for line in (tmp_path / "site" / "log").read_text().splitlines()]
    assert {line["event"] for line in lines} >= {"listening", "request", "stopped"}
    assert not any("127.0.0.1" in json.dumps(line) for line in lines if line["event"] == "request")


def site(folder: Path) -> Path:
    (folder / "site").mkdir()
    return folder / "site"


def test_what_it_cannot_serve_it_says(tmp_path, capsys):
    place = site(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["serve", str(place), "--port", str(taken.getsockname()[1])]) == 7
    (tmp_path / "broken.db").write_bytes(b"no database at all" * 100)
    for words, code in (
        ([str(tmp_path / "missing")], 2),
        ([str(place), "--port", "70000"], 2),
        ([str(place), "--data", str(place / "inside")], 2),
        ([str(place), "--database", "mysql://x/y"], 2),
        ([str(place), "--database", "nonsense"], 2),
        ([str(place), "--database", f"sqlite:///{tmp_path / 'broken.db'}"], 8),
        ([str(place), "--database", "postgresql://nobody@127.0.0.1:1/none"], 8),
        ([str(place), "--heads", str(tmp_path / "missing")], 2),
    ):
        assert main(["serve", *words]) == code, words
        told = capsys.readouterr().err
        assert told.startswith("wholetape: ")
        assert "Traceback" not in told


def test_a_database_goes_on_with_its_own_key_only(tmp_path, capsys):
    place = site(tmp_path)
    assert main(["moderate", "users", "list", "--site", str(place)]) == 0
    (tmp_path / "site.comments" / "comments.key").unlink()
    (tmp_path / "site.comments" / "comments.pub").unlink()
    assert main(["moderate", "users", "list", "--site", str(place)]) == 6
    assert "another key" in capsys.readouterr().err
