"""An editor's desk: real speech, the edits that are made to it, and what a check tells of the result."""

from __future__ import annotations

import shutil
import subprocess
import wave
from functools import cache
from pathlib import Path

import numpy as np

import wholetape
from tests.media.conftest import need
from wholetape.findings import CheckResult, Edit, Kind
from wholetape.times import Span

EXAMPLES = Path(__file__).parents[2] / "examples"
RATE = 16_000
"""Samples per second of every sound here."""
TOLERANCE = 0.03
"""Seconds by which a boundary may be off, on either clock."""
BAND = 0.25
"""Seconds of head or tail that count as encoder delay."""


@cache
def spoken(name: str) -> np.ndarray:
    """All of an example as mono samples at ``RATE``."""
    from examples.make import read

    sound: np.ndarray = read(EXAMPLES / name)
    sound.flags.writeable = False
    return sound


def meeting(start: float = 0.0, end: float = 40.0) -> np.ndarray:
    """That stretch of the meeting, in seconds."""
    return spoken("meeting.flac")[round(start * RATE) : round(end * RATE)]


def stranger(seconds: float, start: float = 3.0) -> np.ndarray:
    """Words of another recording, as loud as the meeting."""
    sound = spoken("speech/librispeech-1502-122615-0000.flac")[round(start * RATE) :][: round(seconds * RATE)]
    return loud_as(sound, meeting())


def loud_as(sound: np.ndarray, other: np.ndarray) -> np.ndarray:
    """``sound``, made as loud as ``other``."""
    return np.asarray(sound * np.sqrt(np.mean(other**2) / np.mean(sound**2)), np.float32)


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), np.float32)


def tone(seconds: float, hertz: float = 1000.0, level: float = 0.1) -> np.ndarray:
    return np.asarray(level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE), np.float32)


def noise(seconds: float, level: float, seed: int = 5) -> np.ndarray:
    return np.asarray(level * np.random.default_rng(seed).standard_normal(round(seconds * RATE)), np.float32)


def splice(*parts: np.ndarray) -> np.ndarray:
    """The parts one after another."""
    return np.concatenate(parts)


def save(path: Path, *channels: np.ndarray, rate: int = RATE) -> Path:
    """A WAV file of 16 bits with these channels."""
    count = max(map(len, channels))
    sound = np.stack([np.pad(c, (0, count - len(c))) for c in channels], axis=1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(sound, -1, 1) * 32767).round().astype("<i2").tobytes())
    return path


def ffmpeg(source: Path, target: Path, *words: object) -> Path:
    """``source`` as ffmpeg with these options writes it."""
    need(shutil.which("ffmpeg") is not None, "ffmpeg")
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(source), *map(str, words), str(target)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return target


def check(release: Path, *against: Path) -> CheckResult:
    """One check in one thread; its spans tile the release, whatever else it finds."""
    result = wholetape.check(release, list(against), jobs=1)
    at = 0
    for span in result.spans:
        assert span.release.start == at, "spans leave no gap and do not overlap"
        assert len(span.release) > 0, "no span is empty"
        assert (span.source is None) == (span.reference is None)
        at = span.release.end
    assert at == round(result.release.duration * 8000), "spans end where the release does"
    for edit in result.edits:
        assert edit.kind not in (Kind.KEPT, Kind.UNVERIFIED)
        assert (len(edit.release) == 0) == (edit.kind is Kind.CUT)
        assert (edit.reference is None) == (edit.kind is Kind.INSERTED)
        assert (edit.source is None) == (edit.reference is None)
        assert 0.0 < edit.confidence <= 1.0
    for share in (*result.coverage.references, result.coverage.release, result.coverage.unverified):
        assert 0.0 <= share <= 1.0
    return result


def told(result: CheckResult) -> list[tuple]:
    """The edits as (kind, release, reference), in seconds, for a failing test to show."""
    return [
        (str(e.kind), e.release.seconds, e.reference.seconds if e.reference else None, round(e.confidence, 3), e.where)
        for e in result.edits
    ]


def near(span: Span | None, start: float, end: float, within: float = TOLERANCE) -> bool:
    return span is not None and abs(span.seconds[0] - start) <= within and abs(span.seconds[1] - end) <= within


def one_edit(
    result: CheckResult,
    kind: str,
    release: tuple[float, float],
    reference: tuple[float, float] | None,
    within: float = TOLERANCE,
) -> Edit:
    """The only edit told, which is of that kind and at that place on both clocks."""
    assert [str(e.kind) for e in result.edits] == [kind], told(result)
    edit = result.edits[0]
    assert near(edit.release, *release, within), told(result)
    if reference is None:
        assert edit.reference is None
    else:
        assert edit.reference is not None
        assert near(edit.reference, *reference, within), told(result)
    return edit


def tune(seed, note):
    """Sixteen notes of ``note`` seconds, four times over."""
    time = np.arange(round(note * RATE)) / RATE
    pitches = 220 * 2 ** (np.random.default_rng(seed).integers(0, 24, 16) / 12)
    notes = [0.15 * sum(np.sin(2 * np.pi * f * k * time) / k for k in range(1, 6)) * np.exp(-4 * time) for f in pitches]
    return np.tile(np.concatenate(notes), 4).astype(np.float32)
