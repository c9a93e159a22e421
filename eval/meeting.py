"""One meeting, recorded by two people: several talkers in a room, and two microphones, each with its own clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.room import band, band_noise
from eval.shoebox import Box, heard, place, response
from eval.sound import FRAME_S, Sound, levels
from eval.truth import Part

TALKERS = 5
TURN_S = (2.0, 15.0)
"""Shortest and longest time after which somebody else talks."""
LEAST_APART_M = 1.5
"""Least distance between the two microphones."""
SAG_S = 1.5
"""Seconds in which automatic gain follows."""
CLOCK_PPM = 100.0
BEGIN_S = 8.0
"""The two begin and stop at most so many seconds apart."""
TAPS = 32
PHASES = 512


@dataclass(frozen=True, slots=True)
class Recorder:
    """A recorder in the room: noise and mains hum below the speech it hears, its pass band, its automatic gain."""

    noise_below_db: float
    hum_below_db: float
    pass_hz: tuple[float, float]
    gain_share: float
    """How much of the loudness differences automatic gain takes out; 0 for none."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two recordings of one meeting; ``second`` at t was made at ``t * scale + shift`` on the clock of ``first``."""

    first: Sound
    second: Sound
    scale: float
    shift: float
    parts: tuple[Part, ...]
    """On the clock of ``first``."""


def record_meeting(sound: Sound, rate: int, parts: tuple[Part, ...], rng: np.random.Generator) -> Pair:
    """What two recorders make of ``sound``, whose talkers sit in different places."""
    box = Box(tuple(rng.uniform((4.0, 3.0, 2.4), (9.0, 7.0, 3.4)).tolist()), float(rng.uniform(0.25, 0.6)))
    seats = [place(box, rng, (1.0, 1.7)) for _ in range(TALKERS)]
    one = place(box, rng, (0.7, 1.2))
    other = place(box, rng, (0.7, 1.2))
    while np.linalg.norm(one - other) < LEAST_APART_M:
        other = place(box, rng, (0.7, 1.2))
    spans = turns(sound, rate, rng)
    talkers = rng.integers(0, TALKERS, len(spans))
    tracks = []
    for microphone in (one, other):
        impulses = [response(box, seat, microphone, rate, rng) for seat in seats]
        track = np.zeros(len(sound) + max(map(len, impulses)))
        for (start, end), talker in zip(spans, talkers.tolist(), strict=True):
            wet = heard(sound[start:end], impulses[talker])
            track[start : start + len(wet)] += wet
        tracks.append(recorded(track[: len(sound)], rate, a_recorder(rng), rng))
    scale = 1 + float(rng.uniform(-CLOCK_PPM, CLOCK_PPM)) * 1e-6
    begins, stops = (rng.uniform(0, BEGIN_S, (2, 2)) * rate).astype(np.int64)
    first = tracks[0][begins[0] : len(sound) - stops[0]]
    late = tracks[1][begins[1] : len(sound) - stops[1]]
    second = reclocked(late, scale)
    shift = float(begins[1] - begins[0]) / rate
    ahead = begins[0] / rate
    moved = tuple(Part(p.start - ahead, p.end - ahead, p.source, p.recording) for p in parts)
    return Pair(first, second, scale, shift, moved)


def a_recorder(rng: np.random.Generator) -> Recorder:
    """One of the recorders that people carry."""
    return Recorder(
        noise_below_db=float(rng.uniform(15, 30)),
        hum_below_db=float(rng.uniform(25, 45)),
        pass_hz=(float(rng.uniform(60, 180)), float(rng.uniform(5000, 12000))),
        gain_share=float(rng.choice([0.0, 0.5, 0.8])),
    )


def turns(sound: Sound, rate: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Spans of samples that tile ``sound``, each for one talker: they end in the quietest moment near by."""
    size = round(rate * FRAME_S)
    level = np.convolve(levels(sound, rate), np.ones(9) / 9, "same")
    edges = [0]
    while True:
        at = edges[-1] // size + round(rng.uniform(*TURN_S) / FRAME_S)
        if at + 200 >= len(level):
            break
        near = level[at - 80 : at + 80]
        edges.append((at - 80 + int(near.argmin())) * size)
    return list(zip(edges, [*edges[1:], len(sound)], strict=True))


def recorded(track: NDArray[np.float64], rate: int, recorder: Recorder, rng: np.random.Generator) -> Sound:
    """What the recorder writes of the sound at its microphone, same length."""
    loud = float(np.sqrt(np.mean(track**2))) or 1e-6
    noise = band_noise(len(track), rate, rng)
    noise *= loud / max(float(np.std(noise)), 1e-9) * 10 ** (-recorder.noise_below_db / 20)
    time = np.arange(len(track)) / rate
    mains = 50.0 + rng.uniform(-0.05, 0.05)
    hum = np.sum([np.sin(2 * np.pi * mains * k * time + k) / k for k in (1, 2, 3, 5, 7)], axis=0)
    hum *= loud / float(np.std(hum)) * 10 ** (-recorder.hum_below_db / 20)
    mixed = passed(track + noise + hum, rate, recorder.pass_hz)
    if recorder.gain_share:
        mixed *= automatic_gain(mixed, rate, recorder.gain_share)
    loudest = float(np.percentile(np.abs(mixed), 99.9)) or 1.0
    level = 10 ** (float(rng.uniform(-14, -3)) / 20)
    return np.asarray(np.clip(mixed * level / loudest, -0.99, 0.99), np.float32)


def passed(track: NDArray[np.float64], rate: int, pass_hz: tuple[float, float]) -> NDArray[np.float64]:
    """``track`` through a band-pass without phase shift, block by block."""
    block, pad = 1 << 18, 4096
    size = block + 2 * pad
    gain = band(np.asarray(np.fft.rfftfreq(size, 1 / rate), np.float64), *pass_hz)
    padded = np.concatenate((np.zeros(pad), track, np.zeros(block + pad)))
    out = np.empty(len(track))
    for at in range(0, len(track), block):
        part = np.fft.irfft(np.fft.rfft(padded[at : at + size]) * gain, size)[pad : pad + block]
        out[at : at + block] = part[: len(out[at : at + block])]
    return out


def automatic_gain(track: NDArray[np.float64], rate: int, share: float) -> NDArray[np.float64]:
    """Gain of each sample that takes ``share`` of the loudness differences out, in decibels, as slowly as ``SAG_S``."""
    size = round(rate * FRAME_S)
    level = levels(track[: len(track) // size * size].astype(np.float32), rate)
    slow = np.empty(len(level))
    state = float(np.percentile(level, 80))
    keep = float(np.exp(-FRAME_S / SAG_S))
    floor = float(np.percentile(level, 50))
    for k, value in enumerate(np.maximum(level, floor).tolist()):
        state = keep * state + (1 - keep) * value
        slow[k] = state
    gain = 10 ** (-share * (slow - slow.mean()) / 20)
    return np.asarray(np.interp(np.arange(len(track)) / size, np.arange(len(gain)) + 0.5, gain))


def reclocked(sound: Sound, scale: float) -> Sound:
    """``sound`` as a clock that runs ``1 / scale`` as fast takes it: sample i is what was heard at ``i * scale``."""
    phase = np.arange(PHASES) / PHASES
    offset = np.arange(TAPS) - TAPS // 2 + 1
    away = offset[None, :] - phase[:, None]
    table = np.sinc(away) * np.cos(np.pi * away / (TAPS + 2)) ** 2
    table = (table / table.sum(axis=1, keepdims=True)).astype(np.float32)
    padded = np.pad(sound, TAPS)
    count = int((len(sound) - 1) / scale)
    out = np.empty(count, np.float32)
    block = 1 << 17
    for first in range(0, count, block):
        at = np.arange(first, min(count, first + block)) * scale + 0.5 / PHASES
        whole = at.astype(np.int64)
        row = ((at - whole) * PHASES).astype(np.int64)
        total = np.zeros(len(at), np.float32)
        for k, step in enumerate(offset.tolist()):
            total += padded[whole + step + TAPS] * table[row, k]
        out[first : first + len(at)] = total
    return out
