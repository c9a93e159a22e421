"""Alembic's migrations: each version of the schema, once."""
