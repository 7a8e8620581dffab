"""Gaps in evidence, narrative, pack builds, submission."""
