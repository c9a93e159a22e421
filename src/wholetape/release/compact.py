"""Scripts as pages carry them: without the lines that only a reader of the source needs.

The source beside this package is what is to be read; what a page carries is the same code, line by line, with the
spaces around signs left out where a line holds nothing but code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BEHIND = re.compile(r"(.*[;{},)\]])\s+// [^'\"`/]*\Z")
"""Code whose line has a comment at its end: a quotation mark, or a slash, in the comment leaves all of it as it is."""

_PIECES = re.compile(r"""("[^"]*"|'[^']*'|`[^`]*`)""")
"""Strings and templates of a line, when none holds a quotation mark of its own."""
_DIVIDED = re.compile(r" / (?!/)")
_SPACED = re.compile(r" ?([=*<>?:,&|(){}\[\];]+) ?")
"""Signs around which a space says nothing; not so plus and minus, which may stand twice."""
_SUMS = re.compile(r"(?<![+-]) ([+-]=?|[%^]=?|!==?|/(?!/)) (?![+-])")
"""Plus, minus and their like where nothing beside them could be taken for a part of them."""


def compact(script: str) -> str:
    """``script`` without blank lines, lines that are nothing but a comment, indentation, and spaces around signs.

    It knows no grammar: a comment behind code goes only where nothing in the line could make it part of a string; and
    what stands in a string, a template or a regular expression cannot be taken for a line of comment, for none of
    these goes over the end of a line here.

    Raises:
        ValueError: a template might go over the end of a line, or code stands behind the end of a comment.
    """
    return "".join(_close(line) + "\n" for line in _lines(script))


def _close(line: str) -> str:
    """The line without the spaces around its signs; as it is where it may hold a pattern, or text within text."""
    pieces = _PIECES.split(line)
    code = "".join(pieces[::2])
    nested = "\\" in line or line.count("`") > 2 or any(mark in code for mark in "'\"`")
    if nested or "/" in _DIVIDED.sub("", code) or any(set(text[1:-1]) & set("'\"`") for text in pieces[1::2]):
        return line
    return "".join(piece if k % 2 else _SPACED.sub(r"\1", _SUMS.sub(r"\1", piece)) for k, piece in enumerate(pieces))


def compact_style(sheet: str) -> str:
    """A style sheet without comments, indentation and line ends; strings in it hold none of these."""
    return re.sub(r" ?([{};]) ?", r"\1", re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL))).strip()


def _lines(script: str) -> Iterator[str]:
    inside = False
    for number, whole in enumerate(script.splitlines(), 1):
        line = whole.strip()
        if inside or line.startswith("/*"):
            before, end, behind = line.partition("*/")
            if behind.strip():
                raise ValueError(f"line {number} of a script has code behind a comment: {before}{end}{behind}")
            inside = not end
        elif line and not line.startswith("//"):
            if line.count("`") % 2 or line.endswith("\\"):
                raise ValueError(f"line {number} of a script may go on as text: {line}")
            behind_code = _BEHIND.match(line)
            yield behind_code[1] if behind_code and not any(behind_code[1].count(q) % 2 for q in "'\"`") else line
