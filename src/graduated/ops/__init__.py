"""Backup, restore, verify, doctor, benchmarks' data."""
