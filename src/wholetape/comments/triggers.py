"""Append-only, held by the database itself: whatever program connects, the trail takes new entries and no others.

Who owns the database can drop a trigger; :mod:`verify` with a head from outside finds what they did then.
"""

from __future__ import annotations

_ONLY_REDACTED = "SELECT 1 FROM revisions r WHERE r.comment = OLD.comment AND r.act = 'redacted' AND r.n > OLD.n"
SQLITE = (
    *(
        f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in ("revisions", "heads")
        for what in ("UPDATE", "DELETE")
    ),
    "CREATE TRIGGER bodies_no_update BEFORE UPDATE ON bodies BEGIN SELECT RAISE(ABORT, 'bodies is append-only'); END",
    f"CREATE TRIGGER bodies_no_delete BEFORE DELETE ON bodies WHEN NOT EXISTS ({_ONLY_REDACTED}) "
    "BEGIN SELECT RAISE(ABORT, 'bodies of redacted comments only are deleted'); END",
    "CREATE TRIGGER revisions_in_order BEFORE INSERT ON revisions "
    "WHEN NEW.n <> (SELECT COALESCE(MAX(n) + 1, 0) FROM revisions) "
    "BEGIN SELECT RAISE(ABORT, 'entries of the trail follow each other'); END",
    "CREATE TRIGGER heads_in_order BEFORE INSERT ON heads WHEN NEW.size <= (SELECT MAX(size) FROM heads) "
    "BEGIN SELECT RAISE(ABORT, 'heads grow'); END",
    "CREATE TRIGGER bodies_in_order BEFORE INSERT ON bodies WHEN EXISTS (SELECT 1 FROM bodies b WHERE b.n = NEW.n) "
    "BEGIN SELECT RAISE(ABORT, 'bodies is append-only'); END",
)
"""``INSERT OR REPLACE`` deletes without firing triggers, so what is inserted is judged as well."""

POSTGRESQL = (
    "CREATE FUNCTION wholetape_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
    *(
        f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} FOR EACH ROW "
        "EXECUTE FUNCTION wholetape_refuse()"
        for table, what in (
            ("revisions", "UPDATE"),
            ("revisions", "DELETE"),
            ("heads", "UPDATE"),
            ("heads", "DELETE"),
            ("bodies", "UPDATE"),
        )
    ),
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION wholetape_refuse()"
        for table in ("revisions", "heads", "bodies")
    ),
    "CREATE FUNCTION wholetape_only_redacted() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF NOT EXISTS ({_ONLY_REDACTED}) THEN RAISE EXCEPTION 'bodies of redacted comments only are deleted'; "
    "END IF; RETURN OLD; END $$",
    "CREATE TRIGGER bodies_no_delete BEFORE DELETE ON bodies FOR EACH ROW EXECUTE FUNCTION wholetape_only_redacted()",
    "CREATE FUNCTION wholetape_in_order() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN IF NEW.n <> (SELECT COALESCE(MAX(n) + 1, 0) FROM revisions) THEN "
    "RAISE EXCEPTION 'entries of the trail follow each other'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER revisions_in_order BEFORE INSERT ON revisions FOR EACH ROW EXECUTE FUNCTION wholetape_in_order()",
)
