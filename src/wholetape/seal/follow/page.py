"""``follow.html``: follows in a browser. One file, which a party brings itself and opens from its own disk."""

from __future__ import annotations

from importlib.resources import files


def page() -> bytes:
    """The bytes of the page, as shipped with this copy of the program."""
    return (files("wholetape.seal.follow") / "follow.html").read_bytes()
