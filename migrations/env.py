"""How migrations run: one transaction for all of an upgrade, foreign keys off before it and checked before its end.

SQLite's own batch copies would otherwise delete child rows, and a killed migration would leave half a table. As one
transaction, an upgrade over many versions leaves the version that the older program opens when any of them fails.
On PostgreSQL the wall of row-level security is raised around each new table in the transaction that makes it.
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

    else:

        @event.listens_for(engine, "connect")
        def through_the_wall(connection: Any, _record: Any) -> None:
            # Row-level security holds the owner too; migrations change the rows of every school.
            connection.execute("SELECT set_config('graduated.door', 'migration', false)")
            connection.commit()

    raise_wall, app_role = config.attributes["raise_wall"], config.attributes["app_role"]

    def behind_the_wall(ctx: Any, **_step: Any) -> None:
        raise_wall(ctx.connection, app_role)

    try:
        with engine.connect() as connection:
            context.configure(
                connection=connection,
                transactional_ddl=True,
                transaction_per_migration=False,
                on_version_apply=behind_the_wall,
            )
            with context.begin_transaction():
                config.attributes["keep_writers_out"](connection)
                given = _ids_given(connection)
                context.run_migrations()
                _keep_counting(connection, given)
                if sqlite:
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                    if broken:
                        raise RuntimeError(f"after the migration {len(broken)} rows point at nothing: {broken[:3]}")
        if not sqlite:  # again without a migration: the app may have another role since
            with engine.begin() as connection:
                raise_wall(connection, app_role)
    finally:
        engine.dispose()


def _ids_given(connection: Connection) -> dict[str, int]:
    """By table: the highest id that SQLite has ever given there, where it has to remember that."""
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite or not connection.exec_driver_sql("PRAGMA table_info(sqlite_sequence)").fetchall():
        return {}
    found = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").fetchall()
    return {str(name): int(seq) for name, seq in found}


def _keep_counting(connection: Connection, given: dict[str, int]) -> None:
    """A table that was copied forgets which ids it gave to rows that are gone; they may not come back."""
    for table, seq in given.items():
        connection.exec_driver_sql("UPDATE sqlite_sequence SET seq = ? WHERE name = ? AND seq < ?", (seq, table, seq))


run()
