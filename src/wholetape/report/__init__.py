"""Reports of a check: for a reader at a terminal, and for another program. Pure functions of a ``CheckResult``."""

from __future__ import annotations

from wholetape.report.escape import ascii_only, printable
from wholetape.report.jsonform import as_json, error_as_json
from wholetape.report.labels import as_labels
from wholetape.report.otio import as_otio
from wholetape.report.terminal import summary

__all__ = ["as_json", "as_labels", "as_otio", "ascii_only", "error_as_json", "printable", "summary"]
