"""Which papers go with a request is decided paper by paper; a pack that was given to an authority is known as such."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

OPEN = "SELECT 1 FROM destruction_permit"
NAMED = "SELECT 1 FROM tombstone JOIN destruction_permit ON destruction_permit.token = tombstone.permit"
NAMED += " WHERE destruction_permit.token <> '' AND tombstone.table_name = '{table}' AND tombstone.row_id = OLD.id"


def upgrade() -> None:
    """Add two tables of evidence with their locks and doors."""
    op.create_table(
        "paper_chosen",
        sa.Column("assessment_request_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_below("paper_chosen", "assessment_request", "document"),
    )
    op.create_index("ix_paper_chosen_request", "paper_chosen", ["assessment_request_id"], unique=False)
    op.create_table(
        "pack_sent",
        sa.Column("pack_build_id", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("to_whom", sa.String(length=120), nullable=False),
        *_below("pack_sent", "pack_build"),
    )
    op.create_index("ix_pack_sent_build", "pack_sent", ["pack_build_id"], unique=False)
    for table in ("paper_chosen", "pack_sent"):
        _keep(table)


def _below(table: str, *parents: str) -> tuple[Any, ...]:
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
                ["school_id", "pupil_id", f"{parent}_id"],
                [f"{parent}.school_id", f"{parent}.pupil_id", f"{parent}.id"],
                name=op.f(f"fk_{table}_{parent}_id"),
            )
            for parent in parents
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
