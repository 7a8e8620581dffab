"""Who looked at whose record, when: written after the page is made, never in its way.

On SQLite it is a file of its own, so that a long import holding the main lock delays nobody who reads. On PostgreSQL it
is a table, written in a transaction of its own that does not wait for the disc.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, create_engine, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from graduated.config import Settings
from graduated.db.clock import now
from graduated.db.engine import options, prepare
from graduated.db.types import UtcDateTime
from graduated.db.wall import SCHOOL

metadata = MetaData()
view_event = Table(
    "view_event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("school_id", Integer, nullable=False, index=True),
    Column("pupil_id", Integer, nullable=True, index=True),
    Column("user_id", Integer, nullable=True),
    Column("user_name", String(120), nullable=False),
    Column("page", String(120), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
_NOTE = view_event.insert()
log = logging.getLogger("graduated.audit")


@dataclass(frozen=True, slots=True)
class Viewed:
    """One look at a pupil's record."""

    user_name: str
    page: str
    at: datetime


def configure(app: Flask, settings: Settings) -> None:
    """Open the place of view events for an app; on SQLite its tables are made when they are missing."""
    engine = prepare(create_engine(settings.views_url, **options(settings.views_url)), synchronous="NORMAL")
    app.extensions["views_log"] = engine
    if settings.is_sqlite:  # elsewhere the migrations make it: the app owns no table there
        with engine.begin() as connection:
            metadata.create_all(connection)


def engine_here() -> Engine:
    engine: Engine = current_app.extensions["views_log"]
    return engine


def connected(school_id: int) -> Connection:
    """A connection for the looks of a school, which is named: whoever looked may act nowhere any more."""
    return engine_here().connect().execution_options(**{SCHOOL: school_id})


def record_view(school_id: int, pupil_id: int | None, user_id: int | None, user_name: str, page: str) -> None:
    """Note one look. A failure is logged and never breaks the page that was asked for."""
    try:
        with connected(school_id) as connection, connection.begin():
            connection.execute(
                _NOTE,
                {"school_id": school_id, "pupil_id": pupil_id, "user_id": user_id, "user_name": user_name,
                 "page": page, "at": now()},
            )  # fmt: skip
    except SQLAlchemyError:
        log.exception("a view event could not be written")


def views_of(
    school_id: int, pupil_id: int, since: datetime | None = None, until: datetime | None = None, limit: int = 100
) -> list[Viewed]:
    """The latest looks at one pupil's record, newest first; lists of many pupils taken as a file count for each."""
    statement = select(view_event.c.user_name, view_event.c.page, view_event.c.at).where(
        view_event.c.school_id == school_id, or_(view_event.c.pupil_id == pupil_id, view_event.c.pupil_id.is_(None))
    )
    if since is not None:
        statement = statement.where(view_event.c.at >= since)
    if until is not None:
        statement = statement.where(view_event.c.at < until)
    with connected(school_id) as connection:
        return [Viewed(*row) for row in connection.execute(statement.order_by(view_event.c.id.desc()).limit(limit))]


@dataclass(frozen=True, slots=True)
class Look:
    """One look, for who goes through them: by whom, at whose record, on which page."""

    id: int
    user_id: int | None
    user_name: str
    pupil_id: int
    page: str
    at: datetime


_LOOK = select(
    view_event.c.id,
    view_event.c.user_id,
    view_event.c.user_name,
    view_event.c.pupil_id,
    view_event.c.page,
    view_event.c.at,
).where(view_event.c.pupil_id.is_not(None))


def looks_between(
    school_id: int, since: datetime, until: datetime, *, user_id: int | None = None, before: int = 0, limit: int = 100
) -> list[Look]:
    """Looks at a school's records, the newest first: of one person when named, older than `before` to page on."""
    statement = _LOOK.where(view_event.c.school_id == school_id, view_event.c.at >= since, view_event.c.at < until)
    if user_id is not None:
        statement = statement.where(view_event.c.user_id == user_id)
    if before:
        statement = statement.where(view_event.c.id < before)
    with connected(school_id) as connection:
        return [Look(*row) for row in connection.execute(statement.order_by(view_event.c.id.desc()).limit(limit))]


def busy_days(school_id: int, since: datetime, many: int) -> list[tuple[int, str]]:
    """(user, day) pairs on which somebody looked at so many children's records: where to look more closely."""
    day = func.date(view_event.c.at)
    statement = (
        select(view_event.c.user_id, day)
        .where(view_event.c.school_id == school_id, view_event.c.at >= since, view_event.c.user_id.is_not(None))
        .group_by(view_event.c.user_id, day)
        .having(func.count(view_event.c.pupil_id.distinct()) >= many)
    )
    with connected(school_id) as connection:
        return [(row[0], str(row[1])) for row in connection.execute(statement)]
