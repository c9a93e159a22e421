"""HTML and SVG built as values: text is escaped unless it was built here, so that no name can become markup."""

from __future__ import annotations

import html
import json
import re
from typing import Final

from wholetape.report.escape import printable, readable

_VOID: Final = frozenset({"meta", "br", "hr", "line", "rect", "path", "stop", "circle", "input", "link"})
"""Elements that are written without content; those of SVG close themselves."""


_UNSAFE: Final = re.compile("[<>&\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""What could begin a tag or end a line of a script, or reorders or hides what stands beside it in its source."""


class Markup(str):
    """Text that is markup already. Only this module makes any."""

    __slots__ = ()


Child = str | None
Value = str | int | float | bool | None


def tag(name: str, /, *children: Child, **attributes: Value) -> Markup:
    """The element ``name``. Children that are not :class:`Markup` are text; None is nothing.

    An attribute's name loses one underscore at its end and has hyphens for the others, ``viewBox`` and its like are
    written as they are. True is an attribute without a value; False and None leave it out. Numbers are rounded to three
    decimals.
    """
    opening = name + "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{opening}/>")
    return Markup(f"<{opening}>{join(*children)}</{name}>")


def join(*children: Child) -> Markup:
    """The children one after the other."""
    return Markup("".join(child if isinstance(child, Markup) else text(child) for child in children if child))


def text(words: str) -> Markup:
    """``words`` as text: what would hide, reorder or end something is shown as an escape; line ends are kept."""
    return Markup("\n".join(html.escape(printable(line)) for line in words.split("\n")))


def prose(words: str) -> Markup:
    """``words`` as text in their own script, see :func:`wholetape.report.escape.readable`; line ends are kept."""
    return Markup(html.escape(readable(words)))


def data_block(value: object) -> Markup:
    """``value`` as JSON that can stand in a script element of a type that does not run: no tag can begin in it."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", plain))


def own(code: str) -> Markup:
    """A style sheet or script of this package, which is markup as it stands.

    Raises:
        ValueError: it would end the element that holds it, or begin a comment there.
    """
    if "</" in code or "<!--" in code:
        raise ValueError("a style sheet or script must not hold an end tag")
    return Markup(code)


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    name = key.removesuffix("_").replace("_", "-")
    if value is True:
        return f" {name}"
    shown = f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return f' {name}="{html.escape(printable(shown))}"'
