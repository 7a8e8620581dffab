"""An upgrade on a database server keeps rows, walls new tables, and lets no older program write meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, select

from graduated.access.identity import acting, system_actor
from graduated.db import engine as engines
from graduated.db import migrate, standing
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ops.upgrade import NotUpgraded, bring_up
from graduated.pupils.models import Pupil
from tests.conftest import settings_in
from tests.support.databases import Hand, by_hand, postgresql_only
from tests.support.world import World

pytestmark = postgresql_only
FIRST = "0042"
"""The first version that may be on PostgreSQL."""


FILLERS = {"integer": 1, "boolean": True, "json": "[]", "date": "2026-01-05", "timestamp": "2026-01-05"}


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A database of the first version, with two accounts and a school."""
    migrate.upgrade(settings_in(tmp_path), FIRST)
    with by_hand(tmp_path) as hand:
        hand.disarm()
        for number, language in ((1, "en"), (2, "pl")):
            _fill(hand, "user", {"id": number, "email": f"{number}@x.example", "language": language})
        _fill(hand, "school", {"id": 1, "name": "Purbeck Road Primary"})
    return tmp_path


def _fill(hand: Hand, table: str, given: dict[str, object]) -> None:
    """A row with what is given and, where a column must hold something, something."""
    asked = (
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = ? AND is_nullable = 'NO' AND column_default IS NULL"
    )
    needed = {name: FILLERS.get(kind.split()[0], "") for name, kind in hand.execute(asked, (table,)).fetchall()}
    row = {**needed, **given}
    hand.execute(
        f'INSERT INTO "{table}" ({", ".join(row)}) VALUES ({", ".join("?" for _ in row)})', tuple(row.values())
    )


def test_each_version_keeps_the_rows_and_puts_new_tables_behind_the_wall(older: Path) -> None:
    done = bring_up(settings_in(older))
    assert (done.old, done.new, done.copy) == (FIRST, migrate.newest(), None)
    with by_hand(older) as hand:
        assert hand.execute('SELECT id, language FROM "user" ORDER BY id').fetchall() == [(1, ""), (2, "pl")]
        assert hand.execute("SELECT name FROM school").fetchall() == [("Purbeck Road Primary",)]
        walled = "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = 'restriction'"
        assert hand.execute(walled).fetchall() == [(True,)]
    engine = create_engine(settings_in(older).database_url)
    with engine.connect() as connection:  # the program's own role was given the new table
        assert connection.exec_driver_sql("SELECT count(*) FROM restriction").scalar() == 0
    engine.dispose()


def test_what_an_older_database_is_told_speaks_of_a_backup_and_not_of_a_copy(older: Path) -> None:
    said = standing.version_trouble(settings_in(older))
    assert f"is at version {FIRST}" in said and "after a backup of the database" in said
    assert "takes a copy" not in said


def test_while_somebody_saves_nothing_is_upgraded_and_the_act_stands(
    app: Flask, home: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest version makes only what is not there, so that it can be done once more."""
    settings, before = settings_in(home), "0048"
    monkeypatch.setattr(engines, "PATIENCE", 200)
    pupil = select(Pupil).where(Pupil.id == world.pupils["zofia"])
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Held open"):
        db.session.scalars(pupil).one().known_as = "Zosia"
        db.session.flush()
        with by_hand(home) as hand:
            hand.execute("UPDATE alembic_version SET version_num = ?", (before,))
        with pytest.raises(NotUpgraded, match="another program is writing to it. Stop Graduated first"):
            bring_up(settings)
        assert migrate.version_of(settings) == before
        with by_hand(home) as hand:
            hand.execute("UPDATE alembic_version SET version_num = ?", (migrate.newest(),))
    with by_hand(home) as hand:
        hand.execute("UPDATE alembic_version SET version_num = ?", (before,))
    assert bring_up(settings).new == migrate.newest()
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert db.session.scalars(pupil).one().known_as == "Zosia"
