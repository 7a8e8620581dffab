"""From the sealed record to its erasure in a browser, by two people; afterwards everybody reads that it happened."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.assess.models import View
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ops.verify import verify_all
from graduated.review.queries import review_of
from graduated.rules.vocabulary import ViewMethod, ViewOf
from tests.erasure.conftest import ADVICE, SECRET, Told
from tests.review.scene import TODAY
from tests.support.client import PageClient
from tests.support.world import World

WHY = "A different child was written of."


@pytest.fixture
def browser(told: Told, client: PageClient) -> Iterator[PageClient]:
    """Somebody's browser; nobody acts but who signs in with it."""
    with acting(None):
        yield client


def asked(browser: PageClient, told: Told, **typed: str) -> str:
    """The SENCO names the sentence in the reason; gives the address of what was asked for."""
    page = f"/reviews/{told.review_id}/by-law"
    piece = f"judgement-{told.reason.row_id}-reason"
    given = {"piece": piece, "kind": "erase", "passage": SECRET, "reason": WHY, "advised_by": ADVICE, **typed}
    answer = browser.send(page, **given)
    return str(answer.headers["Location"])


def test_from_the_record_to_its_erasure_by_two_people(app: Flask, browser: PageClient, told: Told) -> None:
    browser.sign_in("senco")
    record = f"/reviews/{told.review_id}/record"
    assert "Something in this record is wrong by law" in browser.text(record)
    assert SECRET in browser.text(f"/reviews/{told.review_id}/by-law")
    order = asked(browser, told)
    said = browser.text(order)
    assert "takes a second person" in said and "Erase it for good" not in said
    assert "a recorded view" in said and "the kept copy of a paper that was given" in said
    browser.sign_in("head")
    said = browser.text(order)
    assert SECRET in said and "Nobody can undo this" in said
    browser.send(order, status=422)
    browser.send(order, sure="y")
    said = browser.text(order)
    assert "What was done" in said and SECRET not in said
    mark = f"[Erased on {TODAY.day} {TODAY:%B %Y} on the authority of Ruth Chaffey, headteacher."
    for path in (record, f"/pupils/{told.scene.pupil_id}/history"):
        page = browser.text(path)
        assert mark in page, path
        assert "Quillfeather" not in page, path
    assert "the copy was erased by law" in browser.text(record)


def test_the_family_and_the_data_protection_officer_read_that_it_happened(browser: PageClient, told: Told) -> None:
    browser.sign_in("senco")
    order = asked(browser, told)
    browser.sign_in("head")
    browser.send(order, sure="y")
    browser.sign_in("parent")
    said = browser.text(f"/family/reviews/{told.review_id}")
    assert f"[Erased on {TODAY.day} {TODAY:%B %Y}" in said and "Quillfeather" not in said
    browser.sign_in("dpo")
    register = browser.text("/by-law")
    assert "the reason for a judgement" in register and WHY in register and ADVICE in register
    assert "Zofia" not in register and "Quillfeather" not in register
    assert browser.status(order) == 404


def test_no_more_goes_than_the_second_person_saw(browser: PageClient, told: Told, world: World) -> None:
    browser.sign_in("senco")
    order = asked(browser, told)
    browser.sign_in("head")
    action, shown = browser.form(order)
    with acting(system_actor(world.school_id, "Hannah Legg")), write("View recorded"):
        db.session.add(
            View(pupil_id=told.scene.pupil_id, whose=ViewOf.PUPIL, method=ViewMethod.CONVERSATION,
                 text=f"Again: {SECRET}", given_on=TODAY)
        )  # fmt: skip
    answer = browser.post(action, data={**shown, "sure": "y"})
    assert answer.status_code == 409
    assert "Something of this was changed since the page was opened" in answer.get_data(as_text=True)
    with acting(system_actor(world.school_id, "Hannah Legg")):
        assert len(db.session.scalars(select(View.id).where(View.text.contains(SECRET))).all()) == 2
    browser.send(order, sure="y")
    with acting(system_actor(world.school_id, "Hannah Legg")):
        assert not db.session.scalars(select(View.id).where(View.text.contains(SECRET))).all()


def test_what_was_asked_for_can_be_declined(app: Flask, browser: PageClient, told: Told, world: World) -> None:
    browser.sign_in("senco")
    order = asked(browser, told, kind="rectify", replacement="Another pupil bumped into her")
    browser.sign_in("head")
    assert "Another pupil bumped into her" in browser.text(order)
    assert "Look at it" in browser.text("/by-law")
    browser.send(f"{order}/decline", status=422)
    browser.send(f"{order}/decline", why="It is her own account.")
    assert "It is her own account." in browser.text(order)
    assert "Erase" not in browser.text(order) and "for good" not in browser.text(order)
    with acting(system_actor(world.school_id, "Tests")):
        assert SECRET in review_of(told.review_id).summary
    db.session.remove()


def test_what_is_refused_stands_on_the_page_with_the_words_typed(browser: PageClient, told: Told) -> None:
    browser.sign_in("senco")
    page = f"/reviews/{told.review_id}/by-law"
    browser.send(page, status=422)
    piece = f"judgement-{told.reason.row_id}-reason"
    typed = {"piece": piece, "kind": "erase", "reason": f"Because {SECRET}", "advised_by": ADVICE}
    answer = browser.send(page, status=422, **typed)
    assert "stands in the words that go" in answer.text and f"Because {SECRET}" in answer.text


def test_words_are_found_anywhere_in_a_pupils_record(browser: PageClient, told: Told, world: World) -> None:
    with acting(system_actor(world.school_id, "Tests")):
        view_id = db.session.scalars(select(View.id).where(View.text == SECRET)).one()
        db.session.remove()
    browser.sign_in("senco")
    page = f"/pupils/{told.scene.pupil_id}/by-law"
    assert page in browser.get(f"/pupils/{told.scene.pupil_id}/who-looked").text
    assert "stand nowhere" in browser.send(page, status=200, go="find", passage="Words that nobody wrote").text
    found = browser.send(page, status=200, go="find", passage=SECRET).text
    for label in ("A recorded view", "The reason for a judgement", "What was also said at the review"):
        assert label in found
    typed = {"piece": f"view-{view_id}-text", "kind": "erase", "reason": WHY, "advised_by": ADVICE, "passage": SECRET}
    order = str(browser.post(page, data={"csrf_token": browser.token(), "go": "ask", **typed}).headers["Location"])
    browser.sign_in("head")
    browser.send(order, sure="y")
    with acting(system_actor(world.school_id, "Tests")):
        record = review_of(told.review_id)
        assert "Quillfeather" not in record.summary + record.judgements[0].reason
        answer = verify_all()
        assert answer.whole, answer.as_text()


def test_today_leads_the_second_person_to_what_waits(browser: PageClient, told: Told) -> None:
    browser.sign_in("senco")
    order = asked(browser, told)
    assert order not in browser.get("/today").text  # what one asked for oneself waits for somebody else
    browser.sign_in("head")
    assert order in browser.get("/today").text
    browser.send(order, sure="y")
    assert order not in browser.get("/today").text
