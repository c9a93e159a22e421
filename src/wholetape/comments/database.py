"""The database behind a URL: opened, brought to this version's schema, and set up to lose nothing it acknowledged."""

from __future__ import annotations

from importlib import resources
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from wholetape.errors import StorageFailed, UsageError

LOCK = 0x77686F6C65
"""The advisory lock under which one instance at a time appends to the trail."""
BUSY_S = 30
"""Seconds that SQLite waits for others before it gives up."""


def open_database(url: str, migrate: bool = True) -> sa.Engine:
    """The engine of ``url``, ``sqlite:///FILE`` or ``postgresql://…``; with the tables of this version.

    Raises:
        UsageError: another kind of URL, or a driver that is not installed.
        StorageFailed: it cannot be opened.
    """
    engine = _engine(url)
    try:
        if migrate:
            _migrate(engine)
        else:
            with engine.connect() as connection:
                connection.execute(sa.text("SELECT 1 FROM revisions LIMIT 1"))
    except (DBAPIError, OSError) as problem:
        engine.dispose()
        why = str(getattr(problem, "orig", problem)).strip().splitlines()[0]
        raise StorageFailed(
            f"the database cannot be used: {why}", "check the URL, the server and the rights"
        ) from problem
    return engine


def _engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
        if parsed.drivername in ("postgres", "postgresql"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise UsageError(
                f"{parsed.get_backend_name()} is no database of this program", "sqlite:/// or postgresql://"
            )
        if parsed.get_backend_name() == "sqlite":
            engine = sa.create_engine(
                parsed, connect_args={"timeout": BUSY_S}, pool_size=16, max_overflow=48, hide_parameters=True
            )
            sa.event.listen(engine, "connect", _sqlite_connected)
            sa.event.listen(engine, "begin", _sqlite_begins)
            return engine
        return sa.create_engine(parsed, pool_size=16, max_overflow=16, pool_pre_ping=True, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ImportError, TypeError) as problem:
        raise UsageError(
            "the URL of the database is none", "sqlite:///FILE or postgresql://USER@HOST/NAME"
        ) from problem


def _sqlite_connected(connection: Any, record: object) -> None:
    connection.isolation_level = None  # this module says when a transaction begins
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA recursive_triggers=ON")
    connection.execute("PRAGMA cache_size=-65536")


def _sqlite_begins(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def writing(engine: sa.Engine) -> sa.Engine:
    """The same engine, whose transactions are going to write: one at a time, in all processes."""
    return engine.execution_options(writes=True)


def take_turn(connection: sa.Connection) -> None:
    """Waits until no other instance appends; the turn ends with the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def forget(engine: sa.Engine, patience: float = 5.0) -> bool:
    """Lets what was deleted leave the database's files; False when others kept it for ``patience`` seconds."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name != "sqlite":
            for table in ("bodies", "comments", "outbox"):
                connection.exec_driver_sql(f"VACUUM {table}")
            return True
        connection.exec_driver_sql(f"PRAGMA busy_timeout={round(patience * 1000)}")
        try:
            (busy, *_) = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        finally:  # the connection goes back to the pool
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_S * 1000}")
    return not busy


def _migrate(engine: sa.Engine) -> None:
    """Runs the migrations that this database lacks; two instances take turns."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    with resources.as_file(resources.files("wholetape.comments") / "migrations") as folder:
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        with writing(engine).begin() as connection:
            take_turn(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
