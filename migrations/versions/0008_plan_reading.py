"""Who has read which plan: kept rows, never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

PERMITTED = "EXISTS (SELECT 1 FROM destruction_permit)"
TABLE = "plan_reading"


def upgrade() -> None:
    """Make the table and hang its triggers in, as for other evidence."""
    op.create_table(
        TABLE,
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_plan_reading_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "cycle_id"],
            ["cycle.school_id", "cycle.pupil_id", "cycle.id"],
            name=op.f("fk_plan_reading_cycle_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_plan_reading_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_reading")),
    )
    op.create_index("ix_plan_reading_cycle", TABLE, ["cycle_id", "recorded_by_id"], unique=False)
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
