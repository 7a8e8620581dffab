"""What a review refuses, in sentences for people."""

from __future__ import annotations


class ReviewRefused(ValueError):
    """The review cannot be written or sealed so; the sentence says why and what to do."""
