"""Backups, redactions in backups, imports, exports, periods of retention, and messages."""

from __future__ import annotations

import json
import sqlite3

import pytest
import sqlalchemy as sa

from wholetape.cli.main import main
from wholetape.comments import backup, outbox, public, tables
from wholetape.comments.database import BUSY_S, forget, open_database, writing
from wholetape.comments.exchange import disqus, isso, own
from wholetape.comments.exchange.incoming import bring_in
from wholetape.comments.redacting import finish
from wholetape.comments.retention import expire
from wholetape.comments.settings import Settings
from wholetape.comments.states import Act, Role, State
from wholetape.comments.verify import verify_trail
from wholetape.errors import MalformedFile, UsageError

DISQUS = """<?xml version="1.0"?><disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<thread dsq:id="9"><id>x</id><link>https://example.org/talks/debate/</link></thread>
<post dsq:id="2"><message><![CDATA[<p>An answer.</p>]]></message><createdAt>2020-01-02T00:00:00Z</createdAt>
<isDeleted>false</isDeleted><isSpam>false</isSpam><author><name>Bo</name></author><thread dsq:id="9"/>
<parent dsq:id="1"/></post>
<post dsq:id="1"><message><![CDATA[<p>See <a href="http://e.org/x">this</a> &amp; &lt;b&gt;</p>]]></message>
<createdAt>2020-01-01T00:00:00Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam>
<author><name>Ann</name><email>ann@e.org</email></author><thread dsq:id="9"/></post>
<post dsq:id="3"><message>spam</message><createdAt>2020-01-03T00:00:00Z</createdAt><isDeleted>false</isDeleted>
<isSpam>true</isSpam><thread dsq:id="9"/></post></disqus>"""


def copied(office, change=lambda lines: lines):
    """The lines of a backup of the database."""
    with office.engine.connect() as connection:
        return list(change(list(backup.write(connection, 1))))


def other(office, tmp_path):
    """Another, empty database of the same kind."""
    if office.url.startswith("sqlite"):
        return open_database(f"sqlite:///{tmp_path / 'other.db'}")
    name = office.url.rpartition("/")[2] + "x"
    with office.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return open_database(office.url + "x")


def test_what_is_restored_is_what_was_kept(office, tmp_path):
    office.published("one")
    office.send("two", name="Ann", email="a@example.org")
    engine = other(office, tmp_path)
    with writing(engine).begin() as connection:
        assert backup.restore(connection, copied(office)) == []
    with engine.connect() as connection:
        verify_trail(connection)
        assert [t.row.text for t in public.page(connection, "debate", True, None).threads] == ["one"]
        kept = list(backup.write(connection, 1))
    assert kept == copied(office)
    engine.dispose()


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: lines[:-1],
        lambda lines: [*lines[:-2], lines[-1]],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [line.replace(b"one", b"two") for line in lines],
        lambda lines: lines[1:],
        lambda lines: [b"{}\n"],
        lambda lines: [b"\xff\n"],
    ],
)
def test_a_damaged_backup_is_not_restored(lite, damage, tmp_path):
    lite.send("one")
    engine = other(lite, tmp_path)
    with pytest.raises(MalformedFile), writing(engine).begin() as connection:
        backup.restore(connection, copied(lite, damage))
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.revisions)).scalar() == 0
    engine.dispose()


def test_a_database_that_is_not_empty_is_not_filled(lite):
    with pytest.raises(UsageError), writing(lite.engine).begin() as connection:
        backup.restore(connection, copied(lite))


def test_a_redaction_reaches_the_database_file_and_the_backup_and_what_is_restored_from_it(tmp_path, capsys):
    site = tmp_path / "site"
    (site / "debate").mkdir(parents=True)
    (site / "debate" / "index.html").write_text("<!doctype html>")
    (tmp_path / "password").write_text("seven horses eat green hay\n")
    at = ["--site", str(site)]

    def run(*words: str) -> str:
        assert main(["moderate", *words]) == 0, capsys.readouterr().err
        return str(capsys.readouterr().out)

    run("users", "add", "ada", *at, "--role", "administrator", "--password-file", str(tmp_path / "password"))
    (tmp_path / "old.json").write_text(
        json.dumps({"format": own.FORMAT, "comments": [
            {"uid": "1", "kind": "comment", "release": "debate", "parent": None, "state": "published",
             "name": "Nomquetzal", "text": "Unlawful words quetzal.", "email": "aquetzal@example.org", "received": 5}]})
    )  # fmt: skip
    assert "1 taken" in run(
        "import", str(tmp_path / "old.json"), "--from", "wholetape", "--as", "ada", "--approve", *at
    )
    uid = json.loads(run("queue", "--state", "published", "--json", *at))["uid"]
    kept = tmp_path / "kept.backup"
    run("backup", str(kept), *at)
    assert b"quetzal" in kept.read_bytes()
    run("redact", uid, "--as", "ada", "--reason", "a court's order", "--rule", "law-court", *at)
    assert b"quetzal" not in kept.read_bytes()
    data = tmp_path / "site.comments"
    for file in data.iterdir():
        assert b"quetzal" not in file.read_bytes(), file
    for name in ("comments.db", "comments.db-wal", "comments.db-shm"):
        (data / name).unlink(missing_ok=True)
    assert "1 redacted since" in run("restore", str(kept), *at)
    assert "redacted" in run("queue", "--state", "redacted", *at)
    assert main(["moderate", "verify", *at]) == 3
    assert "consistent only" in capsys.readouterr().out


def test_what_was_destroyed_leaves_the_database_of_either_kind(office):
    uid, _ = office.send("Unlawful words quetzal.")
    office.act(uid, Act.REDACTED, reason="x")
    assert finish(office.desk) == []


def test_it_is_told_when_a_reader_keeps_the_text_in_the_write_ahead_log(lite):
    with lite.engine.connect() as reader:
        reader.exec_driver_sql("SELECT * FROM comments").all()
        uid, _ = lite.send("Unlawful words quetzal.")
        lite.act(uid, Act.REDACTED, reason="x")
        assert not forget(lite.engine, 0.2)
    assert forget(lite.engine)
    with lite.engine.connect() as later:
        assert later.exec_driver_sql("PRAGMA busy_timeout").scalar() == BUSY_S * 1000


def test_disqus_becomes_plain_text_in_the_queue_and_keeps_threads_and_dates(lite):
    chief = lite.accounts[Role.ADMINISTRATOR]
    told = bring_in(lite.desk, "disqus", disqus.parse(DISQUS.encode()), {}, chief, False)
    assert (told.taken, told.elsewhere) == (2, 0)
    rows = lite.read(lambda c: c.execute(sa.select(tables.comments).order_by(tables.comments.c.id)).all())
    assert [row.state for row in rows] == ["queued", "queued"]
    assert rows[0].text.startswith("See this (http://e.org/x) & <b>")
    assert rows[1].parent == rows[0].uid
    assert rows[0].received == 1577836800000
    assert bring_in(lite.desk, "disqus", disqus.parse(DISQUS.encode()), {}, chief, False).known == 2
    lite.read(verify_trail)


@pytest.mark.parametrize(
    "data",
    [b"", b"<disqus/>", b"no xml", b'<!DOCTYPE x [<!ENTITY a "b">]><disqus xmlns="http://disqus.com">&a;</disqus>'],
)
def test_what_is_no_disqus_export_is_refused(data):
    with pytest.raises(MalformedFile):
        list(disqus.parse(data))


def test_isso_comes_in_without_addresses_of_readers(lite, tmp_path):
    chief = lite.accounts[Role.ADMINISTRATOR]
    old = sqlite3.connect(tmp_path / "isso.db")
    old.executescript(
        """CREATE TABLE threads (id INTEGER, uri TEXT, title TEXT);
        CREATE TABLE comments (tid, id, parent, created, modified, mode, remote_addr, text, author, email, website);
        INSERT INTO threads VALUES (1, '/talks/debate/', 'x');
        INSERT INTO comments VALUES (1, 1, NULL, 1500000000.5, NULL, 1, '198.51.100.7', 'Hello *you*', 'A', NULL, NULL);
        INSERT INTO comments VALUES (1, 2, 1, 1500000001.0, NULL, 2, '198.51.100.8', 'Waiting', NULL, NULL, NULL);
        INSERT INTO comments VALUES (1, 3, 2, 1500000002.0, NULL, 1, '198.51.100.8', 'Deeper', NULL, NULL, NULL);"""
    )
    old.commit()
    old.close()
    told = bring_in(lite.desk, "isso", isso.parse(str(tmp_path / "isso.db")), {}, chief, True)
    assert told.taken == 3
    page = lite.read(lambda c: public.page(c, "debate", True, None))
    assert [t.row.text for t in page.threads] == ["Hello *you*"]
    assert [r.text for t in page.threads for r in t.replies] == ["Deeper"]
    assert not any(b"198.51" in line for line in copied(lite))
    lite.read(verify_trail)


def test_only_an_administrator_imports(lite):
    from wholetape.comments.states import Refused

    with pytest.raises(Refused):
        bring_in(lite.desk, "disqus", disqus.parse(DISQUS.encode()), {}, lite.accounts[Role.MODERATOR], False)


def test_the_export_has_public_comments_only_unless_all_are_asked_for(lite):
    lite.published("public")
    lite.send("waiting", email="a@example.org")
    some = json.loads(b"".join(lite.read(lambda c: list(own.write(c, False)))))
    assert [row["text"] for row in some["comments"]] == ["public"]
    assert "email" not in some["comments"][0]
    everything = json.loads(b"".join(lite.read(lambda c: list(own.write(c, True)))))
    assert {row["text"] for row in everything["comments"]} == {"public", "waiting"}


def test_when_its_time_is_over_a_text_is_destroyed_and_an_address_forgotten(office):
    rejected, _ = office.send("rejected", email="a@example.org")
    waiting, _ = office.send("waiting", email="b@example.org")
    kept = office.published("public", email="c@example.org")
    office.act(rejected, Act.REJECTED, reason="x")
    office.clock.sleep(days=31)
    assert office.desk.do(lambda turn: expire(turn, Settings())).value == 0
    assert [office.row(uid).email for uid in (rejected, waiting, kept)] == [None, "b@example.org", None]
    assert office.row(waiting).source is None
    office.clock.sleep(days=60)
    assert office.desk.do(lambda turn: expire(turn, Settings())).value == 1
    assert office.row(rejected).state == State.REDACTED
    assert office.row(kept).text == "public"
    office.read(verify_trail)


def test_messages_wait_until_they_are_delivered_and_quote_nothing(lite):
    uid, _ = lite.send("hidden words", email="ann@example.org")
    lite.act(uid, Act.APPROVED)
    lite.send("second")
    lite.desk.do(lambda turn: outbox.tell_moderators(turn, ["m@example.org"], ["https://h.example/x"], 0, ""))
    lite.desk.do(lambda turn: outbox.hand_out_head(turn, ["h@example.org"], [], 0))
    found = lite.desk.do(outbox.take).value
    assert sorted(m.to for m in found) == ["ann@example.org", "h@example.org", "https://h.example/x", "m@example.org"]
    assert not any("hidden" in m.body for m in found)
    assert lite.desk.do(outbox.take).value == []
    lite.clock.sleep(seconds=301)
    assert len(lite.desk.do(outbox.take).value) == 4
    lite.desk.do(lambda turn: outbox.sent(turn, found[0].id))
    lite.desk.do(lambda turn: outbox.tell_moderators(turn, ["m@example.org"], [], 0, ""))
    lite.clock.sleep(seconds=9000)
    assert len(lite.desk.do(outbox.take).value) == 3
