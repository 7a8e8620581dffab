"""Planning meetings with link professionals: agenda, agreement to be named, decisions kept and never changed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

PERMITTED = "EXISTS (SELECT 1 FROM destruction_permit)"
EVIDENCE = ("planning_consent", "planning_decision", "planning_done")


def upgrade() -> None:
    """Add the five tables, the last three with the triggers of evidence."""
    _meeting()
    _item()
    op.create_table(
        "planning_consent",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("adult_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=32), nullable=False),
        sa.Column("signed_how", sa.String(length=32), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        *_below("planning_consent"),
        _child("planning_consent", "item_id", "planning_item"),
        sa.ForeignKeyConstraint(
            ["school_id", "adult_id"], ["adult.school_id", "adult.id"], name=op.f("fk_planning_consent_adult_id")
        ),
    )
    op.create_index("ix_planning_consent_item", "planning_consent", ["item_id"], unique=False)
    _decision()
    op.create_table(
        "planning_done",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_below("planning_done"),
        _child("planning_done", "decision_id", "planning_decision"),
    )
    op.create_index("ix_planning_done_decision", "planning_done", ["decision_id"], unique=False)
    for table in EVIDENCE:
        _keep(table)


def _meeting() -> None:
    op.create_table(
        "planning_meeting",
        sa.Column("guests", sa.JSON(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("school_ask", sa.Text(), nullable=False),
        sa.Column("present", sa.Text(), nullable=False),
        sa.Column("school_notes", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        *_recorded("planning_meeting"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_planning_meeting_school_id")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_planning_meeting_school_id_id")),
    )
    op.create_index("ix_planning_meeting_on", "planning_meeting", ["school_id", "on"], unique=False)


def _item() -> None:
    op.create_table(
        "planning_item",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("on_agenda", sa.Boolean(), nullable=False),
        sa.Column("group", sa.String(length=32), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_below("planning_item"),
        sa.ForeignKeyConstraint(
            ["school_id", "meeting_id"],
            ["planning_meeting.school_id", "planning_meeting.id"],
            name=op.f("fk_planning_item_meeting_id"),
        ),
        sa.UniqueConstraint("meeting_id", "pupil_id", name=op.f("uq_planning_item_meeting_id_pupil_id")),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f("uq_planning_item_school_id_pupil_id_id")),
    )


def _decision() -> None:
    op.create_table(
        "planning_decision",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("decided", sa.String(length=32), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("service", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("by_when", sa.Date(), nullable=True),
        sa.Column("by_name", sa.Boolean(), nullable=False),
        sa.Column("shared_with_family", sa.Boolean(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("why_replaced", sa.Text(), nullable=False),
        *_below("planning_decision"),
        _child("planning_decision", "item_id", "planning_item"),
        _child("planning_decision", "involvement_id", "involvement"),
        _child("planning_decision", "replaces_id", "planning_decision"),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f("uq_planning_decision_school_id_pupil_id_id")),
    )
    op.create_index("ix_planning_decision_item", "planning_decision", ["item_id"], unique=False)
    op.create_index("ix_planning_decision_pupil", "planning_decision", ["pupil_id", "decided_on"], unique=False)


def _recorded(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f(f"fk_{table}_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _below(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        *_recorded(table),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f(f"fk_{table}_pupil_id")
        ),
    )


def _child(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", "pupil_id", column],
        [f"{parent}.school_id", f"{parent}.pupil_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_{column}"),
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
