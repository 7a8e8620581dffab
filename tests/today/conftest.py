"""The same day and the same plan as where reviews are tried."""

from __future__ import annotations

from tests.review.conftest import november, scene, system

__all__ = ["november", "scene", "system"]
