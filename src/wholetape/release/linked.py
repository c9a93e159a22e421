"""What networks and search engines read: Open Graph, and schema.org as JSON-LD."""

from __future__ import annotations

from dataclasses import dataclass

from wholetape.findings import Outcome
from wholetape.release import words
from wholetape.release.card import HIGH, WIDE
from wholetape.release.messages import Messages
from wholetape.release.model import Release, Session, Site
from wholetape.report.escape import readable

_REVIEWED = {Outcome.EDITED: "EditedOrCroppedContent", Outcome.EXCERPT: "EditedOrCroppedContent"}
"""schema.org has no word for whole that would not claim more: there is none, and none for undecided."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page will be; empty where the outlet did not say where its site is."""

    site: Site
    given: Release
    name: str

    @property
    def release(self) -> str:
        """The release's folder."""
        return f"{self.site.address}{self.given.id}/" if self.site.address else ""

    @property
    def page(self) -> str:
        """The page itself; the folder's own page without its name."""
        return self.release + ("" if self.name == "index.html" else self.name) if self.release else ""


def social(m: Messages, where: Address) -> dict[str, str]:
    """Properties of Open Graph; addresses only where the site's own is known."""
    given = where.given
    found = {
        "og:type": "article",
        "og:title": readable(given.title),
        "og:description": readable(description(m, given)),
        "og:site_name": readable(where.site.name),
        "og:locale": m.language.replace("-", "_"),
        "og:url": where.page,
        "og:image": where.release + "card.png",
        "og:image:type": "image/png",
        "og:image:width": str(WIDE),
        "og:image:height": str(HIGH),
        "og:image:alt": m.text("card.alt"),
        "twitter:card": "summary_large_image",
    }
    return {name: content.replace("\n", " ") for name, content in found.items() if content}


def description(m: Messages, given: Release) -> str:
    """One or two sentences: what copies were found to be, else the publisher's own summary."""
    told = [
        m.text(
            "answer.short", name=words.base(one.result.release.path), outcome=m.text(f"outcome.{one.result.outcome}")
        )
        for one in given.answers
    ]
    return " ".join([*told, given.summary or m.text("page.description", supplier=given.supplier)])[:500]


def linked_data(m: Messages, where: Address) -> dict[str, object]:
    """The release as schema.org: a creative work with its recordings, and a media review for each copy answered."""
    given = where.given
    whole: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "name": readable(given.title),
        "inLanguage": m.language,
        "datePublished": given.published,
        "dateModified": given.updated,
        "hasPart": [_audio(session, where) for session in given.sessions],
    }
    if where.page:
        whole |= {"@id": where.release, "url": where.page, "thumbnailUrl": where.release + "card.png"}
    if given.summary:
        whole["abstract"] = readable(given.summary)
    if given.supplier:
        whole["publisher"] = {"@type": "Organization", "name": readable(given.supplier)}
    reviews = [
        _review(m, answered.result.outcome, words.base(answered.result.release.path), where)
        for answered in given.answers
    ]
    if reviews:
        whole["review"] = reviews
    return whole


def _audio(session: Session, where: Address) -> dict[str, object]:
    found: dict[str, object] = {
        "@type": "AudioObject",
        "name": readable(session.title),
        "duration": f"PT{session.sound.duration:.3f}S",
        "encodingFormat": "audio/mpeg",
        "sha256": session.recording.sha256,
        "contentUrl": where.release + session.sound.path,
    }
    if session.chapters:
        found["hasPart"] = [
            {"@type": "Clip", "name": readable(chapter.title), "startOffset": chapter.start}
            for chapter in session.chapters
        ]
    return found


def _review(m: Messages, outcome: Outcome, name: str, where: Address) -> dict[str, object]:
    found: dict[str, object] = {
        "@type": "MediaReview",
        "name": m.text("answer.short", name=name, outcome=m.text(f"outcome.{outcome}")),
        "datePublished": where.given.updated,
    }
    if outcome in _REVIEWED:
        found["mediaAuthenticityCategory"] = _REVIEWED[outcome]
    return found
