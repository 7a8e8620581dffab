"""A strength, a difficulty or a concern can be restricted as papers and notes are, and released by name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0042"

MARKED = ("observation", "concern")


def upgrade() -> None:
    """Add the marks; a release may be of a marked entry, too."""
    op.create_table(
        "restriction",
        *(sa.Column(f"{one}_id", sa.Integer(), nullable=True) for one in MARKED),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_restriction_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_restriction_pupil_id")
        ),
        *(_child_of("restriction", one) for one in MARKED),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    for one in MARKED:
        op.create_index(f"uq_restriction_{one}", "restriction", [f"{one}_id"], unique=True)
    with op.batch_alter_table("restricted_release") as table:
        for one in MARKED:
            table.add_column(sa.Column(f"{one}_id", sa.Integer(), nullable=True))
            table.create_foreign_key(
                op.f(f"fk_restricted_release_{one}_id"),
                one,
                ["school_id", "pupil_id", f"{one}_id"],
                ["school_id", "pupil_id", "id"],
            )


def _child_of(table: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", "pupil_id", f"{parent}_id"],
        [f"{parent}.school_id", f"{parent}.pupil_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_{parent}_id"),
    )
