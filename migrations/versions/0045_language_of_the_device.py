"""An account has no language until its person chooses one: English by default counted as a choice and hid the device's.

Who had chosen English keeps it on their device, which remembers the choice by itself.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    """Take the default out of the accounts that have it."""
    user = sa.table("user", sa.column("language", sa.String()))
    op.execute(sa.update(user).where(user.c.language == "en").values(language=""))
