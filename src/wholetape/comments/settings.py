"""What a publisher sets, kept in the database so that all instances agree. Every setting has a default that is safe."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.desk import Turn
from wholetape.errors import UsageError


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; texts by language are ``{"en": …, "km": …}``."""

    open: bool = True
    """whether comments are taken at all"""
    notice: dict[str, str] = field(default_factory=dict)
    """beside the form; the message catalogue's where a language is missing"""
    terms: dict[str, str] = field(default_factory=dict)
    """the terms of use, a page of their own"""
    rules: list[dict[str, str]] = field(default_factory=list)
    """further rules that moderators cite: ``{"code": …, "en": …, "km": …}``"""
    questions: list[dict[str, str]] = field(default_factory=list)
    """the publisher's own hurdle: ``{"en": …, "km": …, "answer": …}``; sums where there is none"""
    longest: int = 4000
    """code points of a comment"""
    per_source: int = 10
    """comments of one source that may wait in the queue at once"""
    shared_per_source: int = 500
    """the same for sources behind which many readers stand"""
    shared_sources: list[str] = field(default_factory=list)
    """addresses of onion services and of shared proxies"""
    queue_most: int = 200_000
    """comments that may wait altogether"""
    form_seconds: int = 3
    """nobody reads a page and writes a comment faster"""
    form_hours: int = 24
    """how long a form may lie open"""
    per_minute: int = 6
    """submissions of one source a minute, in bursts of as many"""
    days_undecided: int = 0
    """after which a comment in the queue is destroyed; 0: never"""
    days_rejected: int = 90
    """after which texts of rejected and withdrawn comments are destroyed"""
    days_email: int = 30
    """after which an author's address is forgotten, counted from the decision"""
    notify_email: list[str] = field(default_factory=list)
    """addresses of moderators that are told of new comments"""
    notify_webhook: list[str] = field(default_factory=list)
    notify_minutes: int = 15
    """new comments are told of together, this often"""
    head_email: list[str] = field(default_factory=list)
    """addresses outside that get the signed heads"""
    head_webhook: list[str] = field(default_factory=list)
    head_hours: int = 24
    base_url: str = ""
    """the site's address, for links in messages"""
    second_factor: str = "optional"
    """``optional``, ``administrators`` or ``all``: who cannot sign in without one"""
    session_minutes: int = 30
    """idle time that ends a session"""
    session_hours: int = 12


def load(connection: sa.Connection) -> Settings:
    """The settings as they are; unknown ones of other versions are left alone."""
    known = {f.name for f in fields(Settings)}
    rows = connection.execute(sa.select(tables.settings.c.name, tables.settings.c.value))
    return Settings(**{name: json.loads(value) for name, value in rows if name in known})


def judge(name: str, value: Any) -> Any:
    """``value`` when the setting ``name`` may have it.

    Raises:
        UsageError: no such setting, or a value of another kind or out of bounds.
    """
    default = asdict(Settings()).get(name)
    if default is None:
        raise UsageError(f"there is no setting {name!r}", "`wholetape moderate settings` lists them")
    wrong = UsageError(
        f"{name} cannot be {json.dumps(value, ensure_ascii=False)[:80]}", f"its default is {json.dumps(default)}"
    )
    if type(value) is not type(default):
        raise wrong
    if isinstance(value, int) and not isinstance(value, bool) and not 0 <= value <= 10_000_000:
        raise wrong
    if isinstance(value, dict) and not all(isinstance(v, str) for v in value.values()):
        raise wrong
    if isinstance(value, list):
        kind = dict if name in ("rules", "questions") else str
        if not all(isinstance(one, kind) for one in value):
            raise wrong
        if name.endswith("_webhook") and not all(one.startswith(("https://", "http://")) for one in value):
            raise wrong
        if name == "rules" and not all({"code", "en"} <= set(one) for one in value):
            raise wrong
        if name == "questions" and not all({"en", "answer"} <= set(one) for one in value):
            raise wrong
    if name == "second_factor" and value not in ("optional", "administrators", "all"):
        raise wrong
    if name == "longest" and not 1 <= value <= 20_000:
        raise wrong
    return value


def save(turn: Turn, changes: dict[str, Any]) -> None:
    """Keeps the settings in ``changes``; raises ``UsageError`` and changes none where one is wrong."""
    judged = {name: judge(name, value) for name, value in changes.items()}
    for name, value in judged.items():
        turn.execute(tables.settings.delete().where(tables.settings.c.name == name))
        turn.execute(tables.settings.insert(), {"name": name, "value": json.dumps(value, ensure_ascii=False)})
