"""What a release is checked against: originals and prints, read once for all releases of a call."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wholetape.checking.listen import Progress, Voice, listen
from wholetape.errors import MalformedFile, UnreadableInput, UsageError
from wholetape.findings import ReferenceFacts
from wholetape.match.printfile import MAGIC, MAX_SAMPLES, Print, Track, parse
from wholetape.media.facts import StreamFacts
from wholetape.media.guard import open_regular

_LARGEST = MAX_SAMPLES // 10 + (1 << 20)
"""Bytes of the largest print that is read: one track of a month."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference: its facts and its print; of an original at hand also its streams, and its voices' sound."""

    facts: ReferenceFacts
    print: Print
    voices: tuple[Voice, ...] = ()
    streams: tuple[StreamFacts, ...] = ()

    def track(self, stream: int, channel: int) -> Track:
        """The print's track for that channel of that stream, else its first one."""
        for track in self.print.tracks:
            if (track.stream, track.channel) == (stream, channel):
                return track
        return self.print.tracks[0]

    def voice(self, track: Track) -> Voice | None:
        """What was heard of the original for that track of its print; None where its sound is not at hand."""
        for voice in self.voices:
            if (voice.stream, voice.channel) == (track.stream, track.channel):
                return voice
        return None


def is_print(path: str | os.PathLike[str]) -> bool:
    """True when the file begins with the mark of a print, or is named as one."""
    with open_regular(path) as file:
        return file.read(len(MAGIC)) == MAGIC or os.fspath(path).endswith(".print")


def read_print(path: str | os.PathLike[str]) -> tuple[Print, str]:
    """The print in a file, and the file's SHA-256 in hex."""
    with open_regular(path) as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise MalformedFile(f"{os.fspath(path)}: too large for a print")
    try:
        return parse(data), hashlib.sha256(data).hexdigest()
    except MalformedFile as problem:
        raise MalformedFile(f"{os.fspath(path)}: {problem}", problem.hint) from problem


def load(path: str | os.PathLike[str], *, jobs: int, progress: Progress = lambda share: None) -> Reference:
    """The reference at ``path``: a print is read, a recording is listened to."""
    name = os.fspath(path)
    if Path(name).suffix == ".seal":
        raise UsageError(
            f"{name}: a seal must be verified before anything is checked against it", "see wholetape.seal.reference"
        )
    if is_print(path):
        found, digest = read_print(path)
        return Reference(ReferenceFacts(name, "print", digest, found.duration), found)
    heard = listen(path, jobs=jobs, keep_sound=True, keep_mean=True, progress=progress)
    made = heard.to_print()
    if not made.samples:
        raise UnreadableInput(f"{name}: there is no sound in its first audio stream")
    return Reference(
        ReferenceFacts(name, "audio", heard.facts.sha256, made.duration), made, heard.voices, heard.facts.streams
    )


def load_all(
    paths: Sequence[str | os.PathLike[str] | Reference], *, jobs: int, progress: Progress = lambda share: None
) -> list[Reference]:
    """All references in the order given, which is the order of the sessions."""
    if not paths:
        raise UsageError("nothing to check against", "name the original or its print with --against")
    return [
        path
        if isinstance(path, Reference)
        else load(path, jobs=jobs, progress=lambda share, k=k: progress((k + share) / len(paths)))  # type: ignore[misc]
        for k, path in enumerate(paths)
    ]
