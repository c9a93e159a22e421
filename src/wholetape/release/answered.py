"""Copies that a release answers: each is checked against the recordings when it is published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from wholetape.checking.references import Reference
from wholetape.findings import CheckResult, ReferenceFacts
from wholetape.release.gather import Source
from wholetape.release.model import Answered
from wholetape.release.names import numbered
from wholetape.report.sounds import gather
from wholetape.store.sitefolder import SiteFolder

Report = Callable[[str, float], None]


def check_answers(
    releases: Sequence[str], sources: Sequence[Source], jobs: int, report: Report
) -> tuple[CheckResult, ...]:
    """What was done to each of the ``releases``, by the recordings of all sessions.

    Raises:
        UnreadableInput: one cannot be read.
    """
    from wholetape.checking import check

    if not releases:
        return ()
    references = [_reference(source) for source in sources]
    return tuple(check(release, references, jobs=jobs, progress=report) for release in releases)


def _reference(source: Source) -> Reference:
    """The recording as a reference with its sound, by the print that is published; its seal tells its standing.

    Only keys that the publisher pinned give it one: a seal by its own keys says nothing of parties.
    """
    made = source.print.content
    facts = ReferenceFacts(source.path, "audio", source.facts.sha256, made.duration)
    if source.seal is not None:
        capture = source.seal.found.capture
        standing = source.seal.found.standing if source.seal.vouched else "unsealed"
        facts = replace(facts, standing=standing, capture=capture)
        if (part := source.seal.excerpt) is not None:
            facts = replace(facts, withheld=(part.start, part.total - part.end))
    return Reference(facts, made)


def laid_answers(
    results: Sequence[CheckResult], folder: SiteFolder, base: str, jobs: int, report: Report
) -> tuple[Answered, ...]:
    """The results with drawings, and with short clips of their places in the copies, laid into the site.

    What was removed is played from the recording itself, which is on the page.
    """
    return tuple(_laid(result, number, folder, base, jobs, report) for number, result in enumerate(results, 1))


def _laid(result: CheckResult, number: int, folder: SiteFolder, base: str, jobs: int, report: Report) -> Answered:
    sounds = gather([result], jobs=jobs, progress=lambda share: report("listening again, for the page", share))
    own = [(piece, clip) for piece, clip in sounds.clips.items() if piece.source is None]
    clips = {}
    for count, (piece, clip) in enumerate(own, 1):
        name = folder.put(f"{base}/audio", numbered(f"copy-{number}-{count}", "mp3"), clip.mp3)
        clips[piece] = f"audio/{name}"
    return Answered(result, sounds, clips)
