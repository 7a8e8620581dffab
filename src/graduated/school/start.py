"""What a new school starts from: the measure library and the intervention library."""

from __future__ import annotations


def fill(school_id: int) -> None:
    """Put the libraries in."""
