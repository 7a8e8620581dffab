"""Backups: made, checked, kept by a rule, restored, and the restoring rehearsed."""
