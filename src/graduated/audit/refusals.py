"""Refused tries to change or to look at what is not theirs. The route and the answer are kept, no word typed.

It stands beside the looks (views_log), for it must not wait for the main lock, and is shown to who reads the audit.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, func, select
from sqlalchemy.exc import SQLAlchemyError

from graduated.audit.views_log import connected, metadata
from graduated.db.clock import now
from graduated.db.types import UtcDateTime

refused_write = Table(
    "refused_write",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("school_id", Integer, nullable=False, index=True),
    Column("user_id", Integer, nullable=True),
    Column("user_name", String(120), nullable=False),
    Column("route", String(120), nullable=False),
    Column("status", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
refused_look = Table(
    "refused_look",
    metadata,
    *(Column(one.name, one.type, primary_key=one.primary_key, nullable=one.nullable, index=one.index)
      for one in refused_write.columns),
)  # fmt: skip
log = logging.getLogger("graduated.audit")


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused try to write. `status`: 403 may read only, 404 not theirs to see, 303 or 401 works here no more."""

    user_id: int | None
    user_name: str
    route: str
    status: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RefusedLook:
    """Refused looks of one person at one page: how many, and when the last was."""

    user_name: str
    route: str
    status: int
    times: int
    at: datetime


def record(school_id: int, user_id: int | None, user_name: str, route: str, status: int, *, look: bool = False) -> None:
    """Note one refusal, of a change or of a look. A failure is logged and never changes the answer."""
    try:
        with connected(school_id) as connection, connection.begin():
            connection.execute(
                (refused_look if look else refused_write)
                .insert()
                .values(school_id=school_id, user_id=user_id, user_name=user_name, route=route, status=status, at=now())
            )
    except SQLAlchemyError:
        log.exception("a refusal could not be written")


def refused_since(school_id: int, since: datetime, limit: int = 200) -> list[Refused]:
    """Refused tries of a school since a moment, the newest first."""
    table = refused_write.c
    statement = (
        select(table.user_id, table.user_name, table.route, table.status, table.at)
        .where(table.school_id == school_id, table.at >= since)
        .order_by(table.id.desc())
        .limit(limit)
    )
    with connected(school_id) as connection:
        return [Refused(*row) for row in connection.execute(statement)]


def looks_refused_since(school_id: int, since: datetime, limit: int = 100) -> list[RefusedLook]:
    """Refused looks of a school since a moment, by person and page, the newest first.

    Whether what was asked for exists is not kept: the answer does not tell it either.
    """
    table = refused_look.c
    newest = func.max(table.at)
    statement = (
        select(table.user_name, table.route, table.status, func.count(), newest)
        .where(table.school_id == school_id, table.at >= since)
        .group_by(table.user_id, table.user_name, table.route, table.status)
        .order_by(newest.desc())
        .limit(limit)
    )
    with connected(school_id) as connection:
        return [RefusedLook(*row) for row in connection.execute(statement)]
