"""Traces of the codec history: the grid of each earlier encoding, where one breaks, and the chain in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wholetape.examining.case import Answer, Case
from wholetape.examining.codec.breaks import SHORT_BLOCK, Break
from wholetape.examining.codec.coincident import OWN
from wholetape.examining.codec.history import Layer, layers
from wholetape.examining.codec.params import CODEC
from wholetape.examining.worth import worth
from wholetape.traces import Reach, Trace, Weight

GRID, BREAK = "codec-grid", "grid-break"
_NAMES = {"mp3": "MP3", "aac": "AAC", "vorbis": "Vorbis"}
_SHORT_S = 1.2
"""Seconds below which there is no window to search."""
_INNOCENT_GRID = (
    "every MP3 or AAC recorder, upload, messenger and conversion leaves such a grid; it says nothing about the content"
)
_INNOCENT_BREAK = (
    "recordings joined openly, a recorder that closed and opened its file (pause, voice activation, 2 GB split) before "
    "the parts were joined, an advertisement or jingle set in, a player or stream that lost and made up sound"
)


def codec_history(case: Case, progress: Callable[[float], None]) -> Answer:
    """Grids and breaks of earlier MP3 and AAC encodings in the samples."""
    take = case.take
    if take.seconds < _SHORT_S:
        return Answer((), Reach("codec-history", 0.0, "the sound is too short"))
    found = layers(take, case.facts.streams[0].codec, case.survey.active, case.pool, progress)
    traces: list[Trace] = [_grid(layer, case) for layer in found]
    traces += [_break(one, layer, case) for layer, one in _merged(found)]
    searched = min(1.0, CODEC.windows * CODEC.window_s / take.seconds) * case.survey.sounding
    if not found:
        note = "no grid of MP3 or AAC: never encoded so, or encoded too finely or too often to be seen"
        return Answer((), Reach("codec-history", searched, note))
    covered = _covered(found, take.seconds)
    note = "a splice that keeps the grid, about one in 500 at random, leaves no break"
    return Answer(tuple(traces), Reach("codec-history", covered, note), _chain(found, case))


def is_own(layer: Layer, case: Case) -> bool:
    """True for the grid of the file's own encoding, which begins where decoders begin."""
    own = case.facts.streams[0]
    if own.codec == "vorbis" and layer.transform.codec == "aac":
        offsets = [track.grid.offset % SHORT_BLOCK for track in layer.tracks]
        return layer.transform.rate == case.take.rate and all(abs(at - SHORT_BLOCK // 2) <= 1 for at in offsets)
    if layer.codec != own.codec or layer.breaks:
        return False
    if layer.transform.rate == case.take.rate // 2:  # AAC with band replication, whose core is heard at any delay
        return True
    return layer.transform.rate == case.take.rate and all(
        track.grid.offset in OWN.get(own.codec, ()) for track in layer.tracks
    )


def _grid(layer: Layer, case: Case) -> Trace:
    transform = layer.transform
    own = is_own(layer, case)
    codec = case.facts.streams[0].codec if own else layer.codec
    name = f"{_NAMES[codec]} at {transform.rate / 1000:g} kHz"
    clearest = layer.clearest
    finding = f"frame grid of {name}, offset {clearest.track.grid.offset}" + (
        ": the file's own encoding" if own else ": encoded so before, then decoded"
    )
    details = {
        "codec": codec,
        "rate": transform.rate,
        "window": transform.window,
        "channels": "+".join(layer.views),
        "offset": clearest.track.grid.offset,
        "own": own,
        "z": round(clearest.z, 1),
        "runs": [
            {"at": [round(run.start, 2), round(run.end, 2)], "offset": run.track.grid.offset, "z": round(run.z, 1)}
            for run in layer.runs
        ],
    }
    return Trace(
        GRID,
        (layer.runs[0].start, max(run.end for run in layer.runs)),
        finding,
        Weight.NOTED if own else Weight.PROCESSED,
        _INNOCENT_GRID,
        false_alarm=worth(GRID).false_alarm,
        log10_lr=worth(GRID).log10_lr,
        details=details,
    )


def _break(one: Break, layer: Layer, case: Case) -> Trace:
    value = worth(BREAK, case.facts.streams[0].codec)
    before, after = (run.track.grid.offset for run in (one.before, one.after))
    name = f"{_NAMES[layer.codec]} at {layer.transform.rate / 1000:g} kHz"
    return Trace(
        BREAK,
        (one.start, max(one.end, one.start + 0.01)),
        f"the frame grid of an earlier encoding ({name}) breaks off at {one.at:.2f} s: offset {before} before, "
        f"{after} after",
        Weight.BREAKS,
        _INNOCENT_BREAK,
        false_alarm=value.false_alarm,
        log10_lr=value.log10_lr,
        details={
            "place": round(one.at, 3),
            "codec": layer.codec,
            "rate": layer.transform.rate,
            "offsets": [before, after],
            "z": round(one.z, 1),
        },
    )


def _merged(found: Sequence[Layer]) -> list[tuple[Layer, Break]]:
    """Breaks in order of time; where several layers break at one place, the clearest one's."""
    every = sorted(((layer, one) for layer in found for one in layer.breaks), key=lambda pair: -pair[1].z)
    kept: list[tuple[Layer, Break]] = []
    for layer, one in every:
        if not any(abs(one.at - other.at) < 0.5 for _, other in kept):
            kept.append((layer, one))
    return sorted(kept, key=lambda pair: pair[1].at)


def _covered(found: Sequence[Layer], seconds: float) -> float:
    """Share of the sound in which some grid was followed."""
    spans = sorted((run.start, run.end) for layer in found for run in layer.runs)
    total, reached = 0.0, 0.0
    for start, end in spans:
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return min(1.0, total / seconds) if seconds else 0.0


def _chain(found: Sequence[Layer], case: Case) -> str:
    """The chain in words: what was there before, then the file's own encoding. Later ones blur earlier ones."""
    own = case.facts.streams[0]
    earlier = [layer for layer in found if not is_own(layer, case)]
    if not earlier:
        return ""
    steps = [
        f"{_NAMES[layer.codec]} at {layer.transform.rate / 1000:g} kHz"
        for layer in sorted(earlier, key=lambda layer: layer.z)
    ]
    now = f"{_spoken(own.codec)} at {case.take.rate / 1000:g} kHz"
    order = "" if len(steps) == 1 else " (the order of the earlier ones is inferred from their clarity)"
    return f"was {', then '.join(steps)}; is {now} now{order}"


def _spoken(codec: str) -> str:
    return "PCM" if codec.startswith("pcm_") else codec.split("_")[0].upper()
