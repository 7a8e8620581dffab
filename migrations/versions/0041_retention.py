"""How long records are kept: periods, holds, what is to be destroyed, and a log of what was that nobody can change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Make the tables, and lock the log."""
    op.create_table(
        "retention_period",
        sa.Column("record_class", sa.String(length=32), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_of_school("retention_period"),
        sa.UniqueConstraint("school_id", "record_class", name=op.f("uq_retention_period_school_id_record_class")),
    )
    op.create_table(
        "legal_hold",
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.String(length=120), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.String(length=120), nullable=False),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_below("legal_hold"),
    )
    op.create_table(
        "destruction_order",
        sa.Column("record_class", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_why", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_below("destruction_order"),
    )
    op.create_index("ix_destruction_order_state", "destruction_order", ["school_id", "state"], unique=False)
    _log()


def _log() -> None:
    op.create_table(
        "destruction",
        sa.Column("initials", sa.String(length=8), nullable=False),
        sa.Column("upn_sha256", sa.String(length=64), nullable=False),
        sa.Column("born_in", sa.Integer(), nullable=False),
        sa.Column("record_class", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("authority", sa.String(length=160), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("carried_out_by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        *_of_school("destruction"),
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            'CREATE TRIGGER "keep_destruction" BEFORE UPDATE OR DELETE ON "destruction" '
            "FOR EACH ROW EXECUTE FUNCTION keep_tombstone()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f'CREATE TRIGGER "keep_destruction_{act.lower()}" BEFORE {act} ON "destruction" '
            "BEGIN SELECT RAISE(ABORT, 'a tombstone is never changed'); END"
        )


def _recorded(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f(f"fk_{table}_recorded_by_id")),
    )


def _of_school(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("school_id", sa.Integer(), nullable=False),
        *_recorded(table),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f(f"fk_{table}_school_id")),
    )


def _below(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        *_recorded(table),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f(f"fk_{table}_pupil_id")
        ),
    )
