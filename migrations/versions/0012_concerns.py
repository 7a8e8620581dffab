"""Concerns with their history and plan of action; how parents were told that SEN support begins."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

PERMITTED = "EXISTS (SELECT 1 FROM destruction_permit)"
NOTES, ACTIONS = "concern_note", "concern_action"


def upgrade() -> None:
    """Add what a concern lacked (those so far were raised by staff), and the tables below it."""
    op.add_column("sen_status", sa.Column("parents_told", sa.Text(), nullable=False, server_default=""))
    op.add_column("sen_status", sa.Column("parents_told_on", sa.Date(), nullable=True))
    op.add_column("concern", sa.Column("raised_as", sa.String(length=32), nullable=False, server_default="teacher"))
    op.add_column("concern", sa.Column("tried", sa.Text(), nullable=False, server_default=""))
    op.add_column("concern", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("concern", sa.Column("ended_why", sa.Text(), nullable=False, server_default=""))
    op.create_index("uq_concern_whole", "concern", ["school_id", "pupil_id", "id"], unique=True)
    op.create_table(
        NOTES,
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        *_below(NOTES),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "document_id"],
            ["document.school_id", "document.pupil_id", "document.id"],
            name=op.f("fk_concern_note_document_id"),
        ),
    )
    op.create_table(
        ACTIONS,
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("by_when", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_below(ACTIONS),
    )
    op.create_index("ix_concern_note", NOTES, ["concern_id"], unique=False)
    op.create_index("ix_concern_action", ACTIONS, ["concern_id"], unique=False)
    _keep(NOTES)


def _below(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f(f"fk_{table}_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "concern_id"],
            ["concern.school_id", "concern.pupil_id", "concern.id"],
            name=op.f(f"fk_{table}_concern_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f(f"fk_{table}_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _keep(table: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f'CREATE TRIGGER "keep_{table}" BEFORE UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION keep_evidence()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f'CREATE TRIGGER "keep_{table}_{act.lower()}" BEFORE {act} ON "{table}" '
            f"WHEN NOT {PERMITTED} BEGIN SELECT RAISE(ABORT, 'a record of evidence is never changed'); END"
        )
