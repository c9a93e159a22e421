"""Everything to take home, and how to verify it by hand, without this page and without its publisher."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from wholetape.release import words
from wholetape.release.messages import Messages
from wholetape.release.model import Attached, File, Release
from wholetape.release.names import safe_name
from wholetape.release.page.frame import section
from wholetape.report.markup import Markup, join, prose, tag


def documents(m: Messages, release: Release) -> Markup | None:
    """The section of documents that belong to the record."""
    if not release.documents:
        return None
    items = [
        tag("li", link(m, one.file), tag("p", m.say(f"document.{one.state}"), class_="small"))
        for one in release.documents
    ]
    return section("documents", m.say("documents"), tag("ul", *items, class_="files frame"))


def downloads(m: Messages, release: Release) -> Markup:
    """The section of downloads."""
    rows = [
        tag(
            "li",
            link(m, file, m.text(f"file.{kind}")),
            tag("p", "SHA-256 ", tag("code", file.sha256, class_="hash"), class_="small"),
        )
        for kind, file in _files(release)
    ]
    return section("downloads", m.say("downloads"), tag("ul", *rows, class_="files frame"), _by_hand(m, release))


def link(m: Messages, file: File, what: str = "") -> Markup:
    """A link that saves a file under the name that it was given with; where it is kept back, its name."""
    name = tag("bdi", prose(file.name))
    about = tag("span", f" {what + ', ' if what else ''}{words.size(file.size)}", class_="small")
    if not file.path:
        return join(name, about, " – ", m.say("file.kept-back"))
    return join(tag("a", name, href=file.path, download=file.name), about)


def _files(release: Release) -> Iterator[tuple[str, File]]:
    for session in release.sessions:
        yield "recording", session.recording
        if session.seal is not None:
            yield "proof" if session.excerpt else "seal", session.seal.file
        if session.print is not None:
            yield "print", session.print
        if session.transcript_file is not None:
            yield "transcript", session.transcript_file


def _by_hand(m: Messages, release: Release) -> Markup:
    """Commands for the files as they are saved."""
    lines = []
    for session in release.sessions:
        name = shlex.quote(safe_name(session.recording.name))
        lines.append(f"sha256sum {name}")
        if session.seal is not None:
            keys = " ".join(f"--trust {shlex.quote(party.name + '.pub')}" for party in session.seal.found.parties)
            lines.append(f"wholetape verify {name} --seal {shlex.quote(safe_name(session.seal.file.name))} {keys}")
        if session.print is not None:
            lines.append(f"wholetape check COPY --against {shlex.quote(safe_name(session.print.name))}")
    opened = [_opens(one) for one in release.documents if one.state == "sealed"]
    return join(
        tag("h3", m.say("by-hand")),
        tag("p", m.say("by-hand.told")),
        tag("pre", prose("\n".join(lines)), dir="ltr", tabindex=0, class_="frame"),
        join(
            tag("p", m.say("by-hand.documents")),
            tag("pre", prose("\n".join(opened)), dir="ltr", tabindex=0, class_="frame"),
        )
        if opened
        else None,
        tag("p", m.say("by-hand.elsewhere")),
    )


def _opens(one: Attached) -> str:
    """The commands that open a document's commitment: salted hash of its content, as the seal's leaf has it."""
    name = shlex.quote(safe_name(one.file.name))
    salted = f"(printf %s {one.salt.hex()} | xxd -r -p; cat {name})"
    return f"{salted} | sha256sum | xxd -r -p | base64   # document {one.number}"
