"""The schema that the migrations make is the one that the program means, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from wholetape.comments.database import open_database
from wholetape.comments.tables import metadata


def test_migrations_make_the_tables_of_the_program(url):
    engine = open_database(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_database_that_is_there_is_left_as_it_is(office):
    uid = office.published("kept")
    again = open_database(office.url)
    again.dispose()
    assert office.row(uid).text == "kept"
