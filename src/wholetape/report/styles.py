"""The style sheets of the report, for all pages that look like it."""

from __future__ import annotations

from importlib.resources import files


def colours() -> str:
    """The colours alone, light and dark, as variables."""
    return files("wholetape.report").joinpath("colours.css").read_text("utf-8")


def styles() -> str:
    """All of the report's page."""
    return colours() + files("wholetape.report").joinpath("page.css").read_text("utf-8")
