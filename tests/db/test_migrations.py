"""The migrations make exactly what the models say, keep what is there, and survive being killed."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from graduated.app import load_models
from graduated.audit.views_log import metadata as looked
from graduated.config import resource_folder
from graduated.db import migrate
from graduated.db.base import Base
from tests.conftest import settings_in
from tests.support.databases import ON_POSTGRESQL, by_hand, schema_of


def test_the_migrations_make_what_the_models_say(tmp_path: Path) -> None:
    load_models()
    settings = settings_in(tmp_path)
    migrate.upgrade(settings)
    models: Any = [Base.metadata, looked] if ON_POSTGRESQL else Base.metadata  # on SQLite a file of its own
    engine = create_engine(settings.database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences: Any = compare_metadata(context, models)
    engine.dispose()
    assert differences == []
    assert migrate.version_of(settings) == migrate.newest()


def test_the_database_has_the_room_for_words_that_the_models_say(tmp_path: Path) -> None:
    load_models()
    settings = settings_in(tmp_path)
    migrate.upgrade(settings)
    engine = create_engine(settings.database_url)
    looker = inspect(engine)
    made = {(table, one["name"]): getattr(one["type"], "length", None) for table in looker.get_table_names()
            for one in looker.get_columns(table)}  # fmt: skip
    engine.dispose()
    said = {(table.name, one.name): getattr(one.type, "length", None) for table in Base.metadata.sorted_tables
            for one in table.columns}  # fmt: skip
    assert said["role_proposal", "role"] == 40 and said["invitation", "role"] == 32
    assert {place: (room, made[place]) for place, room in said.items() if place in made and room != made[place]} == {}
    assert len(said.keys() & made.keys()) > 300


def test_running_the_migrations_again_changes_nothing(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    migrate.upgrade(settings)
    first = schema_of(tmp_path)
    migrate.upgrade(settings)
    assert schema_of(tmp_path) == first


def test_every_constraint_has_a_name(tmp_path: Path) -> None:
    load_models()
    nameless = [
        (table.name, constraint)
        for table in Base.metadata.tables.values()
        for constraint in [*table.constraints, *table.indexes]
        if constraint.name is None
    ]
    assert nameless == []


def test_no_migration_imports_the_product_or_deletes_by_cascade() -> None:
    for path in (resource_folder("migrations") / "versions").glob("*.py"):
        tree = ast.parse(path.read_text())
        names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert not any(name.startswith("graduated") for name in names), path.name
        assert "CASCADE" not in path.read_text().upper(), path.name


def test_an_older_database_with_data_comes_up_whole(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    migrate.upgrade(settings, "0002")
    with by_hand(tmp_path) as connection:
        connection.execute(
            "INSERT INTO school (id, urn, name, la_code, establishment, phase, authority, address, phone,"
            " timetable_weeks, class_cards_for_all, is_demo, version)"
            " VALUES (1, '100001', 'Purbeck Road', '838', '', 'primary', 'dorset', '', '', 1, false, false, 1)"
        )
    migrate.upgrade(settings)
    with by_hand(tmp_path) as connection:
        assert connection.execute("SELECT name FROM school").fetchall() == [("Purbeck Road",)]
        if not ON_POSTGRESQL:  # where a key is held from the beginning
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_migration_killed_half_way_is_as_if_it_had_not_begun(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    migrate.upgrade(settings, "0001")
    before = schema_of(tmp_path)
    # The process kills itself after the second table of the next migration.
    script = textwrap.dedent(
        f"""
        import os, signal, sys
        from pathlib import Path
        from alembic import op
        from graduated.db import migrate
        from tests.conftest import settings_in
        made, real = [], op.create_table
        def create(*a, **k):
            made.append(real(*a, **k))
            if len(made) == 2: os.kill(os.getpid(), signal.SIGKILL)
        op.create_table = create
        migrate.upgrade(settings_in(Path({str(tmp_path)!r})), "0002")
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert schema_of(tmp_path) == before
    migrate.upgrade(settings)
    assert migrate.version_of(settings) == migrate.newest()
