"""A decision of a planning meeting is corrected by one row and carried out once: the database holds it too."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Make the index of what is done unique, and add one of what is replaced; rows without a predecessor are many."""
    op.drop_index("ix_planning_done_decision", table_name="planning_done")
    op.create_index("ix_planning_done_decision", "planning_done", ["decision_id"], unique=True)
    op.create_index("ix_planning_decision_replaces", "planning_decision", ["replaces_id"], unique=True)
