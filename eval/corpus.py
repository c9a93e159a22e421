"""Cases of the evaluation: an original, a release that was edited and encoded, and the truth about it.

``build_case(seed, condition, speech)`` is deterministic: the same seed, condition and speech give the same files.
Odd seeds are edited, even ones are not (unless ``edited`` says so).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval import ffmpeg
from eval.compose import compose
from eval.conditions import CONDITIONS, Condition
from eval.edits import Editor
from eval.knowing import KnowingEditor, PlayedEditor
from eval.meeting import Pair, record_meeting
from eval.sound import SUFFIXES, Sound, read, recordings, source_of, write
from eval.truth import EARLIER, LATER, Case, Part, Reading, Truth
from wholetape.findings import Kind, Outcome

HEAD_S = 0.25
"""Seconds from which a head or tail counts."""
EXCERPT_SHARE = 0.2
"""Share of unedited releases whose head and tail are left out."""
FOREIGN_S = 480.0
"""Seconds of foreign sound that are read for one case."""
APART_SHARE = 0.15
"""Share of a folder's sound, the smallest sources first, that is foreign where no folder of foreign sound is given."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Recordings for originals, and for what is inserted; no source is in both."""

    corpus: tuple[Path, ...]
    foreign: tuple[Path, ...]


def find_speech(folder: Path, foreign: Path | None = None) -> Speech:
    """The recordings in ``folder``, and foreign ones: of ``foreign``, else ``folder/../foreign``, else a part of them.

    Raises ``FileNotFoundError`` when there are none.
    """
    found = recordings(folder)
    if not found:
        raise FileNotFoundError(f"no recordings ({', '.join(sorted(SUFFIXES))}) in {folder}")
    beside = foreign or folder.parent / "foreign"
    others = recordings(beside) if beside.is_dir() else []
    if others:
        return Speech(tuple(found), tuple(others))
    sizes: dict[str, int] = {}
    for path in found:
        sizes[source_of(path)] = sizes.get(source_of(path), 0) + path.stat().st_size
    if len(sizes) < 2:
        raise FileNotFoundError(f"{folder} holds one source only: give --foreign, a folder of other recordings")
    apart: list[str] = []
    while sum(sizes[s] for s in apart) < APART_SHARE * sum(sizes.values()):
        apart.append(min(sizes.keys() - set(apart), key=lambda s: (sizes[s], s)))
    return Speech(
        tuple(p for p in found if source_of(p) not in apart), tuple(p for p in found if source_of(p) in apart)
    )


def build_case(
    seed: int,
    condition: str,
    speech: Speech | Path,
    folder: Path,
    minutes: float = 10.0,
    edited: bool | None = None,
) -> Case:
    """Build one case in ``folder`` (made when missing): ``original.flac``, ``release.*``; returns it with its truth."""
    if isinstance(speech, Path):
        speech = find_speech(speech)
    way = CONDITIONS[condition]
    is_edited = seed % 2 == 1 if edited is None else edited
    rng = np.random.default_rng([seed, zlib.crc32(condition.encode())])
    rate = int(rng.choice(way.rates))
    folder.mkdir(parents=True, exist_ok=True)
    sound, parts, kept = compose(list(speech.corpus), minutes, rate, rng, way.repeats)
    pair = record_meeting(sound, rate, parts, rng) if way.meeting else None
    if pair:
        sound, parts = pair.first, pair.parts
    original = folder / "original.flac"
    wav = folder / "edited.wav"
    write(wav, sound, rate)
    ffmpeg.encode(wav, original, ("-c:a", "flac"))
    release = folder / f"release{way.suffix}"
    if pair:
        made, truth, expected = of_pair(pair, rate, speech, way, rng, is_edited)
    else:
        made, truth, expected = make_release(sound, rate, speech, way, rng, is_edited, kept)
    made, truth = change_speed(made, rate, way, truth, rng)
    if way.process:
        made = way.process(made, rate, rng)
    write(wav, made, rate)
    ffmpeg.encode(wav, release, way.encode, way.filters, rate)
    shift = ffmpeg.shift_of(made if made.ndim == 1 else made.mean(axis=1), release, rate)
    truth = tuple(t.on_release_clock(1.0, shift) for t in truth)
    wav.unlink()
    if any(t.kind is Kind.SPEED for t in truth):
        expected = Outcome.EDITED
    name = f"{condition}-{seed}"
    return Case(name, seed, condition, original, release, truth, parts, expected, len(made) / rate)


def make_release(
    sound: Sound,
    rate: int,
    speech: Speech,
    way: Condition,
    rng: np.random.Generator,
    edited: bool,
    kept: tuple[tuple[int, int], ...],
) -> tuple[Sound, tuple[Truth, ...], Outcome]:
    """The release's sound before its codec, what was done to it, and the outcome a check should tell."""
    if not edited:
        if rng.random() < EXCERPT_SHARE:
            head, tail = (round(rng.uniform(1, 20) * rate) for _ in range(2))
            return sound[head : len(sound) - tail], (), Outcome.EXCERPT
        return sound, (), Outcome.WHOLE
    foreign = foreign_sounds(speech, rate, rng)
    if way.knowing:
        kind = PlayedEditor if way.process else KnowingEditor
        knowing = kind(sound, rate, foreign, way.grid, rng, ffmpeg.tempo, kept)
        knowing.edit()
        both = knowing.render_stereo()
        return both.mean(axis=1) if way.process else both, tuple(knowing.truth), Outcome.EDITED
    editor = Editor(sound, rate, foreign, way.grid, rng, ffmpeg.tempo, kept)
    editor.edit()
    return editor.render(), tuple(editor.truth), Outcome.EDITED


def of_pair(
    pair: Pair, rate: int, speech: Speech, way: Condition, rng: np.random.Generator, edited: bool
) -> tuple[Sound, tuple[Truth, ...], Outcome]:
    """The second recording of a pair as the release, edited or not, and what differs from the first."""
    sound, clear = pair.second, 2.0
    begin, end = -pair.shift / pair.scale, (len(pair.first) / rate - pair.shift) / pair.scale
    length = len(sound) / rate
    outside = ((0, round((begin + clear) * rate)), (round((end - clear) * rate), len(sound)))
    truth: tuple[Truth, ...] = ()
    if edited:
        keep = tuple((a, b) for a, b in outside if b > a)
        editor = Editor(sound, rate, foreign_sounds(speech, rate, rng), way.grid, rng, ffmpeg.tempo, keep)
        editor.edit()
        sound = editor.render()
        truth = tuple(t.on_reference_clock(pair.scale, pair.shift) for t in editor.truth)
    grown = len(sound) / rate - length
    if begin >= HEAD_S:
        truth = (Truth(Kind.INSERTED, (Reading((0.0, begin), None),), begin, EARLIER), *truth)
    if length - end >= HEAD_S:
        after = (end + grown, length + grown)
        truth = (*truth, Truth(Kind.INSERTED, (Reading(after, None),), length - end, LATER))
    missing = begin <= -HEAD_S or end - length >= HEAD_S
    return sound, truth, Outcome.EDITED if truth else Outcome.EXCERPT if missing else Outcome.WHOLE


def change_speed(
    sound: Sound, rate: int, way: Condition, truth: tuple[Truth, ...], rng: np.random.Generator
) -> tuple[Sound, tuple[Truth, ...]]:
    """The whole of ``sound`` at another speed where the condition asks for it, and the truth on the new clock."""
    if not way.whole_speed:
        return sound, truth
    ratio = round(rate * (1 + float(rng.choice([-1, 1]) * rng.uniform(0.004, 0.05)))) / rate
    fast = (ffmpeg.resampled if way.whole_speed == "resampled" else ffmpeg.tempo)(sound, rate, ratio)
    moved = tuple(t.on_release_clock(1 / ratio, 0.0) for t in truth)
    end = len(fast) / rate
    whole = Truth(Kind.SPEED, (Reading((0.0, end), (0.0, end * ratio)),), end, "whole file", speed=ratio)
    return fast, (whole, *moved)


def foreign_sounds(speech: Speech, rate: int, rng: np.random.Generator) -> list[Sound]:
    """Up to ``FOREIGN_S`` of foreign recordings, in random order."""
    order = rng.permutation(len(speech.foreign))
    sounds: list[Sound] = []
    seconds = 0.0
    for index in order:
        sound = read(speech.foreign[int(index)], rate)
        sounds.append(sound)
        seconds += len(sound) / rate
        if seconds > FOREIGN_S:
            break
    return sounds


def part_at(parts: tuple[Part, ...], second: float) -> str:
    """The source of the original at ``second`` of the reference clock; empty outside."""
    return next((p.source for p in parts if p.start <= second < p.end), "")
