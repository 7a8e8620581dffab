"""A barred parent gets what a stranger gets, at once; a hold is renewed or runs out, and its history stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held, now, today
from graduated.db.machinery import Post, PostState
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.invitations import ForFamily, invite, new_token
from graduated.people.models import Invitation
from graduated.people.sign_in import hash_token
from graduated.pupils import queries, services
from graduated.pupils.models import Bar, Document, FamilyLink
from graduated.pupils.queries_bars import ending_holds, stories_of
from graduated.pupils.services_bars import BarRefused
from graduated.review.queries_given import adults_to_give
from graduated.rules.vocabulary import BarKind, DocumentKind, Role, Visibility
from tests.access import scene
from tests.support.client import PageClient
from tests.support.world import World, email_of

TOKEN = re.compile(r'(name="csrf-token" content="|csrf_token" value="|"X-CSRFToken": ")[^"]*|content="\d+-family"')
"""What differs between any two people: the token of the form, and whose page it is."""


@pytest.fixture
def system(app: Flask, world: World) -> Iterator[None]:
    """The school, acting for itself."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        yield


def _link(world: World, who: str) -> int:
    return int(db.session.scalars(select(FamilyLink.id).where(FamilyLink.adult_id == world.adults[who])).one())


def _hold(days: int = 20, ago: int = 0) -> services.NewBar:
    day = today()
    return services.NewBar(BarKind.HOLD, day - timedelta(days=ago), day + timedelta(days=days), "A risk at home")


def _bar_now(app: Flask, world: World, who: str = "parent") -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return services.bar(_link(world, who), _hold())


def _day(name: str, days: int) -> dict[str, str]:
    day = today() + timedelta(days=days)
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def _family_paths(app: Flask, values: dict[str, Any]) -> list[str]:
    values = values | {"document_id": values["family_document_id"], "review_id": values["sealed_review_id"]}
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("family.") and rule.arguments and rule.arguments <= set(values):
                found.append(app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments}))
    return sorted(found)


def test_the_next_click_of_a_barred_parent_finds_what_a_stranger_finds_on_every_route(
    app: Flask, client: PageClient, world: World
) -> None:
    paths = _family_paths(app, scene.make(app, world))
    client.sign_in("parent")
    assert len(paths) >= 5
    assert [path for path in paths if client.status(path) != 200] == []
    stranger = app.test_client()
    assert isinstance(stranger, PageClient)
    stranger.sign_in("other_parent")
    stranger.get("/help")  # the first page after signing in sets a cookie, as the parent’s did
    _bar_now(app, world)
    for path in paths:
        for headers in ({}, {"HX-Request": "true"}, {"HX-Request": "true", "HX-Boosted": "true"}):
            theirs, others = client.get(path, headers=headers), stranger.get(path, headers=headers)
            assert (theirs.status_code, others.status_code) == (404, 404), path
            mine = TOKEN.sub("", theirs.text).replace("Anna Szymańska", "Kelly Trevett")
            assert mine == TOKEN.sub("", others.text), path
            assert {name for name, _value in theirs.headers} == {name for name, _value in others.headers}
    home = client.get("/family", follow_redirects=True).text
    assert "Zofia" not in home and "Szymańska’s" not in home


def test_nothing_that_waits_reaches_a_parent_once_they_are_barred(app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        with write("A message waits"):
            for who in ("parent", "other_parent"):
                db.session.add(Post(recipient=email_of(who), subject="A message", body="Sign in"))
        pupil = world.pupils["zofia"]
        assert world.adults["parent"] in {one.adult_id for one in adults_to_give(pupil)}
        services.bar(_link(world, "parent"), _hold())
        waiting = db.session.scalars(select(Post.recipient).where(Post.state == PostState.WAITING)).all()
        assert waiting == [email_of("other_parent")]
        assert world.adults["parent"] not in {one.adult_id for one in adults_to_give(pupil)}


def test_an_invitation_that_waits_is_dead_once_the_adult_is_barred(app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        token = new_token(world.school_id)
        family = ForFamily(world.adults["parent"], world.pupils["zofia"])
        number = invite("new@example.org", Role.PARENT, hash_token(token), family=family)
        services.bar(_link(world, "parent"), _hold())
        row = db.session.scalars(select(Invitation).where(Invitation.id == number)).one()
        assert row.revoked_at is not None
    assert app.test_client().get(f"/invitation/{token}").status_code == 404


def test_a_bar_without_its_ground_is_refused_by_the_service_too(system: None, world: World) -> None:
    link, day = _link(world, "parent"), today()
    for new in (
        services.NewBar(BarKind.ORDER, day, None, "The court said so", has_no_end=True),
        services.NewBar(BarKind.HOLD, day, None, "A risk"),
        services.NewBar(BarKind.HOLD, day, day + timedelta(days=200), "A risk"),
    ):
        with pytest.raises(BarRefused):
            services.bar(link, new)
    assert db.session.scalars(select(Bar).where(Bar.family_link_id == link)).all() == []


def test_an_order_is_entered_with_its_paper_and_its_days(app: Flask, client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        link = _link(world, "parent")
    place = f"/pupils/{zofia}/family/{link}/bar"
    client.sign_in("senco")
    typed = {"kind": "order", "reason": "No contact", "has_no_end": "y"}
    assert "An order needs its paper" in client.send(place, status=422, **typed).text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("The order came"):
        stored = app.extensions["files"].put([b"%PDF-1.4 order"])
        order = Document(pupil_id=zofia, kind=DocumentKind.ORDER, title="Order of the court", sha256=stored.sha256,
                         size=stored.size, media_type="application/pdf", visibility=Visibility.RESTRICTED)  # fmt: skip
        db.session.add(order)
        db.session.flush()
        paper = str(order.id)
    typed |= {"document_id": paper}
    assert "say that it has none" in client.send(place, status=422, **(typed | {"has_no_end": []})).text
    client.send(place, **typed)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        (one,) = [one for one in queries.adults_of(zofia) if one.adult_id == world.adults["parent"]]
    assert one.barred and one.bars[0].document_id == int(paper)


def test_a_hold_is_renewed_by_who_keeps_it_and_its_story_stays(app: Flask, client: PageClient, world: World) -> None:
    zofia, bar_id = world.pupils["zofia"], _bar_now(app, world)
    client.sign_in("safeguarding")
    place = f"/pupils/{zofia}/family/holds/{bar_id}/renew"
    assert "has to be after" in client.send(place, status=422, why="Still a risk", **_day("until", 20)).text
    assert "three months at most" in client.send(place, status=422, why="Still a risk", **_day("until", 200)).text
    client.send(place, status=422, why="", **_day("until", 50))
    client.send(place, why="The risk goes on, social care writes", **_day("until", 50))
    client.send(f"/pupils/{zofia}/family/holds/{bar_id}/lift", why="Social care has closed the case")
    words = client.text(f"/pupils/{zofia}/family")
    for said in ("A risk at home", "Renewed on", "by Owen Loveless", "The risk goes on", "Ended on", "has closed"):
        assert said in words, said
    assert "The risk goes on" not in client.sign_in("teacher").text(f"/pupils/{zofia}/family")


def test_a_hold_that_ran_out_lets_the_parent_look_and_cannot_be_renewed(app: Flask, world: World) -> None:
    bar_id = _bar_now(app, world)
    with held(now() + timedelta(days=21)), app.app_context(), acting(system_actor(world.school_id, "Tests")):
        (one,) = [one for one in queries.adults_of(world.pupils["zofia"]) if one.adult_id == world.adults["parent"]]
        assert one.may_look
        with pytest.raises(BarRefused, match="run out"):
            services.renew_hold(bar_id, today() + timedelta(days=5), "Still a risk")
        assert stories_of(world.pupils["zofia"])[one.family_link_id][0].is_over


@pytest.mark.parametrize(
    ("who", "sees"), [("senco", True), ("safeguarding", True), ("teacher", False), ("head", False)]
)
def test_a_hold_is_on_today_before_it_runs_out_and_says_what_happens_then(
    app: Flask, client: PageClient, world: World, who: str, sees: bool
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        services.bar(_link(world, "parent"), _hold(days=9))
    words = client.sign_in(who).text("/today")
    assert ("the safeguarding hold on Anna Szymańska runs out" in words) is sees
    assert ("may read Zofia’s plan again from" in words) is sees


def test_a_hold_that_ran_out_a_week_ago_is_told_unless_another_bar_stands_or_it_was_ended(
    app: Flask, system: None, world: World
) -> None:
    link = _link(world, "parent")
    with held(now() - timedelta(days=30)):
        first = services.bar(link, _hold(days=23))
    assert [one.words for one in ending_holds()] == ["Anna Szymańska may read Zofia’s plan again."]
    services.bar(link, _hold(days=60))
    assert ending_holds() == ()
    with held(now() - timedelta(days=30)):
        other = services.bar(_link(world, "other_parent"), _hold(days=23))
    with held(now() - timedelta(days=20)):
        services.lift_bar(other, "Nothing in it")
    assert first != other and ending_holds() == ()
    with pytest.raises(BarRefused):  # what is over keeps the day on which it ended
        services.lift_bar(other, "Once more")
