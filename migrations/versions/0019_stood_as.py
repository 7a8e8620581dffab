"""What was judged, as it stood when the review was sealed. Of reviews sealed before nobody kept it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the columns."""
    for table in ("judgement", "provision_judgement"):
        op.add_column(table, sa.Column("stood_as", sa.Text(), nullable=False, server_default=""))
