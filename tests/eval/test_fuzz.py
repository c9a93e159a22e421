"""The whole check, on a few mutants; ``python -m eval --fuzz 2000`` takes them all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from eval.fuzz import fuzz, tell


def test_a_sample_of_mutants_is_checked_or_refused_in_words(tmp_path: Path, encoders: Callable[..., None]) -> None:
    encoders("flac", "aac", "libmp3lame", "libopencore_amrnb", "libgsm", "libopus", "libvorbis")
    speech = Path(__file__).parents[2] / "examples" / "speech"
    tally = fuzz(24, 3, speech, tmp_path)
    assert tally.failures == []
    assert sum(tally.counts.values()) == 24
    assert tally.counts["malformed"] > 0
    assert "0 failures" in tell(tally, 24, 3)
