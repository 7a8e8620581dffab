"""The one database session of a request, a job or a command."""

from __future__ import annotations

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from graduated.config import Settings
from graduated.db.base import Base
from graduated.db.engine import prepare

db = SQLAlchemy(
    metadata=Base.metadata,
    disable_autonaming=True,
    session_options={"expire_on_commit": False},
)


def attach(app: Flask, settings: Settings) -> None:
    """Give the app its database."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    pool = {} if settings.is_sqlite else {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8}
    # What a statement that failed was about stays out of messages, and so out of every log.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True, **pool}
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
