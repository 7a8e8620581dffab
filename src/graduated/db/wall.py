"""The second wall, on PostgreSQL: what the database itself lets a transaction see, whatever the program forgot.

Every table with a school has row-level security: a transaction sees and writes the rows of the school in which somebody
acts, told to it at its beginning and forgotten with it. What has to look before a school is known does so through a
door of its own, open for the few tables that it needs. SQLite has no such wall; there the scope filter stands alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

DOOR, SCHOOL = "graduated_door", "graduated_school"
"""Options of a connection: through which door it looks, and for which school when nobody acts."""
ENTRY, WORKER, MIGRATION = "entry", "worker", "migration"
MAKING = 0
"""The school of who makes a school, which has no number yet."""

acting_school: list[Callable[[], int | None]] = []
"""Who says in which school somebody acts; filled by the app at start."""

_standing: set[str] = set()
_TELL = (
    "SELECT set_config('graduated.school', %s, true), set_config('graduated.door', %s, true),"
    " set_config('lock_timeout', %s, true), set_config('synchronous_commit', %s, true),"
    " set_config('TimeZone', 'UTC', true), set_config('jit', 'off', true)"
)
"""Last: nothing is compiled for statements as short as a page's."""
_AGAIN = "SELECT set_config('graduated.school', %s, true)"


def school_in_force() -> int | None:
    """The school in which somebody acts now; nothing while nobody does."""
    return acting_school[-1]() if acting_school else None


def _words(school: int | None) -> str:
    return "" if school is None else str(school)


def stand(engine: Engine, patience: int, *, flushes: bool) -> None:
    """Tell each transaction of an engine for which school it is, and how long it may wait for a lock."""
    _standing.add(engine.dialect.name)

    @event.listens_for(engine, "begin")
    def tell(connection: Connection) -> None:
        options: Mapping[str, Any] = connection.get_execution_options()
        school = options.get(SCHOOL, school_in_force())
        connection.info[SCHOOL] = school
        given = (_words(school), options.get(DOOR, ""), f"{patience}ms", "on" if flushes else "off")
        connection.exec_driver_sql(_TELL, given)


def follow(session: Session) -> None:
    """Let an open transaction know that somebody acts in another school than when it began, as the filter does."""
    if not _standing:
        return
    connection = session.connection()
    school = school_in_force()
    # Who has just made a school goes on for it until the commit.
    if school in {connection.info.get(SCHOOL), MAKING}:
        return
    connection.exec_driver_sql(_AGAIN, (_words(school),))
    connection.info[SCHOOL] = school
