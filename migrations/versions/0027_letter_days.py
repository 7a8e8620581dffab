"""The last days for mediation and appeal, as an authority's refusal letter gives them to the family."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Add the columns; of refusals entered before nobody wrote the days down."""
    for name in ("mediation_by", "appeal_by"):
        op.add_column("assessment_request", sa.Column(name, sa.Date(), nullable=True))
