"""Accounts at a provider of sign-ins tied to accounts here; whether a school takes the second step of a provider."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0038"


def upgrade() -> None:
    """Make the table; no account is tied, and no school takes a step that it did not ask for."""
    op.create_table(
        "provider_link",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("sub", sa.String(length=255), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_provider_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_link")),
        sa.UniqueConstraint("issuer", "sub", name=op.f("uq_provider_link_issuer_sub")),
        sa.UniqueConstraint("user_id", "issuer", name=op.f("uq_provider_link_user_id_issuer")),
    )
    op.add_column("school", sa.Column("trusts_provider_step", sa.Boolean(), nullable=False, server_default=sa.false()))
