"""Erasure and rectification by law: what goes, where it is quoted, and the tombstone that stays."""
