"""Erasure and rectification by law: orders, tombstones, the parts of seals, and a door that opens for them only.

Evidence stays locked as it was. Until now a destruction permit opened all of it; from here on a permit opens only the
rows that a tombstone of the same token names, so that nothing goes without one.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

KEPT = (
    "measurement", "view", "observation", "advice", "advice_action", "delivered_session", "presence", "attendance",
    "agreement", "agreement_adult", "amendment", "contribution", "next_step", "addendum", "consent", "pack_build",
    "change_event", "attendee", "judgement", "provision_judgement", "action_item", "plan_reading", "rate_change",
    "asked", "concern_note", "paper_given", "planning_consent", "planning_decision", "planning_done",
)  # fmt: skip
OPEN = "SELECT 1 FROM destruction_permit"
NAMED = "SELECT 1 FROM tombstone JOIN destruction_permit ON destruction_permit.token = tombstone.permit"
NAMED += " WHERE destruction_permit.token <> ''"
THIS_ROW = "tombstone.table_name = '{table}' AND tombstone.row_id = OLD.id"
WORDS = "only what a tombstone names may go"


def upgrade() -> None:
    """Add the tables and hang the doors in."""
    op.add_column("destruction_permit", sa.Column("token", sa.String(length=32), nullable=False, server_default=""))
    _orders()
    _tombstones()
    _seal_parts()
    if op.get_bind().dialect.name != "sqlite":
        _postgresql()
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f'CREATE TRIGGER "keep_tombstone_{act.lower()}" BEFORE {act} ON "tombstone" '
            "BEGIN SELECT RAISE(ABORT, 'a tombstone is never changed'); END"
        )
        op.execute(
            f'CREATE TRIGGER "keep_seal_parts_{act.lower()}" BEFORE {act} ON "seal_parts" '
            f"WHEN NOT EXISTS ({OPEN}) BEGIN SELECT RAISE(ABORT, 'a sealed review is never changed'); END"
        )
        for table in KEPT:
            _door(table, act, THIS_ROW.format(table=table))
        for table in ("seal", "seal_parts"):
            _door(table, act, "tombstone.review_id = OLD.review_id")
        _door("review", act, f"({THIS_ROW.format(table='review')} OR tombstone.review_id = OLD.id)")


def _door(table: str, act: str, which: str) -> None:
    op.execute(
        f'CREATE TRIGGER "door_{table}_{act.lower()}" BEFORE {act} ON "{table}" '
        f"WHEN EXISTS ({OPEN}) AND NOT EXISTS ({NAMED} AND {which}) BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION keep_tombstone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a tombstone is never changed' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        'CREATE TRIGGER "keep_tombstone" BEFORE UPDATE OR DELETE ON "tombstone" '
        "FOR EACH ROW EXECUTE FUNCTION keep_tombstone()"
    )
    op.execute(
        'CREATE TRIGGER "keep_seal_parts" BEFORE UPDATE OR DELETE ON "seal_parts" '
        "FOR EACH ROW EXECUTE FUNCTION keep_evidence()"
    )
    this_row = THIS_ROW.replace("'{table}'", "TG_TABLE_NAME")
    _function("door_row", this_row)
    _function("door_review", f"({this_row} OR tombstone.review_id = OLD.id)")
    _function("door_seal", "tombstone.review_id = OLD.review_id")
    doors = [*((table, "door_row") for table in KEPT), ("review", "door_review")]
    for table, function in [*doors, ("seal", "door_seal"), ("seal_parts", "door_seal")]:
        op.execute(
            f'CREATE TRIGGER "door_{table}" BEFORE UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
        )


def _function(name: str, which: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF EXISTS ({OPEN}) AND NOT EXISTS ({NAMED} AND {which}) THEN RAISE EXCEPTION '{WORDS}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )


def _orders() -> None:
    table = "erasure_order"
    op.create_table(
        table,
        *_place(),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("replacement", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("advised_by", sa.String(length=160), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("asked_with_authority", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_why", sa.Text(), nullable=False),
        *_below(table),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _child(table, "review_id", "review"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f(f"fk_{table}_recorded_by_id")),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f(f"uq_{table}_school_id_pupil_id_id")),
    )
    op.create_index("ix_erasure_order_state", table, ["school_id", "state"], unique=False)


def _tombstones() -> None:
    table = "tombstone"
    op.create_table(
        table,
        sa.Column("erasure_order_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        *_place(),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("authority", sa.String(length=160), nullable=False),
        sa.Column("advised_by", sa.String(length=160), nullable=False),
        sa.Column("carried_out_by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("permit", sa.String(length=32), nullable=False),
        sa.Column("audit", sa.JSON(), nullable=False),
        *_below(table),
        _child(table, "review_id", "review"),
        _child(table, "erasure_order_id", "erasure_order"),
    )
    op.create_index("ix_tombstone_place", table, ["school_id", "table_name", "row_id"], unique=False)
    op.create_index("ix_tombstone_review", table, ["review_id"], unique=False)


def _seal_parts() -> None:
    table = "seal_parts"
    op.create_table(
        table,
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("part_salts", sa.JSON(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *_below(table),
        _child(table, "review_id", "review"),
        sa.UniqueConstraint("review_id", name=op.f("uq_seal_parts_review_id")),
    )


def _place() -> tuple[Any, ...]:
    return (
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=True),
    )


def _below(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
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
