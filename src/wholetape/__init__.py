"""Checks a published copy of a recording against the original, or its print, and lists every edit.

    import wholetape

    result = wholetape.check("posted.m4a", against="meeting.flac")
    print(result.outcome, result.edits)

The names below load on first use, so that ``import wholetape`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wholetape.checking import check, check_all, make_keyed_print, make_print
    from wholetape.errors import WholetapeError
    from wholetape.examining import examine, examine_all
    from wholetape.findings import CheckResult, Edit, Kind, Outcome
    from wholetape.traces import Examination, Trace, Verdict

__version__ = "0.1.0"

__all__ = [
    "CheckResult",
    "Edit",
    "Examination",
    "Kind",
    "Outcome",
    "Trace",
    "Verdict",
    "WholetapeError",
    "check",
    "check_all",
    "examine",
    "examine_all",
    "make_keyed_print",
    "make_print",
]

_HOMES = {
    "check": "checking",
    "check_all": "checking",
    "make_keyed_print": "checking",
    "make_print": "checking",
    "CheckResult": "findings",
    "Edit": "findings",
    "Kind": "findings",
    "Outcome": "findings",
    "WholetapeError": "errors",
    "examine": "examining",
    "examine_all": "examining",
    "Examination": "traces",
    "Trace": "traces",
    "Verdict": "traces",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
