"""Prints for an archive: of a recording, of a ``.print``, and the features of a clip that is sought there."""

from __future__ import annotations

import os
from collections.abc import Callable

from wholetape.checking import make_print
from wholetape.checking.listen import listen
from wholetape.checking.references import is_print, read_print
from wholetape.errors import WholetapeError
from wholetape.match.bands import Frames


def print_or_why(path: str) -> tuple[bytes, str]:
    """The bytes of the print of the recording (or of the print) at ``path``, or else why there is none, in words.

    Plain values in and out, so that another process, or another machine, can do it.
    """
    try:
        return (read_print(path)[0] if is_print(path) else make_print(path, jobs=1)).encode(), ""
    except WholetapeError as problem:
        return b"", str(problem)


def hear_clip(
    path: str | os.PathLike[str], *, jobs: int, progress: Callable[[float], None] = lambda share: None
) -> tuple[Frames, str]:
    """The frames of the clip at ``path``, of the track in which most is heard, and the file's SHA-256 in hex.

    Raises:
        UnreadableInput: it cannot be read, or there is no sound in it.
    """
    heard = listen(path, jobs=jobs, keep_sound=False, progress=progress)
    best = max(heard.voices, key=lambda voice: (int(voice.frames.level.sum(dtype=int)), -voice.stream))
    return best.frames, heard.facts.sha256
