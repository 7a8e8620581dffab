"""A request's own profile: chosen while it lies with the school, kept afterwards, and said on the School page."""

from __future__ import annotations

from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.request.queries import request_of
from graduated.request.services import open_request, record_step
from graduated.request.steps import Step
from graduated.school.authorities import authority
from tests.support.client import PageClient
from tests.support.world import World


def opened(app: Flask, world: World) -> int:
    with app.app_context(), acting(system_actor(1, "Tests")):
        return open_request(world.pupils["idris"])


def follows(app: Flask, request_id: int) -> str:
    with app.app_context(), acting(system_actor(1, "Tests")):
        return request_of(request_id).authority


def test_a_draft_can_follow_another_profile_which_can_be_looked_at_before(
    client: PageClient, app: Flask, world: World
) -> None:
    request_id = opened(app, world)
    client.sign_in("senco")
    assert "Use another authority’s profile" in client.text(f"/requests/{request_id}")
    page = client.get(f"/requests/{request_id}/profile").text
    assert "against=norfolk" in page
    client.send(f"/requests/{request_id}/profile", code="norfolk")
    assert follows(app, request_id) == "norfolk"
    assert f"Follows the profile: {authority('norfolk').name}." in client.text(f"/requests/{request_id}")


def test_the_schools_page_says_how_many_requests_stay_with_another_profile(
    client: PageClient, app: Flask, world: World
) -> None:
    request_id = opened(app, world)
    client.sign_in("senco")
    assert "open request stays with" not in client.text("/school")
    client.send(f"/requests/{request_id}/profile", code="norfolk")
    assert f"1 open request stays with {authority('norfolk').name}." in client.text("/school")


def test_a_request_that_has_left_the_school_keeps_its_profile(client: PageClient, app: Flask, world: World) -> None:
    request_id = opened(app, world)
    before = follows(app, request_id)
    client.sign_in("senco")
    place, values = client.form(f"/requests/{request_id}/profile")
    with app.app_context(), acting(system_actor(1, "Tests")):
        record_step(request_id, Step.SENT, today())
    assert client.post(place, data={**values, "code": "norfolk"}).status_code == 422
    assert follows(app, request_id) == before
    assert "Use another authority" not in client.text(f"/requests/{request_id}")
