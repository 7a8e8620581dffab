"""A school's own authority profile: each version is a row, kept and never changed; which one is in force is counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

TABLE = "authority_file"
PERMITTED = "EXISTS (SELECT 1 FROM destruction_permit)"
OPEN = "SELECT 1 FROM destruction_permit"
NAMED = "SELECT 1 FROM tombstone JOIN destruction_permit ON destruction_permit.token = tombstone.permit"
NAMED += f" WHERE destruction_permit.token <> '' AND tombstone.table_name = '{TABLE}' AND tombstone.row_id = OLD.id"


def upgrade() -> None:
    """Add the column and the table; every school still follows a profile that comes with the program."""
    op.add_column("school", sa.Column("authority_version", sa.String(length=20), nullable=False, server_default="1"))
    op.create_table(
        TABLE,
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.String(length=120), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f(f"fk_{TABLE}_recorded_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f(f"fk_{TABLE}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("school_id", "code", "number", name=op.f(f"uq_{TABLE}_school_id_code_number")),
    )
    _keep()


def _keep() -> None:
    if op.get_bind().dialect.name != "sqlite":
        for name, does in (("keep", "keep_evidence"), ("door", "door_row")):
            op.execute(
                f'CREATE TRIGGER "{name}_{TABLE}" BEFORE UPDATE OR DELETE ON "{TABLE}" '
                f"FOR EACH ROW EXECUTE FUNCTION {does}()"
            )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f'CREATE TRIGGER "keep_{TABLE}_{act.lower()}" BEFORE {act} ON "{TABLE}" '
            f"WHEN NOT {PERMITTED} BEGIN SELECT RAISE(ABORT, 'a record of evidence is never changed'); END"
        )
        op.execute(
            f'CREATE TRIGGER "door_{TABLE}_{act.lower()}" BEFORE {act} ON "{TABLE}" WHEN EXISTS ({OPEN}) '
            f"AND NOT EXISTS ({NAMED}) BEGIN SELECT RAISE(ABORT, 'only what a tombstone names may go'); END"
        )
