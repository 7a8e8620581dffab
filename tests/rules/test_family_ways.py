"""Where an adult stands with their sign-in: the bar first, then the sign-in, then the newest invitation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graduated.rules.family_ways import Way, way_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(days=3), NOW - timedelta(days=3)


@pytest.mark.parametrize(
    ("facts", "way"),
    [
        ({"barred": True, "has_sign_in": True, "expires_at": LATER}, Way.BARRED),
        ({"barred": False, "has_sign_in": True, "expires_at": LATER}, Way.SIGNS_IN),
        ({"barred": False, "has_sign_in": False}, Way.NONE),
        ({"barred": False, "has_sign_in": False, "expires_at": LATER, "wrong": True, "revoked": True}, Way.WRONG_CHILD),
        ({"barred": False, "has_sign_in": False, "expires_at": LATER, "revoked": True}, Way.WITHDRAWN),
        ({"barred": False, "has_sign_in": False, "expires_at": LATER}, Way.INVITED),
        ({"barred": False, "has_sign_in": False, "expires_at": EARLIER}, Way.EXPIRED),
        ({"barred": False, "has_sign_in": False, "expires_at": NOW}, Way.EXPIRED),
    ],
)
def test_the_first_that_holds_is_told(facts: dict[str, Any], way: Way) -> None:
    assert way_of(NOW, **facts) is way
