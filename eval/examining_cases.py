"""Recordings for the evaluation of ``wholetape examine``: edited ones with their places, and unedited ones.

Every case is made from its condition and seed alone, out of real speech; the same words give the same file.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval import ffmpeg
from eval.sound import Sound, read, recordings, source_of, write

Words = tuple[str, ...]
Form = tuple[str, Words]
PCM: Form = (".wav", ())


def mp3(bits: int) -> Form:
    """MP3 by LAME at ``bits`` kbit/s."""
    return ".mp3", ("-c:a", "libmp3lame", "-b:a", f"{bits}k")


def aac(bits: int) -> Form:
    """AAC by libavcodec at ``bits`` kbit/s."""
    return ".m4a", ("-c:a", "aac", "-b:a", f"{bits}k")


def _opus(bits: int) -> Form:
    return ".opus", ("-c:a", "libopus", "-b:a", f"{bits}k")


FORMS: tuple[Form, ...] = (
    PCM,
    *(mp3(bits) for bits in (32, 64, 128)),
    *(aac(bits) for bits in (32, 64, 128)),
    *(_opus(bits) for bits in (12, 16, 24, 64)),
    (".ogg", ("-c:a", "libvorbis", "-q:a", "2")),
    (".flac", ("-c:a", "flac")),
    (".amr", ("-c:a", "libopencore_amrnb", "-ac", "1", "-ar", "8000", "-b:a", "12.2k")),
    (".wav", ("-c:a", "pcm_mulaw", "-ar", "8000")),
)
FILTERS = (
    "anull",
    "volume=-7dB",
    "volume=4dB",
    "highpass=f=120",
    "equalizer=f=2500:t=q:w=1:g=6",
    "acompressor=threshold=0.05:ratio=4",
    "afftdn=nr=12",
    "loudnorm",
    "afade=t=in:d=2",
    "atempo=1.05",
    "aresample=8000",
    "aresample=32000",
    "agate",
    "pan=stereo|c0=c0|c1=0.8*c0",
    "areverse,areverse",
)
GRIDS: dict[str, tuple[int, Form, Form]] = {
    "mp3 64 44.1 > pcm": (44100, mp3(64), PCM),
    "mp3 128 48 > pcm": (48000, mp3(128), PCM),
    "mp3 64 48 > mp3 128": (48000, mp3(64), mp3(128)),
    "mp3 128 44.1 > aac 128": (44100, mp3(128), aac(128)),
    "mp3 32 16 > pcm": (16000, mp3(32), PCM),
    "mp3 64 16 > pcm": (16000, mp3(64), PCM),
    "mp3 64 16 > mp3 128": (16000, mp3(64), mp3(128)),
    "mp3 64 44.1 > opus 64": (44100, mp3(64), _opus(64)),
    "aac 64 44.1 > pcm": (44100, aac(64), PCM),
    "aac 128 48 > pcm": (48000, aac(128), PCM),
    "aac 64 48 > mp3 128": (48000, aac(64), mp3(128)),
    "aac 64 44.1 > aac 128": (44100, aac(64), aac(128)),
    "aac 32 16 > pcm": (16000, aac(32), PCM),
    "aac 64 16 > pcm": (16000, aac(64), PCM),
    "aac 64 48 > opus 64": (48000, aac(64), _opus(64)),
}
JOINED = {
    f"address--{name}.flac"
    for name in (
        "audio-data-X2zqiX6yL3I",
        "real-dB0Za-55-Q",
        "real-dpJE5qd9CRM",
        "real-fDQuO1nm-NY",
        "real-pMgjwBgCZIw",
        "real-w4FyVGtMa4s",
    )
}
"""Recordings in whose published files the grid of an earlier MP3 breaks, with 24 deviations or more on both sides of
each place: nobody can count them as unedited."""
_COPIED = {"pcm": PCM, "aac 48": (".m4a", ("-c:a", "aac", "-b:a", "48k", "-ar", "44100")), "opus 16": _opus(16)}
COPIES: dict[str, Form] = {
    **{f"copy > {name}": form for name, form in _COPIED.items()},
    **{f"copy, long > {name}": form for name, form in _COPIED.items()},
}
"""Of files of 30 to 60 s, and of a minute to an hour."""


@dataclass(frozen=True, slots=True)
class ExamineCase:
    """One file and the truth about it: ``joints`` in seconds, ``copies`` as pairs of spans, ``grid`` (codec, rate)."""

    condition: str
    seed: int
    path: Path
    source: str
    joints: tuple[float, ...] = ()
    copies: tuple[tuple[float, float], ...] = ()
    grid: tuple[str, int] | None = None


class Speech:
    """The recordings of a folder; ``pristine`` are those that came from no lossy file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.all = recordings(folder)
        listed = json.loads((Path(__file__).parent / "sources.json").read_text())
        lossy = {entry["file"] for entry in listed if entry["path"].rsplit(".", 1)[-1] in ("mp3", "ogg", "m4a")}
        coded = {"librispeech", "ljspeech", "librivox", "shared"}  # corpora that were made from MP3
        self.pristine = [
            path for path in self.all if path.name not in lossy and not any(path.name.startswith(c) for c in coded)
        ]

    def draw(self, rng: np.random.Generator, seconds: float, rate: int, *, pristine: bool) -> tuple[Sound, str]:
        """Up to ``seconds`` of a recording at ``rate``; sources are equally likely."""
        paths = self.pristine if pristine else self.all
        sources = sorted({source_of(path) for path in paths})
        source = sources[int(rng.integers(len(sources)))]
        mine = [path for path in paths if source_of(path) == source]
        order = rng.permutation(len(mine)).tolist()
        while mine[order[-1]].name in JOINED:
            order.pop()
        sound = read(mine[order.pop()], rate)
        size = round(seconds * rate)
        while pristine and len(sound) < size and order:  # never coded, so nothing tells where they were joined
            sound = np.concatenate((sound, read(mine[order.pop()], rate)))
        first = int(rng.integers(max(1, len(sound) - size + 1)))
        return sound[first : first + size], source

    def row(self, rng: np.random.Generator, seconds: float, rate: int) -> tuple[Sound, str]:
        """``seconds`` of one recording after another, in any order, none twice; less where there are no more."""
        sounds: list[Sound] = []
        for k in rng.permutation(len(self.all)).tolist():
            if sum(map(len, sounds)) >= seconds * rate:
                break
            sounds.append(read(self.all[k], rate))
        return np.concatenate(sounds)[: round(seconds * rate)], "all in turn"


def case_rng(condition: str, seed: int) -> np.random.Generator:
    """Chance of one case: the same for the same words."""
    return np.random.default_rng([seed, zlib.crc32(condition.encode())])


def formed(sound: Sound, rate: int, form: Form, folder: Path, name: str, filters: str = "") -> Path:
    """``sound`` in ``folder``, encoded by ffmpeg after ``filters``."""
    wav, out = folder / f"{name}-in.wav", folder / f"{name}{form[0]}"
    write(wav, sound, rate)
    ffmpeg.run("-i", str(wav), *(("-af", filters) if filters else ()), *form[1], str(out))
    wav.unlink()
    return out


def innocent(seed: int, speech: Speech, folder: Path) -> ExamineCase:
    """An unedited recording, processed openly, up to three times; some are very short, some are silent."""
    rng = case_rng("innocent", seed)
    seconds = float(rng.choice([0.3, 1.5, 3.0, 8.0, 14.0], p=[0.04, 0.06, 0.1, 0.5, 0.3]))
    rate = int(rng.choice([16000, 44100, 48000], p=[0.6, 0.2, 0.2]))
    sound, source = speech.draw(rng, seconds, rate, pristine=False)
    if seed % 50 == 49:
        sound = np.zeros_like(sound)
    path = folder / "unset"
    for step in range(int(rng.integers(1, 4))):
        if step:
            sound = ffmpeg.decode(path, rate)
            sound = sound[int(rng.integers(0, rate // 4)) :]
        form = FORMS[int(rng.integers(len(FORMS)))]
        path = formed(sound, rate, form, folder, f"innocent{step}", str(rng.choice(FILTERS)))
    return ExamineCase("innocent", seed, path, source)


def gridded(condition: str, seed: int, speech: Speech, folder: Path) -> ExamineCase:
    """5 to 8 s of speech that was encoded, trimmed at random, and encoded again: the grid should be found."""
    rng = case_rng("grid " + condition, seed)
    rate, first, second = GRIDS[condition]
    sound, source = speech.draw(rng, float(rng.uniform(6, 9)), rate, pristine=True)
    decoded = ffmpeg.decode(formed(sound, rate, first, folder, "first"), rate)
    path = formed(decoded[int(rng.integers(1, 4000)) :], rate, second, folder, "second")
    return ExamineCase(condition, seed, path, source, grid=(first[0].strip(".").replace("m4a", "aac"), rate))


def spliced(condition: str, seed: int, speech: Speech, folder: Path) -> ExamineCase:
    """An encoded recording that was cut, or into which another encoded one was pasted, encoded again."""
    rng = case_rng("splice " + condition, seed)
    rate, first, second = GRIDS[condition]
    sound, source = speech.draw(rng, 18.0, rate, pristine=True)
    decoded = ffmpeg.decode(formed(sound, rate, first, folder, "first"), rate)
    at = float(rng.uniform(0.3, 0.6)) * len(decoded) / rate
    a = round(at * rate)
    if seed % 2:
        other, _ = speech.draw(rng, float(rng.uniform(2.5, 5)), rate, pristine=True)
        pasted = ffmpeg.decode(formed(other, rate, first, folder, "other"), rate)
        pasted = pasted[int(rng.integers(1, 4000)) :]
        made = np.concatenate((decoded[:a], pasted, decoded[a:]))
        joints: tuple[float, ...] = (at, at + len(pasted) / rate)
    else:
        made = np.concatenate((decoded[:a], decoded[a + round(float(rng.uniform(0.3, 3)) * rate) :]))
        joints = (at,)
    head = int(rng.integers(0, 3000))
    path = formed(made[head:], rate, second, folder, "second")
    return ExamineCase(condition, seed, path, source, joints=tuple(joint - head / rate for joint in joints))


def copied(condition: str, seed: int, speech: Speech, folder: Path) -> ExamineCase:
    """A recording of half a minute or more into which 1 to 3 s from elsewhere in it were pasted."""
    rng = case_rng(condition, seed)
    rate = 16000
    for _ in range(20):
        if "long" in condition:
            sound, source = speech.row(rng, float(np.exp(rng.uniform(np.log(60), np.log(3600)))), rate)
        else:
            sound, source = speech.draw(rng, float(rng.uniform(30, 60)), rate, pristine=True)
        length, seconds = float(rng.uniform(1, 3)), len(sound) / rate
        if seconds < 12:
            continue
        a, b = float(rng.uniform(0, seconds / 2 - length)), float(rng.uniform(seconds / 2, seconds - length))
        first, there, n = round(a * rate), round(b * rate), round(length * rate)
        passage = sound[first : first + n]
        if np.sqrt(np.mean(passage**2)) > 0.5 * np.sqrt(np.mean(sound**2)):  # nobody pastes a pause
            break
    sound = sound.copy()
    sound[there : there + n] = passage
    path = formed(sound, rate, COPIES[condition], folder, "copy")
    return ExamineCase(condition, seed, path, source, copies=((a, a + length), (b, b + length)))
