"""How connections are opened: SQLite's pragmas, what each transaction on PostgreSQL is told, and who writes alone.

A transaction that reads and then writes fails at once on SQLite unless it began as a writer; so writers begin
IMMEDIATE and readers stay deferred. On PostgreSQL a reader sees one moment as there (REPEATABLE READ), a writer each
statement's own, since it is the only one in its school (`alone`).
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, event

from graduated.db import wall

IMMEDIATE = "graduated_immediate"
WRITERS, UPGRADES = 1907, 1908
"""The first half of the advisory locks of writers, the second is the school; and of who brings the database up."""
PATIENCE = 5000
"""How long (milliseconds) a statement waits for somebody else's lock."""

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={PATIENCE}",
    "trusted_schema=OFF",
    "temp_store=MEMORY",
    "cache_size=-4000",
    "secure_delete=ON",  # what is deleted or overwritten is gone from the file, not only out of sight
)


def prepare(engine: Engine, *, synchronous: str = "FULL") -> Engine:
    """Set an engine up for this product. Less than FULL: a commit that a power cut takes is no great loss."""
    if engine.dialect.name != "sqlite":
        wall.stand(engine, PATIENCE, flushes=synchronous == "FULL")
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


def options(url: str) -> dict[str, Any]:
    """What an engine is made with for an address of a database; one place for the app and for who looked."""
    # What a statement that failed was about stays out of messages, and so out of every log.
    kept: dict[str, Any] = {"hide_parameters": True}
    if not url.startswith("sqlite"):
        kept |= {"pool_pre_ping": True, "pool_recycle": 1800, "pool_size": 8, "max_overflow": 8, "pool_timeout": 10}
        kept["connect_args"] = {"connect_timeout": 5, "application_name": "graduated"}
    return kept


def as_writer(engine: Engine) -> dict[str, Any]:
    """The options of a transaction that will write."""
    on_sqlite = engine.dialect.name == "sqlite"
    return {IMMEDIATE: True} if on_sqlite else {IMMEDIATE: True, "isolation_level": "READ COMMITTED"}


def alone(connection: Connection) -> None:
    """Be the only one who writes in the school of who acts until the commit, as on SQLite in the whole file.

    Services look and then write: each was made to be the only writer, and its tests hold that (decision 036).
    """
    if connection.dialect.name != "sqlite":
        locks = "SELECT pg_advisory_xact_lock_shared(%s, 0), pg_advisory_xact_lock(%s, %s)"
        connection.exec_driver_sql(locks, (UPGRADES, WRITERS, wall.school_in_force() or 0))


def keep_writers_out(connection: Connection) -> None:
    """For an upgrade on PostgreSQL: no act of an older program is open, nor begins, until its transaction is over.

    On SQLite the write lock of the file does that. Whoever holds on is waited for as long as by anybody else.
    """
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("SELECT set_config('lock_timeout', %s, false)", (f"{PATIENCE}ms",))
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, 0)", (UPGRADES,))


def scrub(engine: Engine, patience: int = PATIENCE, largest: int | None = None) -> bool:
    """Leave no words in pages that SQLite no longer uses, nor in its log. PostgreSQL's own vacuum sees to that there.

    Gives whether it was done. It needs the file for itself for a moment: while somebody reads or writes it gives up
    after `patience` milliseconds. A file of more than `largest` bytes is left for when there is time.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout={patience}")
        if largest is not None and _number(cursor, "page_count") * _number(cursor, "page_size") > largest:
            return False
        if not _log_emptied(cursor):
            return False
        cursor.execute("VACUUM")
        return _log_emptied(cursor)
    except sqlite3.OperationalError:  # somebody else writes
        return False
    finally:
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
        cursor.close()
        connection.close()


def _log_emptied(cursor: Any) -> bool:
    """Bring all of the log into the file and cut it to nothing; not while anybody reads what is still in it."""
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    busy, _pages, _done = cursor.fetchone()
    return not busy


def _number(cursor: Any, pragma: str) -> int:
    cursor.execute(f"PRAGMA {pragma}")
    return int(cursor.fetchone()[0])
