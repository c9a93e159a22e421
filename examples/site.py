"""What ``make site`` runs: a site made from the examples, sealed by two sides, with an answered copy and statements.

The keys are made anew each time and thrown away; what the two sides say is made up. The transcript is a recogniser's,
as bad as it is.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
MEETING = EXAMPLES / "meeting.flac"
CHAPTERS = "0:00 First excerpt\n0:30 Second excerpt\n1:00 Third excerpt\n1:30 Fourth excerpt\n"
SAID = {
    "side-a": ("--claim", "What was posted is what was said. We stand by it."),
    "side-b": (
        "--answer",
        "It is not. What I said at 0:40 is missing, and a word at 0:55 is not mine.\n\nListen to the whole recording.",
    ),
}


def main(site: Path) -> int:
    """Publishes into the folder ``site``; 0 when that was done."""
    with tempfile.TemporaryDirectory() as name:
        desk = Path(name)
        (desk / "chapters.txt").write_text(CHAPTERS)
        (desk / "agenda.txt").write_text("Agenda: the remote control.\n")
        for party in SAID:
            run("keygen", "--name", party, "-o", desk / f"{party}.key")
        document = ("--document", desk / "agenda.txt")
        seal, sealed = desk / "meeting.seal", ("--key", desk / "side-a.key", "--party", desk / "side-b.pub", *document)
        run("seal", MEETING, *sealed, "-o", seal)
        run("cosign", seal, "--recording", MEETING, "--key", desk / "side-b.key", *document)
        statements = []
        for party, (kind, said) in SAID.items():
            (desk / f"{party}.txt").write_text(said)
            statement = desk / f"{party}.statement"
            run(
                "statement",
                desk / f"{party}.txt",
                "--key",
                desk / f"{party}.key",
                kind,
                "--about",
                seal,
                "-o",
                statement,
            )
            statements.append(f"{party}={statement}")
        words: list[object] = ["--recording", MEETING, "--seal", seal, *document, "--chapters", desk / "chapters.txt"]
        words += ["--trust", desk / "side-a.pub", "--trust", desk / "side-b.pub", "--statement", *statements]
        if run("transcribe", MEETING, "-o", desk / "meeting.json", needed=False) == 0:
            words += ["--transcript", desk / "meeting.json"]
        words += ["--answers", EXAMPLES / "posted.m4a", "--title", "The meeting", "--id", "meeting"]
        words += [
            "--summary",
            "Two minutes of a meeting, and the copy that went round.",
            "--site-name",
            "The Daily Tape",
        ]
        run("publish", *words, "-o", site)
    return 0


def run(*words: object, needed: bool = True) -> int:
    """Runs a command of the program; returns its exit code, which must be 0 where it is ``needed``."""
    command = [sys.executable, "-m", "wholetape", *map(str, words)]
    return subprocess.run(
        command, check=needed, stdout=None if words[0] == "publish" else subprocess.DEVNULL
    ).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/site")))
