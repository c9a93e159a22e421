"""Media that strangers sent, decoded in a process of its own: what kills that is an error for one file alone.

The parent runs ``python -m wholetape.web.confined FILE`` and reads the clip's frames from its output. The child limits
itself before it looks at the file: processor time, memory, open files, and that it writes none.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass

import numpy as np

from wholetape.errors import UnreadableInput, WholetapeError
from wholetape.match.bands import Frames

_FIELDS = ("words", "planes", "level", "tone", "contrast")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one upload may take."""

    bytes: int = 64 << 20
    """size of the file"""
    seconds: float = 600.0
    """sound in it"""
    processor: int = 20
    """seconds of processor time"""
    patience: int = 40
    """seconds until the child is ended"""
    memory: int = 2 << 30
    """bytes of address space; NumPy and FFmpeg map a gigabyte before they begin"""
    files: int = 32
    """open at once"""


LIMITS = Limits()


def hear_confined(path: str, limits: Limits = LIMITS) -> tuple[Frames, str]:
    """The frames of the clip at ``path`` and its SHA-256 in hex, as ``checking.printing.hear_clip`` has them.

    Raises:
        UnreadableInput: no sound that can be decoded, or more than ``limits`` allow.
    """
    words = [sys.executable, "-m", __name__, path, *(str(getattr(limits, name)) for name in _CHILD)]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH")}
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limits.patience,
            check=False,
            env={**kept, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired as problem:
        raise UnreadableInput("the clip takes too long to decode", "send a shorter one") from problem
    if done.returncode == UnreadableInput.exit_code:
        raise UnreadableInput(done.stderr.decode(errors="replace").strip()[-300:])
    if done.returncode:
        raise UnreadableInput("the clip cannot be decoded within the limits of this server", "send a shorter one")
    with np.load(io.BytesIO(done.stdout), allow_pickle=False) as held:
        return Frames(*(held[name] for name in _FIELDS)), str(held["sha256"])


_CHILD = ("seconds", "processor", "memory", "files")


def _confine(processor: int, memory: int, files: int) -> None:
    """Binds this process by the operating system, where it can: not on Windows."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _child(path: str, seconds: float, processor: int, memory: int, files: int) -> int:
    from wholetape.checking.printing import hear_clip

    _confine(processor, memory, files)
    try:
        frames, sha256 = hear_clip(path, jobs=1)
        if len(frames) > seconds * 100:
            raise UnreadableInput(f"the clip is longer than {seconds:.0f} seconds")
    except WholetapeError as problem:
        sys.stderr.write(str(problem).replace(repr(path), "the clip"))
        return int(UnreadableInput.exit_code)
    out = io.BytesIO()
    np.savez(out, sha256=np.array(sha256), **{name: getattr(frames, name) for name in _FIELDS})
    sys.stdout.buffer.write(out.getvalue())
    return 0


if __name__ == "__main__":
    raise SystemExit(_child(sys.argv[1], float(sys.argv[2]), *map(int, sys.argv[3:6])))
