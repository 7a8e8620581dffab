"""The import as a person does it: choose, look, tick, take; without JavaScript, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from graduated.audit.models import ChangeEvent
from graduated.db.machinery import Job
from graduated.db.session import db
from graduated.db.writing import write
from graduated.imports import progress, views
from graduated.imports.models import ImportFile
from graduated.ops.worker import work_once
from graduated.pupils.models import Pupil
from graduated.rules.vocabulary import Role
from tests.support.client import PageClient, words
from tests.support.world import World

from . import school
from .files import ARBOR, FOLDER, HOSTILE, NEXT_TERM, SIMS
from .school import boxes, choose, in_school, roll, section, spells, upload

START = "/school/import"


def content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@pytest.fixture
def at(app: Flask, world: World) -> Callable[[str], PageClient]:
    """Sign in as somebody of the world."""

    def sign_in(who: str) -> PageClient:
        browser = app.test_client()
        assert isinstance(browser, PageClient)
        return browser.sign_in(who)

    return sign_in


@pytest.fixture
def senco(at: Callable[[str], PageClient]) -> PageClient:
    return at("other_school")  # the SENCO of a school with one pupil


@pytest.fixture
def school_id(world: World) -> int:
    return world.other_school_id


@pytest.fixture
def with_roll(app: Flask, school_id: int) -> None:
    """The Arbor roll is there already."""
    with in_school(app, school_id):
        school.take(ARBOR)


def test_a_first_roll_is_looked_at_then_taken(app: Flask, senco: PageClient, school_id: int) -> None:
    assert "No file was imported yet" in senco.text(START)
    page = choose(senco, content(ARBOR), ARBOR)
    shown = senco.page(page)
    assert "Nothing is changed yet" in words(shown)
    assert "Show all 210 new pupils" in section(shown, "added")
    assert "Maryam Squibb" in section(shown, "added")
    assert "SEN support since 14 September 2025" in section(shown, "added")
    assert section(senco.page(f"{page}?all=added"), "added").count("83834012") == 210
    with in_school(app, school_id):
        assert len(roll()) == 1
    assert senco.send(page).headers["Location"] == page
    assert "210 added" in senco.text(page)
    assert "210 added, 0 changed, 0 refused" in senco.text(START)
    with in_school(app, school_id):
        assert len(roll()) == 211
        assert db.session.scalar(
            select(func.count()).select_from(ChangeEvent).where(ChangeEvent.actor_name == "Ffion Pryce",
                                                                ChangeEvent.pupil_id.is_not(None))
        ) == 210  # fmt: skip


@pytest.mark.usefixtures("with_roll")
def test_next_term_is_shown_field_by_field_and_nothing_is_ticked(senco: PageClient) -> None:
    page = choose(senco, content(NEXT_TERM), NEXT_TERM)
    root = senco.page(page)
    text = words(root)
    for figure in (
        "4 to be added",
        "9 waiting for a confirmation",
        "192 unchanged",
        "6 missing from the file",
        "0 refused",
    ):
        assert figure in text
    assert len(boxes(root)) == 9
    assert not any(boxes(root).values())
    assert "on SEN support from" in section(root, "waiting")
    assert "becomes" in section(root, "changed")
    assert section(root, "missing").count("83834012") >= 5


@pytest.mark.usefixtures("with_roll")
def test_only_the_ticked_line_is_taken_and_the_rest_can_be_ticked_later(
    app: Flask, senco: PageClient, school_id: int
) -> None:
    page = choose(senco, content(NEXT_TERM), NEXT_TERM)
    with in_school(app, school_id):
        before = roll()
        waiting = school.take(NEXT_TERM, dry_run=True).difference.to_confirm
    new_k = next(one for one in waiting if any(c.on_to_sen_support for c in one.changes))
    upn, line = new_k.pupil.upn, new_k.row.line
    senco.send(page, line=str(line))
    with in_school(app, school_id):
        after = roll()
        assert after[upn].status.value == "K"
        assert [spell[0] for spell in spells(upn)] == ["N", "K"]
        others = {one.pupil.upn for one in waiting} - {upn}
        assert all((after[one].status, after[one].needs) == (before[one].status, before[one].needs) for one in others)
    root = senco.page(page)
    assert "8 with SEN details left as they were" in words(root)
    assert len(boxes(root)) == 8
    senco.send(page, line=[str(one) for one in boxes(root)])
    text = senco.text(page)
    assert "9 with SEN details confirmed" in text
    assert "0 with SEN details left as they were" in text
    with in_school(app, school_id):
        assert school.counts(school.take(NEXT_TERM, dry_run=True))["unchanged"] == 209


@pytest.mark.usefixtures("with_roll")
def test_an_administrator_takes_names_and_groups_but_never_a_status(
    app: Flask, at: Callable[[str], PageClient], school_id: int
) -> None:
    admin = at(school.open_office(app, school_id))
    page = choose(admin, content(NEXT_TERM), NEXT_TERM)
    root = admin.page(page)
    assert boxes(root) == {}
    assert "until the SENCO confirms them" in section(root, "waiting")
    with in_school(app, school_id):
        before = roll()
        lines = [str(one.row.line) for one in school.take(NEXT_TERM, dry_run=True).difference.to_confirm]
    admin.send(page, line=lines)
    with in_school(app, school_id):
        after = roll()
        assert len(after) == len(before) + 4
        assert all((after[u].status, after[u].needs) == (one.status, one.needs) for u, one in before.items())
    assert "9 with SEN details left as they were" in admin.text(page)
    assert boxes(at("other_school").page(page)) != {}


@pytest.mark.usefixtures("with_roll")
def test_sending_the_form_twice_takes_it_once(app: Flask, senco: PageClient, school_id: int) -> None:
    page = choose(senco, content(NEXT_TERM), NEXT_TERM)
    action, values = senco.form(page)
    assert senco.post(action, data=values).status_code == 303
    with in_school(app, school_id):
        events = db.session.scalar(select(func.count()).select_from(ChangeEvent))
    again = senco.post(action, data=values)
    assert (again.status_code, again.headers["Location"]) == (303, page)
    with in_school(app, school_id):
        assert db.session.scalar(select(func.count()).select_from(ChangeEvent)) == events


@pytest.mark.usefixtures("with_roll")
def test_when_the_register_moved_on_the_new_dry_run_is_shown(app: Flask, senco: PageClient, school_id: int) -> None:
    page = choose(senco, content(NEXT_TERM), NEXT_TERM)
    action, values = senco.form(page)
    with in_school(app, school_id), write("Renamed"):
        db.session.scalars(select(Pupil).where(Pupil.upn == "M838340126001")).one().legal_surname = "Squires"
    answer = senco.post(action, data=values)
    assert answer.status_code == 409
    assert "Nothing was imported yet" in answer.text
    assert "Squires" in answer.text
    with in_school(app, school_id):
        assert len(roll()) == 211
    senco.send(page)
    with in_school(app, school_id):
        assert roll()["M838340126001"].legal_surname == "Squibb"


def test_cancelling_changes_nothing_and_lets_the_file_go(app: Flask, senco: PageClient, school_id: int) -> None:
    page = choose(senco, content(ARBOR), ARBOR)
    _action, values = senco.form(page)
    assert senco.post(f"{page}/cancel", data=values).status_code == 303
    assert "Nothing of this file was imported" in senco.text(page)
    assert "Cancelled" in senco.text(START)
    with in_school(app, school_id):
        assert len(roll()) == 1
        kept = db.session.scalars(select(ImportFile.sha256)).one()
    assert not app.extensions["files"].path(kept).exists()
    assert senco.post(page, data=values).status_code == 303
    with in_school(app, school_id):
        assert len(roll()) == 1


def test_a_file_that_another_school_looks_at_too_stays_until_both_are_done(
    app: Flask, at: Callable[[str], PageClient], senco: PageClient, school_id: int
) -> None:
    """The store keeps the same content once for all schools."""
    first, theirs = at("senco"), choose(senco, content(ARBOR), ARBOR)
    page = choose(first, content(ARBOR), ARBOR)
    assert first.post(f"{page}/cancel", data=first.form(page)[1]).status_code == 303
    _action, values = senco.form(theirs)  # it is still shown, so it is still there
    with in_school(app, school_id):
        kept = db.session.scalars(select(ImportFile.sha256)).one()
    assert app.extensions["files"].path(kept).exists()
    assert senco.post(f"{theirs}/cancel", data=values).status_code == 303
    assert not app.extensions["files"].path(kept).exists()


def test_a_large_file_is_taken_by_the_worker_and_the_page_shows_how_far(
    app: Flask, senco: PageClient, school_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LARGE", 100)
    page = choose(senco, content(ARBOR), ARBOR)
    senco.send(page)
    assert "Waiting for its turn" in senco.text(page)
    assert "Look again" in senco.text(page)
    number = int(page.rpartition("/")[2])
    with app.app_context():
        progress.report(number, 100, 210)
    assert "100 of 210 pupils" in senco.text(page)
    fragment = senco.get(page, headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    assert 'hx-trigger="every 1s"' in fragment.text
    with app.app_context():
        assert work_once()
        assert progress.read(number) is None
    assert senco.get(page, headers={"HX-Request": "true"}).headers["HX-Redirect"] == page
    assert "210 added" in senco.text(page)
    assert "Ffion Pryce" in senco.text(page)
    with in_school(app, school_id):
        assert len(roll()) == 211
        assert set(db.session.scalars(select(ChangeEvent.actor_name).where(ChangeEvent.pupil_id.is_not(None)))) >= {
            "Ffion Pryce"
        }


def test_the_worker_hands_the_file_back_when_the_register_moved_on(
    app: Flask, senco: PageClient, school_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LARGE", 100)
    page = choose(senco, content(ARBOR), ARBOR)
    senco.send(page)
    with in_school(app, school_id):
        school.take(HOSTILE)
    with app.app_context():
        assert work_once()
    text = senco.text(page)
    assert "Nothing was imported yet" in text
    with in_school(app, school_id):
        assert len(roll()) == 9
        assert db.session.scalars(select(Job.result)).one() == {"taken": False}


def test_a_job_that_failed_says_so_and_can_be_tried_again(
    app: Flask, senco: PageClient, school_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LARGE", 100)
    page = choose(senco, content(ARBOR), ARBOR)
    senco.send(page)
    from graduated.db.clock import held, now
    from graduated.imports import services

    with monkeypatch.context() as broken:
        broken.setattr(services, "apply_pupils", lambda *_: 1 / 0)
        for minutes in range(3):
            with app.app_context(), held(now() + timedelta(minutes=minutes)):
                assert work_once()
    assert "nothing was changed" in senco.text(page)
    senco.send(page)
    with app.app_context():
        assert work_once()
    assert "210 added" in senco.text(page)


@pytest.mark.parametrize(
    ("content", "filename", "says"),
    [
        (b"", "empty.csv", "is empty"),
        (b"\x89PNG\r\n", "photo.png", "is a picture, not a CSV file"),
        (b"UPN,Surname\n" + b"x" * (10 * 1024 * 1024), "large.csv", "the most that can be imported is"),
    ],
)
def test_a_file_that_can_not_be_read_is_said_beside_the_field(
    senco: PageClient, content: bytes, filename: str, says: str
) -> None:
    assert says in choose(senco, content, filename, status=422)


def test_no_file_at_all_is_said_too(senco: PageClient) -> None:
    assert "Choose a file" in senco.send(START, status=422).text


def test_sixty_megabytes_get_a_page_with_words(senco: PageClient) -> None:
    action, values = senco.form(START)
    answer = upload(senco, action, values, b"x" * (61 * 1024 * 1024), "huge.csv")
    assert answer.status_code == 413
    assert "<h1" in answer.text


def test_refusals_and_formulas_stand_on_the_page_as_text(senco: PageClient) -> None:
    root = senco.page(choose(senco, content(HOSTILE), HOSTILE))
    refused = section(root, "refused")
    assert "February 2021 has no day 31. Correct the day." in refused
    assert '=HYPERLINK("http://example.org","Leo")' in refused
    assert "Being watched" in refused


@pytest.mark.usefixtures("with_roll")
def test_half_a_file_asks_whether_it_is_the_whole_roll(senco: PageClient) -> None:
    half = b"\n".join(content(ARBOR).splitlines()[:100])
    assert "More than one pupil in ten is missing" in senco.text(choose(senco, half, "half.csv"))


@pytest.mark.usefixtures("with_roll")
def test_the_sims_layout_of_the_same_roll_offers_nothing_to_change(senco: PageClient) -> None:
    root = senco.page(choose(senco, content(SIMS), SIMS))
    assert "0 to be added 0 to be changed" in words(root)
    assert boxes(root) == {}


@pytest.mark.parametrize(
    ("who", "status"),
    [("ta", 404), ("teacher", 404), ("assistant", 404), ("parent", 404), ("safeguarding", 404), ("head", 403)],
)
def test_who_may_not_import_sees_no_page_of_it(at: Callable[[str], PageClient], who: str, status: int) -> None:
    page = choose(at("senco"), content(ARBOR), ARBOR)
    browser = at(who)
    for path in (START, page):
        assert browser.status(path) == status
        assert browser.status(path, "POST", data={"csrf_token": browser.token()}) == status
    assert browser.status(f"{page}/cancel", "POST", data={"csrf_token": browser.token()}) == status


def test_a_file_of_another_school_is_not_found(at: Callable[[str], PageClient]) -> None:
    page = choose(at("senco"), content(ARBOR), ARBOR)
    assert at("other_school").status(page) == 404


def test_a_child_of_ones_own_is_not_listed_and_can_not_be_confirmed(
    app: Flask, world: World, at: Callable[[str], PageClient]
) -> None:
    with in_school(app, world.school_id), write("Role given"):
        school.add_role(world.users["staff_parent"], Role.SENCO)
        born = db.session.scalars(select(Pupil.born_on).where(Pupil.id == world.pupils["poppy"])).one()
    rows = f"Surname,Forename,Date of birth,SEN status,Class\nRendell,Poppy,{born:%d/%m/%Y},N,9Z\n"
    parent = at("staff_parent")
    page = choose(parent, rows.encode(), "own.csv")
    root = parent.page(page)
    assert "Poppy" not in words(root)
    assert "a child of your own" in words(root)
    assert boxes(root) == {}
    parent.send(page, line="2")
    with in_school(app, world.school_id):
        poppy = roll()["Poppy Rendell"]
        assert (poppy.status.value, poppy.registration_group) == ("K", "9Z")
