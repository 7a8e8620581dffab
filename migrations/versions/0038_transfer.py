"""Records that go to another school and come from one: bundles, receipts, and rate cards that came with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

KEPT = ("transfer_out", "transfer_receipt", "transfer_in")
OPEN = "SELECT 1 FROM destruction_permit"
NAMED = "SELECT 1 FROM tombstone JOIN destruction_permit ON destruction_permit.token = tombstone.permit"
NAMED += " WHERE destruction_permit.token <> '' AND tombstone.table_name = '{table}' AND tombstone.row_id = OLD.id"


def upgrade() -> None:
    """Make the tables, and keep what is evidence from being changed."""
    op.add_column("rate_card", sa.Column("brought_from", sa.String(length=200), nullable=False, server_default=""))
    _out()
    _receipt()
    _in()
    op.create_table(
        "transfer_upload",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        *_recorded("transfer_upload"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_transfer_upload_school_id")),
    )
    for table in KEPT:
        _keep(table)


def _out() -> None:
    table = "transfer_out"
    op.create_table(
        table,
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("to_school", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        *_below(table),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f(f"uq_{table}_school_id_pupil_id_id")),
    )
    op.create_index("ix_transfer_out_job", table, ["job_id"], unique=False)


def _receipt() -> None:
    table = "transfer_receipt"
    op.create_table(
        table,
        sa.Column("transfer_out_id", sa.Integer(), nullable=False),
        sa.Column("received_by", sa.String(length=160), nullable=False),
        sa.Column("school", sa.String(length=200), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("by_file", sa.Boolean(), nullable=False),
        sa.Column("entered_by", sa.String(length=120), nullable=False),
        *_below(table),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "transfer_out_id"],
            ["transfer_out.school_id", "transfer_out.pupil_id", "transfer_out.id"],
            name=op.f(f"fk_{table}_transfer_out_id"),
        ),
        sa.UniqueConstraint("transfer_out_id", name=op.f(f"uq_{table}_transfer_out_id")),
    )


def _in() -> None:
    table = "transfer_in"
    op.create_table(
        table,
        sa.Column("bundle_sha256", sa.String(length=64), nullable=False),
        sa.Column("from_school", sa.String(length=200), nullable=False),
        sa.Column("from_urn", sa.String(length=6), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("brought_on", sa.Date(), nullable=False),
        sa.Column("brought_by", sa.String(length=120), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("seals", sa.Integer(), nullable=False),
        *_below(table),
        sa.UniqueConstraint("school_id", "bundle_sha256", name=op.f(f"uq_{table}_school_id_bundle_sha256")),
    )


def _recorded(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f(f"fk_{table}_recorded_by_id")),
    )


def _below(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        *_recorded(table),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f(f"fk_{table}_pupil_id")
        ),
    )


def _keep(table: str) -> None:
    """Never changed; only what a tombstone names may go, by law."""
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
            f"AND NOT EXISTS ({NAMED.format(table=table)}) "
            "BEGIN SELECT RAISE(ABORT, 'only what a tombstone names may go'); END"
        )
