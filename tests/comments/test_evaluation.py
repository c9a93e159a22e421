"""A sample of ``python -m eval.comments``: random histories, tampering, floods, hostile requests; the seed is fixed."""

from __future__ import annotations

from eval.comments import fuzz, histories, spam, tamper


def test_in_random_histories_nothing_unapproved_is_public(tmp_path):
    found = histories.run(tmp_path, 100, seed=7)
    assert found.done > 100
    assert found.faults == []


def test_tampering_is_found_from_a_head_outside(tmp_path):
    found = tamper.run(tmp_path, 60, seed=7)
    assert sum(one.tried for one in found.values()) > 50
    assert [words for one in found.values() for words in one.missed] == []


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
