"""What verifying a seal established, for people and (``wholetape.verify/v1``) for other programs."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from wholetape.properties import Name, Verification
from wholetape.report.escape import printable
from wholetape.report.words import name as short

FORMAT = "wholetape.verify/v1"
_NEVER = (Name.TRUE, Name.SPEAKERS, Name.UNEDITED_BEFORE, Name.ONLY_SEAL)
_WIDEST_NAME = max(len(name) for name in Name)


def verification_as_json(found: Verification, path: str, sha256: str, seal: Mapping[str, str | int]) -> dict[str, Any]:
    """The findings as a tree of plain values; ``docs/json.md`` explains its members."""
    failure = found.failure
    return {
        "format": FORMAT,
        "outcome": "verified" if failure is None else "failed",
        "reason": None if failure is None else {"code": failure.reason.value, "words": failure.words},
        "path": path,
        "sha256": sha256,
        "seal": dict(seal),
        "standing": found.standing,
        "capture": found.capture,
        "parties": [
            {
                "name": party.name,
                "fingerprint": party.fingerprint,
                "pinned": party.pinned,
                "signed": party.signed,
                "time": party.time,
            }
            for party in found.parties
        ],
        "properties": [
            {"name": own.name.value, "established": own.established, "by": list(own.by), "why": own.why}
            for own in found.properties
        ],
    }


def verification_text(found: Verification, path: str, seal: str, width: int) -> str:
    """The findings in plain words, lines of at most ``width`` columns."""
    lines = [short(path), *textwrap.wrap(_answer(found, seal), width), ""]
    for mark, group in (("yes", _held(found, True)), ("no", _held(found, False))):
        for own in group:
            head = f"  {mark:<4} {own.name.value:<{_WIDEST_NAME}}  "
            by = f" (by {', '.join(map(printable, own.by))})" if own.by else ""
            lines += textwrap.wrap(
                printable(own.why) + by, width, initial_indent=head, subsequent_indent=" " * len(head)
            )
    lines += ["", "never proven"]
    for own in found.properties:
        if own.name in _NEVER:
            lines += textwrap.wrap(printable(own.why), width, initial_indent="  ", subsequent_indent="  ")
    return "\n".join(lines) + "\n"


def _held(found: Verification, established: bool) -> list[Any]:
    return [own for own in found.properties if own.established is established and own.name not in _NEVER]


def _answer(found: Verification, seal: str) -> str:
    if found.failure is not None:
        return f"not verified: {printable(found.failure.words)}"
    names = ", ".join(printable(party.name) for party in found.parties if party.pinned and party.signed)
    if found[Name.EXCERPT].established:
        part = printable(found[Name.EXCERPT].why)
        return f"verified: an excerpt of the recording that {short(seal)} is of, signed by {names}: {part}"
    same = "the file is" if found[Name.FILE].established else "samples verified, file differs: its sound is"
    return f"verified: {same} the one that {short(seal)} commits to, signed by {names}"
