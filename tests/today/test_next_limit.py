"""Today: once the authority assesses, a request's line says by when the family waits for the next answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from graduated.access.identity import Actor
from graduated.db.clock import held
from graduated.request.queries import request_of
from graduated.request.services import open_request
from graduated.rules.vocabulary import RequestStatus
from graduated.today.lines import _still_to_come
from tests.support.world import World


@pytest.mark.parametrize(
    ("status", "on", "says"),
    [
        (RequestStatus.DRAFT, date(2026, 11, 22), ""),
        (RequestStatus.AGREED, date(2026, 11, 22), "plan or no plan: decided by 11 Jan 2027"),
        (RequestStatus.AGREED, date(2027, 1, 20), "final plan by 8 Feb 2027"),
        (RequestStatus.AGREED, date(2027, 3, 1), ""),
    ],
)
def test_a_request_that_is_assessed_names_the_next_day_the_family_waits_for(
    world: World, as_system: Actor, status: RequestStatus, on: date, says: str
) -> None:
    row = replace(request_of(open_request(world.pupils["idris"])), status=status, received_on=date(2026, 9, 21))
    with held(datetime(on.year, on.month, on.day, 12, tzinfo=UTC)):
        assert _still_to_come(row) == says
