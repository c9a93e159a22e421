"""The tables, one schema for SQLite and PostgreSQL. Times are milliseconds since 1970.

``revisions``, ``bodies`` and ``heads`` are the trail: triggers let nothing in them be changed, and only the bodies of a
redacted comment be deleted. ``comments`` is what the trail adds up to, kept for speed; :mod:`verify` compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()
_BIG = BigInteger().with_variant(Integer, "sqlite")

revisions = Table(
    "revisions",
    metadata,
    Column("n", _BIG, primary_key=True, autoincrement=False),  # the number of the leaf
    Column("comment", String(32), nullable=False, index=True),
    Column("act", String(16), nullable=False),
    Column("leaf", LargeBinary, nullable=False),
)
bodies = Table(
    "bodies",
    metadata,
    Column("n", _BIG, ForeignKey("revisions.n"), primary_key=True, autoincrement=False),
    Column("comment", String(32), nullable=False, index=True),
    Column("salt", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
heads = Table(
    "heads",
    metadata,
    Column("size", _BIG, primary_key=True, autoincrement=False),
    Column("at", _BIG, nullable=False),
    Column("note", LargeBinary, nullable=False),
)
comments = Table(
    "comments",
    metadata,
    Column("id", _BIG, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("release", String(64), nullable=False),
    Column("parent", String(32)),
    Column("state", String(16), nullable=False),
    Column("name", Text, nullable=False, default=""),
    Column("text", Text, nullable=False, default=""),
    Column("language", String(8), nullable=False, default="en"),
    Column("note", Text),  # a statement as its party signed it
    Column("received", _BIG, nullable=False),
    Column("published", _BIG),
    Column("edited", _BIG),
    Column("edited_by", String(16)),  # a role, not a person
    Column("decided", _BIG),
    Column("acted", _BIG, nullable=False),
    Column("edits", Integer, nullable=False, default=0),
    Column("touched", Boolean, nullable=False, default=False),
    Column("answered", Boolean, nullable=False, default=False),
    Column("version", Integer, nullable=False, default=1),  # how many entries the trail has of it
    Column("status", LargeBinary, unique=True),  # SHA-256 of the private link's token
    Column("nonce", LargeBinary, unique=True),  # SHA-256 of the form's, which is used once
    Column("email", Text),
    Column("source", String(16)),  # not an address; forgotten after two days
    Column("rank", Integer, nullable=False, default=1),  # of its source, or with its letters, when it came
    Column("likeness", String(16)),
    Index("comments_public", "release", "kind", "state", "parent", "published", "id"),
    Index(
        "comments_threads",
        *("release", "kind", "state", "published", "id"),
        sqlite_where=text("parent IS NULL"),
        postgresql_where=text("parent IS NULL"),
    ),
    Index("comments_queue", "state", "rank", "id"),
    Index("comments_source", "source", "state"),
    Index("comments_likeness", "likeness", "state"),
    Index("comments_replies", "parent", "state"),
)
releases = Table(
    "releases",
    metadata,
    Column("release", String(64), primary_key=True),
    Column("changed", _BIG, nullable=False, default=0),  # counts what readers could notice
    Column("shown", _BIG, nullable=False, default=0),  # how many comments are public
)
accounts = Table(
    "accounts",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password", Text, nullable=False),
    Column("totp", Text),
    Column("totp_used", _BIG, nullable=False, default=0),
    Column("active", Boolean, nullable=False, default=True),
    Column("created", _BIG, nullable=False),
    Column("failed", Integer, nullable=False, default=0),
    Column("locked", _BIG, nullable=False, default=0),
)
sessions = Table(
    "sessions",
    metadata,
    Column("token", LargeBinary, primary_key=True),  # SHA-256 of it
    Column("account", String(16), ForeignKey("accounts.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created", _BIG, nullable=False),
    Column("seen", _BIG, nullable=False),
)
settings = Table(
    "settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
parties = Table(
    "parties",
    metadata,
    Column("release", String(64), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("vkey", Text, nullable=False),
)
backups = Table(
    "backups",
    metadata,
    Column("path", String(1024), primary_key=True),
    Column("at", _BIG, nullable=False),
    Column("stale", Boolean, nullable=False, default=False),  # holds texts that were redacted since
)
outbox = Table(
    "outbox",
    metadata,
    Column("id", _BIG, primary_key=True),
    Column("way", String(16), nullable=False),
    Column("to", Text, nullable=False),
    Column("subject", Text, nullable=False, default=""),
    Column("body", Text, nullable=False),
    Column("due", _BIG, nullable=False, index=True),
    Column("tries", Integer, nullable=False, default=0),
)
