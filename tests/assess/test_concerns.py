"""A concern from its first words to its end, and what its end does to the register."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from graduated.access.identity import acting, system_actor
from graduated.assess import queries_concerns as queries
from graduated.assess import services_concerns as services
from graduated.assess.models import Concern
from graduated.assess.services import AssessRefused
from graduated.assess.services_concerns import Agreed, Ending, Meeting, NewConcern
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pupils.models import SenStatusSpell
from graduated.pupils.queries import status_history
from graduated.pupils.services import FirstStatus, ParentsTold, PupilRecord, add_pupil, set_status
from graduated.rules.vocabulary import ConcernBy, ConcernStatus, NeedArea, SenStatus, StatusSource, YearGroup
from tests.support.client import PageClient
from tests.support.world import World

WORDS = "Covers her ears at assembly and hides in the cloakroom, three times a week"


def _parts(prefix: str, day: date) -> dict[str, str]:
    return {f"{prefix}-day": str(day.day), f"{prefix}-month": str(day.month), f"{prefix}-year": str(day.year)}


@pytest.fixture
def newcomer(app: Flask, world: World) -> int:
    """A pupil who is not on the register."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        record = PupilRecord("Orla", "Guppy", date(2018, 3, 2), YearGroup.Y3)
        return add_pupil(record, FirstStatus(SenStatus.NONE, date(2024, 9, 2), StatusSource.MIS))


def _raise(pupil_id: int) -> int:
    return services.raise_concern(
        pupil_id, NewConcern(ConcernBy.PARENT, "Mrs Guppy", today(), WORDS, NeedArea.SEMH, "Lunch notes", "Quiet table")
    )


def _meet(concern_id: int) -> None:
    services.meet_about(
        concern_id,
        Meeting(
            today(), "Mr Fry, Mrs Legg, Mrs Guppy", "She dreads noise.", today() + timedelta(days=28),
            (Agreed("Ear defenders at assembly", "Mr Fry", today() + timedelta(days=7)),),
        ),
    )  # fmt: skip


TOLD = ParentsTold("At the meeting, and by letter", date(2026, 9, 9))


def test_a_concern_that_ends_in_sen_support_starts_the_register_and_keeps_how_parents_were_told(
    app: Flask, world: World, newcomer: int
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        concern_id = _raise(newcomer)
        _meet(concern_id)
        services.end_concern(
            concern_id, Ending(ConcernStatus.SEN_SUPPORT, today(), "Needs more than class gives", told=TOLD)
        )
        spell = status_history(newcomer)[0]
        assert (spell.status, spell.source, spell.starts) == (SenStatus.SUPPORT, StatusSource.CONCERN, today())
        assert (spell.parents_told, spell.parents_told_on) == (TOLD.how, TOLD.on)
        assert "Needs more than class gives" in spell.reason
        story = queries.story_of(concern_id)
        assert story.row.status is ConcernStatus.SEN_SUPPORT and story.row.ended_on == today()
        assert [note.kind.value for note in story.notes] == ["meeting", "ended"]


@pytest.mark.parametrize("told", [None, ParentsTold(" ", date(2026, 9, 9)), ParentsTold("Letter", None)])
def test_sen_support_does_not_begin_without_how_and_when_parents_are_told(
    app: Flask, world: World, newcomer: int, told: ParentsTold | None
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        concern_id = _raise(newcomer)
        _meet(concern_id)
        with pytest.raises(AssessRefused, match="parents were told"):
            services.end_concern(concern_id, Ending(ConcernStatus.SEN_SUPPORT, today(), "Needs more", told=told))
        assert status_history(newcomer)[0].status is SenStatus.NONE
        assert queries.concern_of(concern_id).is_open


def test_sen_support_does_not_begin_before_a_meeting(app: Flask, world: World, newcomer: int) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        concern_id = _raise(newcomer)
        with pytest.raises(AssessRefused, match="Record the meeting first"):
            services.end_concern(concern_id, Ending(ConcernStatus.SEN_SUPPORT, today(), "Needs more", told=TOLD))


def test_the_end_is_rolled_back_whole_when_its_last_row_fails(app: Flask, world: World, newcomer: int) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        concern_id = _raise(newcomer)
        _meet(concern_id)

        def fail(_mapper: object, _connection: object, note: object) -> None:
            raise RuntimeError("the disk is full")

        event.listen(services.ConcernNote, "before_insert", fail)
        try:
            with pytest.raises(RuntimeError):
                services.end_concern(concern_id, Ending(ConcernStatus.SEN_SUPPORT, today(), "More", told=TOLD))
        finally:
            event.remove(services.ConcernNote, "before_insert", fail)
        assert status_history(newcomer)[0].status is SenStatus.NONE
        assert queries.concern_of(concern_id).status is ConcernStatus.AGREED


def test_a_watched_concern_comes_back_on_its_date_and_an_ended_one_is_not_gone_on_with(
    app: Flask, world: World, newcomer: int
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        concern_id = _raise(newcomer)
        until = today() + timedelta(days=20)
        services.end_concern(concern_id, Ending(ConcernStatus.WATCHING, today(), "Settling in", until))
        row = queries.concern_of(concern_id)
        assert row.is_open and row.standing.on == until
        assert concern_id in [one.concern_id for one in queries.open_concerns()]
        services.end_concern(concern_id, Ending(ConcernStatus.NOTHING_FURTHER, today(), "She sits with friends"))
        assert concern_id not in [one.concern_id for one in queries.open_concerns()]
        with pytest.raises(AssessRefused, match="has ended"):
            _meet(concern_id)


def test_the_list_asks_as_often_for_thirty_as_for_one(app: Flask, world: World, newcomer: int) -> None:
    asked: list[str] = []
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        _raise(newcomer)
        engine = db.session.get_bind()
        event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        queries.all_concerns()
        for_one = len(asked)
        for _ in range(29):
            _raise(newcomer)
        asked.clear()
        assert len(queries.all_concerns()) == 30
        assert len(asked) == for_one


def test_a_teacher_raises_a_concern_and_the_senco_takes_it_to_its_end(client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("teacher")
    client.send(f"/pupils/{zofia}/concerns/new", raised_as="teacher", text=WORDS, tried="A quiet table")
    assert WORDS in client.text("/concerns") and "Tom Fry" in client.text(f"/pupils/{zofia}/concerns")
    assert "Raise a concern" in client.text("/concerns")
    assert "Zofia Szymańska" in client.text("/register?status=all&name=Zof")
    client.sign_in("senco")
    page = client.page(f"/pupils/{zofia}/concerns")
    concern = next(str(a.attrib["href"]) for a in page.iter() if str(a.attrib.get("href", "")).startswith("/concerns/"))
    assert "Make a list of what you want to ask" in client.text(f"{concern}/before")
    later = today() + timedelta(days=28)
    meeting = {"who": "Tom Fry, Hannah Legg, Anna Szymańska", "said": "Loud rooms are hard for her"}
    assert "Agree at least one action" in client.send(
        f"{concern}/meeting", status=422, **meeting, **_parts("review_on", later)
    ).text  # fmt: skip
    rows = {"actions-0-what": "Ear defenders", "actions-0-who": "Tom Fry"}
    client.send(f"{concern}/meeting", **meeting, **rows, **_parts("review_on", later))
    text = client.text(concern)
    assert "Ear defenders" in text and "Loud rooms are hard for her" in text
    action, values = client.form(f"{concern}/end")
    watched = {"status": "watching", "why": "She settles with ear defenders"}
    assert "Enter the day on which it comes back" in client.post(action, data=values | watched).text
    assert client.post(action, data=values | watched | _parts("until", later)).status_code == 303
    assert "She settles with ear defenders" in client.text(concern)


def test_the_end_of_a_concern_in_sen_support_says_what_remains_until_it_is_done(
    app: Flask, client: PageClient, world: World, newcomer: int
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        concern_id = _raise(newcomer)
        _meet(concern_id)
    client.sign_in("senco")
    page = f"/concerns/{concern_id}/end"
    action, values = client.form(page)
    assert "How are the parents told? (needed for SEN support)" in client.text(page)
    assert "(optional)" not in client.text(page)
    support = values | {"status": "sen-support", "why": "Needs more than class gives", "told": "By letter"}
    assert "Enter the day they were told" in client.post(action, data=support).text
    assert client.post(action, data=support | _parts("told_on", today() + timedelta(days=3))).status_code == 303
    after = client.text(f"/concerns/{concern_id}")
    assert "What remains is listed below" in after
    assert "Change the SEN status in your MIS" in after and "Tell the parents formally by" in after
    assert "Record the type of need" in after
    hrefs = {str(a.attrib.get("href", "")) for a in client.page(f"/concerns/{concern_id}").iter()}
    assert {"/register/changes-for-mis", f"/pupils/{newcomer}/support-begins", f"/pupils/{newcomer}/needs"} <= hrefs
    token = {"csrf_token": client.token()}
    client.post(f"/register/changes-for-mis/{_spell_id(app, world, newcomer)}", data=token)
    assert "Change the SEN status in your MIS" not in client.text(f"/concerns/{concern_id}")


def _spell_id(app: Flask, world: World, pupil_id: int) -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return status_history(pupil_id)[0].spell_id


def test_a_form_alone_puts_nobody_on_the_register(app: Flask, client: PageClient, world: World, newcomer: int) -> None:
    client.sign_in("senco")
    page = f"/pupils/{newcomer}/status/change"
    action, values = client.form(page)
    typed = values | {"status": "K", "source": "hand", "reason": "She finds it hard"}
    answer = client.post(action, data=typed)
    assert answer.status_code == 422 and "SEN support begins with a concern" in answer.text
    answer = client.post(action, data=typed | {"source": "transfer"})
    assert answer.status_code == 422 and "they must be told formally" in answer.text
    assert client.post(action, data=typed | {"source": "transfer", "told": "Letter of welcome"}).status_code == 303
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        spell = db.session.scalars(
            select(SenStatusSpell).where(SenStatusSpell.pupil_id == newcomer, SenStatusSpell.ends.is_(None))
        ).one()
        assert (spell.status, spell.parents_told) == (SenStatus.SUPPORT, "Letter of welcome")


def test_a_concern_never_takes_a_pupil_with_a_plan_off_it(app: Flask, world: World, newcomer: int) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        set_status(newcomer, SenStatus.PLAN, date(2025, 9, 1), StatusSource.AUTHORITY, "Plan issued")
        concern_id = _raise(newcomer)
        _meet(concern_id)
        with pytest.raises(AssessRefused, match="the register stays E"):
            services.end_concern(concern_id, Ending(ConcernStatus.SEN_SUPPORT, today(), "Needs more", told=TOLD))
        assert status_history(newcomer)[0].status is SenStatus.PLAN


def test_sen_support_does_not_begin_before_the_day_of_the_meeting(app: Flask, world: World, newcomer: int) -> None:
    earlier = today() - timedelta(days=300)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        concern_id = _raise(newcomer)
        _meet(concern_id)
        for status in (ConcernStatus.SEN_SUPPORT, ConcernStatus.NOTHING_FURTHER):
            with pytest.raises(AssessRefused, match="before"):
                services.end_concern(concern_id, Ending(status, earlier, "Needs more", told=TOLD))


def test_a_concern_from_before_actions_had_lines_shows_what_was_agreed(
    app: Flask, client: PageClient, world: World, newcomer: int
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        concern_id = _raise(newcomer)
        with write("From before"):
            concern = db.session.scalars(select(Concern).where(Concern.id == concern_id)).one()
            concern.agreed = "Sit by the door at assembly"
    assert "Sit by the door at assembly" in client.sign_in("senco").text(f"/concerns/{concern_id}")


@pytest.mark.parametrize("status", [ConcernStatus.WATCHING, ConcernStatus.NOTHING_FURTHER])
def test_an_ended_concern_asks_for_none_of_its_actions_and_a_watched_one_still_does(
    app: Flask, client: PageClient, world: World, newcomer: int, status: ConcernStatus
) -> None:
    watched = status is ConcernStatus.WATCHING
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        concern_id = _raise(newcomer)
        _meet(concern_id)
        services.end_concern(
            concern_id, Ending(status, today(), "Settled", today() + timedelta(days=40) if watched else None)
        )
        (action,) = queries.story_of(concern_id).actions
    client.sign_in("senco")
    text = client.text(f"/concerns/{concern_id}")
    assert ("Say that it is done" in text) is watched
    assert ("not done when the concern ended" in text) is not watched
    answer = client.send(f"/concern-actions/{action.action_id}/done", status=303 if watched else 422)
    assert watched or "This concern has ended" in answer.text
    assert "Ear defenders" not in client.text("/today")
