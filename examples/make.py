"""Makes the examples' releases from the shipped originals: ``python examples/make.py``.

Reads ``meeting.flac`` and ``speech/``, writes ``posted.m4a`` (edited), ``whole.mp3`` (not edited), ``edits.json`` (what
was done, on both clocks) and ``meeting.print``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

HERE = Path(__file__).parent
RATE = 16_000
"""Samples per second of the originals, and of all arithmetic here."""
PEAK = 0.89
"""The releases are made louder, up to this peak: processing, which is no edit."""
BLEEP_HZ = 1000.0


@dataclass(frozen=True)
class Change:
    """One edit: the stretch ``start`` to ``end`` (s) of the meeting, and what was done with it.

    ``at`` is where a repeated passage is heard again; ``donor`` and ``donor_start`` say where foreign words are from.
    """

    kind: str
    start: float
    end: float
    about: str
    at: float = 0.0
    donor: str = ""
    donor_start: float = 0.0

    @property
    def place(self) -> float:
        """Where on the meeting's clock the release departs from it."""
        return self.at or self.start


CHANGES = (
    Change("cut", 40.310, 43.090, "a sentence is left out"),
    Change(
        "replaced",
        57.404,
        58.004,
        "words of another meeting stand in place of these",
        donor="speech/ami-trn04.flac",
        donor_start=21.150,
    ),
    Change("muted", 83.612, 84.012, "a bleep over a word"),
    Change("cut", 88.512, 88.632, "a syllable is left out"),
    Change("repeated", 105.352, 106.752, "a passage is heard again", at=108.452),
)


def read(path: Path) -> Sound:
    """All of a recording as mono samples at ``RATE``."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float32)


def edit(meeting: Sound) -> tuple[Sound, list[dict[str, object]]]:
    """The meeting with ``CHANGES`` made, and each of them as an entry of an edit list on both clocks, in seconds."""
    pieces: list[Sound] = []
    told: list[dict[str, object]] = []
    done = position = 0  # samples used of the meeting, samples written of the release
    for change in CHANGES:
        start, end, place = (round(t * RATE) for t in (change.start, change.end, change.place))
        pieces.append(meeting[done:place])
        position += place - done
        piece = _material(change, meeting[start:end])
        pieces.append(piece)
        told.append(
            {
                "kind": change.kind,
                "release": [position / RATE, (position + len(piece)) / RATE],
                "reference": [start / RATE, end / RATE],
                "about": change.about,
            }
        )
        position += len(piece)
        done = place if change.kind == "repeated" else end
    pieces.append(meeting[done:])
    return np.concatenate(pieces), told


def _material(change: Change, stretch: Sound) -> Sound:
    if change.kind == "cut":
        return stretch[:0]
    if change.kind == "repeated":
        return stretch
    loud = np.sqrt(np.mean(stretch**2))
    if change.kind == "muted":
        tone: Sound = np.sin(2 * np.pi * BLEEP_HZ * np.arange(len(stretch)) / RATE).astype(np.float32)
        return tone * np.float32(loud * np.sqrt(2))
    start = round(change.donor_start * RATE)
    foreign = read(HERE / change.donor)[start : start + len(stretch)]
    return foreign * np.float32(loud / np.sqrt(np.mean(foreign**2)))


def encode(sound: Sound, path: Path, codec: str, rate: int, bits_per_second: int) -> None:
    """Writes ``sound``, made as loud as ``PEAK`` allows, with a lossy codec."""
    loud = (sound * (PEAK / np.abs(sound).max())).astype(np.float32)[np.newaxis]
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono", options={"flags": "+bitexact"})
        assert isinstance(stream, av.AudioStream)
        stream.bit_rate = bits_per_second
        resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=rate)
        frame = av.AudioFrame.from_ndarray(loud, format="fltp", layout="mono")
        frame.sample_rate = RATE
        fifo = av.AudioFifo()
        for out in [*resampler.resample(frame), *resampler.resample(None)]:
            out.pts = None
            fifo.write(out)
        size = stream.codec_context.frame_size or 1024
        while (piece := fifo.read(size, partial=True)) is not None:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))


def main() -> None:
    """Writes every file that this program is named to write."""
    meeting = read(HERE / "meeting.flac")
    posted, told = edit(meeting)
    encode(posted, HERE / "posted.m4a", "aac", 44_100, 48_000)
    encode(meeting, HERE / "whole.mp3", "libmp3lame", 44_100, 32_000)
    (HERE / "edits.json").write_text(json.dumps({"release": "posted.m4a", "edits": told}, indent=1) + "\n")
    from wholetape import make_print

    (HERE / "meeting.print").write_bytes(make_print(HERE / "meeting.flac").encode())


if __name__ == "__main__":
    main()
