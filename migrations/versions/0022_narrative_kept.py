"""Every saved narrative and every signed declaration is kept as it was; an agreement says with whom not to share.

What stood in a narrative before becomes its first kept version, so that nothing begins without its past.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

KEPT = ("narrative_version", "declaration")
OPEN = "SELECT 1 FROM destruction_permit"
NAMED = "SELECT 1 FROM tombstone JOIN destruction_permit ON destruction_permit.token = tombstone.permit"
NAMED += " WHERE destruction_permit.token <> '' AND tombstone.table_name = '{table}' AND tombstone.row_id = OLD.id"


def upgrade() -> None:
    """Add two tables of evidence with their locks and doors, and two columns to agreements."""
    op.add_column("consent", sa.Column("not_shared_with", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("consent", sa.Column("capacity", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "narrative_version",
        sa.Column("assessment_request_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        *_below("narrative_version"),
        sa.UniqueConstraint(
            "assessment_request_id",
            "section",
            "number",
            name=op.f("uq_narrative_version_assessment_request_id_section_number"),
        ),
    )
    op.create_table(
        "declaration",
        sa.Column("assessment_request_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("signer_name", sa.String(length=120), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("words_digest", sa.String(length=64), nullable=False),
        *_below("declaration"),
    )
    op.execute(
        "INSERT INTO narrative_version (assessment_request_id, section, number, text, sources, school_id, pupil_id,"
        " recorded_at, recorded_by_id) SELECT assessment_request_id, section, 1, text, sources, school_id, pupil_id,"
        " recorded_at, recorded_by_id FROM narrative"
    )
    for table in KEPT:
        _keep(table)


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
