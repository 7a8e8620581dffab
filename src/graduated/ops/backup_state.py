"""How old the last good backup is, for whoever asks whether an installation is well. Never waits for a disk."""

from graduated.backup.state import BackupState, backup_age, is_left_to_server, read, warnings

__all__ = ["BackupState", "backup_age", "is_left_to_server", "read", "warnings"]
