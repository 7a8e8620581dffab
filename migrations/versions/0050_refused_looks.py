"""Refused looks as a table on PostgreSQL, where the app makes no table by itself.

On SQLite it stands in the file of the looks (views.db), which the program completes when it starts.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0048"


def upgrade() -> None:
    """Make the table, unless it is there."""
    if op.get_bind().dialect.name == "sqlite" or "refused_look" in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "refused_look",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_name", sa.String(length=120), nullable=False),
        sa.Column("route", sa.String(length=120), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_look")),
    )
    op.create_index("ix_refused_look_school_id", "refused_look", ["school_id"], unique=False)
