"""Every record of a school, held against the last that the audit says of it.

The audit keeps what each act wrote, so the rows themselves can be told from what somebody with the file in hands made
of them: a figure changed, a session put in or a bar taken out without the program.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import inspect, select

from graduated.audit.capture import SECRET, SILENT, plain
from graduated.db.base import Base
from graduated.db.session import db
from graduated.ops.heard import Heard
from graduated.ops.verified import Verified

_NOT_OF_ONE_SCHOOL = {"none", "user", "people"}
_AS_THEY_ARE = (str, int, float)
"""What JSON gives back as it was; only lists and mappings have to go through it to be compared."""


def check_rows(answer: Verified, school: str, heard: Heard) -> None:
    """Each row stands as it was last written, none is missing, and none is there that nobody wrote.

    Nothing is left out because something was erased: orders and tombstones are rows like any other.
    """
    told, known = dict(heard.told), {cls.__tablename__ for cls in _classes()}
    for cls in _classes():
        table = cls.__tablename__
        for row in rows_of(cls):
            written = told.pop((table, row["id"]), None)
            answer.checked["rows"] += 1
            if written is None:
                answer.fault(school, "row", f"{table} {row['id']}", "nothing in the audit says that it was written")
                continue
            wrong = changed_in(row, written)
            if wrong:
                says = f"{', '.join(wrong)} changed without an entry in the audit"
                answer.fault(school, "row", f"{table} {row['id']}", says)
    for table, number in told:
        if table in known:
            answer.fault(school, "row", f"{table} {number}", "it is gone, and nothing in the audit says that it went")


def _classes() -> list[Any]:
    found = (mapper.class_ for mapper in Base.registry.mappers)
    return [
        cls for cls in found if cls.audited and hasattr(cls, "school_id") and cls.scope_by not in _NOT_OF_ONE_SCHOOL
    ]


def changed_in(row: dict[str, Any], written: dict[str, Any]) -> list[str]:
    """The columns of a row that are not as the audit says that they were written."""
    return sorted(name for name, value in written.items() if name in row and not _is_same(value, row[name]))


def rows_of(cls: Any) -> Iterator[dict[str, Any]]:
    """Every row of a class in sight, with the columns that the audit keeps."""
    names = [one.key for one in inspect(cls).column_attrs if one.key not in SILENT | SECRET]
    statement = select(*(getattr(cls, name) for name in names)).execution_options(yield_per=1000)
    for row in db.session.execute(statement):
        yield dict(zip(names, row, strict=True))


def _is_same(told: Any, found: Any) -> bool:
    """Whether a value of the audit, which is text, number or list, is the value of a column."""
    now = plain(found)
    if told == (now if now is None or isinstance(now, _AS_THEY_ARE) else json.loads(json.dumps(now))):
        return True
    try:
        if isinstance(found, datetime):
            return datetime.fromisoformat(told) == found
        return isinstance(found, Decimal) and Decimal(told) == found
    except (TypeError, ValueError, InvalidOperation):
        return False
