"""Bringing a database to this program's version, and saying which version it has."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url

from graduated.config import Settings, resource_folder
from graduated.db.engine import keep_writers_out
from graduated.db.raising import raise_wall


def _config(settings: Settings | None, folder: Path | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder or resource_folder("migrations")).replace("%", "%%"))
    config.attributes["raise_wall"] = raise_wall
    config.attributes["keep_writers_out"] = keep_writers_out
    if settings is not None:
        config.set_main_option("sqlalchemy.url", settings.migration_url.replace("%", "%%"))
        config.attributes["app_role"] = make_url(settings.database_url).username
    return config


def upgrade(settings: Settings, revision: str = "head", *, folder: Path | None = None) -> None:
    """Bring the database to a version, the newest unless said otherwise: all the way, or not at all.

    Safe to run again at any time. `folder` holds other migrations than the program's own.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)
    command.upgrade(_config(settings, folder), revision)


def newest(folder: Path | None = None) -> str:
    """The version that this program needs."""
    return ScriptDirectory.from_config(_config(None, folder)).get_current_head() or ""


def known() -> frozenset[str]:
    """Every version that this program knows: its own, and those that it can bring a database up from."""
    return frozenset(one.revision for one in ScriptDirectory.from_config(_config(None)).walk_revisions())


def version_of(settings: Settings) -> str | None:
    """The version that the database has, or nothing when it is empty."""
    engine = create_engine(settings.database_url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
