"""A map over the processors that are allowed: order kept, errors passed on, one thread where nothing was allowed."""

from __future__ import annotations

import threading

import pytest

from wholetape.match.workers import mapped, working


def test_the_order_is_kept():
    with working(4):
        assert mapped(lambda n: n * n, range(50)) == [n * n for n in range(50)]


def test_without_leave_all_is_done_in_the_caller_s_thread():
    assert set(mapped(lambda _: threading.get_ident(), range(9))) == {threading.get_ident()}
    with working(2):
        pass
    assert set(mapped(lambda _: threading.get_ident(), range(9))) == {threading.get_ident()}


def test_work_within_work_does_not_wait_for_itself():
    with working(2):
        assert mapped(lambda n: sum(mapped(lambda m: n * m, range(5))), range(8)) == [10 * n for n in range(8)]


def test_an_error_is_passed_on():
    with working(2), pytest.raises(ZeroDivisionError):
        mapped(lambda n: 1 // n, [1, 0])
