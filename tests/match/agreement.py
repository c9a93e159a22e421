"""How two implementations of the print are compared, and the sounds that several tests compare them on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from wholetape.match.bands import frames_of
from wholetape.match.printfile import Track
from wholetape.match.resample import resample

ROOT = Path(__file__).parent.parent.parent
VECTORS = ROOT / "vectors"
EXAMPLES = ROOT / "examples"
SPOKEN = ("meeting.flac", "speech/librivox-sonnet-1.flac", "speech/jfk-inaugural-1961.flac")
RATES = (8000, 11025, 16000, 44100, 48000)


@cache
def decoded(name):
    """Samples (n,) of the first channel of an example, full scale ±1, and their rate."""
    import av

    with av.open(str(EXAMPLES / name)) as file:
        rate = file.streams.audio[0].rate
        wide = file.streams.audio[0].channels
        frames = [frame.to_ndarray() for frame in file.decode(audio=0)]
    sound = np.concatenate(frames, axis=1).reshape(-1)
    return sound.astype(np.float64)[::wide] / 2.0 ** (8 * sound.itemsize - 1), rate


def spoken(name, rate, start, seconds):
    """Real speech as 16-bit samples at ``rate``: lines are drawn between the samples where the rate is another."""
    sound, own = decoded(name)
    times = start + np.arange(round(seconds * rate)) / rate
    piece = sound if own == rate and start == 0 else np.interp(times * own, np.arange(len(sound)), sound)
    return np.round(32767 * piece[: len(times)]).astype(np.int16)


def package_track(sound, rate, channel=255):
    """The package's track of samples (n,), full scale ±1."""
    return Track.of(frames_of(resample(np.asarray(sound, np.float32), rate)), 0, channel)


def differing(words, others):
    """(frame, bit) of each bit that differs."""
    flips = np.asarray(words, np.uint64) ^ np.asarray(others, np.uint64)
    bits = np.unpackbits(flips.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
    return [(int(i), int(b)) for i, b in np.argwhere(bits)]
