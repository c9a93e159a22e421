"""Reports of a check: for a terminal, a browser, an editing program, another program.

Pure functions of a ``CheckResult``; only :func:`gather` listens to the files once more, for the page.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from wholetape.report.escape import ascii_only, printable
from wholetape.report.jsonform import as_json, error_as_json
from wholetape.report.labels import as_labels
from wholetape.report.otio import as_otio
from wholetape.report.terminal import summary

if TYPE_CHECKING:
    from wholetape.report.certificate import Occasion
    from wholetape.report.page import as_html
    from wholetape.report.sounds import Sounds, gather

_LATER = {"Occasion": "certificate", "Sounds": "sounds", "as_html": "page", "gather": "sounds"}
"""What only a page needs, loaded when it is asked for."""

__all__ = [
    "Occasion",
    "Sounds",
    "as_html",
    "as_json",
    "as_labels",
    "as_otio",
    "ascii_only",
    "error_as_json",
    "gather",
    "printable",
    "summary",
]


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
