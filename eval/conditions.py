"""How a release reached the public: the codecs, processing and rooms that an edited recording goes through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from eval.grids import CODEC, MEETING, PHONE, ROOM, SPEED, Grid
from eval.room import through_a_room
from eval.sound import Sound

SOCIAL = "acompressor=threshold=-20dB:ratio=3:attack=5:release=120,loudnorm=I=-16:TP=-1.5:LRA=11"


@dataclass(frozen=True, slots=True)
class Condition:
    """One way from the edited sound to the release's file."""

    name: str
    suffix: str
    encode: tuple[str, ...]
    """Arguments of ffmpeg's output."""
    grid: Grid = CODEC
    filters: str = ""
    process: Callable[[Sound, int, np.random.Generator], Sound] | None = None
    whole_speed: str = ""
    """``resampled`` or ``pitch kept`` when the whole file is sped up or slowed down."""
    repeats: bool = False
    """The original repeats itself: jingles, announcements, hold music, long silence."""
    knowing: bool = False
    """The editor knows this program: see ``eval.knowing``."""
    meeting: bool = False
    """Original and release were recorded by two microphones: see ``eval.meeting``."""
    rates: tuple[int, ...] = (16000, 22050, 44100)
    """Hz that the original may have."""


AAC64 = ("-c:a", "aac", "-b:a", "64k")

CONDITIONS = {
    c.name: c
    for c in (
        Condition("wav", ".wav", ("-c:a", "pcm_s16le")),
        Condition("aac48", ".m4a", ("-c:a", "aac", "-b:a", "48k")),
        Condition("mp3_32", ".mp3", ("-c:a", "libmp3lame", "-b:a", "32k")),
        Condition("social", ".m4a", AAC64, filters=SOCIAL),
        Condition("opus16", ".opus", ("-c:a", "libopus", "-b:a", "16k"), grid=PHONE),
        Condition("gsm", ".gsm", ("-ar", "8000", "-c:a", "libgsm"), grid=PHONE),
        Condition("amr122", ".amr", ("-ar", "8000", "-c:a", "libopencore_amrnb", "-b:a", "12.2k"), grid=PHONE),
        Condition("speed_resampled", ".m4a", AAC64, grid=SPEED, whole_speed="resampled"),
        Condition("speed_tempo", ".m4a", AAC64, grid=SPEED, whole_speed="pitch kept"),
        Condition("room", ".m4a", AAC64, grid=ROOM, process=through_a_room),
        Condition("two_microphones", ".m4a", AAC64, grid=MEETING, meeting=True, rates=(16000,)),
        Condition("repeats", ".m4a", AAC64, repeats=True),
        Condition("knowing", ".m4a", ("-c:a", "aac", "-b:a", "128k"), knowing=True),
        Condition("knowing_social", ".m4a", AAC64, filters=SOCIAL, knowing=True),
        Condition("knowing_played", ".m4a", AAC64, process=through_a_room, knowing=True),
    )
}
