"""Long recordings and their releases, made once and reused."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.compose import levelled
from eval.corpus import Speech, foreign_sounds
from eval.edits import Editor
from eval.ffmpeg import tempo
from eval.grids import CODEC
from eval.sound import Sound, read

RATE = 44100
SHORT_HOURS = 2.0
BLOCK_S = 600
"""Seconds that are composed, edited and encoded at a time."""
GOLDEN = 0.6180339887
"""Multiples of it, less their whole part, lie evenly between 0 and 1 and never come twice."""
GRID = replace(CODEC, spacing_s=(150.0, 200.0), weights={"cut": 0.5, "inserted": 0.25, "replaced": 0.25})
"""About 20 edits an hour."""


@dataclass(frozen=True, slots=True)
class Material:
    """An original, its print's place, and releases of it: AAC 128k, 44.1 kHz stereo.

    ``edited`` and ``plain`` (unedited) have the same sound in both channels; ``apart`` is edited, too, and as two
    microphones hear it. Of more than ``SHORT_HOURS`` there is only ``edited``.
    """

    original: Path
    print: Path
    edited: Path
    plain: Path
    apart: Path
    edits: int


def material(hours: float, speech: Speech, folder: Path) -> Material:
    """The material of ``hours`` in ``folder``: what is there already, else made anew."""
    place = folder / f"{hours:g}h"
    done = place / "done.json"
    original, edited, plain, apart = (place / n for n in ("original.flac", "edited.m4a", "plain.m4a", "apart.m4a"))
    made = Material(original, place / "original.print", edited, plain, apart, 0)
    if not done.exists():
        place.mkdir(parents=True, exist_ok=True)
        done.write_text(json.dumps({"edits": make(hours, speech, made)}))
    return replace(made, edits=json.loads(done.read_text())["edits"])


def make(hours: float, speech: Speech, files: Material) -> int:
    """Write the files; returns how many edits were made. Memory stays that of one block."""
    rng = np.random.default_rng(1)
    foreign = foreign_sounds(speech, RATE, rng)
    source = passes(speech, rng)
    aac = ("-c:a", "aac", "-b:a", "128k", *(("-aac_coder", "fast") if hours > SHORT_HOURS else ()))
    outs = [encoder(files.original, 1, ("-c:a", "flac")), encoder(files.edited, 2, aac)]
    if hours <= SHORT_HOURS:
        outs += [encoder(files.plain, 2, aac), encoder(files.apart, 2, aac)]
    edits, left = 0, round(hours * 3600)
    while left > 0:
        block = take(source, min(left, BLOCK_S) * RATE)
        left -= BLOCK_S
        editor = Editor(block, RATE, foreign, GRID, rng, tempo)
        editor.edit()
        edits += len(editor.truth)
        edited = editor.render()
        both = [np.stack([sound, sound], axis=1) for sound in (edited, block)]
        sounds: list[NDArray[np.float32]] = [block, *both, stereo(edited)]
        for out, sound in zip(outs, sounds, strict=False):  # long ones end after the second
            assert out.stdin is not None
            out.stdin.write(np.clip(np.rint(sound * 32767), -32768, 32767).astype("<i2").tobytes())
    for out in outs:
        assert out.stdin is not None
        out.stdin.close()
        if out.wait():
            raise RuntimeError("ffmpeg could not encode the material")
    return edits


def encoder(path: Path, channels: int, arguments: tuple[str, ...], rate: int = RATE) -> subprocess.Popen[bytes]:
    """An ffmpeg that encodes the 16-bit samples written to its standard input."""
    form = ("-f", "s16le", "-ar", str(rate), "-ac", str(channels), "-i", "-")
    return subprocess.Popen(["ffmpeg", "-v", "error", "-y", *form, *arguments, str(path)], stdin=subprocess.PIPE)


def passes(speech: Speech, rng: np.random.Generator, out: int = RATE) -> Iterator[Sound]:
    """The recordings without end; each further pass at another speed and pitch, so that nothing comes twice."""
    number = 0
    while True:
        rate = round(out * (0.8 + 0.5 * ((0.4 + number * GOLDEN) % 1)))
        for index in rng.permutation(len(speech.corpus)):
            yield levelled(read(speech.corpus[int(index)], rate), out)
        number += 1


def take(source: Iterator[Sound], size: int) -> Sound:
    """The next ``size`` samples."""
    blocks: list[Sound] = []
    have = 0
    while have < size:
        blocks.append(next(source))
        have += len(blocks[-1])
    return np.concatenate(blocks)[:size]


def stereo(sound: Sound) -> NDArray[np.float32]:
    """Two microphones a hand apart, shape ``(n, 2)``."""
    right = np.roll(sound, 9) * 0.9
    return np.stack([sound, right], axis=1)
