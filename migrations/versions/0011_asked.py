"""Who was asked for a contribution or for views before a review, when, and by which day: kept, never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

PERMITTED = "EXISTS (SELECT 1 FROM destruction_permit)"
TABLE = "asked"


def upgrade() -> None:
    """Add the table with its triggers."""
    op.create_table(
        TABLE,
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("whose", sa.String(length=32), nullable=True),
        sa.Column("adult_id", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("reminder", sa.Boolean(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_asked_user_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_asked_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "cycle_id"],
            ["cycle.school_id", "cycle.pupil_id", "cycle.id"],
            name=op.f("fk_asked_cycle_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "adult_id"], ["adult.school_id", "adult.id"], name=op.f("fk_asked_adult_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_asked_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked")),
    )
    op.create_index("ix_asked_cycle", TABLE, ["cycle_id"], unique=False)
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f'CREATE TRIGGER "keep_{TABLE}" BEFORE UPDATE OR DELETE ON "{TABLE}" '
            "FOR EACH ROW EXECUTE FUNCTION keep_evidence()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f'CREATE TRIGGER "keep_{TABLE}_{act.lower()}" BEFORE {act} ON "{TABLE}" '
            f"WHEN NOT {PERMITTED} BEGIN SELECT RAISE(ABORT, 'a record of evidence is never changed'); END"
        )
