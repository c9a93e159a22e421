"""The methods in the order of their worth, one after the other over one case."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from wholetape.examining.aacjoin import aac_join
from wholetape.examining.case import Case, Method
from wholetape.examining.container import container
from wholetape.examining.copies import copy_move
from wholetape.examining.history import codec_history
from wholetape.examining.mains import mains_hum
from wholetape.examining.mp3join import mp3_join
from wholetape.examining.opus import opus_history
from wholetape.examining.places import places
from wholetape.traces import Reach, Trace

Report = Callable[[str, float], None]
_METHODS: tuple[tuple[str, Method, float], ...] = (
    ("codec history", codec_history, 0.75),
    ("Opus history", opus_history, 0.05),
    ("container", container, 0.01),
    ("joins of MP3 frames", mp3_join, 0.02),
    ("joins of AAC frames", aac_join, 0.01),
    ("copied passages", copy_move, 0.1),
    ("mains hum", mains_hum, 0.05),
    ("places to listen to", places, 0.02),
)
"""What each is called while it works, and its share of the work, about."""


def run_all(
    case: Case, only: Collection[str] | None, report: Report
) -> tuple[tuple[Trace, ...], tuple[Reach, ...], str]:
    """All traces, the reach of each method, and the chain of encodings in words."""
    traces: list[Trace] = []
    reaches: list[Reach] = []
    words: list[str] = []
    chosen = [row for row in _METHODS if only is None or row[0] in only]
    done, total = 0.0, sum(share for _, _, share in chosen)
    for name, method, share in chosen:
        report(name, done / total)
        answer = method(case, partial(_tell, report, name, done / total, share / total))
        traces += answer.traces
        reaches.append(answer.reach)
        words += [answer.words] if answer.words else []
        done += share
    return tuple(traces), tuple(reaches), "; ".join(words)


def _tell(report: Report, name: str, before: float, share: float, part: float) -> None:
    report(name, before + part * share)
