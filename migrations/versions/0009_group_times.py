"""A group's own time for each weekday, and what was changed in the intervention library."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column (no day has a time of its own yet) and the table."""
    op.add_column("group", sa.Column("times", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    op.create_table(
        "intervention_change",
        sa.Column("intervention_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_intervention_change_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "intervention_id"],
            ["intervention.school_id", "intervention.id"],
            name=op.f("fk_intervention_change_intervention_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_intervention_change_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervention_change")),
    )
