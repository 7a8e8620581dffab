"""Who looked, and whose tries to write were refused, as tables on PostgreSQL, where the app makes no table by itself.

On SQLite they stand in a file of their own (views.db) and nothing changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    """Make the two tables, unless an earlier version of the program made them at its start."""
    if op.get_bind().dialect.name == "sqlite":
        return
    known = sa.inspect(op.get_bind()).get_table_names()
    if "view_event" not in known:
        op.create_table(
            "view_event",
            *_who(),
            sa.Column("pupil_id", sa.Integer(), nullable=True),
            sa.Column("page", sa.String(length=120), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_view_event")),
        )
        op.create_index("ix_view_event_school_id", "view_event", ["school_id"], unique=False)
        op.create_index("ix_view_event_pupil_id", "view_event", ["pupil_id"], unique=False)
    if "refused_write" not in known:
        op.create_table(
            "refused_write",
            *_who(),
            sa.Column("route", sa.String(length=120), nullable=False),
            sa.Column("status", sa.Integer(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_write")),
        )
        op.create_index("ix_refused_write_school_id", "refused_write", ["school_id"], unique=False)


def _who() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_name", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
