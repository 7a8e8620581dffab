"""What parents were given, when and how, with the copy that was kept: kept, never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

PERMITTED = "EXISTS (SELECT 1 FROM destruction_permit)"
TABLE = "paper_given"


def upgrade() -> None:
    """Add the table with its triggers."""
    op.create_table(
        TABLE,
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("adult_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_paper_given_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "cycle_id"],
            ["cycle.school_id", "cycle.pupil_id", "cycle.id"],
            name=op.f("fk_paper_given_cycle_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "review_id"],
            ["review.school_id", "review.pupil_id", "review.id"],
            name=op.f("fk_paper_given_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "adult_id"], ["adult.school_id", "adult.id"], name=op.f("fk_paper_given_adult_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_paper_given_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_given")),
    )
    op.create_index("ix_paper_given_pupil", TABLE, ["pupil_id"], unique=False)
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
