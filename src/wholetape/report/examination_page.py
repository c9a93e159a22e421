"""The page of an examination: to read, to look at, to listen to and to print; one file that fetches nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wholetape.errors import UnreadableInput
from wholetape.report.examination_drawn import Drawn, outline_path
from wholetape.report.examination_words import OUTCOMES, place, value
from wholetape.report.markup import Markup, join, own, tag
from wholetape.report.strip import clock
from wholetape.report.styles import styles
from wholetape.traces import Examination, Trace, Weight

Answer = Examination | UnreadableInput
_STYLE = """
.o-inconsistent { border-left-color: var(--bad); } .o-inconsistent .outcome { color: var(--bad); }
.o-none-found { border-left-color: var(--good); } .o-none-found .outcome { color: var(--good); }
.lane { display: block; width: 100%; } .picture-lane { display: block; width: 100%; height: 8rem; filter: invert(1); }
.lane .mark { fill: var(--bad); opacity: .35; } .lane .noted { fill: var(--open); opacity: .35; }
.lane .run { fill: var(--replaced); } .lane .other { fill: var(--moved); } .lane .span { fill: var(--kept); }
.lane .hum { fill: none; stroke: var(--moved); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.lane .edit { fill: var(--cut); }
.stack { position: relative; } .stack .over { position: absolute; inset: 0; height: 100%; }
.worth { font-weight: 600; } audio { width: 100%; max-width: 30rem; } article.trace { break-inside: avoid; }
@media print { audio { display: none; } .picture-lane { print-color-adjust: exact; } }
"""


def examination_page(
    answers: Sequence[Answer],
    named: Sequence[str],
    pictures: Mapping[int, Drawn],
    checks: Mapping[str, Mapping[str, Any]],
    made: str,
) -> str:
    """One page about all files. ``pictures`` by number of the answer; ``checks``: results of a check by SHA-256;
    ``made``: by what and when."""
    style = own(styles() + _STYLE)
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; base-uri 'none'"
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", "Report of an examination"),
        tag("style", style),
    ]
    articles = [
        _article(number, answer, path, pictures.get(number), checks)
        for number, (answer, path) in enumerate(zip(answers, named, strict=True))
    ]
    body = tag(
        "main",
        tag("p", "wholetape", class_="mark-word"),
        tag("h1", "Report of an examination"),
        tag("p", f"Made by {made}. Traces in one file without a reference; none of them says authentic or forged."),
        *articles,
    )
    return f"<!doctype html>\n{tag('html', tag('head', *head), tag('body', body), lang='en')}\n"


def _article(
    number: int, answer: Answer, path: str, picture: Drawn | None, checks: Mapping[str, Mapping[str, Any]]
) -> Markup:
    heading = tag("h2", tag("bdi", path))
    if isinstance(answer, UnreadableInput):
        return tag(
            "article", heading, tag("div", tag("p", "could not be read", class_="outcome"), tag("p", f"{answer}."))
        )
    prefix = f"f{number}"
    lead = tag("p", OUTCOMES[answer.outcome] + ".", class_="lead")
    history = tag("p", f"History: {answer.history}.") if answer.history else None
    outcome = tag("p", str(answer.outcome), class_="outcome")
    return tag(
        "article",
        heading,
        tag("div", outcome, lead, history, class_=f"answer o-{answer.outcome}"),
        _picture(answer, picture, checks.get(answer.file.sha256), prefix) if picture else None,
        tag("h3", "Traces"),
        *(_trace(n, trace, picture, prefix) for n, trace in enumerate(answer.traces)),
        tag("p", "None.") if not answer.traces else None,
        tag("h3", "How far each method reached"),
        tag("ul", *(tag("li", f"{r.method}: {r.share:.0%} of the sound. {r.note}") for r in answer.coverage)),
        tag("h3", "The file"),
        tag("ul", *(tag("li", line) for line in _facts(answer))),
    )


def _facts(answer: Examination) -> Iterator[str]:
    file = answer.file
    yield f"{file.duration:.2f} s, {file.codec}, {file.rate} Hz, {file.channels} channels, container {file.container}"
    yield f"SHA-256 {file.sha256}"
    yield from answer.notes
    yield from file.damage


def _trace(n: int, trace: Trace, picture: Drawn | None, prefix: str) -> Markup:
    worth = value(trace)
    clip = picture.clips.get(n) if picture else None
    sound = (
        tag(
            "audio",
            controls=True,
            preload="none",
            aria_label=f"Trace {n + 1}",
            src="data:audio/mpeg;base64," + base64.b64encode(clip.mp3).decode(),
        )
        if clip and clip.mp3
        else None
    )
    return tag(
        "article",
        tag("h4", f"{n + 1}. {trace.name}, {place(trace)}"),
        tag("p", f"{trace.finding}."),
        tag("p", worth + ".", class_="worth") if worth else None,
        tag("p", f"Innocent causes: {trace.innocent}.", class_="small") if trace.innocent else None,
        sound,
        id=f"{prefix}t{n}",
        class_="trace",
    )


def _picture(answer: Examination, picture: Drawn, check: Mapping[str, Any] | None, prefix: str) -> Markup:
    """Waveform, spectrogram and codec grids over one time, every trace at its place and a link to its sound."""
    length = max(answer.file.duration, 1e-6)
    image = "data:image/png;base64," + base64.b64encode(picture.spectrogram).decode()
    lanes = [
        _lane(60, tag("path", d=outline_path(picture.outline, 60), class_="wave"), *_marks(answer, length, 60, prefix)),
        tag(
            "div",
            tag("img", src=image, alt=f"Spectrogram, 0 to {picture.top / 1000:g} kHz", class_="picture-lane"),
            tag("svg", *_marks(answer, length, 100, prefix), **_box(100), class_="lane over"),
            class_="stack",
        ),
        _lane(24, *_grids(answer, length)),
    ]
    legend = "Waveform; spectrogram; frame grids of encodings, one colour an offset in turn"
    if course := next((trace for trace in answer.traces if trace.name == "hum"), None):
        lanes.append(_lane(40, *_hum(course, length), *_marks(answer, length, 40, prefix, only="hum-break")))
        legend += f"; the mains hum's frequency ({course.finding})"
    if check is not None:
        lanes.append(_lane(24, *_spans(check, length)))
        legend += "; below, what a check of this file established: grey is kept, the other colour an edit"
    ticks = join(*(tag("span", f"{clock(int(length * k / 4))} ") for k in range(5)))
    return tag("figure", *lanes, tag("figcaption", f"{legend}. Times at each quarter: ", ticks, class_="small"))


def _box(height: int) -> dict[str, str]:
    return {"viewBox": f"0 0 1000 {height}", "preserveAspectRatio": "none"}


def _lane(height: int, *children: Markup) -> Markup:
    return tag("svg", *children, **_box(height), height=height, class_="lane", role="img")


def _hum(course: Trace, length: float) -> Iterator[Markup]:
    """The frequency over time, the whole height between its least and its most."""
    hz: Any = course.details.get("hz", [])
    step: Any = course.details.get("step", 1.0)
    if len(hz) > 1:
        low, high = min(hz), max(hz)
        spread = max(high - low, 1e-3)
        points = [
            f"{1000 * (2 + k * step) / length:.1f} {37 - 34 * (value - low) / spread:.1f}" for k, value in enumerate(hz)
        ]
        yield tag("path", d=f"M{'L'.join(points)}", class_="hum")


def _marks(answer: Examination, length: float, height: int, prefix: str, only: str = "") -> Iterator[Markup]:
    for n, trace in enumerate(answer.traces):
        if trace.at is None or trace.name == "codec-grid" or (only and trace.name != only):
            continue
        x, width = _extent(*trace.at, length)
        kind = "mark" if trace.weight is Weight.BREAKS else "noted"
        box = tag("rect", x=x, y=0, width=width, height=height, class_=kind)
        yield tag("a", tag("title", f"{n + 1}. {trace.name}"), box, href=f"#{prefix}t{n}")


def _grids(answer: Examination, length: float) -> Iterator[Markup]:
    grids = [trace for trace in answer.traces if trace.name == "codec-grid"]
    for row, trace in enumerate(grids[:3]):
        runs: Any = trace.details.get("runs", [])
        offsets = list(dict.fromkeys(run["offset"] for run in runs))
        for run in runs:
            x, width = _extent(run["at"][0], run["at"][1], length)
            colour = "run" if offsets.index(run["offset"]) % 2 == 0 else "other"
            yield tag("rect", x=x, y=8 * row, width=width, height=7, class_=colour)


def _spans(check: Mapping[str, Any], length: float) -> Iterator[Markup]:
    for span in check.get("spans", []):
        x, width = _extent(span["release"][0], span["release"][1], length)
        yield tag("rect", x=x, y=4, width=width, height=16, class_="span" if span["kind"] == "kept" else "edit")
    for edit in check.get("edits", []):
        x, width = _extent(edit["release"][0], edit["release"][1], length)
        yield tag("rect", x=x, y=0, width=width, height=24, class_="edit")


def _extent(start: float, end: float, length: float) -> tuple[float, float]:
    a, b = 1000 * min(start, length) / length, 1000 * min(end, length) / length
    return a, max(b - a, 1.5)
