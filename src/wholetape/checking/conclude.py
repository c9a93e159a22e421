"""From compared tracks to the answer: edits of all channels in one list, coverage, and the outcome by the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wholetape.checking.channels import fades, mean_voice, of_the_mean, streams_apart, track_for, unheard
from wholetape.checking.compare import Compared, compare
from wholetape.checking.confidence import calibrated
from wholetape.checking.detects import detects
from wholetape.checking.exact import marked
from wholetape.checking.keyed import held_against
from wholetape.checking.listen import Heard, Progress, Voice
from wholetape.checking.references import Reference
from wholetape.checking.tiles import coverage, overlay, reference_at, tidy
from wholetape.findings import CheckResult, Coverage, Edit, Kind, Missing, Outcome, ReleaseFacts, Stretch
from wholetape.match.edl import Interval
from wholetape.match.keyed import KeyedPrint
from wholetape.match.original import Original
from wholetape.match.params import EDITS
from wholetape.match.printfile import ALL_CHANNELS, Track
from wholetape.match.score import Axis
from wholetape.times import CLOCK_HZ, Span, samples

_PER_MS = CLOCK_HZ // 1000
DAMAGE_S = 0.4
"""Seconds around a damaged place within which an edit may be nothing but the damage."""
SURE = 0.9
"""Confidence from which an edit makes the outcome ``edited``."""


@dataclass(frozen=True, slots=True)
class _Told:
    """One track's edits and tiles, on the clocks of release and sources, in samples."""

    voice: Voice
    edits: tuple[Edit, ...]
    spans: tuple[Stretch, ...]
    covered: tuple[tuple[int, Span], ...]
    compared: Compared


def conclude(
    heard: Heard, references: list[Reference], keyed: Mapping[int, KeyedPrint], progress: Progress
) -> CheckResult:
    """The result of checking one release that was listened to, also against the keyed prints of some references."""
    voices = _voices_to_check(heard)
    lengths = [reference.print.samples for reference in references]
    notes: list[str] = []
    told: list[_Told] = []
    open_ends = streams_apart(heard)
    used: list[list[Track]] = []
    for k, voice in enumerate(voices):
        used.append([track_for(voice, reference) for reference in references])
        axis = _axis(used[-1], references)
        like = next((t.compared for t in told if t.voice.stream == voice.stream), None)
        found = compare(voice, axis, lambda share, k=k: progress((k + share) / len(voices)), like)  # type: ignore[misc]
        told.append(_tell(voice, found, heard.samples, lengths))
    told, of_means = _by_means(told, heard, references)
    open_ends += of_means
    for n, reference in enumerate(references):
        open_ends += unheard(reference, [tracks[n] for tracks in used])
    main = told[0] if told else None
    if main is None or all(t.compared.listing is None for t in told):
        return _nothing_found(heard, references, not told)
    main = next(t for t in told if t.compared.listing is not None)
    edits, spans = _merge(told, main, heard, references, notes)
    edits = tuple(_beside_damage(edit, heard, notes) for edit in edits)
    spans, of_keyed = held_against(keyed, heard, references, spans)
    notes += of_keyed
    covered, missing = coverage(main.edits, spans, main.covered, lengths, heard.samples)
    outcome = _outcome(edits, spans, missing, bool(open_ends))
    outcome, covered, withheld = _of_excerpts(outcome, covered, references)
    notes += withheld
    if outcome is Outcome.WHOLE and heard.facts.sha256 in [r.print.recording.hex() for r in references]:
        spans = tuple(replace(s, exact=True) for s in spans)
    elif any(reference.streams for reference in references):
        edits, spans = marked(heard, references, edits, spans)
    return CheckResult(
        outcome,
        _release_facts(heard),
        tuple(reference.facts for reference in references),
        edits,
        spans,
        covered,
        detects(main.compared.foreign_rate),
        missing,
        (*notes, *open_ends),
    )


def _axis(tracks: list[Track], references: list[Reference]) -> Axis:
    """The axis of these tracks, with their sound where all of it is at hand."""
    axis = Axis.of(tracks)
    voices = [reference.voice(track) for track, reference in zip(tracks, references, strict=True)]
    sounds = tuple((voice.sound, voice.samples) for voice in voices if voice is not None)
    return replace(axis, original=Original(sounds, axis.starts)) if len(sounds) == len(voices) else axis


def _by_means(told: list[_Told], heard: Heard, references: list[Reference]) -> tuple[list[_Told], list[str]]:
    """``told``, but by the mean of a stream's channels where each seems edited for want of what only the other heard.

    And, in plain words, of which streams that is so: what one channel holds and the mean does not is open.
    """
    out: list[_Told] = []
    open_ends = []
    for stream in sorted({t.voice.stream for t in told}):
        own = [t for t in told if t.voice.stream == stream]
        voices = [t.voice for t in own]
        if len(own) > 1 and any(t.edits for t in own) and of_the_mean(voices, references):
            mean = mean_voice(voices)
            axis = _axis([track_for(mean, reference) for reference in references], references)
            own = [_tell(mean, compare(mean, axis), heard.samples, [r.print.samples for r in references])]
            which = f" of stream {stream + 1}" if len(heard.facts.streams) > 1 else ""
            open_ends.append(f"the reference holds the mean of the channels{which} alone: an edit of one is not told")
        out += own
    return out, open_ends


def _voices_to_check(heard: Heard) -> list[Voice]:
    """The mean of a stream's channels, or each channel where they differ; silent ones are left out."""
    chosen = []
    for stream in sorted({v.stream for v in heard.voices}):
        of_stream = [v for v in heard.voices if v.stream == stream]
        channels = [v for v in of_stream if v.channel != ALL_CHANNELS]
        chosen += [v for v in (channels or of_stream) if not v.silent]
    return chosen


def _tell(voice: Voice, compared: Compared, length: int, lengths: list[int]) -> _Told:
    listing, axis = compared.listing, compared.axis
    if listing is None:
        return _Told(voice, (), (Stretch(Kind.UNVERIFIED, Span(0, length), None, None),), (), compared)
    edits = []
    for entry in listing.entries:
        source, reference = _on_source(entry.reference, axis)
        sure = calibrated(entry.confidence, compared.foreign_rate)
        edits.append(Edit(entry.kind, _span(entry.release, length), source, reference, sure, entry.speed))
    spans, at = [], 0
    for tile in listing.tiles:
        end = min(length, max(at, round(tile.release[1] * _PER_MS)))
        if end > at:
            source, reference = _on_source(tile.reference, axis)
            spans.append(Stretch(tile.kind, Span(at, end), source, reference, tile.speed))
            at = end
    if at < length:
        spans.append(Stretch(Kind.UNVERIFIED, Span(at, length), None, None))
    covered = []
    for interval in listing.covered:
        source, reference = _on_source(interval, axis)
        if source is not None and reference is not None:
            covered.append((source, reference))
    return _Told(voice, tuple(edits), tidy(spans, lengths), tuple(covered), compared)


def _span(interval: Interval, length: int) -> Span:
    start = min(length, max(0, round(interval[0] * _PER_MS)))
    return Span(start, min(length, max(start, round(interval[1] * _PER_MS))))


def _on_source(interval: Interval | None, axis: Axis) -> tuple[int | None, Span | None]:
    """An interval of the axis as a source and a span of it."""
    if interval is None:
        return None, None
    source = axis.source_of(int((interval[0] + interval[1]) / 20))
    base = axis.starts[source] * 10.0
    limit = axis.lengths[source] * 80
    start = min(limit, max(0, round((interval[0] - base) * _PER_MS)))
    return source, Span(start, min(limit, max(start, round((interval[1] - base) * _PER_MS))))


def _merge(
    told: list[_Told], main: _Told, heard: Heard, references: list[Reference], notes: list[str]
) -> tuple[tuple[Edit, ...], tuple[Stretch, ...]]:
    """One list of edits for all tracks, and the main track's tiles with what other tracks hold laid over them."""
    edits: list[tuple[Edit, set[int]]] = []
    spans = main.spans
    for k, track in enumerate(told):
        for edit in track.edits:
            for i, (other, owners) in enumerate(edits):
                if _alike(edit, other) and k not in owners:
                    edits[i] = (other if other.confidence >= edit.confidence else edit, owners | {k})
                    break
            else:
                edits.append((edit, {k}))
        if track is not main:
            spans = overlay(spans, track.spans)
            if track.compared.listing is None:
                notes.append(f"{_name(track.voice, heard)} holds nothing that was found in the reference")
    out = []
    for edit, owners in edits:
        where = "" if len(owners) == len(told) else ", ".join(_name(told[k].voice, heard) for k in sorted(owners))
        out.append(replace(edit, where=where))
    for gone in heard.cancelled:
        span = Span(min(gone.start, heard.samples), min(gone.end, heard.samples))
        source, reference = reference_at(main.spans, span)
        if source is None or reference is None or not fades(heard, gone, references[source], reference):
            continue
        out.append(Edit(Kind.MUTED, span, source, reference, 0.95, where="the sum of the channels"))
        spans = overlay(spans, (Stretch(Kind.MUTED, span, source, reference),))
    return tuple(sorted(out, key=lambda e: (e.release.start, e.release.end))), spans


def _beside_damage(edit: Edit, heard: Heard, notes: list[str]) -> Edit:
    """The edit, doubted where the file is damaged: a lost packet leaves the same hole as a cut."""
    near = samples(DAMAGE_S)
    for damage in heard.damage:
        at = samples(damage.at)
        if edit.release.start - near <= at <= edit.release.end + near:
            note = f"the file is damaged at {damage.at:.2f} s: what is missing there may have been lost, not taken out"
            if note not in notes:
                notes.append(note)
            return replace(edit, confidence=min(edit.confidence, 0.5))
    return edit


def _name(voice: Voice, heard: Heard) -> str:
    stream = f"stream {voice.stream + 1}" if len(heard.facts.streams) > 1 else ""
    channel = "" if voice.channel == ALL_CHANNELS else f"channel {voice.channel + 1}"
    return " ".join(part for part in (stream, channel) if part) or "the sound"


def _alike(a: Edit, b: Edit) -> bool:
    """True when two tracks tell the same edit."""
    near = samples(0.06)
    return (
        a.kind is b.kind
        and abs(a.release.start - b.release.start) <= near
        and abs(a.release.end - b.release.end) <= near
        and a.source == b.source
    )


def _outcome(
    edits: tuple[Edit, ...], spans: tuple[Stretch, ...], missing: tuple[Missing, ...], open_ends: bool = False
) -> Outcome:
    """The rules of the design, in their order; ``open_ends``: a channel or stream that the spans do not speak of."""
    if any(edit.confidence >= SURE for edit in edits):
        return Outcome.EDITED
    limit = samples(EDITS.head_ms / 1000)
    if edits or open_ends or any(s.kind is Kind.UNVERIFIED and len(s.release) >= limit for s in spans):
        return Outcome.UNDECIDED
    return Outcome.EXCERPT if missing else Outcome.WHOLE


def _of_excerpts(
    outcome: Outcome, coverage: Coverage, references: list[Reference]
) -> tuple[Outcome, Coverage, list[str]]:
    """Outcome and coverage of recordings of which only an excerpt is at hand: the whole excerpt is not the whole."""
    shares, notes = [], []
    for share, reference in zip(coverage.references, references, strict=True):
        facts = reference.facts
        before, after = facts.withheld
        shares.append(share * facts.duration / (facts.duration + before + after) if before or after else share)
        if before or after:
            notes.append(
                f"the reference is an excerpt of {facts.duration:.1f} s: of the recording, {before:.1f} s before it "
                f"and {after:.1f} s after it are withheld"
            )
    limit = EDITS.head_ms / 1000
    if outcome is Outcome.WHOLE and any(max(reference.facts.withheld) >= limit for reference in references):
        outcome = Outcome.EXCERPT
    return outcome, replace(coverage, references=tuple(shares)), notes


def _nothing_found(heard: Heard, references: list[Reference], silent: bool) -> CheckResult:
    whole = Span(0, heard.samples)
    short = heard.samples < CLOCK_HZ
    outcome = Outcome.UNDECIDED if silent or short else Outcome.UNRELATED
    note = "the release is silent: there is nothing to compare" if silent else ""
    if short and not silent:
        note = "the release is shorter than a second: too short to find in a reference"
    return CheckResult(
        outcome,
        _release_facts(heard),
        tuple(reference.facts for reference in references),
        (),
        (Stretch(Kind.UNVERIFIED, whole, None, None),),
        Coverage(tuple(0.0 for _ in references), 0.0, 1.0),
        {},
        (),
        (note,) if note else (),
    )


def _release_facts(heard: Heard) -> ReleaseFacts:
    facts = heard.facts
    damage = tuple(f"{d.at:.2f} s: {d.reason}" for d in heard.damage)
    codec = facts.streams[0].codec if facts.streams else "unknown"
    duration = heard.samples / CLOCK_HZ
    return ReleaseFacts(facts.path, facts.sha256, duration, codec, len(facts.streams), facts.has_picture, damage)
