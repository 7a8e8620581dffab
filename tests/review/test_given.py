"""What was given to parents, when: kept for each adult with the very copy, and seen by that adult only."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pupils.models import FamilyLink
from graduated.review.errors import ReviewRefused
from graduated.review.models import PaperGiven
from graduated.review.queries import review_of
from graduated.review.queries_given import papers_given_of
from graduated.review.record_pdf import record_bytes
from graduated.review.services_given import Giving, give
from graduated.rules.vocabulary import GivenHow, NextStep, PaperKind
from graduated.today.queries import day_of
from tests.review.scene import Scene, sealed, set_scene
from tests.support.client import PageClient
from tests.support.world import World


@contextmanager
def _acting(app: Flask, world: World) -> Iterator[Scene]:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        yield set_scene(world)


def _giving(scene: Scene, adult_id: int, how: GivenHow = GivenHow.HANDED) -> Giving:
    return Giving(PaperKind.PLAN, "Support plan 1", (adult_id,), how, today(), scene.cycle_id)


def test_a_plan_is_given_from_its_page_and_its_copy_is_kept(app: Flask, client: PageClient, world: World) -> None:
    with _acting(app, world) as scene:
        cycle_id = scene.cycle_id
    mother = str(world.adults["parent"])
    client.sign_in("senco")
    assert "Not yet, as far as the record says" in client.text(f"/cycles/{cycle_id}")
    client.send(f"/cycles/{cycle_id}/given", adults=[mother], how="handed")
    text = client.text(f"/cycles/{cycle_id}")
    assert "Anna Szymańska: Support plan" in text
    assert "handed over (Hannah Legg)" in text
    assert (
        "Anna Szymańska" in client.text(f"/pupils/{world.pupils['zofia']}/family").split("What the family was given")[1]
    )
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        row = papers_given_of(world.pupils["zofia"])[0]
    copy = client.get(f"/given/{row.given_id}")
    assert copy.data.startswith(b"%PDF")
    assert copy.data == client.get(f"/given/{row.given_id}").data, "the copy is kept, not drawn anew"
    assert "Zofia" not in copy.headers["Content-Disposition"]


def test_a_sealed_record_is_given_and_an_open_review_is_not(app: Flask, client: PageClient, world: World) -> None:
    with _acting(app, world) as scene:
        review_id = sealed(scene, NextStep.ANOTHER_CYCLE)
    client.sign_in("lead")
    client.send(f"/reviews/{review_id}/given", adults=[str(world.adults["parent"])], how="posted")
    assert "Review of support plan" in client.text(f"/reviews/{review_id}/record").split("Given to the parents")[1]


def test_a_parent_sees_what_they_were_given_and_nobody_else_does(app: Flask, client: PageClient, world: World) -> None:
    with _acting(app, world) as scene:
        given_id = give(scene.pupil_id, _giving(scene, world.adults["parent"]), b"%PDF-1.4 hers")
    client.sign_in("parent")
    assert "What you were given" in client.text(f"/family/children/{world.pupils['zofia']}")
    assert client.get(f"/family/given/{given_id}").data == b"%PDF-1.4 hers"
    for other in ("barred_parent", "other_parent"):
        client.sign_in(other)
        assert client.status(f"/family/given/{given_id}") == 404


def test_a_barred_parent_is_neither_offered_nor_accepted(app: Flask, client: PageClient, world: World) -> None:
    with _acting(app, world) as scene:
        cycle_id = scene.cycle_id
        with pytest.raises(ReviewRefused, match="may not be given"):
            give(scene.pupil_id, _giving(scene, world.adults["barred_parent"]), b"%PDF-1.4")
        assert papers_given_of(scene.pupil_id) == ()
    client.sign_in("senco")
    assert "Marek" not in client.text(f"/cycles/{cycle_id}/given")


def test_an_adult_whose_contact_is_withheld_is_told_by_hand_only(app: Flask, world: World) -> None:
    mother = world.adults["parent"]
    with _acting(app, world) as scene:
        with write("Withheld"):
            db.session.scalars(select(FamilyLink).where(FamilyLink.adult_id == mother)).one().contact_withheld = True
        for how in (GivenHow.POSTED, GivenHow.EMAILED):
            with pytest.raises(ReviewRefused, match="withheld"):
                give(scene.pupil_id, _giving(scene, mother, how), b"%PDF-1.4")
        assert give(scene.pupil_id, _giving(scene, mother), b"%PDF-1.4")


def test_a_day_to_come_is_refused(app: Flask, world: World) -> None:
    with _acting(app, world) as scene:
        tomorrow = replace(_giving(scene, world.adults["parent"]), on=today().replace(year=today().year + 1))
        with pytest.raises(ReviewRefused, match="future"):
            give(scene.pupil_id, tomorrow, b"%PDF-1.4")


def test_what_was_given_is_never_changed(app: Flask, world: World) -> None:
    table = PaperGiven.__table__
    with _acting(app, world) as scene:
        give(scene.pupil_id, _giving(scene, world.adults["parent"]), b"%PDF-1.4")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        for statement in (update(table).values(title="Another"), delete(table)):  # type: ignore[arg-type]
            with pytest.raises(IntegrityError), db.engine.begin() as connection:
                connection.execute(statement)


def test_a_plan_that_was_given_leaves_the_untold_of_today(app: Flask, world: World) -> None:
    with _acting(app, world) as scene:
        untold = [one.cycle_id for one in day_of(today()).reviews.untold]
        if scene.cycle_id in untold:
            give(scene.pupil_id, _giving(scene, world.adults["parent"]), b"%PDF-1.4")
        assert scene.cycle_id not in [one.cycle_id for one in day_of(today()).reviews.untold]


def test_one_parents_words_are_not_in_the_copy_for_the_parent_who_was_not_there(
    app: Flask, client: PageClient, world: World, tmp_path: Path
) -> None:
    with _acting(app, world) as scene:
        review_id = sealed(scene, NextStep.ANOTHER_CYCLE)
        record = review_of(review_id)
        there = {one.adult_id for one in record.attendees if one.adult_id is not None}
        assert there and record.parent_views
        for given_to, is_in in ((there, True), ({*there, 999}, False), ({999}, False)):
            pdf = tmp_path / "record.pdf"
            pdf.write_bytes(record_bytes(record, "Hannah Legg", given_to))
            text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
            assert (" ".join(record.parent_views.split()) in " ".join(text.split())) is is_in


def test_who_reads_no_reviews_opens_no_copy_of_one(app: Flask, client: PageClient, world: World) -> None:
    with _acting(app, world) as scene:
        giving = Giving(
            PaperKind.LETTER, "Outcome", (world.adults["parent"],), GivenHow.HANDED, today(), scene.cycle_id
        )
        letter = give(scene.pupil_id, giving, b"%PDF-1.4 letter")
        plan = give(scene.pupil_id, _giving(scene, world.adults["parent"]), b"%PDF-1.4 plan")
    client.sign_in("ta")
    assert [client.status(f"/given/{one}") for one in (letter, plan)] == [404, 200]
    client.sign_in("lead")
    assert client.status(f"/given/{letter}") == 200
