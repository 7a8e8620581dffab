"""How migrations run: one transaction for all of an upgrade, foreign keys off before it and checked before its end.

SQLite's own batch copies would otherwise delete child rows, and a killed migration would leave half a table. As one
transaction, an upgrade over many versions leaves the version that the older program opens when any of them fails.
"""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, event

config = context.config


def run() -> None:
    """Bring the database of `sqlalchemy.url` to the wanted version."""
    engine = create_engine(config.get_main_option("sqlalchemy.url") or "", hide_parameters=True)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:

        @event.listens_for(engine, "connect")
        def plain(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys=OFF")
            connection.execute("PRAGMA busy_timeout=5000")
            connection.execute("PRAGMA journal_mode=WAL")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.connect() as connection:
        context.configure(connection=connection, transactional_ddl=True, transaction_per_migration=False)
        with context.begin_transaction():
            context.run_migrations()
            if sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"after the migration {len(broken)} rows point at nothing: {broken[:3]}")
    engine.dispose()


run()
