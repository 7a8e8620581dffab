"""Part-time timetables; corrections of attendance, suspensions and health, which are kept and never changed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

OPEN = "SELECT 1 FROM destruction_permit"
NAMED = "SELECT 1 FROM tombstone JOIN destruction_permit ON destruction_permit.token = tombstone.permit"
NAMED += " WHERE destruction_permit.token <> '' AND tombstone.table_name = '{table}' AND tombstone.row_id = OLD.id"
FACTS = ("suspension", "health")


def upgrade() -> None:
    """Add the columns and tables; what was recorded so far stands as it is."""
    op.add_column("attendance", sa.Column("why_replaced", sa.Text(), nullable=False, server_default=""))
    op.add_column("attendance", sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("uq_attendance_replaces", "attendance", ["replaces_id"], unique=True)
    _part_time()
    for table in FACTS:
        op.create_index(f"uq_{table}_whole", table, ["school_id", "pupil_id", "id"], unique=True)
        _struck(table)
    for table in ("part_time", *FACTS, *(f"{fact}_struck" for fact in FACTS)):
        _keep(table)


def _part_time() -> None:
    table = "part_time"
    op.create_table(
        table,
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("hours", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("way_back", sa.Text(), nullable=False),
        sa.Column("parents_agree", sa.Boolean(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("why_replaced", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        *_below(table),
        _child(table, "replaces_id", table),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f(f"uq_{table}_school_id_pupil_id_id")),
    )
    op.create_index("ix_part_time_pupil", table, ["pupil_id"], unique=False)
    op.create_index("uq_part_time_replaces", table, ["replaces_id"], unique=True)


def _struck(fact: str) -> None:
    table = f"{fact}_struck"
    op.create_table(
        table,
        sa.Column(f"{fact}_id", sa.Integer(), nullable=False),
        sa.Column("instead_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        *_below(table),
        _child(table, f"{fact}_id", fact),
        _child(table, "instead_id", fact),
    )
    op.create_index(f"uq_{table}_once", table, [f"{fact}_id"], unique=True)


def _below(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f(f"fk_{table}_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f(f"fk_{table}_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _child(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", "pupil_id", column],
        [f"{parent}.school_id", f"{parent}.pupil_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_{column}"),
    )


def _keep(table: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        for name, function in (("keep", "keep_evidence"), ("door", "door_row")):
            op.execute(
                f'CREATE TRIGGER "{name}_{table}" BEFORE UPDATE OR DELETE ON "{table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f'CREATE TRIGGER "keep_{table}_{act.lower()}" BEFORE {act} ON "{table}" '
            f"WHEN NOT EXISTS ({OPEN}) BEGIN SELECT RAISE(ABORT, 'a record of evidence is never changed'); END"
        )
        op.execute(
            f'CREATE TRIGGER "door_{table}_{act.lower()}" BEFORE {act} ON "{table}" WHEN EXISTS ({OPEN}) '
            f"AND NOT EXISTS ({NAMED.format(table=table)}) "
            "BEGIN SELECT RAISE(ABORT, 'only what a tombstone names may go'); END"
        )
