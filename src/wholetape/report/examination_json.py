"""The machine's report of an examination: format ``wholetape.examine/v1``, specified in ``docs/examine.md``."""

from __future__ import annotations

from typing import Any

from wholetape.errors import WholetapeError
from wholetape.traces import Examination, Trace, Verdict

FORMAT = "wholetape.examine/v1"
DECIMALS = 4


def examination_as_json(result: Examination) -> dict[str, Any]:
    """The result of one examination as a tree that ``json.dumps`` takes."""
    file = result.file
    return {
        "format": FORMAT,
        "outcome": str(result.outcome),
        "file": {
            "path": file.path,
            "sha256": file.sha256,
            "duration": round(file.duration, DECIMALS),
            "container": file.container,
            "codec": file.codec,
            "rate": file.rate,
            "channels": file.channels,
            "streams": file.streams,
            "damage": list(file.damage),
        },
        "history": result.history,
        "coverage": {
            reach.method: {"share": round(reach.share, DECIMALS), "note": reach.note} for reach in result.coverage
        },
        "traces": [_trace(trace) for trace in result.traces],
        "notes": list(result.notes),
    }


def unexaminable_as_json(path: str, error: WholetapeError) -> dict[str, Any]:
    """What stands for a file that could not be read."""
    return {
        "format": FORMAT,
        "outcome": str(Verdict.NOT_EXAMINABLE),
        "file": {"path": path},
        "history": "",
        "coverage": {},
        "traces": [],
        "notes": [],
        "error": {"message": str(error), "hint": error.hint, "exit": int(error.exit_code)},
    }


def _trace(trace: Trace) -> dict[str, Any]:
    alarm = trace.false_alarm
    tree: dict[str, Any] = {"name": trace.name, "at": _span(trace.at)}
    if trace.pair is not None:
        tree["pair"] = _span(trace.pair)
    return tree | {
        "finding": trace.finding,
        "weight": str(trace.weight),
        "false_alarm": None if alarm is None else {"rate": alarm.rate, "n": alarm.n, "material": alarm.material},
        "log10_lr": trace.log10_lr,
        "innocent": trace.innocent,
        "details": dict(trace.details),
    }


def _span(span: tuple[float, float] | None) -> list[float] | None:
    return None if span is None else [round(float(at), DECIMALS) for at in span]
