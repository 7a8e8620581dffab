"""What takes the place of an entry is found by an index.

Without one, each page that leaves out what was replaced looked for every entry through all of the school's.
"""

from __future__ import annotations

from alembic import op

revision = "0048"
down_revision = "0046"


def upgrade() -> None:
    """An index for each table whose corrections point at what they replace."""
    for table in ("measurement", "view", "observation", "advice"):
        op.create_index(f"ix_{table}_replaces", table, ["replaces_id"])
