"""Raising the wall: row-level security on every table of a school, and what the app's role may do (PostgreSQL).

It goes by what stands in the database, not by a list, and runs in the transaction of each migration: no table with a
school is ever there without it, and one that the app's role was not given stays shut to it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from graduated.db.wall import ENTRY, MAKING, MIGRATION, WORKER

SCHOOL = "NULLIF(current_setting('graduated.school', true), '')::integer"
_DOOR = "current_setting('graduated.door', true) = '{door}'"

LOOKED_UP = {
    "school": "true",
    "membership": "true",
    "adult": "user_id IS NOT NULL",  # whether somebody who signs in has a child here; no other adult
    "school_device": "true",
}
"""What is read before a school is known (`access/entry.py`, `keyring.py`, `devices.py`), and which rows of it."""
TAKEN_UP = ("job", "post")
"""What the worker looks through for all schools; each job is then done in the school it belongs to."""
LOOKED_AT = ("tombstone",)
"""What the worker reads of all schools and changes nowhere: whether a backup is due because something went by law."""

_UNWALLED = """
    SELECT t.relname, r.rolname FROM pg_class t
    JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_roles r ON r.oid = t.relowner
    WHERE n.nspname = current_schema() AND t.relkind IN ('r', 'p') AND NOT (t.relrowsecurity AND t.relforcerowsecurity)
    AND t.relname <> 'sign_in_session' AND (t.relname = 'school' OR EXISTS (
        SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'school_id' AND NOT a.attisdropped))
    ORDER BY t.relname
"""
"""Besides: a sign-in is the person's, made before anybody acts in a school and ended for all schools at once."""
_VERSION = "alembic_version"


def raise_wall(connection: Connection, app_role: str | None) -> None:
    """Put every table of a school behind the wall, and give the app's role what it needs and no more."""
    if connection.dialect.name == "sqlite":
        return
    quote = connection.dialect.identifier_preparer.quote
    for table, owner in connection.exec_driver_sql(_UNWALLED).all():
        _wall(connection, table, quote(table), quote(owner))
    if app_role and app_role != connection.exec_driver_sql("SELECT current_user").scalar():
        _give(connection, quote(app_role))


def _wall(connection: Connection, table: str, name: str, owner: str) -> None:
    column = "id" if table == "school" else "school_id"
    own = f"{column} = {SCHOOL}"
    policies = [("of_the_school", "ALL", "PUBLIC", own, own)]
    migrating = _DOOR.format(door=MIGRATION)
    policies.append(("of_migrations", "ALL", owner, migrating, migrating))
    if table == "school":
        making = f"{SCHOOL} = {MAKING}"
        policies.append(("at_the_making", "SELECT", "PUBLIC", making, ""))
        policies.append(("made", "INSERT", "PUBLIC", "", making))
    if table in LOOKED_UP:
        which = f"{_DOOR.format(door=ENTRY)} AND {LOOKED_UP[table]}"
        policies.append(("at_the_entry", "SELECT", "PUBLIC", which, ""))
    if table in TAKEN_UP:
        working = _DOOR.format(door=WORKER)
        policies.append(("of_the_worker", "ALL", "PUBLIC", working, working))
    if table in LOOKED_AT:
        policies.append(("of_the_worker", "SELECT", "PUBLIC", _DOOR.format(door=WORKER), ""))
    for policy in policies:
        connection.exec_driver_sql(_policy(name, *policy))
    connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    connection.exec_driver_sql(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")


def _policy(table: str, name: str, act: str, role: str, seen: str, written: str) -> str:
    using = f" USING ({seen})" if seen else ""
    check = f" WITH CHECK ({written})" if written else ""
    return f"CREATE POLICY {name} ON {table} FOR {act} TO {role}{using}{check}"


def _give(connection: Connection, role: str) -> None:
    schema: Any = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
    for words in (
        f"GRANT USAGE ON SCHEMA {schema} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON {_VERSION} FROM {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    ):
        connection.exec_driver_sql(words)
