"""A letter to the parents: picked by the next step, printed accessibly, kept, and never sent whole by e-mail."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pack.content import School
from graduated.pack.letter_pdf import Letter, render_letter
from graduated.pupils.models import Adult
from graduated.pupils.queries import status_history
from graduated.pupils.services import set_status
from graduated.review.queries_given import papers_given_of
from graduated.review.queries_wording import shipped
from graduated.rules.vocabulary import LetterKind, NextStep, PaperKind, SenStatus, StatusSource
from graduated.web.filters import long_date
from tests.pack.accessible import assert_accessible
from tests.review.scene import NOW, measure, sealed, set_scene
from tests.support.client import PageClient
from tests.support.world import World, email_of


def _sealed(app: Flask, world: World, step: NextStep) -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        scene = set_scene(world)
        measure(scene, 8)
        return sealed(scene, step)


def test_a_letter_is_an_accessible_pdf_that_names_the_right_to_ask(tmp_path: Path) -> None:
    letter = Letter(
        school=School(name="Purbeck Road Primary", urn="100001", address="Purbeck Road, Wareham"),
        subject="Coming off SEN support",
        text=shipped(LetterKind.COMING_OFF),
        moment=datetime(2026, 11, 24, 15, 30, tzinfo=UTC),
        authority="Dorset Council",
    )
    rendered = render_letter(letter)
    assert rendered.pdf == render_letter(letter).pdf
    assert rendered.pages == 1
    assert_accessible(rendered.pdf, tmp_path)


def test_coming_off_writes_that_letter_and_keeps_it(app: Flask, client: PageClient, world: World) -> None:
    review_id = _sealed(app, world, NextStep.COME_OFF)
    client.sign_in("senco")
    place = f"/reviews/{review_id}/letter"
    text = client.text(place)
    assert "Coming off SEN support" in text
    assert "Zofia has made good progress" in text
    client.send(place, adults=[str(world.adults["parent"])], how="handed")
    assert "Coming off SEN support, the copy of" in client.text(f"/reviews/{review_id}/record")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        row = papers_given_of(world.pupils["zofia"])[0]
        assert row.kind is PaperKind.LETTER
        assert db.session.scalars(select(Post)).all() == []
    assert client.get(f"/given/{row.given_id}").data.startswith(b"%PDF")


def test_parents_are_told_by_a_letter_that_sen_support_begins(app: Flask, client: PageClient, world: World) -> None:
    pupil_id = world.pupils["zofia"]
    place = f"/pupils/{pupil_id}/support-begins"
    client.sign_in("senco")
    assert "Write to the parents that SEN support begins" in client.text(f"/pupils/{pupil_id}/status")
    written = client.form(place)[1]["text"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        begun = next(one for one in status_history(pupil_id) if one.ends is None).starts
    assert f"We decided that Zofia gets SEN support at Purbeck Road Primary from {long_date(begun)}." in written
    assert "{" not in written.replace("{adult}", "")
    client.send(place, adults=[str(world.adults["parent"])], how="handed")
    assert "SEN support begins" in client.text(f"/pupils/{pupil_id}/family")
    client.sign_in("parent")
    assert "SEN support begins" in client.text(f"/family/children/{pupil_id}")


def test_no_letter_says_that_support_begins_where_it_has_not(app: Flask, client: PageClient, world: World) -> None:
    pupil_id = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        set_status(pupil_id, SenStatus.NONE, NOW.date(), StatusSource.HAND, "Caught up.")
    client.sign_in("senco")
    assert client.status(f"/pupils/{pupil_id}/support-begins") == 404
    assert "that SEN support begins" not in client.text(f"/pupils/{pupil_id}/status")


def test_a_gap_in_a_letter_is_refused_beside_the_field(app: Flask, client: PageClient, world: World) -> None:
    review_id = _sealed(app, world, NextStep.ANOTHER_CYCLE)
    client.sign_in("senco")
    place = f"/reviews/{review_id}/letter"
    answer = client.send(
        place, status=422, adults=[str(world.adults["parent"])], how="handed", text="Dear {adult}, {surname}"
    )
    assert "still in curly brackets: {adult}, {surname}" in answer.text


def test_by_e_mail_goes_a_notice_that_says_nothing_of_the_child(app: Flask, client: PageClient, world: World) -> None:
    review_id = _sealed(app, world, NextStep.ANOTHER_CYCLE)
    client.sign_in("senco")
    place = f"/reviews/{review_id}/letter"
    _set_address(app, world, "")
    refused = client.send(place, status=422, adults=[str(world.adults["parent"])], how="e-mailed")
    assert "Print it and hand it over or post it" in refused.text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert db.session.scalars(select(Post)).all() == [], "nothing is sent of what was refused"
        assert papers_given_of(world.pupils["zofia"]) == ()
    _set_address(app, world, email_of("parent"))
    client.send(place, adults=[str(world.adults["parent"])], how="e-mailed")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        post = db.session.scalars(select(Post)).one()
        assert (post.recipient, post.subject) == (email_of("parent"), "A message from Purbeck Road Primary")
        assert not any(word in post.body for word in ("Zofia", "Szyma", "SEN", "review"))
    client.sign_in("parent")
    assert "Outcome of a review" in client.text(f"/family/children/{world.pupils['zofia']}")


def _set_address(app: Flask, world: World, address: str) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Address changed"):
        db.session.scalars(select(Adult).where(Adult.id == world.adults["parent"])).one().email = address
