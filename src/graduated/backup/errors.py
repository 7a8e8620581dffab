"""What can go wrong with a backup, said so that an office manager knows what to do."""

from __future__ import annotations

LEFT_TO_SERVER = (
    "The records are in PostgreSQL, which Graduated does not copy by itself, nor does it see whether anybody does. Ask "
    "whoever runs the server when it was last backed up with pg_dump, and the folder of Graduated with it "
    "(docs/backup.md, PostgreSQL)."
)
"""What stands in the place of a backup's age where a database server keeps the records."""


class BackupError(Exception):
    """It was not done; the words say why and how to mend it."""


class Busy(BackupError):
    """Another program of this installation makes a backup just now."""


class Damaged(BackupError):
    """Something that was read is not what was written."""
