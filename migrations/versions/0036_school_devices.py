"""School devices with a PIN for each person, sign-ins that began with one, and when access was looked through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Make the tables; no device is known yet."""
    op.create_table(
        "school_device",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_of_a_school("school_device"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_school_device_token_hash")),
    )
    op.create_table(
        "device_pin",
        sa.Column("school_device_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("initials", sa.String(length=4), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["school_device_id"], ["school_device.id"], name=op.f("fk_device_pin_school_device_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_device_pin_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_pin")),
        sa.UniqueConstraint("school_device_id", "user_id", name=op.f("uq_device_pin_school_device_id_user_id")),
        sa.UniqueConstraint("school_device_id", "initials", name=op.f("uq_device_pin_school_device_id_initials")),
    )
    op.create_table(
        "device_session",
        sa.Column("sign_in_session_id", sa.Integer(), nullable=False),
        sa.Column("school_device_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["sign_in_session_id"], ["sign_in_session.id"], name=op.f("fk_device_session_sign_in_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_device_id"], ["school_device.id"], name=op.f("fk_device_session_school_device_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_session")),
        sa.UniqueConstraint("sign_in_session_id", name=op.f("uq_device_session_sign_in_session_id")),
    )
    op.create_table("staff_review", sa.Column("people", sa.Integer(), nullable=False), *_of_a_school("staff_review"))


def _of_a_school(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f(f"fk_{table}_recorded_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
