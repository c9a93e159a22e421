"""Sites made for tests, by the program itself."""

from __future__ import annotations

from pathlib import Path

from wholetape.cli.main import main

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
MEETING, POSTED, PRINT = EXAMPLES / "meeting.flac", EXAMPLES / "posted.m4a", EXAMPLES / "meeting.print"
CAPTIONS = """WEBVTT

00:00:00.500 --> 00:00:05.000
<v Chair>The first question, please.

00:00:05.000 --> 00:00:12.000
<v Side A>We agreed last week.

00:00:40.000 --> 00:00:50.000
<v Side B>That is not what I said.

00:01:10.000 --> 00:01:20.000
ខ្ញុំ\u200bមិន\u200bបាន\u200bនិយាយ\u200bដូច្នេះ\u200bទេ។

00:01:30.000 --> 00:01:40.000
لم أقل ذلك
"""


def publish(*words: object) -> None:
    """Runs ``wholetape publish``, which must succeed."""
    run("publish", *words)


def site(folder: Path, *more: object) -> Path:
    """A site in ``folder`` with the release ``meeting`` of the examples' recording, which answers their posted copy."""
    texts = {
        "captions.vtt": CAPTIONS,
        "chapters.txt": "0:00 Opening\n0:40 The disputed answer\n1:10 After it\n",
        "a.txt": "Date: 2026-11-23\nKind: claim\n\nSide B agreed to everything.\n",
        "b.txt": "Date: 2026-11-24\nKind: answer\n\nThe clip leaves out my answer.\n",
        "agenda.txt": "The agenda.\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    words = ["--recording", MEETING, "--print", PRINT, "--answers", POSTED, "--id", "meeting", "--title", "The meeting"]
    words += ["--transcript", folder / "captions.vtt", "--chapters", folder / "chapters.txt"]
    words += ["--statement", f"side-a={folder / 'a.txt'}", f"side-b={folder / 'b.txt'}"]
    words += ["--document", folder / "agenda.txt", "--site-name", "The Daily Tape", "--summary", "What was said."]
    publish(*words, *more, "-o", folder / "SITE")
    return folder / "SITE"


def sealed(folder: Path) -> dict[str, Path]:
    """Two parties' keys, the examples' recording sealed by both with a document, and a signed statement of each."""
    for name in ("side-a", "side-b"):
        run("keygen", "--name", name, "-o", folder / f"{name}.key")
    (folder / "agenda.txt").write_text("The agenda of the meeting.\n")
    document = ("--document", folder / "agenda.txt")
    seal = folder / "meeting.seal"
    run("seal", MEETING, "--key", folder / "side-a.key", "--party", folder / "side-b.pub", *document, "-o", seal)
    run("cosign", seal, "--recording", MEETING, "--key", folder / "side-b.key", *document)
    for name, kind, words in (("side-a", "--claim", "Side B agreed."), ("side-b", "--answer", "I did not.")):
        (folder / f"{name}.txt").write_text(words)
        key = ("--key", folder / f"{name}.key")
        run("statement", folder / f"{name}.txt", *key, kind, "--about", seal, "-o", folder / f"{name}.statement")
    return {path.name: path for path in folder.iterdir()}


def run(*words: object) -> None:
    """Runs a command of the program, which must succeed."""
    assert main([str(word) for word in words]) == 0


def sealed_site(folder: Path, *more: object) -> Path:
    """A site with the sealed recording, its statements and its document, by keys that the publisher pinned."""
    files = sealed(folder)
    words = ["--recording", MEETING, "--seal", files["meeting.seal"], "--answers", POSTED, "--id", "meeting"]
    words += ["--statement", *(f"{name}={files[f'{name}.statement']}" for name in ("side-a", "side-b"))]
    words += ["--document", files["agenda.txt"], "--trust", files["side-a.pub"], "--trust", files["side-b.pub"]]
    (folder / "captions.vtt").write_text(CAPTIONS, encoding="utf-8")
    publish(*words, "--transcript", folder / "captions.vtt", "--title", "The meeting", *more, "-o", folder / "SITE")
    return folder / "SITE"
