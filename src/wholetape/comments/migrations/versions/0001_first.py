"""The first schema, and the triggers that keep the trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wholetape.comments.triggers import POSTGRESQL, SQLITE

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes tables, indexes and triggers."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("totp", sa.Text(), nullable=True),
        sa.Column("totp_used", _BIG, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("locked", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "backups",
        sa.Column("path", sa.String(length=1024), nullable=False),
        sa.Column("at", _BIG, nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("path"),
    )
    op.create_table(
        "comments",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("release", sa.String(length=64), nullable=False),
        sa.Column("parent", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("received", _BIG, nullable=False),
        sa.Column("published", _BIG, nullable=True),
        sa.Column("edited", _BIG, nullable=True),
        sa.Column("edited_by", sa.String(length=16), nullable=True),
        sa.Column("decided", _BIG, nullable=True),
        sa.Column("acted", _BIG, nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("touched", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.LargeBinary(), nullable=True),
        sa.Column("nonce", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("nonce"),
        sa.UniqueConstraint("status"),
        sa.UniqueConstraint("uid"),
    )
    op.create_index("comments_likeness", "comments", ["likeness", "state"], unique=False)
    op.create_index(
        "comments_public", "comments", ["release", "kind", "state", "parent", "published", "id"], unique=False
    )
    op.create_index("comments_queue", "comments", ["state", "rank", "id"], unique=False)
    op.create_index("comments_replies", "comments", ["parent", "state"], unique=False)
    op.create_index("comments_source", "comments", ["source", "state"], unique=False)
    op.create_table(
        "heads",
        sa.Column("size", _BIG, autoincrement=False, nullable=False),
        sa.Column("at", _BIG, nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("due", _BIG, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_outbox_due"), "outbox", ["due"], unique=False)
    op.create_table(
        "parties",
        sa.Column("release", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("vkey", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("release", "name"),
    )
    op.create_table(
        "releases",
        sa.Column("release", sa.String(length=64), nullable=False),
        sa.Column("changed", _BIG, nullable=False),
        sa.Column("shown", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("release"),
    )
    op.create_table(
        "revisions",
        sa.Column("n", _BIG, autoincrement=False, nullable=False),
        sa.Column("comment", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n"),
    )
    op.create_index(op.f("ix_revisions_comment"), "revisions", ["comment"], unique=False)
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "bodies",
        sa.Column("n", _BIG, autoincrement=False, nullable=False),
        sa.Column("comment", sa.String(length=32), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["n"],
            ["revisions.n"],
        ),
        sa.PrimaryKeyConstraint("n"),
    )
    op.create_index(op.f("ix_bodies_comment"), "bodies", ["comment"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.String(length=16), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("seen", _BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index(op.f("ix_sessions_account"), "sessions", ["account"], unique=False)
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)
