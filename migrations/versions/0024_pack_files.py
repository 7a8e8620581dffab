"""A build keeps more than the pack (list of records, ZIP, copies for the family): each by its hash, never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

TABLE = "pack_file"
OPEN = "SELECT 1 FROM destruction_permit"
NAMED = "SELECT 1 FROM tombstone JOIN destruction_permit ON destruction_permit.token = tombstone.permit"
NAMED += f" WHERE destruction_permit.token <> '' AND tombstone.table_name = '{TABLE}' AND tombstone.row_id = OLD.id"


def upgrade() -> None:
    """Add the table with its locks and doors; a build's own key lets a file belong to it and to the same pupil."""
    op.create_index("uq_pack_build_school_id_pupil_id_id", "pack_build", ["school_id", "pupil_id", "id"], unique=True)
    op.create_table(
        TABLE,
        sa.Column("pack_build_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("adult_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_pack_file_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "pack_build_id"],
            ["pack_build.school_id", "pack_build.pupil_id", "pack_build.id"],
            name=op.f("fk_pack_file_pack_build_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "adult_id"], ["adult.school_id", "adult.id"], name=op.f("fk_pack_file_adult_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_pack_file_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_file")),
    )
    op.create_index("ix_pack_file_build", TABLE, ["pack_build_id"], unique=False)
    if op.get_bind().dialect.name != "sqlite":
        for name, function in (("keep", "keep_evidence"), ("door", "door_row")):
            op.execute(
                f'CREATE TRIGGER "{name}_{TABLE}" BEFORE UPDATE OR DELETE ON "{TABLE}" '
                f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f'CREATE TRIGGER "keep_{TABLE}_{act.lower()}" BEFORE {act} ON "{TABLE}" '
            f"WHEN NOT EXISTS ({OPEN}) BEGIN SELECT RAISE(ABORT, 'a record of evidence is never changed'); END"
        )
        op.execute(
            f'CREATE TRIGGER "door_{TABLE}_{act.lower()}" BEFORE {act} ON "{TABLE}" WHEN EXISTS ({OPEN}) '
            f"AND NOT EXISTS ({NAMED}) BEGIN SELECT RAISE(ABORT, 'only what a tombstone names may go'); END"
        )
