"""A sample of ``python -m eval.comments``: random histories, tampering, floods, hostile requests; the seed is fixed."""

from __future__ import annotations

import shutil
import sqlite3

import pytest

from eval.comments import fuzz, histories, spam, tamper
from eval.comments.office import KEY, office
from wholetape.comments.acts import New, Words, act_on
from wholetape.comments.database import open_database
from wholetape.comments.desk import Turn
from wholetape.comments.states import Act, Role
from wholetape.comments.verify import verify_trail
from wholetape.errors import VerificationFailed


def test_in_random_histories_nothing_unapproved_is_public(tmp_path):
    found = histories.run(tmp_path, 100, seed=7)
    assert found.done > 100
    assert found.faults == []


def test_tampering_is_found_from_a_head_outside(tmp_path):
    found = tamper.run(tmp_path, 60, seed=7)
    assert sum(one.tried for one in found.values()) > 50
    assert [words for one in found.values() for words in one.missed] == []


@pytest.fixture(scope="module")
def redacted(tmp_path_factory):
    """The database of a comment that was approved, edited, and redacted."""
    folder = tmp_path_factory.mktemp("redacted")
    with office(folder) as desk:
        uid = desk.receive(New("debate", "a text", "a name", language="km", status=bytes(32)), Role.AUTHOR)
        for act in (Act.APPROVED, Act.EDITED, Act.REDACTED):

            def job(turn: Turn, act: Act = act) -> object:
                return act_on(turn, uid, act, desk.actors[Role.MODERATOR], Words("another text", "a reason"))

            desk.desk.do(job)
        assert desk.read(verify_trail).destroyed == 1
    return folder / "comments.db"


@pytest.mark.parametrize("column", tamper.COVERED["comments"])
def test_what_stays_of_a_redacted_comment_cannot_be_changed_behind_the_program(redacted, tmp_path, column):
    file = tmp_path / "tampered.db"
    shutil.copyfile(redacted, file)
    with sqlite3.connect(file) as connection:
        (old,) = connection.execute(f"SELECT {column} FROM comments").fetchone()
        new = {bytes: b"another", str: "other", int: int(not old), type(None): "new"}[type(old)]
        connection.execute(f"UPDATE comments SET {column} = ?", (new,))
    engine = open_database(f"sqlite:///{file}", migrate=False)
    with engine.connect() as connection, pytest.raises(VerificationFailed):
        verify_trail(connection, KEY.public)
    engine.dispose()


def test_a_flood_leaves_the_queue_usable_and_loses_no_reader(tmp_path):
    (tmp_path / "one").mkdir()
    one = spam.run(tmp_path / "one", 150, 1, seed=7)
    assert (one.most_of_one, one.readers_taken) == (10, 50)
    (tmp_path / "many").mkdir()
    many = spam.run(tmp_path / "many", 150, 100, seed=7)
    assert many.readers_taken == 50
    assert many.place <= 52


def test_hostile_requests_break_nothing(tmp_path):
    found = fuzz.run(tmp_path, 800, seed=7)
    assert found.statuses[200] > 50
    assert found.faults == []
