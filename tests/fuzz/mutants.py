"""Mutated media files by a fixed seed: what disks, networks and strangers do to recordings."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.media.conftest import ffmpeg

FORMS: dict[str, tuple[object, ...]] = {
    "a.wav": ("-c:a", "pcm_s16le", "-ar", 16000),
    "b.wav": ("-c:a", "adpcm_ima_wav"),
    "c.wav": ("-c:a", "libgsm_ms", "-ar", 8000, "-ac", 1),
    "a.flac": ("-c:a", "flac"),
    "a.mp3": ("-c:a", "libmp3lame", "-b:a", "48k"),
    "a.m4a": ("-c:a", "aac", "-b:a", "48k"),
    "b.m4a": ("-c:a", "alac"),
    "c.mp4": ("-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"),
    "a.aac": ("-c:a", "aac", "-b:a", "48k"),
    "a.ogg": ("-c:a", "libvorbis"),
    "a.opus": ("-c:a", "libopus", "-b:a", "24k"),
    "a.webm": ("-c:a", "libopus", "-b:a", "24k"),
    "a.mkv": ("-c:a", "aac"),
    "a.amr": ("-c:a", "libopencore_amrnb", "-ar", 8000, "-ac", 1, "-b:a", "12.2k"),
    "a.3gp": ("-c:a", "libopencore_amrnb", "-ar", 8000, "-ac", 1, "-b:a", "12.2k"),
    "a.wma": ("-c:a", "wmav2", "-b:a", "48k"),
    "a.gsm": ("-c:a", "libgsm", "-ar", 8000, "-ac", 1),
    "a.ac3": ("-c:a", "ac3"),
    "a.avi": ("-c:a", "libmp3lame"),
    "a.ts": ("-c:a", "aac"),
    "a.flv": ("-c:a", "libmp3lame"),
    "a.aiff": ("-c:a", "pcm_s16be", "-ar", 16000),
    "a.wv": ("-c:a", "wavpack"),
}
"""Short recordings, one of each kind that is posted."""
LONG_FORMS: dict[str, tuple[object, ...]] = {
    "long.m4a": ("-c:a", "aac", "-b:a", "16k", "-ar", 16000, "-ac", 1),
    "long.mp3": ("-c:a", "libmp3lame", "-b:a", "16k", "-ar", 16000, "-ac", 1),
    "long.opus": ("-c:a", "libopus", "-b:a", "8k", "-ac", 1),
    "long.amr": ("-c:a", "libopencore_amrnb", "-ar", 8000, "-ac", 1, "-b:a", "4.75k"),
    "long.flac": ("-c:a", "flac", "-ar", 8000, "-ac", 1),
}
"""Long enough that several lanes decode them."""
LIES = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutated file: ``name`` tells the form, the number and what was done to it, and keeps the form's suffix."""

    name: str
    content: bytes


def breed(speech: Path, folder: Path) -> list[Path]:
    """The recordings that are mutated, made from ``speech`` (a recording of 75 s at least) with the ffmpeg program."""
    made = []
    for forms, seconds in ((FORMS, 2), (LONG_FORMS, 70)):
        for name, words in forms.items():
            ffmpeg("-t", seconds, "-i", speech, "-map", "0:a", *words, folder / name)
            made.append(folder / name)
    return made


def mutants(seed: int, count: int, parents: Sequence[Path]) -> Iterator[Mutant]:
    """``count`` mutants, the same for the same seed and parents; every parent and every mutation takes its turn."""
    pool = [(path.name, path.read_bytes()) for path in parents]
    for number in range(count):
        rng = random.Random(f"{seed}/{number}")
        name, content = pool[number % len(pool)]
        other = rng.choice(pool)[1]
        done = []
        data = bytearray(content)
        first = MUTATIONS[(number // len(pool)) % len(MUTATIONS)]
        for mutation in (first, *rng.choices(MUTATIONS, k=rng.choice((0, 0, 1, 3)))):
            data = mutation(data, other, rng)
            done.append(mutation.__name__)
        yield Mutant(f"{number:05d}-{'+'.join(done)}-{name}", bytes(data))


def flip_bits(data: bytearray, other: bytes, rng: random.Random) -> bytearray:
    """Single bits, anywhere."""
    for _ in range(rng.choice((1, 5, 50, 500))):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data


def flip_header_bits(data: bytearray, other: bytes, rng: random.Random) -> bytearray:
    """Single bits where containers keep their structure: near the start or the end."""
    for _ in range(rng.choice((1, 3, 10))):
        if data:
            near = rng.randrange(min(len(data), 2000))
            data[near if rng.random() < 0.7 else -1 - near] ^= 1 << rng.randrange(8)
    return data


def lie(data: bytearray, other: bytes, rng: random.Random) -> bytearray:
    """A field of the header says something extreme."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        size = rng.choice((1, 2, 4, 8))
        spot = rng.randrange(max(1, min(len(data), rng.choice((64, 512, 4096)))))
        if rng.random() < 0.3:
            spot = max(0, len(data) - 1 - spot)
        value = rng.choice(LIES) & (256**size - 1)
        data[spot : spot + size] = value.to_bytes(size, rng.choice(("little", "big")))
    return data


def truncate(data: bytearray, other: bytes, rng: random.Random) -> bytearray:
    """The end is missing, sometimes nearly everything."""
    return data[: rng.choice((rng.randrange(len(data) + 1), rng.randrange(min(len(data), 200) + 1)))]


def behead(data: bytearray, other: bytes, rng: random.Random) -> bytearray:
    """The start is missing."""
    return data[rng.randrange(min(len(data), 5000) + 1) :]


def blank(data: bytearray, other: bytes, rng: random.Random) -> bytearray:
    """A hole of zeros, as a download leaves it."""
    first = rng.randrange(len(data) + 1)
    last = min(len(data), first + rng.choice((10, 1000, 20000)))
    data[first:last] = bytes(last - first)
    return data


def noise(data: bytearray, other: bytes, rng: random.Random) -> bytearray:
    """A stretch of random bytes."""
    first = rng.randrange(len(data) + 1)
    last = min(len(data), first + rng.choice((4, 100, 5000)))
    data[first:last] = rng.randbytes(last - first)
    return data


def lose(data: bytearray, other: bytes, rng: random.Random) -> bytearray:
    """A stretch is gone."""
    first = rng.randrange(len(data) + 1)
    del data[first : first + rng.choice((1, 7, 188, 4096))]
    return data


def repeat(data: bytearray, other: bytes, rng: random.Random) -> bytearray:
    """A stretch comes again, perhaps many times."""
    first = rng.randrange(len(data) + 1)
    piece = data[first : first + rng.choice((8, 300, 4096))]
    return data[:first] + piece * rng.choice((1, 2, 20)) + data[first:]


def splice(data: bytearray, other: bytes, rng: random.Random) -> bytearray:
    """Another recording begins in the middle."""
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other)) :]


def implant(data: bytearray, other: bytes, rng: random.Random) -> bytearray:
    """A piece of another recording in the place of some of this one."""
    first, start, size = rng.randrange(len(data) + 1), rng.randrange(len(other)), rng.choice((16, 400, 3000))
    piece = other[start : start + size]
    data[first : first + len(piece)] = piece
    return data


def chain(data: bytearray, other: bytes, rng: random.Random) -> bytearray:
    """Two whole recordings in one file."""
    return data + other


MUTATIONS: tuple[Callable[[bytearray, bytes, random.Random], bytearray], ...] = (
    lie,
    flip_header_bits,
    flip_bits,
    truncate,
    noise,
    blank,
    lose,
    behead,
    repeat,
    splice,
    implant,
    chain,
)
