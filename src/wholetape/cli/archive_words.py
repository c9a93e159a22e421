"""What ``wholetape archive`` prints: in words, and as ``wholetape.find/v1``, specified in ``docs/spec/archive.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wholetape.report import as_json, printable
from wholetape.times import duration, timecode

if TYPE_CHECKING:
    from wholetape.archive import Entry, Found, Passage
    from wholetape.findings import CheckResult

FORMAT = "wholetape.find/v1"


def entry_as_json(entry: Entry) -> dict[str, Any]:
    """A recording of the archive as a tree that ``json.dumps`` takes."""
    return {
        "id": entry.id,
        "name": entry.name,
        "path": entry.path,
        "sha256": entry.sha256,
        "duration": round(entry.seconds, 4),
        "added": entry.added,
        "sealed": entry.sealed,
        "transcribed": entry.transcribed,
    }


def find_as_json(clip: str, sha256: str, found: Found, checked: CheckResult | None) -> dict[str, Any]:
    """The answer of a search as a tree that ``json.dumps`` takes."""
    recordings, hours = found.searched
    return {
        "format": FORMAT,
        "outcome": str(found.outcome),
        "clip": {"path": clip, "sha256": sha256, "duration": round(found.duration, 4)},
        "hits": [
            {
                "recording": hit.recording.name,
                "path": hit.recording.path,
                "sha256": hit.recording.sha256,
                "id": hit.recording.id,
                "at": [round(second, 3) for second in hit.at],
                "clip": [round(second, 3) for second in hit.clip],
                "score": round(hit.score, 2),
                "agreement": round(hit.agreement, 4),
            }
            for hit in found.hits
        ],
        "searched": {"recordings": recordings, "hours": round(hours, 3)},
        "why": found.why,
        **({"check": as_json(checked)} if checked is not None else {}),
    }


def passages_as_json(text: str, found: list[tuple[Entry, Passage]]) -> dict[str, Any]:
    """Passages that hold the words, as a tree that ``json.dumps`` takes."""
    return {
        "format": FORMAT,
        "outcome": "found" if found else "not-found",
        "words": text,
        "hits": [
            {
                "recording": entry.name,
                "path": entry.path,
                "sha256": entry.sha256,
                "id": entry.id,
                "at": None if passage.at is None else [round(second, 3) for second in passage.at],
                "text": passage.text,
                "score": round(passage.score, 4),
            }
            for entry, passage in found
        ],
    }


def passages_words(found: list[tuple[Entry, Passage]]) -> str:
    """The same for a person."""
    lines = []
    for entry, passage in found:
        at = timecode(passage.at[0]) if passage.at else "at an unknown time"
        lines.append(f"{printable(entry.name)}  {at}  {printable(passage.text)}")
    if not lines:
        return (
            "no transcript of this archive has these words in one passage. That does not say that nobody said them.\n"
        )
    return "\n".join([*lines, "by transcripts, which may be wrong: listen before you quote"]) + "\n"


def found_words(clip: str, found: Found) -> str:
    """The answer in words."""
    recordings, hours = found.searched
    where = f"{recordings} recording{'s' * (recordings != 1)}, {duration(hours * 3600)}"
    lines = [printable(clip)]
    if found.why:
        lines.append(f"not sought: {found.why}")
    elif not found.hits:
        lines.append(f"not found in this archive ({where}). That does not say that there is no such recording.")
    else:
        sure = found.outcome == "found"
        lines.append(f"{'found' if sure else 'uncertain'}: by likeness, which is never proof ({where} searched)")
        for hit in found.hits:
            at, part = (" – ".join(timecode(second) for second in span) for span in (hit.at, hit.clip))
            lines.append(f"  {printable(hit.recording.name)}  at {at}  (clip {part})  score {hit.score:.1f}")
        if not sure:
            lines.append("  listen to both before you say anything: chance, or the same words said twice, does as much")
    return "\n".join(lines) + "\n"
