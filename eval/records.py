"""What one check of one case gave, beside the truth: one line of the results file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.truth import EARLIER, LATER, Case, Part, Reading, Seconds, Truth
from wholetape.findings import CheckResult, Kind, Outcome
from wholetape.times import Span


@dataclass(frozen=True, slots=True)
class Found:
    """One edit that the check reported, in seconds."""

    kind: Kind
    release: Seconds
    reference: Seconds | None
    confidence: float
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Record:
    """One case and its check."""

    case: str
    seed: int
    condition: str
    minutes: float
    speech: str
    against: str
    expected: str
    outcome: str
    seconds: float
    parts: tuple[Part, ...]
    truth: tuple[Truth, ...]
    found: tuple[Found, ...]
    unverified: tuple[Seconds, ...]
    error: str = ""
    """The exception's text when the check raised one."""

    @property
    def edited(self) -> bool:
        """True when something was done to the release."""
        return any(truth.how not in (EARLIER, LATER) for truth in self.truth)


def from_result(case: Case, result: CheckResult, minutes: float, speech: str, against: str) -> Record:
    """The record of ``case`` with what ``result`` says."""
    found = tuple(Found(e.kind, e.release.seconds, _seconds(e.reference), e.confidence, e.speed) for e in result.edits)
    unverified = tuple(s.release.seconds for s in result.spans if s.kind is Kind.UNVERIFIED)
    return _record(case, minutes, speech, against, str(result.outcome), found, unverified)


def from_error(case: Case, error: str, minutes: float, speech: str, against: str) -> Record:
    """The record of ``case`` when its check raised an exception."""
    return _record(case, minutes, speech, against, "error", (), (), error)


def _record(
    case: Case,
    minutes: float,
    speech: str,
    against: str,
    outcome: str,
    found: tuple[Found, ...],
    unverified: tuple[Seconds, ...],
    error: str = "",
) -> Record:
    return Record(
        case=case.name,
        seed=case.seed,
        condition=case.condition,
        minutes=minutes,
        speech=speech,
        against=against,
        expected=str(case.expected),
        outcome=outcome,
        seconds=case.seconds,
        parts=case.parts,
        truth=case.truth,
        found=found,
        unverified=unverified,
        error=error,
    )


def encode(record: Record) -> str:
    """One line of JSON."""
    return json.dumps(asdict(record), separators=(",", ":"), ensure_ascii=False)


def load(path: Path) -> list[Record]:
    """All records of a results file."""
    return [parse(line) for line in path.read_text().splitlines() if line.strip()]


def parse(line: str) -> Record:
    """The record that ``encode`` wrote."""
    raw: dict[str, Any] = json.loads(line)
    raw["parts"] = tuple(Part(**p) for p in raw["parts"])
    raw["truth"] = tuple(_truth(t) for t in raw["truth"])
    raw["found"] = tuple(
        Found(Kind(f["kind"]), _pair(f["release"]), _pair_or_none(f["reference"]), f["confidence"], f["speed"])
        for f in raw["found"]
    )
    raw["unverified"] = tuple(_pair(u) for u in raw["unverified"])
    return Record(**raw)


def save_case(case: Case, path: Path, key: str) -> None:
    """Keep what is known of ``case`` beside its files."""
    raw = {**asdict(case), "original": case.original.name, "release": case.release.name}
    path.write_text(json.dumps({"key": key, "case": raw}))


def load_case(path: Path, key: str) -> Case | None:
    """The case that ``save_case`` kept; None when it was built in another way than ``key`` says."""
    whole: dict[str, Any] = json.loads(path.read_text())
    if whole["key"] != key:
        return None
    raw = whole["case"]
    raw["original"], raw["release"] = (path.parent / raw[name] for name in ("original", "release"))
    raw["truth"] = tuple(_truth(t) for t in raw["truth"])
    raw["parts"] = tuple(Part(**p) for p in raw["parts"])
    raw["expected"] = Outcome(raw["expected"])
    return Case(**raw)


def _truth(raw: dict[str, Any]) -> Truth:
    raw["kind"] = Kind(raw["kind"])
    for name in ("readings", "also"):
        raw[name] = tuple(Reading(_pair(r["release"]), _pair_or_none(r["reference"])) for r in raw[name])
    for name in ("start_slack", "end_slack"):
        raw[name] = _pair(raw[name])
    return Truth(**raw)


def _pair(raw: list[float]) -> Seconds:
    return raw[0], raw[1]


def _pair_or_none(raw: list[float] | None) -> Seconds | None:
    return _pair(raw) if raw else None


def _seconds(span: Span | None) -> Seconds | None:
    return span.seconds if span is not None else None
