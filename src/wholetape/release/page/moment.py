"""Links to a moment: ``#s=SESSION&t=SECONDS``, or ``#t=START,END`` as in media fragments."""

from __future__ import annotations

from wholetape.report.markup import Markup, tag
from wholetape.times import timecode


def moment(number: int, seconds: float, until: float | None = None) -> Markup:
    """A link to a moment of a session, shown as its time."""
    href = f"#s={number}&t={seconds:.3f}".rstrip("0").rstrip(".")
    if until is not None:
        href += f",{until:.3f}".rstrip("0").rstrip(".")
    return tag("a", timecode(seconds)[:-4], href=href, class_="moment")
