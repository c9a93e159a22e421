"""Which format a transcript is in, told by its content; and the table of those that can be written."""

from __future__ import annotations

import re
from collections.abc import Callable

from wholetape.errors import UnreadableInput, UsageError
from wholetape.transcript import native, plain, subrip, ttml, webvtt, whisper, whispercpp
from wholetape.transcript.fields import Fields, decode
from wholetape.transcript.model import Transcript

LARGEST = 1 << 27
"""Bytes of a transcript at most: a day of talk with times of words has a tenth of it."""
WRITERS: dict[str, Callable[[Transcript], str]] = {
    "json": native.encode,
    "whisper": whisper.write,
    "whispercpp": whispercpp.write,
    "vtt": webvtt.write,
    "srt": subrip.write,
    "ttml": ttml.write,
    "txt": plain.write,
}
"""What each format's writer is; the name is also the suffix of its files, but for the two kinds of JSON."""
_SUFFIXES = {**{name: name for name in WRITERS}, "xml": "ttml", "dfxp": "ttml", "text": "txt", "webvtt": "vtt"}
_HEAD = 4096
_TEXT_CONTROLS = set(b"\t\n\r\f\x1b")
"""Controls that texts have: layout, and the escapes of a terminal, which are shown as such."""


def is_text(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is text, and so no recording: each recording's head holds controls."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return b"<" in head[:8] or b"\x00" in head[2:8]
    return bool(head.strip()) and not any(byte < 32 and byte not in _TEXT_CONTROLS for byte in head[:_HEAD])


def read(data: bytes, what: str) -> Transcript:
    """The transcript in ``data``, whichever format that is; ``what`` names it in errors.

    Raises:
        UnreadableInput: no text, an unknown or damaged format, or no words.
    """
    text = _decoded(data, what).replace("\r\n", "\n").replace("\r", "\n")
    start = text.lstrip()[:2000]
    if start.startswith(("{", "[")):
        found = _json(text, what) if not re.match(r"\[\d+:\d", start) else plain.parse(text)
    elif start.startswith("WEBVTT"):
        found = webvtt.parse(text, what)
    elif start.startswith("<"):
        found = ttml.parse(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).encode(), what)
    elif re.search(r"^\s*\d+:\d\d:\d\d[,.]\d+\s*-->", start, re.MULTILINE):
        found = subrip.parse(text, what)
    else:
        found = plain.parse(text)
    if not any(segment.text for segment in found.segments) and not found.sound.sha256:
        raise UnreadableInput(f"{what} holds no words", "name a transcript with text, or the recording itself")
    return found


def _decoded(data: bytes, what: str) -> str:
    codec = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as problem:
        if data.lstrip()[:1] == b"{":  # whisper.cpp cuts letters in two between tokens
            return data.decode("utf-8-sig", "replace")
        raise UnreadableInput(f"{what} is not text in UTF-8", "save it as UTF-8, then try again") from problem
    if "\0" in text:
        raise UnreadableInput(f"{what} is no text", "name a transcript, or a recording")
    return text


def _json(text: str, what: str) -> Transcript:
    value = decode(text, what)
    if isinstance(value, list):
        value = {"segments": value}
    tree = Fields(value, what)
    if tree.has("format"):
        return native.parse(tree)
    if tree.has("transcription"):
        return whispercpp.parse(tree)
    if tree.has("segments"):
        return whisper.parse(tree)
    raise UnreadableInput(
        f"{what} is JSON, but no transcript", "known are wholetape's, Whisper's and whisper.cpp's transcripts"
    )


def format_for(path: str, name: str | None) -> str:
    """The format to write ``path`` in: the one named, else the one of its suffix.

    Raises:
        UsageError: neither says which.
    """
    if name:
        return name
    suffix = path.rpartition(".")[2].lower() if "." in path else ""
    if path == "-" or suffix not in _SUFFIXES:
        if path == "-":
            return "json"
        raise UsageError(
            f"{path!r} has no suffix of a transcript", "name it .json, .vtt, .srt, .ttml or .txt, or say --format"
        )
    return _SUFFIXES[suffix]
