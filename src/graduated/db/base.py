"""The base of every table: names for constraints, owners, versions, and who may see a class at all.

Every row below a pupil carries its school and its pupil, and points at its parent by all three, so that the
database itself refuses a plan of one child under another (design §4).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, ForeignKeyConstraint, MetaData, Table, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from graduated.db.clock import now
from graduated.db.types import UtcDateTime


def _last_column(constraint: ForeignKeyConstraint, table: Table) -> str:
    # Composite keys all begin with school_id; the last column tells them apart.
    return constraint.column_keys[-1]


NAMING: dict[str, Any] = {
    "last_column": _last_column,
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(last_column)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every mapped class.

    `scope_by` says how `access.scope` narrows the class: "school", "pupil", "self-pupil", "user", "people" or
    "none" (tables of the machinery). A class that does not say is refused. `family` names the rule by which a
    parent or young person may read it; "never" unless said. `office` is whether a school administrator may.
    `audited` is whether writes enter the audit chain. `goes` is whether a row may ever be removed:
    its id is then never given to another, as tombstones and old entries of the audit name it (on PostgreSQL a sequence
    sees to that).
    """

    metadata = MetaData(naming_convention=NAMING)
    __abstract__ = True

    scope_by: ClassVar[str] = ""
    family: ClassVar[str] = "never"
    office: ClassVar[bool] = False
    audited: ClassVar[bool] = True
    goes: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Give the table of a class what SQLite needs to be told when it is made."""
        super().__init_subclass__(**kwargs)
        table = cls.__dict__.get("__table__")
        if table is not None and cls.goes:
            table.dialect_kwargs["sqlite_autoincrement"] = True


class SchoolOwned:
    """A row of one school."""

    scope_by: ClassVar[str] = "school"
    family: ClassVar[str] = "always"
    office: ClassVar[bool] = True

    @declared_attr
    def school_id(cls) -> Mapped[int]:
        """The school that the row belongs to."""
        return mapped_column(ForeignKey("school.id"))


class PupilOwned:
    """A row of one pupil of one school; pair it with `pupil_table()` for its keys."""

    scope_by: ClassVar[str] = "pupil"
    family: ClassVar[str] = "never"
    office: ClassVar[bool] = False

    school_id: Mapped[int] = mapped_column()
    pupil_id: Mapped[int] = mapped_column()


class Recorded:
    """When a row was recorded and by whom; when it happened is a column of its own."""

    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @declared_attr
    def recorded_by_id(cls) -> Mapped[int | None]:
        """The person signed in; none for the command line, the worker and imports."""
        return mapped_column(ForeignKey("user.id"))


class Versioned:
    """What two people can edit: the version is compared in the UPDATE and carried by the form."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__dict__.get("version") or cls.version}


def pupil_table(*items: SchemaItem, parent: bool = False) -> tuple[SchemaItem, ...]:
    """The keys of a table below a pupil; `parent` when other tables point at it."""
    keys: list[SchemaItem] = [
        ForeignKeyConstraint(["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"]),
    ]
    if parent:
        keys.append(UniqueConstraint("school_id", "pupil_id", "id"))
    return (*keys, *items)


def child_of(table: str, column: str | None = None) -> ForeignKeyConstraint:
    """A link to a parent below the same pupil, by (school, pupil, parent)."""
    return ForeignKeyConstraint(
        ["school_id", "pupil_id", column or f"{table}_id"],
        [f"{table}.school_id", f"{table}.pupil_id", f"{table}.id"],
    )


def in_school(table: str, column: str | None = None) -> ForeignKeyConstraint:
    """A link to a row of the same school, by (school, row)."""
    return ForeignKeyConstraint(["school_id", column or f"{table}_id"], [f"{table}.school_id", f"{table}.id"])
