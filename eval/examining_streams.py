"""Further cases for the evaluation of ``wholetape examine``: streams cut at frames, hum, never-coded windows."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from eval import ffmpeg
from eval.examining_cases import ExamineCase, Speech, aac, case_rng, formed, mp3
from eval.mains import mains_folder, wander
from eval.sound import Sound, write
from wholetape.media.mp3frames import mp3_frames

RATE = 44100
STREAMS = {
    **{f"mp3 {bits}": (*mp3(bits), bits) for bits in (32, 64, 128, 320)},
    **{f"aac {bits}": (*aac(bits), bits) for bits in (32, 64, 128, 320)},
}
"""What streams are encoded as."""
HUMS = {f"{form} {snr} dB": (form, snr) for form in ("pcm", "aac 64") for snr in (5, 10, 15, 20)}
"""Hum against the noise in 2 Hz around it, and what the recording is encoded as."""
_LONGEST_CUT_S = 3.0


def joined(condition: str, seed: int, speech: Speech, folder: Path) -> ExamineCase:
    """A stream of 15 s from which frames were taken, without encoding it again; ``uncut`` conditions keep them all."""
    name, _, uncut = condition.partition(", ")
    rng = case_rng("join " + name, seed)
    suffix, words, _ = STREAMS[name]
    sound, source = speech.draw(rng, 15.0, RATE, pristine=False)
    path = formed(sound, RATE, (suffix.replace("m4a", "aac"), words), folder, "stream")
    data, starts = path.read_bytes(), _starts(path)
    first = int(rng.integers(len(starts) // 4, len(starts) // 2))
    last = first + int(rng.integers(2, max(3, int(len(starts) * _LONGEST_CUT_S / 15))))
    if uncut:
        return ExamineCase(condition, seed, path, source)
    path.write_bytes(data[: starts[first]] + data[starts[last] :])
    per = 1152 if suffix == ".mp3" else 1024
    delay = 1 + 1105 / 1152 if suffix == ".mp3" else 0  # its header, and what the decoder takes off
    return ExamineCase(condition, seed, path, source, joints=((first - delay) * per / RATE,))


def _starts(path: Path) -> list[int]:
    """Bytes at which the frames of an MP3 or ADTS file begin."""
    if path.suffix == ".mp3":
        return [frame.start for frame in mp3_frames(path)]
    data, at, out = path.read_bytes(), 0, []
    while at + 7 <= len(data):
        out.append(at)
        at += (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
    return out


def hummed(condition: str, seed: int, speech: Speech, folder: Path) -> ExamineCase:
    """30 s of speech with hum that wanders as recorded mains did, cut by a second or more; ``uncut`` ones are whole."""
    name, _, uncut = condition.partition(", ")
    rng = case_rng("hum " + name, seed)
    form, snr = HUMS[name]
    rate = 16000
    sound, source = speech.draw(rng, 34.0, rate, pristine=True)
    line = float(rng.choice([50.0, 60.0]))
    time = np.arange(len(sound)) / rate
    phase = 2 * np.pi * line * time + wander(mains_folder(speech.folder), rng, len(sound), rate)
    wave = np.sin(phase + float(rng.uniform(0, 6.28)))
    amplitude = np.sqrt(2 * _noise(sound, rate, line) * 10 ** (snr / 10))
    sound = np.asarray(sound + amplitude * wave, np.float32)
    joints: tuple[float, ...] = ()
    if not uncut:
        at = float(rng.uniform(0.35, 0.6)) * len(sound) / rate
        a, b = round(at * rate), round((at + float(rng.uniform(1, 4))) * rate)
        sound = np.concatenate((sound[:a], sound[b:]))
        joints = (at,)
    path = formed(sound, rate, (".wav", ()) if form == "pcm" else aac(64), folder, "hum")
    return ExamineCase(condition, seed, path, source, joints=joints)


def _noise(sound: Sound, rate: int, line: float) -> float:
    """Power of ``sound`` within 1 Hz of ``line``, half of the time less than this; at least that of 16 bit."""
    size = 8 * rate
    parts = sound[: len(sound) // size * size].reshape(-1, size) if len(sound) >= size else sound[None, :]
    size = parts.shape[1]
    window = np.hanning(size)
    power = np.abs(np.fft.rfft(parts * window, axis=1)) ** 2 * 2 / (size * np.sum(window**2))
    near = np.abs(np.fft.rfftfreq(size, 1 / rate) - line) <= 1.0
    return max(float(np.median(power[:, near].sum(axis=1))), 2.0**-30 / 12 * 2 / (rate / 2))


def never(condition: str, seed: int, speech: Speech, folder: Path) -> ExamineCase:
    """12 s at a speed at which no grid of any usual rate can be left: each second is a window that may show none.

    Corpora that call themselves uncompressed were MP3 once: their grids were found. At 2 to 6% off its speed, an
    earlier encoding's rate is none that is looked for; what is found is a false alarm, whatever was done before.
    """
    rng = case_rng("never", seed)
    percent = int(rng.choice([-6, -5, -4, -3, -2, 2, 3, 4, 5, 6]))
    sound, source = speech.draw(rng, 13.0, 16000, pristine=False)
    sound = ffmpeg.resampled(sound, 16000, 1 + percent / 100)[: 12 * 16000]
    path = folder / "never.wav"
    write(path, sound, 16000)
    return ExamineCase(condition, seed, path, source)
