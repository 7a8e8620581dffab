"""What every flush changed, gathered for the audit entry of the act; no service can forget it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.base import PassiveFlag

from graduated.db import hooks
from graduated.db.hooks import Written
from graduated.rules.erasure import GONE

SILENT = {"version", "recorded_at", "recorded_by_id", "last_step", "spent_at", "sign_count", "last_used_at", "wrong"}
SECRET = {
    "password_hash", "totp_secret", "token_hash", "part_salts", "code_hash", "credential_id", "public_key", "pin_hash",
    "sub",
}  # fmt: skip
_SECRETS = ["(secret)", "(secret)"]
CHANGES = "audit_changes"
ERASING = "audit_erasing"
WHOLE = "*"
"""In place of a column: the whole row goes, or all but its shell."""
"""In a session's notes: the places (table, row, column) whose words go by law, so that no entry keeps them."""


def plain(value: Any) -> Any:
    """A value as it stands in the audit: text, number, list or nothing."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _columns_of_new(row: Any) -> dict[str, list[Any]]:
    """What stands in a row that was not there before."""
    return {
        name: ["(secret)", "(secret)"] if name in SECRET else [None, plain(getattr(row, name))]
        for name in _names(type(row))
    }


def _names(cls: Any) -> tuple[str, ...]:
    if cls not in _kept:
        _kept[cls] = tuple(one.key for one in inspect(cls).column_attrs if one.key not in SILENT)
    return _kept[cls]


_kept: dict[Any, tuple[str, ...]] = {}
"""By class, the columns of which the audit tells."""


def _columns(row: Any, *, changed_only: bool, erasing: Collection[tuple[str, int, str]]) -> dict[str, list[Any]]:
    state = inspect(row)
    changes: dict[str, list[Any]] = {}
    for name in _names(type(row)):
        if changed_only and name not in state.committed_state:  # set to what it was, or not at all
            continue
        history = get_history(row, name, PassiveFlag.PASSIVE_NO_INITIALIZE)
        if changed_only and not history.has_changes():
            continue
        if name in SECRET:
            changes[name] = ["(secret)", "(secret)"]
            continue
        before = plain(history.deleted[0]) if history.deleted else None
        if (row.__tablename__, row.id, name) in erasing or (row.__tablename__, row.id, WHOLE) in erasing:
            before = GONE
        changes[name] = [before if changed_only else None, plain(getattr(row, name))]
    return changes


def _after_flush(session: Session, _context: UOWTransaction) -> None:
    gathered: list[dict[str, Any]] = session.info.setdefault(CHANGES, [])
    for kind, rows in (("added", session.new), ("changed", session.dirty), ("removed", session.deleted)):
        for row in rows:
            if not type(row).audited:
                continue
            erasing = session.info.get(ERASING, ())
            changed_only = kind == "changed"
            is_new = kind == "added"
            columns = _columns_of_new(row) if is_new else _columns(row, changed_only=changed_only, erasing=erasing)
            if kind == "removed" and (row.__tablename__, row.id, WHOLE) in erasing:
                columns = {}
            if kind == "changed" and not columns:
                continue
            pupil = row.id if row.__tablename__ == "pupil" else getattr(row, "pupil_id", None)
            school = row.id if row.__tablename__ == "school" else getattr(row, "school_id", None)
            change = {"table": row.__tablename__, "id": row.id, "what": kind, "columns": columns}
            gathered.append({"school": school, "pupil": pupil, **change})


def _together(session: Session, cls: type[Any], what: str, rows: Iterable[Written]) -> None:
    """The same of rows that were written many by one statement, round the session's own."""
    if not cls.audited:
        return
    if session.info.get(ERASING):
        raise RuntimeError("what goes by law goes row by row, so that no entry keeps it")
    gathered: list[dict[str, Any]] = session.info.setdefault(CHANGES, [])
    table, names = cls.__tablename__, _names(cls)
    for number, row, changes in rows:
        if what == "added":
            columns = {name: _SECRETS if name in SECRET else [None, plain(row.get(name))] for name in names}
        else:
            columns = {name: _SECRETS if name in SECRET else [plain(before), plain(after)]
                       for name, (before, after) in changes.items() if name not in SILENT}  # fmt: skip
            if not columns:
                continue
        pupil = number if table == "pupil" else row.get("pupil_id")
        change = {"table": table, "id": number, "what": what, "columns": columns}
        gathered.append({"school": row["school_id"], "pupil": pupil, **change})


def _forget(session: Session) -> None:
    session.info.pop(CHANGES, None)
    session.info.pop(ERASING, None)


def install(session_class: Any) -> None:
    """Hang the gathering into a session class, once."""
    if not event.contains(session_class, "after_flush", _after_flush):
        event.listen(session_class, "after_flush", _after_flush)
        event.listen(session_class, "after_rollback", _forget)
    hooks.once(hooks.written_together, _together)
