"""Who saved a review last, and who said that it is ready to be sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the columns; of reviews that stand nobody knows it."""
    op.add_column("review", sa.Column("saved_by", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("review", sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("review", sa.Column("ready_by", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("review", sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True))
