"""The release and its reference as an OpenTimelineIO timeline, for editing programs.

https://opentimelineio.readthedocs.io/en/stable/tutorials/otio-file-format-specification.html. Two tracks that play in
step: the release as published, and below it what the reference holds there: clips of the reference, and gaps
where it has nothing to say. Times count 1/48000 s, six to a sample of the analysis clock, so that nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from wholetape.findings import CheckResult, Edit, Kind, ReferenceFacts, Stretch
from wholetape.report import words
from wholetape.report.escape import printable
from wholetape.times import CLOCK_HZ, Span

RATE = 48000
"""Hz, the rate at which editing programs count sound."""
_TICKS = RATE // CLOCK_HZ
_COLOURS = {
    Kind.CUT: "RED",
    Kind.INSERTED: "PURPLE",
    Kind.REPLACED: "BLUE",
    Kind.REPEATED: "CYAN",
    Kind.MOVED: "GREEN",
    Kind.MUTED: "BLACK",
    Kind.SPEED: "ORANGE",
    Kind.UNVERIFIED: "YELLOW",
}
Tree = dict[str, Any]
Locate = Callable[[str], str]


def link(path: str) -> str:
    """``path`` as a relative or ``file:`` URL. Nothing in it can name another scheme or host."""
    quoted = quote(path.encode("utf-8", "surrogateescape"), safe="/")
    if path.startswith("/"):
        return f"file://{'/.' if path.startswith('//') else ''}{quoted}"
    return quoted


def as_otio(results: Sequence[CheckResult], locate: Locate = link) -> Tree:
    """A tree that ``json.dumps`` takes: one timeline; of several releases, a collection of timelines.

    ``locate`` makes the URL under which the timeline finds a file from the path under which it was checked.
    """
    timelines = [_timeline(result, locate) for result in results]
    if len(timelines) == 1:
        return timelines[0]
    return {
        "OTIO_SCHEMA": "SerializableCollection.1",
        "name": "wholetape check",
        "metadata": {},
        "children": timelines,
    }


def _timeline(result: CheckResult, locate: Locate) -> Tree:
    title = words.name(result.release.path)
    length = result.spans[-1].release.end if result.spans else 0
    whole = Span(0, length)
    release = _external(result.release.path, whole, result.release.sha256, locate)
    tracks = [
        _track("release, as published", [_clip(title, whole, release)], _markers(result)),
        _track("reference, laid beside it", [_tile(tile, result, locate) for tile in result.spans]),
    ]
    return {
        "OTIO_SCHEMA": "Timeline.1",
        "name": f"{title}: {result.outcome}",
        "global_start_time": None,
        "metadata": {
            "wholetape": {
                "format": "wholetape.otio/v1",
                "outcome": str(result.outcome),
                "answer": [f"{sentence}." for sentence in words.answer_sentences(result)],
                "notes": words.notes(result),
            }
        },
        "tracks": {
            "OTIO_SCHEMA": "Stack.1",
            "name": "tracks",
            "source_range": None,
            "effects": [],
            "markers": [],
            "metadata": {},
            "enabled": True,
            "children": tracks,
        },
    }


def _track(name: str, children: list[Tree], markers: list[Tree] | None = None) -> Tree:
    return {
        "OTIO_SCHEMA": "Track.1",
        "name": name,
        "kind": "Audio",
        "source_range": None,
        "effects": [],
        "markers": markers or [],
        "metadata": {},
        "enabled": True,
        "children": children,
    }


def _clip(name: str, span: Span, media: Tree, **more: Any) -> Tree:
    return {
        "OTIO_SCHEMA": "Clip.2",
        "name": name,
        "source_range": _range(span),
        "effects": [],
        "markers": [],
        "metadata": {},
        "enabled": True,
        "media_references": {"DEFAULT_MEDIA": media},
        "active_media_reference_key": "DEFAULT_MEDIA",
        **more,
    }


def _tile(tile: Stretch, result: CheckResult, locate: Locate) -> Tree:
    """What the reference holds beside one tile of the release, as long as the tile."""
    said = {"wholetape": {"kind": str(tile.kind), "exact": tile.exact}}
    if tile.source is None or tile.reference is None:
        return {
            "OTIO_SCHEMA": "Gap.1",
            "name": str(tile.kind),
            "source_range": _range(Span(0, len(tile.release))),
            "effects": [],
            "markers": [],
            "metadata": said,
            "enabled": True,
        }
    ref = result.references[tile.source]
    total, length = round(ref.duration * CLOCK_HZ), len(tile.release)
    start = max(0, min(tile.reference.start, total - round(length * tile.speed)))
    effects = []
    if tile.speed != 1.0:
        effects.append(
            {
                "OTIO_SCHEMA": "LinearTimeWarp.1",
                "name": "speed",
                "effect_name": "LinearTimeWarp",
                "time_scalar": tile.speed,
                "enabled": True,
                "metadata": {},
            }
        )
    media = _media(ref, Span(0, total), locate)
    return _clip(str(tile.kind), Span(start, start + length), media, effects=effects, metadata=said)


def _media(ref: ReferenceFacts, available: Span, locate: Locate) -> Tree:
    """The reference's sound; where only a print or a seal is at hand, a name for what is missing."""
    if ref.kind == "audio":
        return _external(ref.path, available, ref.sha256, locate)
    return {
        "OTIO_SCHEMA": "MissingReference.1",
        "name": words.name(ref.path),
        "available_range": _range(available),
        "available_image_bounds": None,
        "metadata": {"wholetape": {"kind": ref.kind, "sha256": ref.sha256}},
    }


def _external(path: str, available: Span, sha256: str, locate: Locate) -> Tree:
    return {
        "OTIO_SCHEMA": "ExternalReference.1",
        "name": words.name(path),
        "target_url": locate(path),
        "available_range": _range(available),
        "available_image_bounds": None,
        "metadata": {"wholetape": {"sha256": sha256}},
    }


def _markers(result: CheckResult) -> list[Tree]:
    found = [(edit.release, _edit_marker(number, edit, result)) for number, edit in enumerate(result.edits, start=1)]
    found += [
        (tile.release, _marker("unverified", tile.kind, tile.release, "could not be verified", {}))
        for tile in result.spans
        if tile.kind is Kind.UNVERIFIED
    ]
    return [marker for _, marker in sorted(found, key=lambda entry: (entry[0].start, entry[0].end))]


def _edit_marker(number: int, edit: Edit, result: CheckResult) -> Tree:
    said: Tree = {"confidence": round(edit.confidence, 4)}
    if edit.reference is not None:
        said |= {"source": edit.source, "reference": list(edit.reference.seconds)}
    if edit.speed != 1.0:
        said["speed"] = edit.speed
    if edit.where:
        said["where"] = printable(edit.where)
    return _marker(f"{number} {edit.kind}", edit.kind, edit.release, words.told(edit, result), said)


def _marker(name: str, kind: Kind, span: Span, comment: str, said: Tree) -> Tree:
    return {
        "OTIO_SCHEMA": "Marker.2",
        "name": name,
        "color": _COLOURS[kind],
        "comment": comment,
        "marked_range": _range(span),
        "metadata": {"wholetape": {"kind": str(kind), **said}},
    }


def _range(span: Span) -> Tree:
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": _time(span.start), "duration": _time(len(span))}


def _time(samples: int) -> Tree:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(RATE), "value": float(samples * _TICKS)}
