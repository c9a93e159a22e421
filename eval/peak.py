"""The most memory that this program held, without what its parent held when it was started."""

from __future__ import annotations

import resource
from pathlib import Path


def own_peak() -> int:
    """KiB. ``ru_maxrss`` of a child begins with its parent's memory, Linux's ``VmHWM`` with the program's own."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
