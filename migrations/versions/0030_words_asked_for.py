"""A colleague is asked for words for one section of a request, and what is handed in is kept as it was."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0028"

GIVEN = "narrative_given"
OPEN = "SELECT 1 FROM destruction_permit"
NAMED = "SELECT 1 FROM tombstone JOIN destruction_permit ON destruction_permit.token = tombstone.permit"
NAMED += f" WHERE destruction_permit.token <> '' AND tombstone.table_name = '{GIVEN}' AND tombstone.row_id = OLD.id"


def upgrade() -> None:
    """Add who was asked, and a table of evidence for what came, with its lock and its door."""
    op.create_table(
        "narrative_asked",
        sa.Column("assessment_request_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=60), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        *_below("narrative_asked"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_narrative_asked_user_id")),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f("uq_narrative_asked_school_id_pupil_id_id")),
    )
    op.create_table(
        GIVEN,
        sa.Column("assessment_request_id", sa.Integer(), nullable=False),
        sa.Column("narrative_asked_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=60), nullable=False),
        sa.Column("writer_name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_below(GIVEN),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "narrative_asked_id"],
            ["narrative_asked.school_id", "narrative_asked.pupil_id", "narrative_asked.id"],
            name=op.f("fk_narrative_given_narrative_asked_id"),
        ),
    )
    _keep()


def _below(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f(f"fk_{table}_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f(f"fk_{table}_pupil_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "assessment_request_id"],
            ["assessment_request.school_id", "assessment_request.pupil_id", "assessment_request.id"],
            name=op.f(f"fk_{table}_assessment_request_id"),
        ),
    )


def _keep() -> None:
    if op.get_bind().dialect.name != "sqlite":
        for name, function in (("keep", "keep_evidence"), ("door", "door_row")):
            op.execute(
                f'CREATE TRIGGER "{name}_{GIVEN}" BEFORE UPDATE OR DELETE ON "{GIVEN}" '
                f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f'CREATE TRIGGER "keep_{GIVEN}_{act.lower()}" BEFORE {act} ON "{GIVEN}" '
            f"WHEN NOT EXISTS ({OPEN}) BEGIN SELECT RAISE(ABORT, 'a record of evidence is never changed'); END"
        )
        op.execute(
            f'CREATE TRIGGER "door_{GIVEN}_{act.lower()}" BEFORE {act} ON "{GIVEN}" WHEN EXISTS ({OPEN}) '
            f"AND NOT EXISTS ({NAMED}) BEGIN SELECT RAISE(ABORT, 'only what a tombstone names may go'); END"
        )
