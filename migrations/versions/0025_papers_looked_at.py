"""What was found in an uploaded paper: its pages or its size in pixels, what it would do by itself, its preview."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Add the columns; of papers kept before nothing is known, and nothing is said."""
    for name in ("pages", "width", "height"):
        op.add_column("document", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("document", sa.Column("active", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("document", sa.Column("preview_sha256", sa.String(length=64), nullable=False, server_default=""))
