"""The archive's interface for programs: its answers as trees, and its description in OpenAPI 3.1.

No paths of the server's disk leave it: a stranger learns a recording's name, hash and length.
"""

from __future__ import annotations

from typing import Any

from wholetape.archive import Entry, Found, Passage

_NUMBER = {"type": "number"}
_TEXT = {"type": "string"}
_SPAN = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2, "description": "seconds, half-open"}


def entry_tree(entry: Entry) -> dict[str, Any]:
    """A recording."""
    return {"recording": entry.name, "sha256": entry.sha256, "duration": round(entry.seconds, 3)}


def passage_tree(entry: Entry, passage: Passage) -> dict[str, Any]:
    """A passage of a transcript."""
    at = None if passage.at is None else [round(second, 3) for second in passage.at]
    return {**entry_tree(entry), "at": at, "text": passage.text, "score": round(passage.score, 4)}


def found_tree(found: Found, sha256: str) -> dict[str, Any]:
    """The answer of a search, as ``wholetape.find/v1``."""
    recordings, hours = found.searched
    return {
        "format": "wholetape.find/v1",
        "outcome": str(found.outcome),
        "clip": {"sha256": sha256, "duration": round(found.duration, 3)},
        "hits": [
            {
                **entry_tree(hit.recording),
                "at": [round(second, 3) for second in hit.at],
                "clip": [round(second, 3) for second in hit.clip],
                "score": round(hit.score, 2),
                "agreement": round(hit.agreement, 4),
            }
            for hit in found.hits
        ],
        "searched": {"recordings": recordings, "hours": round(hours, 3)},
        "why": found.why,
    }


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _answer(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _query(name: str, words: str, schema: dict[str, Any], required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": words, "required": required, "schema": schema}


_ENTRY: dict[str, Any] = {"recording": _TEXT, "sha256": _TEXT, "duration": _NUMBER}
_PAGING = [
    _query("start", "how many to leave out", {"type": "integer", "minimum": 0, "default": 0}),
    _query("limit", "how many to tell", {"type": "integer", "minimum": 1, "maximum": 200, "default": 20}),
]
_FOUND = _object(
    format={"const": "wholetape.find/v1"},
    outcome={"enum": ["found", "uncertain", "not-found"]},
    clip=_object(sha256=_TEXT, duration=_NUMBER),
    hits={"type": "array", "items": _object(**_ENTRY, at=_SPAN, clip=_SPAN, score=_NUMBER, agreement=_NUMBER)},
    searched=_object(recordings={"type": "integer"}, hours=_NUMBER),
    why=_TEXT,
)
_PASSAGE = _object(**_ENTRY, at={"oneOf": [_SPAN, {"type": "null"}]}, text=_TEXT, score=_NUMBER)
_COUNT = {"type": "integer"}
OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "An archive of recordings",
        "version": "1",
        "description": "Which recording is a clip from? By likeness, never proof; what is not found may exist.",
    },
    "paths": {
        "/archive/api/find": {
            "post": {
                "summary": "Which recording is this clip from, and where in it?",
                "requestBody": {
                    "required": True,
                    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
                },
                "responses": {
                    "200": _answer("what was found", _FOUND),
                    "413": {"description": "the clip is too large"},
                    "422": _answer("the clip cannot be decoded", _object(error=_TEXT)),
                    "429": {"description": "too many clips from one source"},
                    "503": {"description": "too many clips at once"},
                },
            }
        },
        "/archive/api/words": {
            "get": {
                "summary": "In which recordings were these words said, by their transcripts?",
                "parameters": [_query("words", "all of them must be there", _TEXT, True), *_PAGING],
                "responses": {
                    "200": _answer(
                        "passages, best first",
                        _object(total=_COUNT, start=_COUNT, passages={"type": "array", "items": _PASSAGE}),
                    ),
                    "400": {"description": "wrong words"},
                },
            }
        },
        "/archive/api/recordings": {
            "get": {
                "summary": "What is in the archive?",
                "parameters": _PAGING,
                "responses": {
                    "200": _answer(
                        "recordings, in the order in which they were added",
                        _object(total=_COUNT, start=_COUNT, recordings={"type": "array", "items": _object(**_ENTRY)}),
                    ),
                    "400": {"description": "wrong words"},
                },
            }
        },
    },
}
