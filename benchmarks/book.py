"""Rows written by the thousand as the product writes them by the one: whole, and told to the audit.

A row is what the database will hold; the entry of the audit about it is what `audit.capture` would have gathered.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import Update, func, insert, inspect, select, update

from graduated.access.identity import acting, system_actor
from graduated.audit.capture import CHANGES, SECRET, SILENT, plain
from graduated.db.base import Base
from graduated.db.clock import held
from graduated.db.session import db
from graduated.db.writing import write
from graduated.rules.vocabulary import ReviewStatus

Row = dict[str, Any]


class Shape:
    """The columns of a class, what stands in each when nothing is said, and the number that its next row gets."""

    def __init__(self, cls: type[Base]) -> None:
        self.table: Any = cls.__table__
        self.fixed: Row = {}
        self.made: dict[str, Any] = {}
        for column in self.table.columns:
            default: Any = column.default
            if default is None or default.is_scalar:
                self.fixed[column.key] = None if default is None else default.arg
            else:
                self.made[column.key] = default.arg
        kept = [one.key for one in inspect(cls).column_attrs if one.key not in SILENT]
        self.told = [name for name in kept if name not in SECRET]
        self.secret = [name for name in kept if name in SECRET]
        self.audited = cls.audited
        with db.engine.connect() as connection:
            known = connection.execute(select(func.max(self.table.c.id))).scalar()
        self.next = int(known or 0) + 1


class Book:
    """What one installation is being given. Numbers run on from school to school."""

    def __init__(self) -> None:
        self._shapes: dict[type[Base], Shape] = {}
        self._rows: dict[type[Base], list[Row]] = defaultdict(list)
        self._changes: list[Row] = []
        self.school_id = 0
        self.written = 0

    def add(self, cls: type[Base], **values: Any) -> int:
        """Put a row of the school that is being written into the book; its number."""
        shape = self._shapes.get(cls) or self._shapes.setdefault(cls, Shape(cls))
        number, shape.next = shape.next, shape.next + 1
        row = {**shape.fixed, **{name: make(None) for name, make in shape.made.items()}}
        row |= {"school_id": self.school_id, **values, "id": number}
        self._rows[cls].append(row)
        if shape.audited:
            columns: Row = {name: [None, plain(row[name])] for name in shape.told}
            columns |= {name: ["(secret)", "(secret)"] for name in shape.secret}
            pupil = number if shape.table.name == "pupil" else row.get("pupil_id")
            self._changes.append({"school": self.school_id, "pupil": pupil, "table": shape.table.name, "id": number,
                                  "what": "added", "columns": columns})  # fmt: skip
        return number

    def seal(self, cls: type[Base], reviews: list[tuple[int, int]], at: datetime) -> None:
        """Close reviews (number, pupil) that were written open: nothing may be put below one that is sealed."""
        for number, pupil in reviews:
            columns = {"status": [plain(ReviewStatus.OPEN), plain(ReviewStatus.SEALED)]}
            self._changes.append({"school": self.school_id, "pupil": pupil, "table": "review", "id": number,
                                  "what": "changed", "columns": columns})  # fmt: skip
        table: Any = cls.__table__
        self.keep(
            "Reviews sealed",
            at,
            update(table).where(table.c.school_id == self.school_id).values(status=ReviewStatus.SEALED),
        )

    def keep(self, act: str, at: datetime, change: Update | None = None) -> None:
        """Write what was added, as one act of the school at that moment: the product's own chain tells of it."""
        with held(at), acting(system_actor(self.school_id, "Data set")), write(act):
            connection = db.session.connection()
            for cls, rows in self._rows.items():
                connection.execute(insert(self._shapes[cls].table), rows)
                self.written += len(rows)
            if change is not None:
                connection.execute(change)
            db.session.info[CHANGES] = self._changes
        self._rows.clear()
        self._changes = []
