"""Bringing a database to this program's version, and saying which version it has."""

from __future__ import annotations

import logging

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url

from graduated.config import Settings, resource_folder
from graduated.db.raising import raise_wall


def _config(settings: Settings) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource_folder("migrations")).replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", settings.migration_url.replace("%", "%%"))
    config.attributes["raise_wall"] = raise_wall
    config.attributes["app_role"] = make_url(settings.database_url).username
    return config


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Bring the database to a version, the newest unless said otherwise. Safe to run again at any time."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    command.upgrade(_config(settings), revision)


def newest() -> str:
    """The version that this program needs."""
    config = Config()
    config.set_main_option("script_location", str(resource_folder("migrations")).replace("%", "%%"))
    return ScriptDirectory.from_config(config).get_current_head() or ""


def version_of(settings: Settings) -> str | None:
    """The version that the database has, or nothing when it is empty."""
    engine = create_engine(settings.database_url, hide_parameters=True)
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return found
