"""Hand-made results of checks, for tests of what is said about them."""

from __future__ import annotations

from dataclasses import replace

from wholetape.findings import (
    CheckResult,
    Coverage,
    Edit,
    Kind,
    Missing,
    Outcome,
    ReferenceFacts,
    ReleaseFacts,
    Stretch,
)
from wholetape.times import Span, samples

DETECTS = {"cut": 0.03, "inserted": 0.1, "replaced": 0.15, "muted": 0.1}


def span(start: float, end: float) -> Span:
    return Span(samples(start), samples(end))


def release(seconds: float, **facts) -> ReleaseFacts:
    plain = ReleaseFacts(path="posted.m4a", sha256="ab" * 32, duration=seconds, codec="aac", streams=1)
    return replace(plain, **facts)


def reference(seconds: float, **facts) -> ReferenceFacts:
    return replace(ReferenceFacts(path="meeting.flac", kind="audio", sha256="cd" * 32, duration=seconds), **facts)


def whole(seconds: float = 60.0) -> CheckResult:
    all_of_it = span(0, seconds)
    return CheckResult(
        outcome=Outcome.WHOLE,
        release=release(seconds),
        references=(reference(seconds),),
        edits=(),
        spans=(Stretch(Kind.KEPT, all_of_it, 0, all_of_it),),
        coverage=Coverage((1.0,), 1.0, 0.0),
        detects=DETECTS,
    )


def excerpt() -> CheckResult:
    return replace(
        whole(60),
        outcome=Outcome.EXCERPT,
        references=(reference(100),),
        spans=(Stretch(Kind.KEPT, span(0, 60), 0, span(12, 72)),),
        coverage=Coverage((0.6,), 1.0, 0.0),
        missing=(Missing(0, span(0, 12)), Missing(0, span(72, 100))),
    )


def edited() -> CheckResult:
    """One edit of each kind but ``speed``, on 150 s made of 160 s."""
    tiles = [
        Stretch(Kind.KEPT, span(0, 61.402), 0, span(0, 61.402)),
        Stretch(Kind.KEPT, span(61.402, 80), 0, span(73.91, 92.508)),
        Stretch(Kind.INSERTED, span(80, 82.1), None, None),
        Stretch(Kind.KEPT, span(82.1, 90), 0, span(92.508, 100.408)),
        Stretch(Kind.REPLACED, span(90, 90.5), 0, span(100.408, 100.908)),
        Stretch(Kind.KEPT, span(90.5, 100), 0, span(100.908, 110.408)),
        Stretch(Kind.REPEATED, span(100, 101), 0, span(20, 21)),
        Stretch(Kind.KEPT, span(101, 110), 0, span(110.408, 119.408)),
        Stretch(Kind.MOVED, span(110, 111), 0, span(65, 66)),
        Stretch(Kind.KEPT, span(111, 120), 0, span(119.408, 128.408)),
        Stretch(Kind.MUTED, span(120, 120.4), 0, span(128.408, 128.808)),
        Stretch(Kind.KEPT, span(120.4, 150), 0, span(128.808, 158.408)),
    ]
    edits = [
        Edit(Kind.CUT, span(61.402, 61.402), 0, span(61.402, 73.91), 0.999),
        *(
            Edit(tile.kind, tile.release, tile.source, tile.reference, 0.99)
            for tile in tiles
            if tile.kind is not Kind.KEPT
        ),
    ]
    return CheckResult(
        outcome=Outcome.EDITED,
        release=release(150),
        references=(reference(158.408),),
        edits=tuple(edits),
        spans=tuple(tiles),
        coverage=Coverage((0.92,), 1.0, 0.0),
        detects=DETECTS,
    )


def undecided() -> CheckResult:
    tiles = (
        Stretch(Kind.KEPT, span(0, 20), 0, span(0, 20)),
        Stretch(Kind.UNVERIFIED, span(20, 21.5), 0, span(20, 21.5)),
        Stretch(Kind.KEPT, span(21.5, 60), 0, span(21.5, 60)),
    )
    return replace(
        whole(60),
        outcome=Outcome.UNDECIDED,
        spans=tiles,
        edits=(Edit(Kind.CUT, span(40, 40), 0, span(40, 40.03), 0.6),),
        coverage=Coverage((0.975,), 0.975, 0.025),
    )


def unrelated() -> CheckResult:
    return replace(
        whole(60),
        outcome=Outcome.UNRELATED,
        spans=(Stretch(Kind.INSERTED, span(0, 60), None, None),),
        coverage=Coverage((0.0,), 0.0, 0.0),
        missing=(Missing(0, span(0, 60)),),
    )
