"""The school's own words for the letters to parents: each saving is a row, kept and never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

PERMITTED = "EXISTS (SELECT 1 FROM destruction_permit)"
TABLE = "letter_wording"


def upgrade() -> None:
    """Add the table with its triggers; every school still writes with the words that come with the program."""
    op.create_table(
        TABLE,
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_letter_wording_recorded_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_letter_wording_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_wording")),
        sa.UniqueConstraint("school_id", "kind", "number", name=op.f("uq_letter_wording_school_id_kind_number")),
    )
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
