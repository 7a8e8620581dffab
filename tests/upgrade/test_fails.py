"""An upgrade that is killed, breaks off or lacks room leaves the database that the older program opens."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from graduated.config import Settings, resource_folder
from graduated.db import copies, migrate, standing
from graduated.ops.upgrade import NotUpgraded, bring_up
from tests.conftest import settings_in
from tests.support.databases import sqlite_only
from tests.upgrade.killing import dump
from tests.upgrade.old import opened

pytestmark = sqlite_only("no release kept its records on PostgreSQL: see tests/db/test_upgrade_on_postgresql.py")

STATEMENTS = 60
"""More than the statements of the migrations below: the last places are beyond their end."""
FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "a001", None
def upgrade():
    op.create_table("pupil", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
    op.create_table("need", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("pupil_id", sa.Integer(), sa.ForeignKey("pupil.id", name="fk_need_pupil_id"), nullable=False))
    op.execute("INSERT INTO pupil (id, name) VALUES (1, 'Zofia'), (2, 'Albie')")
    op.execute("INSERT INTO need (id, pupil_id) VALUES (1, 1), (2, 2)")
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "a002", "a001"
def upgrade():
    op.add_column("pupil", sa.Column("year", sa.Text(), nullable=False, server_default="5"))
    op.execute("UPDATE pupil SET year = '6' WHERE id = 2")
    with op.batch_alter_table("pupil") as batch:
        batch.alter_column("name", new_column_name="legal_name", nullable=False, existing_type=sa.Text())
    op.create_index("ix_pupil_year", "pupil", ["year"])
"""
THIRD = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "a003", "a002"
def upgrade():
    op.create_table("plan", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("CREATE TRIGGER keep_plan BEFORE DELETE ON plan BEGIN SELECT RAISE(ABORT, 'kept'); END")
    op.execute("DELETE FROM need WHERE id = 2")
    {more}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Migrations of a small product of its own, run by this product's way."""
    place = tmp_path / "migrations"
    (place / "versions").mkdir(parents=True)
    shutil.copy(resource_folder("migrations") / "env.py", place)
    for number, text in enumerate((FIRST, SECOND, THIRD.format(more="")), 1):
        (place / "versions" / f"a00{number}.py").write_text(text)
    return place


@pytest.fixture
def older(folder: Path, tmp_path: Path) -> Settings:
    """An installation at the first of its versions."""
    settings = settings_in(tmp_path / "home")
    settings.home.mkdir()
    migrate.upgrade(settings, "a001", folder=folder)
    return settings


def _killed(home: Path, folder: str, places: list[int]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.upgrade.killing", str(home), folder, *map(str, places)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_killed_after_any_statement_an_upgrade_of_two_versions_has_not_begun(older: Settings, folder: Path) -> None:
    found = _killed(older.home, str(folder), list(range(1, STATEMENTS + 1)))
    killed = [one for one in found if one["killed"]]
    assert len(killed) >= 10
    assert [one["place"] for one in killed] == list(range(1, len(killed) + 1)), "no place before the end was left out"
    assert not found[-1]["killed"], "the last place is beyond the end, so every place was tried"
    assert all(one["same"] and one["whole_after"] for one in killed), found


def test_killed_in_the_program_s_own_migrations_the_database_is_as_it_was(tmp_path: Path) -> None:
    home = tmp_path / "own"
    home.mkdir()
    migrate.upgrade(settings_in(home), "0033")
    found = _killed(home, "", [3, 21, 77])
    assert [one["killed"] for one in found] == [True, True, True]
    assert all(one["same"] and one["whole_after"] for one in found), found


def test_an_upgrade_that_breaks_off_is_taken_back_whole_and_names_the_copy(older: Settings, folder: Path) -> None:
    third = folder / "versions" / "a003.py"
    third.write_text(THIRD.format(more='raise ValueError("Zofia cannot be moved")'))
    before = dump(older.home / "graduated.db")
    with pytest.raises(NotUpgraded) as refused:
        bring_up(older, folder=folder)
    (copy,) = copies.kept(older.home)
    assert "from version a001 to a003 stopped (ValueError)" in str(refused.value)
    assert "as it was, at version a001" in str(refused.value)
    assert str(copy) in str(refused.value)
    assert "Zofia" not in str(refused.value)
    assert dump(older.home / "graduated.db") == before == dump(copy)
    third.write_text(THIRD.format(more=""))
    assert bring_up(older, folder=folder).new == "a003"


def test_rows_that_would_point_at_nothing_undo_the_upgrade(older: Settings, folder: Path) -> None:
    text = THIRD.format(more='op.execute("DELETE FROM pupil WHERE id = 1")')
    (folder / "versions" / "a003.py").write_text(text)
    before = dump(older.home / "graduated.db")
    with pytest.raises(NotUpgraded, match="taken back"):
        bring_up(older, folder=folder)
    assert dump(older.home / "graduated.db") == before


def test_a_copy_is_taken_first_for_this_account_alone(older: Settings, folder: Path) -> None:
    before = dump(older.home / "graduated.db")
    done = bring_up(older, folder=folder)
    assert done.copy is not None
    assert done.copy.parent == older.home / "before-upgrade"
    assert done.copy.name.startswith("graduated-a001-to-a003-")
    assert (done.copy.stat().st_mode & 0o777, done.copy.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert dump(done.copy) == before
    assert str(done.copy) in done.as_text()
    again = bring_up(older, folder=folder)
    assert (again.copy, len(copies.kept(older.home))) == (None, 1), "nothing to do takes no copy"


def test_a_new_database_needs_no_copy(tmp_path: Path, folder: Path) -> None:
    done = bring_up(settings_in(tmp_path), folder=folder)
    assert (done.old, done.new, done.copy) == (None, "a003", None)


def test_the_three_newest_copies_stay_for_a_month(tmp_path: Path) -> None:
    place = tmp_path / copies.FOLDER
    place.mkdir()
    names = [f"graduated-a-to-b-2026010{day}T000000Z.db" for day in (1, 2, 3, 4)]
    for name in names:
        (place / name).touch()
    assert copies.sweep(tmp_path) == 1
    assert [one.name for one in copies.kept(tmp_path)] == names[:0:-1]
    old = place / names[1]
    os.utime(old, (0, 0))
    assert copies.sweep(tmp_path) == 1
    assert not old.exists()
    copies.drop_all(tmp_path)
    assert copies.kept(tmp_path) == []


def test_without_room_nothing_is_begun(older: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(older.home / "graduated.db")
    monkeypatch.setattr(copies.shutil, "disk_usage", lambda _place: SimpleNamespace(free=3_000_000))
    with pytest.raises(NotUpgraded, match=r"needs 5\d MB free at .*, and 3 MB is.*Make room"):
        bring_up(older, folder=folder)
    assert dump(older.home / "graduated.db") == before
    assert not (older.home / copies.FOLDER).exists()


def test_a_program_that_writes_is_named_and_nothing_is_begun(older: Settings, folder: Path) -> None:
    with opened(older.home / "graduated.db") as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotUpgraded, match="another program is writing to it. Stop Graduated first"):
            bring_up(older, folder=folder)
        other.execute("ROLLBACK")
    assert migrate.version_of(older) == "a001"


def test_a_damaged_database_is_not_upgraded(older: Settings, folder: Path) -> None:
    path = older.home / "graduated.db"
    with opened(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(NotUpgraded, match="Nothing was upgraded. The file .* is damaged"):
        bring_up(older, folder=folder)
    assert not (older.home / copies.FOLDER).exists()


def test_a_newer_database_is_neither_upgraded_nor_opened(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    migrate.upgrade(settings)
    with opened(tmp_path / "graduated.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9001'")
    with pytest.raises(NotUpgraded, match="is at version 9001"):
        bring_up(settings)
    said = standing.version_trouble(settings)
    assert "is at version 9001" in said
    assert f"knows versions up to {migrate.newest()}" in said
    assert "Install the newer program again" in said


def test_an_older_and_an_absent_database_say_what_to_run(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    assert "There is no database of Graduated at" in standing.version_trouble(settings)
    migrate.upgrade(settings, "0001")
    assert "is at version 0001, and this program" in standing.version_trouble(settings)
    assert "Run: graduated db upgrade" in standing.version_trouble(settings)
    migrate.upgrade(settings)
    assert standing.version_trouble(settings) == ""


def test_a_file_that_is_no_database_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "graduated.db").write_bytes(b"not a database at all" * 500)
    settings = settings_in(tmp_path)
    for said in (standing.damage(settings), standing.version_trouble(settings)):
        assert "is damaged" in said
        assert "graduated restore" in said


def test_the_check_of_a_large_file_ends_in_time_and_says_that_it_is_not_whole(tmp_path: Path) -> None:
    path = tmp_path / "graduated.db"
    with opened(path) as connection:
        connection.execute("CREATE TABLE t (x TEXT)")
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) "
            "INSERT INTO t SELECT hex(randomblob(40)) FROM n"
        )
        connection.execute("CREATE INDEX ix ON t (x)")
    assert standing.look(path, patience=0.0) == standing.Checked(is_whole=False)
    assert standing.look(path) == standing.Checked()


def test_sqlite_itself_knows_no_such_column_trouble_as_damage() -> None:
    assert standing.is_damage(sqlite3.DatabaseError("database disk image is malformed"))
    assert not standing.is_damage(sqlite3.OperationalError("database is locked"))
