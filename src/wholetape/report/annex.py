"""The end of a page: method, how to repeat the check, versions and parameters, and what of the sound is in the page."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

from wholetape.findings import CheckResult
from wholetape.match.params import PRINT
from wholetape.report import words
from wholetape.report.certificate import Occasion
from wholetape.report.markup import Markup, tag
from wholetape.report.sounds import Sounds
from wholetape.times import duration

_METHOD = (
    f"The program decodes each file and computes its print: for every 10 milliseconds, 64 signs of how the energy in "
    f"{PRINT.bands} bands between {PRINT.low:.0f} and {PRINT.high:.0f} Hz changes from band to band and with time. "
    "These survive re-encoding. It finds where in the reference each part of the release lies, by the most probable "
    "path through the signs, and reports each change of place as an edit. Channels that differ, and all audio streams, "
    "are compared by themselves. Louder, quieter, equalised, compressed and re-encoded sound counts as the same.",
    "It cannot see what the print does not hold: sound outside those bands, edits shorter than the lengths named, "
    "edits within silence. Where a recording repeats itself there is more than one right answer. Somebody who knows "
    "the program can try to shape other words until they match; the threat model in its documentation says what that "
    "costs. Error rates, as measured, are in its documentation, too (docs/measured.md).",
)


def annex(results: Sequence[CheckResult], occasion: Occasion, sounds: Sounds) -> Iterator[Markup]:
    """Method and limits, how to repeat it, versions and parameters."""
    yield tag("section", tag("h2", "Method and limits"), *(tag("p", part) for part in _METHOD))
    if results:
        yield tag(
            "section",
            tag("h2", "To repeat this check"),
            tag("p", "With files that have the hashes above, and the same version of the program:"),
            tag("pre", tag("code", "\n".join(dict.fromkeys(map(_command, results)))), tabindex=0),
            tag("p", "A seal also wants --trust with the keys of its parties, got from the parties themselves."),
        )
    listed = list(parameters())
    digest = hashlib.sha256(json.dumps(listed).encode()).hexdigest()
    software = ", ".join(f"{name} {version}" for name, version in occasion.software.items())
    yield tag(
        "section",
        tag("h2", "Versions and parameters"),
        tag("p", f"{software}. Made {occasion.time}, by this machine’s clock."),
        tag("p", "SHA-256 of the parameters: ", tag("span", digest, class_="hash")),
        tag("ul", *(tag("li", f"{name} = {value}") for name, value in listed), class_="parameters"),
    )


def closing(results: Sequence[CheckResult], sounds: Sounds) -> Iterator[Markup]:
    """What of the sound is in the page, and that the page asks nobody for anything."""
    lengths = {result.release.path: result.release.duration for result in results}
    for result in results:
        lengths |= {ref.path: ref.duration for ref in result.references}
    held = [
        f"{duration(sounds.seconds(path))} of the {duration(length)} of {words.name(path)}"
        for path, length in lengths.items()
        if sounds.seconds(path)
    ]
    if held:
        size = sum(len(clip.mp3) for clip in sounds.clips.values())
        yield tag(
            "p",
            f"This page holds {len(sounds.clips)} clips, {size / 1e6:.1f} MB: {'; '.join(held)}. They are re-encoded, "
            "for listening; evidence are the files with the hashes above. Mind who may hear them before you pass the "
            "page on.",
        )
    else:
        yield tag("p", "This page holds no sound.")
    yield from (tag("p", f"{note[:1].upper()}{note[1:]}.") for note in sounds.notes)
    yield tag("p", "It is one file, loads nothing from anywhere, and works offline.")


def parameters() -> Iterator[tuple[str, str]]:
    """Name and value of every number of the method, in the order of the stages."""
    from wholetape.match import params

    for name, group in vars(params).items():
        if is_dataclass(group) and not isinstance(group, type):
            for field in fields(group):
                yield f"{name}.{field.name}", repr(getattr(group, field.name))


def _command(result: CheckResult) -> str:
    against = " ".join(f"--against {_quoted(ref.path)}" for ref in result.references)
    return f"wholetape check {_quoted(result.release.path)} {against}"


def _quoted(path: str) -> str:
    shown = words.name(path)
    return shlex.quote(f"./{shown}" if shown.startswith("-") else shown)
