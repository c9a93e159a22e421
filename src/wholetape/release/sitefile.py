"""``site.json``, the outlet and its releases, and ``release.json``: ``docs/spec/site.md``."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from wholetape.errors import MalformedFile, UsageError
from wholetape.release.model import Attached, Entry, File, Release, Session, Site, Statement
from wholetape.release.names import ID
from wholetape.release.words import base
from wholetape.report.jsonform import as_json
from wholetape.report.verification import verification_as_json

FORMAT, RELEASE_FORMAT = "wholetape.site/v1", "wholetape.release/v1"
_ADDRESS = re.compile(r"https?://[^\s/?#\"'<>\\@]+(?:/[^\s?#\"'<>\\]*)?\Z")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z", re.ASCII)


def encode_site(site: Site) -> bytes:
    """The bytes of ``site.json``; :func:`parse_site` is the inverse."""
    entries = [
        {
            "id": one.id,
            "title": one.title,
            "summary": one.summary,
            "published": one.published,
            "updated": one.updated,
            "duration": round(one.duration, 3),
            "outcomes": list(one.outcomes),
        }
        for one in site.releases
    ]
    return _dump(
        {
            "format": FORMAT,
            "uuid": site.uuid,
            "name": site.name,
            "address": site.address,
            "language": site.language,
            "languages": list(site.languages),
            "releases": entries,
        }
    )


def parse_site(data: bytes, what: str) -> Site:
    """The site in ``data``.

    Raises:
        MalformedFile: not what :func:`encode_site` writes.
    """
    try:
        tree = json.loads(data)
        if tree["format"] != FORMAT:
            raise ValueError("format")
        entries = tuple(_entry(one) for one in tree["releases"])
        languages = tuple(_text(one) for one in tree["languages"])
        return Site(
            str(uuid.UUID(tree["uuid"])),
            _text(tree["name"]),
            checked_address(_text(tree["address"])),
            _text(tree["language"]),
            languages,
            entries,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UsageError) as problem:
        raise MalformedFile(
            f"{what} is no list of a site's releases", "restore it from a copy of the site"
        ) from problem


def checked_address(address: str) -> str:
    """``address`` as a site has it: empty, or ending in a slash.

    Raises:
        UsageError: no address of the web.
    """
    if not address:
        return ""
    if not _ADDRESS.match(address):
        raise UsageError(f"{address!r} is no address of a site", "say for instance --url https://tapes.example/")
    return address if address.endswith("/") else address + "/"


def encode_release(release: Release) -> bytes:
    """The bytes of ``release.json``."""
    return _dump(
        {
            "format": RELEASE_FORMAT,
            "id": release.id,
            "title": release.title,
            "summary": release.summary,
            "supplier": release.supplier,
            "published": release.published,
            "updated": release.updated,
            "sessions": [_session(one) for one in release.sessions],
            "statements": [_statement(one) for one in release.statements],
            "documents": [_document(one) for one in release.documents],
            "answers": [_check(as_json(one.result)) for one in release.answers],
        }
    )


def _entry(tree: Any) -> Entry:
    times = [_text(tree[key]) for key in ("published", "updated")]
    if not ID.match(tree["id"]) or not all(map(_TIME.match, times)):
        raise ValueError("entry")
    outcomes = tuple(_text(one) for one in tree["outcomes"])
    return Entry(
        tree["id"], _text(tree["title"]), times[0], times[1], float(tree["duration"]), outcomes, _text(tree["summary"])
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 10_000:
        raise ValueError("text")
    return value


def _session(one: Session) -> dict[str, Any]:
    part, seal = one.excerpt, one.seal
    verified = None
    if seal is not None:
        name, digest = one.recording.name, one.recording.sha256
        verified = _file(seal.file) | {"verification": verification_as_json(seal.found, name, digest, seal.facts)}
    return {
        "title": one.title,
        "duration": round(one.sound.duration, 3),
        "recording": _file(one.recording),
        "audio": {"path": one.sound.path, "type": "audio/mpeg", "duration": round(one.sound.duration, 3)},
        "seal": verified,
        "print": _file(one.print) if one.print else None,
        "transcript": _file(one.transcript_file) if one.transcript_file else None,
        "chapters": [{"start": chapter.start, "title": chapter.title} for chapter in one.chapters],
        "excerpt": None
        if part is None
        else {
            "start": part.start,
            "end": part.end,
            "total": part.total,
            "before": part.start,
            "after": round(part.total - part.end, 6),
        },
    }


def _file(file: File) -> dict[str, Any]:
    found = {"name": file.name, "size": file.size, "sha256": file.sha256}
    return found | {"path": file.path} if file.path else found


def _statement(one: Statement) -> dict[str, Any]:
    return {
        "party": one.party,
        "kind": str(one.kind),
        "date": one.day,
        "text": one.words,
        "state": one.state,
        "fingerprint": one.fingerprint,
        "file": _file(one.file),
    }


def _document(one: Attached) -> dict[str, Any]:
    found = _file(one.file) | {"state": one.state}
    if one.state == "sealed":
        found |= {"session": one.session, "leaf": one.number, "salt": one.salt.hex(), "name_salt": one.name_salt.hex()}
    return found


def _check(tree: dict[str, Any]) -> dict[str, Any]:
    """A check's report with names for paths: where files lay on the publisher's machine is nobody's business."""
    for one in (tree["release"], *tree["references"]):
        one["path"] = base(one["path"])
    return tree


def _dump(tree: dict[str, Any]) -> bytes:
    return (json.dumps(tree, indent=1, ensure_ascii=False) + "\n").encode()
