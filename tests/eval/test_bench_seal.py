"""The bench of seals: what falls short stands out, and decides the exit code."""

from __future__ import annotations

import pytest

from bench import seal
from bench.seal import Row, Size, main, table

GOOD = Row("segments", 4.0, 5.4, 0, 60_000_000)


def test_what_is_within_bounds_is_plain():
    text = table([GOOD], Size(2.0, 540_000, 314))
    assert "| segments | 4.00 s | 5.40 s | 5.50 s | 0 | 57 MiB |" in text
    assert "270 KB an hour without print; head and signatures of two parties: 314 bytes" in text
    assert "**" not in text


@pytest.mark.parametrize(
    ("row", "size", "bold"),
    [
        (Row("x", 4.0, 5.6, 0, 1), Size(1.0, 1, 1), "**5.60 s**"),
        (Row("x", 4.0, 5.0, 6, 1), Size(1.0, 1, 1), "**6**"),
        (Row("x", 4.0, 5.0, 0, 160_000_000), Size(1.0, 1, 1), "**153 MiB**"),
        (GOOD, Size(2.0, 800_000, 314), "**400 KB an hour**"),
        (GOOD, Size(2.0, 1, 2001), "**2001 bytes**"),
    ],
)
def test_what_falls_short_is_bold(row, size, bold):
    assert bold in table([row], size)


def test_a_bench_that_falls_short_fails(monkeypatch, tmp_path):
    monkeypatch.setattr(seal, "material", lambda *words: None)
    monkeypatch.setattr(seal, "size_of", lambda *words: Size(2.0, 1, 1))
    for code in (0, 6):
        monkeypatch.setattr(seal, "measure", lambda *words, code=code: [Row("x", 4.0, 1.0, code, 1)])
        assert main(["--work", str(tmp_path)]) == (1 if code else 0)


def test_the_whole_bench_runs_on_two_seconds(tmp_path, capsys):
    assert main(["--hours", str(10 / 3600), "--channels", "2", "--times", "1", "--work", str(tmp_path)]) in (0, 1)
    rows = [line for line in capsys.readouterr().out.splitlines() if " | 0 | " in line]
    assert len(rows) == 3, "each way of verifying ends well"
