"""The clock stands on a Tuesday in November, in the middle of a cycle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graduated.db.clock import held
from tests.review.scene import NOW


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """A school day, half past three."""
    with held(NOW):
        yield
