"""Where the database is can be told to anybody who looks after the machine: no secret of its address is in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from graduated.db.standing import where
from tests.conftest import settings_in


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql+psycopg://u:alpha@db/x", "postgresql+psycopg://u:***@db/x"),
        (
            "postgresql+psycopg://u:alpha@db/x?password=bravo&sslmode=require",
            "postgresql+psycopg://u:***@db/x?password=hidden&sslmode=require",
        ),
        (
            "postgresql+psycopg://u@/x?host=/run/pg&options=-c%20secret%3Dbravo&sslpassword=alpha",
            "postgresql+psycopg://u@/x?host=%2Frun%2Fpg&options=hidden&sslpassword=hidden",
        ),
    ],
    ids=["before", "after", "others"],
)
def test_no_password_of_an_address_is_told(tmp_path: Path, address: str, told: str) -> None:
    assert where(replace(settings_in(tmp_path), database_url=address)) == told
