"""The site's folder as it is served: its releases, its files with ranges and right types, and nothing beside it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from html.parser import HTMLParser
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from wholetape.comments.revisions import RELEASE
from wholetape.errors import UsageError

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".flac": "audio/flac",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pub": "text/plain; charset=utf-8",
    ".srt": "application/x-subrip",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webm": "audio/webm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
"""Anything else is offered as a download: no browser guesses."""
LARGEST_PAGE = 64 << 20
"""Bytes of an HTML page whose scripts are looked at."""
_OTHERS = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; form-action 'self'; base-uri 'none'"
)


class Site:
    """The folder at ``path``; raises ``UsageError`` where there is none."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.folder = Path(path).resolve()
        if not self.folder.is_dir():
            raise UsageError(f"{os.fspath(path)!r} is no folder", "`wholetape publish` makes one")
        self.files = _Files(directory=self.folder)
        self._titles: dict[str, tuple[int, int, str]] = {}

    async def answer(self, request: Request) -> Response:
        """The file that a request names."""
        return await self.files.get_response(self.files.get_path(request.scope), request.scope)

    def releases(self) -> list[str]:
        """The names of all releases: folders that hold a page."""
        found = [p.name for p in self.folder.iterdir() if RELEASE.match(p.name) and (p / "index.html").is_file()]
        return sorted(found)

    def title(self, release: str) -> str:
        """The title in the release's ``release.json``; its name where there is none."""
        path = self.folder / release / "release.json"
        try:
            facts = path.stat()
            known = self._titles.get(release)
            if known is None or known[:2] != (facts.st_mtime_ns, facts.st_size):
                found = json.loads(path.read_bytes())["title"] if facts.st_size <= LARGEST_PAGE else release
                title = found.strip() if isinstance(found, str) and found.strip() else release
                known = self._titles[release] = facts.st_mtime_ns, facts.st_size, title
            return known[2]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return release

    def has(self, release: str) -> bool:
        """True when there is such a release."""
        return bool(RELEASE.match(release)) and (self.folder / release / "index.html").is_file()


_FIXED = ("audio", "data", "files")
"""Folders of a release in which no file ever changes: its name holds the beginning of its hash."""


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file at ``path``, or the page of a folder."""
        parts = path.replace("\\", "/").split("/")
        if "\0" in path or any(part.startswith(".") and part != "." for part in parts):
            raise HTTPException(404)
        try:
            full, found = self.lookup_path(path)
        except (OSError, ValueError) as problem:  # a name too long, or one that no file system has
            raise HTTPException(404) from problem
        if found is not None and os.path.isdir(full):
            if not scope["path"].endswith("/"):
                return Response(b"", 308, {"location": _relative(scope["path"])})
            return await super().get_response(os.path.join(path, "index.html"), scope)
        return await super().get_response(path, scope)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The answer with a file: its type by its name, its policy by its scripts."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        kind = TYPES.get(Path(full_path).suffix.lower())
        response.headers["content-type"] = kind or "application/octet-stream"
        inside = Path(full_path).resolve().relative_to(Path(str(self.directory))).parts
        fixed = len(inside) > 2 and inside[1] in _FIXED
        response.headers["cache-control"] = "max-age=31536000, immutable" if fixed else "no-cache"
        response.headers["cross-origin-resource-policy"] = "cross-origin"
        if kind is None or (fixed and inside[1] == "files"):
            response.headers["content-disposition"] = "attachment"
        if kind == "text/html; charset=utf-8" and isinstance(response, FileResponse):
            response.headers["content-security-policy"] = policy_of(os.fspath(full_path), stat_result)
        else:
            response.headers["content-security-policy"] = "default-src 'none'; sandbox"
        return response


def _relative(path: str) -> str:
    """Where a folder's page is; never another host, as ``//evil`` would be."""
    from urllib.parse import quote

    return quote("/" + path.strip("/") + "/")


_policies: dict[str, tuple[int, int, str]] = {}


def policy_of(path: str, facts: os.stat_result) -> str:
    """The policy of a page of the site: its own inline scripts and styles, by their hashes, and no others."""
    known = _policies.get(path)
    if known is not None and known[:2] == (facts.st_mtime_ns, facts.st_size):
        return known[2]
    inline = _Inline()
    if facts.st_size <= LARGEST_PAGE:
        inline.feed(Path(path).read_bytes().decode("utf-8", "replace"))
    scripts, styles = (" ".join(("'self'", *found)) for found in (inline.hashes["script"], inline.hashes["style"]))
    framed = "*" if Path(path).name.startswith("embed") else "'none'"
    policy = f"{_OTHERS}; frame-ancestors {framed}; script-src {scripts}; style-src {styles}"
    if len(_policies) > 1000:
        _policies.clear()
    _policies[path] = facts.st_mtime_ns, facts.st_size, policy
    return policy


class _Inline(HTMLParser):
    """Hashes of the scripts and styles that stand in a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.hashes: dict[str, list[str]] = {"script": [], "style": []}
        self._inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag if tag in self.hashes and not any(name == "src" for name, _ in attrs) else None

    def handle_endtag(self, tag: str) -> None:
        self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside is not None:
            digest = base64.b64encode(hashlib.sha256(data.replace("\r\n", "\n").encode()).digest()).decode()
            self.hashes[self._inside].append(f"'sha256-{digest}'")
