"""Educational advice beside the request: which document words, signatures and builds belong to, who asked, to whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Add the columns; everything written, signed and built before belongs to the request."""
    for name in ("advice_asked_by", "advice_sent_to"):
        op.add_column("assessment_request", sa.Column(name, sa.String(length=120), nullable=False, server_default=""))
    for table in ("declaration", "pack_build"):
        op.add_column(table, sa.Column("kind", sa.String(length=32), nullable=False, server_default="request"))
    for table in ("narrative", "narrative_version"):
        op.add_column(table, sa.Column("brought", sa.JSON(), nullable=False, server_default="[]"))
