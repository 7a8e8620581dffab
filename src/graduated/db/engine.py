"""How connections are opened: SQLite's pragmas, and which transactions take the write lock at once.

A transaction that reads and then writes fails at once on SQLite unless it began as a writer; so writers begin
IMMEDIATE and readers stay deferred.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event

IMMEDIATE = "graduated_immediate"
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "trusted_schema=OFF",
    "temp_store=MEMORY",
    "cache_size=-16000",
    "secure_delete=ON",  # what is deleted or overwritten is gone from the file, not only out of sight
)


def prepare(engine: Engine, *, synchronous: str = "FULL") -> Engine:
    """Set an engine up for this product; nothing to do on PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return engine

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        if synchronous != "FULL":
            cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(IMMEDIATE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def scrub(engine: Engine) -> None:
    """Leave no words in pages that SQLite no longer uses, nor in its log. PostgreSQL's own vacuum sees to that there.

    Needs the file for itself for a moment; raises sqlite3.OperationalError while somebody else writes.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            cursor.execute(statement)
            cursor.fetchall()
        cursor.close()
    finally:
        connection.close()
