"""An id that was given once is never given again, whoever removes the row, and whatever copies the table."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.app import load_models
from graduated.assess.models import Concern
from graduated.config import resource_folder
from graduated.db import migrate
from graduated.db.base import Base
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from tests.conftest import settings_in
from tests.support.databases import by_hand, sqlite_only
from tests.support.world import World
from tests.upgrade.filling import fill
from tests.upgrade.old import opened


@sqlite_only("AUTOINCREMENT is SQLite's; a sequence gives no number twice")
def test_each_table_counts_on_as_its_model_says(home: Path) -> None:
    load_models()
    with by_hand(home) as hand:
        made = dict(hand.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
    for table in Base.metadata.tables.values():
        counts_on = "PRIMARY KEY AUTOINCREMENT" in made[table.name]
        assert counts_on == bool(table.dialect_options["sqlite"]["autoincrement"]), table.name


def test_only_tables_that_never_lose_a_row_may_give_an_id_again() -> None:
    load_models()
    stay = {mapper.class_.__tablename__ for mapper in Base.registry.mappers if not mapper.class_.goes}
    assert stay == {"change_event", "change_detail", "tombstone", "destruction"}


def test_an_id_of_a_row_that_went_is_not_given_to_the_next(as_system: Actor, world: World) -> None:
    def raised() -> int:
        with write("Concern raised"):
            row = Concern(pupil_id=world.pupils["zofia"], raised_by="Tom Fry", raised_on=today(), text="Reads little")
            db.session.add(row)
            db.session.flush()
            return row.id

    first = raised()
    with write("Concern removed"):
        db.session.delete(db.session.scalars(select(Concern).where(Concern.id == first)).one())
    assert raised() > first


@sqlite_only("AUTOINCREMENT is SQLite's; a sequence gives no number twice")
def test_an_upgrade_begins_to_count_above_what_tombstones_and_the_audit_name(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    migrate.upgrade(settings, "0045")
    with opened(tmp_path / "graduated.db") as connection:
        fill(connection)
        connection.execute("DROP TRIGGER keep_tombstone_update")
        connection.execute("UPDATE tombstone SET table_name = 'concern', row_id = 77")
        connection.execute(
            """UPDATE change_detail SET payload = '[["need", 88, "added", {}], ["concern", 12, "removed", {}]]'"""
        )
    migrate.upgrade(settings, "0046")
    with opened(tmp_path / "graduated.db") as connection:
        given = dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    assert (given["concern"], given["need"], given["outcome"]) == (77, 88, 1)


COPYING = """
from alembic import op
revision, down_revision = "copied", {newest!r}
def upgrade():
    with op.batch_alter_table("need", recreate="always", table_kwargs={{"sqlite_autoincrement": True}}) as batch:
        pass
"""


@sqlite_only("PostgreSQL copies no table to alter it")
def test_a_table_that_a_later_migration_copies_counts_on(tmp_path: Path) -> None:
    shutil.copytree(resource_folder("migrations"), tmp_path / "migrations")
    (tmp_path / "migrations" / "versions" / "copied.py").write_text(COPYING.format(newest=migrate.newest()))
    settings = settings_in(tmp_path / "home")
    settings.home.mkdir()
    migrate.upgrade(settings)
    with opened(settings.home / "graduated.db") as connection:
        fill(connection)
        connection.execute("UPDATE sqlite_sequence SET seq = 500 WHERE name = 'need'")
    migrate.upgrade(settings, folder=tmp_path / "migrations")
    with opened(settings.home / "graduated.db") as connection:
        sql, seq = connection.execute(
            "SELECT sql, seq FROM sqlite_master JOIN sqlite_sequence ON sqlite_sequence.name = sqlite_master.name "
            "WHERE sqlite_master.name = 'need'"
        ).fetchone()
        assert connection.execute("SELECT count(*) FROM need").fetchone() == (1,)
    assert "AUTOINCREMENT" in sql
    assert seq == 500
