"""Renewals of bars, what a young person said, invitations for one child, and approved translations of a plan."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

OPEN = "SELECT 1 FROM destruction_permit"
NAMED = "SELECT 1 FROM tombstone JOIN destruction_permit ON destruction_permit.token = tombstone.permit"
NAMED += " WHERE destruction_permit.token <> '' AND tombstone.table_name = '{table}' AND tombstone.row_id = OLD.id"


def upgrade() -> None:
    """Add four tables of evidence with their locks and doors, and columns; nobody has been asked of an interpreter."""
    op.add_column("adult", sa.Column("interpreter_asked_on", sa.Date(), nullable=True))
    op.add_column("invitation", sa.Column("child_id", sa.Integer(), nullable=True))
    op.add_column("invitation", sa.Column("wrong_days", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("invitation", sa.Column("printed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("uq_bar_whole", "bar", ["school_id", "pupil_id", "id"], unique=True)
    _bar_change()
    _rights()
    _plan_translation()
    for table in ("bar_change", "look_agreement", "rights_notice", "plan_translation"):
        _keep(table)


def _bar_change() -> None:
    op.create_table(
        "bar_change",
        sa.Column("bar_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("was", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        *_below("bar_change", bar_id="bar"),
    )
    op.create_index("ix_bar_change_bar", "bar_change", ["bar_id"], unique=False)


def _rights() -> None:
    op.create_table(
        "look_agreement",
        sa.Column("family_link_id", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        *_below("look_agreement", family_link_id="family_link"),
    )
    op.create_index("ix_look_agreement_link", "look_agreement", ["family_link_id"], unique=False)
    op.create_table(
        "rights_notice",
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("told", sa.String(length=200), nullable=False),
        *_below("rights_notice"),
    )
    op.create_index("ix_rights_notice_pupil", "rights_notice", ["pupil_id"], unique=False)


def _plan_translation() -> None:
    table = "plan_translation"
    op.create_table(
        table,
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=60), nullable=False),
        sa.Column("approved_by", sa.String(length=120), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        *_below(table, cycle_id="cycle", document_id="document", replaces_id=table),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f("uq_plan_translation_school_id_pupil_id_id")),
    )
    op.create_index("ix_plan_translation_cycle", table, ["cycle_id"], unique=False)
    op.create_index("uq_plan_translation_replaces", table, ["replaces_id"], unique=True)


def _below(table: str, **parents: str) -> tuple[Any, ...]:
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
        *(
            sa.ForeignKeyConstraint(
                ["school_id", "pupil_id", column],
                [f"{parent}.school_id", f"{parent}.pupil_id", f"{parent}.id"],
                name=op.f(f"fk_{table}_{column}"),
            )
            for column, parent in parents.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _keep(table: str) -> None:
    named = NAMED.format(table=table)
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
            f"AND NOT EXISTS ({named}) BEGIN SELECT RAISE(ABORT, 'only what a tombstone names may go'); END"
        )
