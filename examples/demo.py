"""What ``make demo`` runs: the example's releases checked against their original, and against nothing but its print."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUNS = (
    ("An edited release against the original recording.", "posted.m4a", "meeting.flac", 1),
    ("The same release against nothing but the print of the original.", "posted.m4a", "meeting.print", 1),
    ("Another release, re-encoded but not edited, against the print.", "whole.mp3", "meeting.print", 0),
)
NEXT = """
examples/edits.json says what had been done to posted.m4a. Try next:

  .venv/bin/wholetape check examples/posted.m4a --against examples/meeting.flac --json -
  .venv/bin/wholetape print YOUR_RECORDING -o YOUR_RECORDING.print
  .venv/bin/wholetape check WHAT_WAS_POSTED --against YOUR_RECORDING.print
"""


def main() -> int:
    """0 when every check gave the answer that it must give (exit code 1 for an edited release), else 1."""
    for words, release, reference, expected in RUNS:
        command = ["check", f"examples/{release}", "--against", f"examples/{reference}"]
        print(f"# {words}\n$ wholetape {' '.join(command)}\n", flush=True)
        code = subprocess.run([sys.executable, "-m", "wholetape", *command], cwd=ROOT, check=False).returncode
        if code != expected:
            print(f"demo: exit code {code} where {expected} was due", file=sys.stderr)
            return 1
        print(flush=True)
    print(NEXT.strip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
