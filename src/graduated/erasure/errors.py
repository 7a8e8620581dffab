"""What an erasure refuses."""

from __future__ import annotations


class ErasureRefused(ValueError):
    """What was asked for cannot be done as it stands; the words say why."""
