"""What was promised at a review is found by the review, however many schools there are."""

from __future__ import annotations

from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    """Add the index, unless it is there."""
    op.create_index("ix_action_item_review", "action_item", ["school_id", "review_id", "by_when"], if_not_exists=True)
