"""Who looked at whose record, when: written after the page is made, never in its way.

On SQLite it is a file of its own, so that a long import holding the main lock delays nobody who reads.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, select
from sqlalchemy.exc import SQLAlchemyError

from graduated.config import Settings
from graduated.db.clock import now
from graduated.db.engine import prepare
from graduated.db.types import UtcDateTime

_metadata = MetaData()
view_event = Table(
    "view_event",
    _metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("school_id", Integer, nullable=False, index=True),
    Column("pupil_id", Integer, nullable=True, index=True),
    Column("user_id", Integer, nullable=True),
    Column("user_name", String(120), nullable=False),
    Column("page", String(120), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
log = logging.getLogger("graduated.audit")


@dataclass(frozen=True, slots=True)
class Viewed:
    """One look at a pupil's record."""

    user_name: str
    page: str
    at: datetime


def configure(app: Flask, settings: Settings) -> None:
    """Open the place of view events for an app; its one table is made when it is missing."""
    engine = prepare(create_engine(settings.views_url), synchronous="NORMAL")
    app.extensions["views_log"] = engine
    with engine.begin() as connection:
        _metadata.create_all(connection)


def _engine() -> Engine:
    engine: Engine = current_app.extensions["views_log"]
    return engine


def record_view(school_id: int, pupil_id: int | None, user_id: int | None, user_name: str, page: str) -> None:
    """Note one look. A failure is logged and never breaks the page that was asked for."""
    try:
        with _engine().begin() as connection:
            connection.execute(
                view_event.insert().values(
                    school_id=school_id, pupil_id=pupil_id, user_id=user_id, user_name=user_name, page=page, at=now()
                )
            )
    except SQLAlchemyError:
        log.exception("a view event could not be written")


def views_of(school_id: int, pupil_id: int, limit: int = 100) -> list[Viewed]:
    """The latest looks at one pupil's record, newest first."""
    statement = (
        select(view_event.c.user_name, view_event.c.page, view_event.c.at)
        .where(view_event.c.school_id == school_id, view_event.c.pupil_id == pupil_id)
        .order_by(view_event.c.id.desc())
        .limit(limit)
    )
    with _engine().connect() as connection:
        return [Viewed(*row) for row in connection.execute(statement)]
