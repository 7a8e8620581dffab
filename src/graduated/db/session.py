"""The one database session of a request, a job or a command."""

from __future__ import annotations

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection

from graduated.config import Settings
from graduated.db.base import Base
from graduated.db.engine import as_writer, options, prepare
from graduated.db.wall import DOOR

db = SQLAlchemy(
    metadata=Base.metadata,
    disable_autonaming=True,
    session_options={"expire_on_commit": False},
)


def attach(app: Flask, settings: Settings) -> None:
    """Give the app its database."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    # A page is made from one moment, as on SQLite; who writes asks for something else (`as_writer`).
    reading = {} if settings.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options(settings.database_url) | reading
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def looking(door: str) -> Connection:
    """A connection that reads through a door of the wall, before a school is known or across schools."""
    return db.engine.connect().execution_options(**{DOOR: door})


def changing(door: str) -> Connection:
    """The same for who changes a row, of the tables to which the door leads."""
    return db.engine.connect().execution_options(**{DOOR: door, **as_writer(db.engine)})


def let_go() -> None:
    """Close the connections of this process: a server tells of each as lost, and no other process may have them."""
    db.session.remove()
    db.engine.dispose()
