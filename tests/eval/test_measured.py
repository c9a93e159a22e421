"""The page of measured figures: one command writes its own section only."""

from __future__ import annotations

from pathlib import Path

from bench.__main__ import Row, table
from eval.__main__ import spans
from eval.measured import write


def test_a_section_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    page = tmp_path / "measured.md"
    write("one", "make one", "first", page)
    write("two", "make two", "second", page)
    write("one", "make one", "third", page)
    text = page.read_text()
    assert "first" not in text
    assert text.index("third") < text.index("second")
    assert text.count("<!-- one -->") == text.count("<!-- two -->") == 1


def test_the_bench_tells_the_check_as_a_multiple_of_the_decode() -> None:
    text = table(
        [
            Row("20 edits", 1.0, 2.0, 3.0, 1, 300 * 2**20, 2_500_000),
            Row("240 edits", 12.0, 24.0, 33.0, 1, 900 * 2**20, 30_000_000),
        ]
    )
    assert "| 1 h, 20 edits | 2.00 s | 3.00 s | 1.50 | 1 | 300 MiB | 2.50 MB/h |" in text
    assert "12 h take 11.0 times as long as 1 h." in text


def test_seeds_are_told_by_the_ends_of_their_rows() -> None:
    assert spans([1001, 1003, 1005, *range(1002, 1122, 2)]) == "odd 1001 to 1005, even 1002 to 1120"
    assert spans([7, 1, 2]) == "1, 7, 2"
