"""What can go wrong with a backup, said so that an office manager knows what to do."""

from __future__ import annotations


class BackupError(Exception):
    """It was not done; the words say why and how to mend it."""


class Busy(BackupError):
    """Another program of this installation makes a backup just now."""


class Damaged(BackupError):
    """Something that was read is not what was written."""
