"""Names in a site: identifiers of releases, and file names that no server, shell or browser misunderstands."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")
RESERVED = frozenset(
    {"checker", "feed", "index", "site", "static", "comments", "moderate", "api", "con", "nul", "aux", "prn"}
)
_LONGEST = 80
_KNOWN = re.compile(
    r"(?:aac|aiff?|amr|flac|m4a|mka|mkv|mov|mp3|mp4|oga|ogg|opus|wav|webm|wma|3gp|ts|avi"
    r"|seal|print|excerpt|statement|pub|vtt|srt|ttml|json|txt|csv|md"
    r"|pdf|png|jpe?g|gif|webp|tiff?|docx|xlsx|pptx|odt|ods|odp|rtf|zip)\Z"
)
"""Suffixes that a file keeps: none of them is a page or script to a browser."""


def id_from(*texts: str) -> str:
    """An identifier made from the first text that gives one; ``release`` where none does."""
    for text in texts:
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-")
        if ID.match(found):
            return f"{found[:56]}-tape" if found in RESERVED else found
    return "release"


def safe_name(name: str) -> str:
    """A file name of letters, digits, ``.``, ``_`` and ``-``, like ``name``; ``.bin`` after what browsers may run."""
    plain = unicodedata.normalize("NFKD", os.path.basename(name)).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-.")
    stem, dot, suffix = plain.rpartition(".")
    if not dot:
        stem, suffix = plain, ""
    stem = stem[:_LONGEST].strip("-.") or "file"
    if _KNOWN.match(suffix.lower()):
        return f"{stem}.{suffix}"
    return f"{stem}.{suffix[:16]}.bin" if suffix else f"{stem}.bin"


def in_files(name: str) -> Callable[[str], str]:
    """Where a download with this name lies in ``files/``, by its hash."""
    return lambda digest: f"{digest}/{safe_name(name)}"


def numbered(stem: str, suffix: str) -> Callable[[str], str]:
    """The name of a file in ``audio/`` or ``data/``, by its hash."""
    return lambda digest: f"{stem}-{digest}.{suffix}"
