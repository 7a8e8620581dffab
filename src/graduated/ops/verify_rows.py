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
from graduated.audit.models import ChangeDetail, ChangeEvent
from graduated.db.base import Base
from graduated.db.session import db
from graduated.ops.verified import Verified

Row = tuple[str, int]
_DETAILS = (
    select(ChangeEvent.pupil_id, ChangeDetail.payload)
    .outerjoin(ChangeDetail, ChangeDetail.event_id == ChangeEvent.id)
    .order_by(ChangeEvent.sequence)
    .execution_options(yield_per=1000)
)
_NOT_OF_ONE_SCHOOL = {"none", "user", "people"}


def check_rows(answer: Verified, school: str) -> None:
    """Each row stands as it was last written, none is missing, and none is there that nobody wrote."""
    told, erased = _last_told()
    for cls in _classes():
        table = cls.__tablename__
        for row in _rows(cls):
            written = told.pop((table, row["id"]), None)
            if _owner(table, row) in erased:
                continue  # what was written of this pupil has been erased by law: there is nothing to hold it against
            answer.checked["rows"] += 1
            if written is None:
                answer.fault(school, "row", f"{table} {row['id']}", "nothing in the audit says that it was written")
                continue
            wrong = [name for name, value in written.items() if name in row and not _is_same(value, row[name])]
            if wrong:
                says = f"{', '.join(sorted(wrong))} changed without an entry in the audit"
                answer.fault(school, "row", f"{table} {row['id']}", says)
    known = {cls.__tablename__ for cls in _classes()}
    for table, number in told:
        if table in known and not erased:
            answer.fault(school, "row", f"{table} {number}", "it is gone, and nothing in the audit says that it went")


def _last_told() -> tuple[dict[Row, dict[str, Any]], set[int | None]]:
    """The last that the audit says of each row that should be there; and the pupils of whom something was erased."""
    told: dict[Row, dict[str, Any]] = {}
    erased: set[int | None] = set()
    for pupil_id, payload in db.session.execute(_DETAILS):
        if payload is None:
            erased.add(pupil_id)
            continue
        for table, number, what, columns in payload:
            if what == "removed":
                told.pop((table, number), None)
            else:
                told.setdefault((table, number), {}).update({name: pair[1] for name, pair in columns.items()})
    return told, erased


def _classes() -> list[Any]:
    found = (mapper.class_ for mapper in Base.registry.mappers)
    return [
        cls for cls in found if cls.audited and hasattr(cls, "school_id") and cls.scope_by not in _NOT_OF_ONE_SCHOOL
    ]


def _owner(table: str, row: dict[str, Any]) -> int | None:
    """The pupil whose events speak of a row; none for what is the school's."""
    return row["id"] if table == "pupil" else row.get("pupil_id")


def _rows(cls: Any) -> Iterator[dict[str, Any]]:
    names = [one.key for one in inspect(cls).column_attrs if one.key not in SILENT | SECRET]
    statement = select(*(getattr(cls, name) for name in names)).execution_options(yield_per=1000)
    for row in db.session.execute(statement):
        yield dict(zip(names, row, strict=True))


def _is_same(told: Any, found: Any) -> bool:
    """Whether a value of the audit, which is text, number or list, is the value of a column."""
    now = json.loads(json.dumps(plain(found)))
    if told == now:
        return True
    try:
        if isinstance(found, datetime):
            return datetime.fromisoformat(told) == found
        return isinstance(found, Decimal) and Decimal(told) == found
    except (TypeError, ValueError, InvalidOperation):
        return False
