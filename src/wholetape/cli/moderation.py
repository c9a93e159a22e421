"""Where the comments of a site are: its database, the key that signs its trail, and its secret."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wholetape.errors import UnreadableInput, UsageError

if TYPE_CHECKING:
    from wholetape.comments.desk import Desk
    from wholetape.comments.secret import Secret
    from wholetape.log.keys import PrivateKey

ENVIRONMENT = "WHOLETAPE_DATABASE"
"""A URL with a password in it does not belong on a command line, where every user of the machine reads it."""
_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Place:
    """The database's URL, and the folder with ``comments.key``, ``comments.pub`` and ``comments.secret``."""

    url: str
    data: Path

    @staticmethod
    def of(site: str | None, database: str | None, data: str | None) -> Place:
        """From what the command line says; raises ``UsageError`` where that is not enough."""
        url = database or os.environ.get(ENVIRONMENT)
        beside = Path(os.path.realpath(site) + ".comments") if site else None
        if url is None:
            if beside is None:
                raise UsageError("which site?", "name its folder with --site SITE, or its database with --database URL")
            folder = Path(data) if data else beside
            return Place(f"{_SQLITE}{folder / 'comments.db'}", folder)
        if data:
            return Place(url, Path(data))
        if url.startswith(_SQLITE) and len(url) > len(_SQLITE):
            return Place(url, Path(url.removeprefix(_SQLITE)).resolve().parent)
        if beside is None:
            raise UsageError("where is the key of this site?", "name its folder: --data DIR, or --site SITE")
        return Place(url, beside)

    def keep_out_of(self, site: Path) -> None:
        """Returns when the folder is not among the files that are served."""
        inside = [self.data] + ([Path(self.url.removeprefix(_SQLITE))] if self.url.startswith(_SQLITE) else [])
        if any(path.resolve().is_relative_to(site) for path in inside):
            raise UsageError(f"{self.data} is inside of the site, and would be served", "choose a folder beside it")


def open_desk(place: Place, create: bool = False) -> tuple[Desk, Secret]:
    """The desk of a site, and its secret; with ``create`` they are made where there are none."""
    from wholetape.comments.database import open_database
    from wholetape.comments.desk import Desk

    if create:
        place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    key, secret = site_key(place, create), site_secret(place, create)
    return Desk(open_database(place.url), key), secret


def site_key(place: Place, create: bool = False) -> PrivateKey:
    """The key that signs the trail's heads."""
    from wholetape.log.keys import PrivateKey, encode_private, encode_public, parse_private
    from wholetape.store.atomic import write_new

    path = place.data / "comments.key"
    if create and not path.exists():
        key = PrivateKey("comments", secrets.token_bytes(32))
        with contextlib.suppress(UsageError):  # another instance was first
            write_new(path, encode_private(key), mode=0o600)
            write_new(place.data / "comments.pub", encode_public(key))
    return parse_private(_read(path))


def site_secret(place: Place, create: bool = False) -> Secret:
    """The secret of forms, links and sources."""
    from wholetape.comments.secret import SECRET_BYTES, Secret
    from wholetape.store.atomic import write_new

    path = place.data / "comments.secret"
    if create and not path.exists():
        with contextlib.suppress(UsageError):
            write_new(path, secrets.token_bytes(SECRET_BYTES), mode=0o600)
    raw = _read(path)
    if len(raw) != SECRET_BYTES:
        raise UnreadableInput(f"{path} is damaged", "take it from your copy; without it private links do not work")
    return Secret(raw)


def _read(path: Path) -> bytes:
    from wholetape.store.files import read_file

    if not path.exists():
        raise UnreadableInput(f"{path} does not exist", "start `wholetape serve` once, or name its folder: --data DIR")
    return read_file(path, 4096)


@contextlib.contextmanager
def at_desk(place: Place, create: bool = False) -> Iterator[tuple[Desk, Secret]]:
    """The desk of a site for one action."""
    desk, secret = open_desk(place, create)
    try:
        yield desk, secret
    finally:
        desk.close()
        desk.engine.dispose()
