"""Whose rates a card holds, its version, and the act of putting a running plan on newer rates: kept, never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

PERMITTED = "EXISTS (SELECT 1 FROM destruction_permit)"
TABLE = "rate_change"


def upgrade() -> None:
    """Add the columns (cards so far are the school's own) and the table with its triggers."""
    op.add_column("rate_card", sa.Column("whose", sa.String(length=32), nullable=False, server_default="school"))
    op.add_column("rate_card", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        TABLE,
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.Column("from_card_id", sa.Integer(), nullable=True),
        sa.Column("to_card_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_rate_change_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "cycle_id"],
            ["cycle.school_id", "cycle.pupil_id", "cycle.id"],
            name=op.f("fk_rate_change_cycle_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "provision_id"],
            ["provision.school_id", "provision.pupil_id", "provision.id"],
            name=op.f("fk_rate_change_provision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "from_card_id"],
            ["rate_card.school_id", "rate_card.id"],
            name=op.f("fk_rate_change_from_card_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "to_card_id"], ["rate_card.school_id", "rate_card.id"], name=op.f("fk_rate_change_to_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_rate_change_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_change")),
    )
    op.create_index("ix_rate_change_cycle", TABLE, ["cycle_id"], unique=False)
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
