"""What a family reads, and what it never does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask, get_template_attribute
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.family.queries import OutcomeFacts
from graduated.family.words import going, had
from graduated.plan.models import Contribution, Cycle, Outcome
from graduated.pupils.models import Bar, Document, FamilyLink
from graduated.review.models import Attendee, Review
from graduated.rules.dosage import Dose
from graduated.rules.progress import Value
from graduated.rules.vocabulary import (
    BarKind,
    CycleStatus,
    Direction,
    DocumentKind,
    MeasureKind,
    NeedArea,
    RequestBy,
    RequestStatus,
    Respondent,
    ReviewStatus,
    Visibility,
)
from graduated.school.authority_schema import AdviceService
from tests.ehcna.rich import Rich, build_rich
from tests.ehcna.words import SECRET, TYPED
from tests.register.counting import counted
from tests.support.client import PageClient
from tests.support.world import World


@dataclass(frozen=True)
class Story:
    """A pupil with a whole record, a draft that nobody was sent, and a paper that is shared."""

    rich: Rich
    draft_id: int
    open_review_id: int
    shared_id: int
    hidden_id: int


@pytest.fixture
def story(app: Flask, world: World) -> Story:
    """Zofia's record, with what her family must not see."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        rich = build_rich(world)
        with write("More made"):
            stored = app.extensions["files"].put([b"%PDF-1.4 shared"])
            draft = _add(Cycle(pupil_id=rich.pupil_id, number=3, starts=today(), previous_id=rich.cycle_id))
            _add(
                Outcome(
                    pupil_id=rich.pupil_id, cycle_id=draft, area=NeedArea.COGNITION, statement=f"{SECRET} draft outcome"
                )
            )
            _add(Contribution(pupil_id=rich.pupil_id, cycle_id=rich.cycle_id, text=f"{SECRET} contribution"))
            shared = _paper(rich.pupil_id, "A letter home", Visibility.FAMILY, stored.sha256)
            hidden = _paper(rich.pupil_id, f"{SECRET} paper", Visibility.STAFF, stored.sha256)
            opened = _add(Review(pupil_id=rich.pupil_id, cycle_id=draft, held_on=today(), summary=f"{SECRET} open"))
    return Story(rich, draft, opened, shared, hidden)


def _add(row: object) -> int:
    db.session.add(row)
    db.session.flush()
    return int(row.id)  # type: ignore[attr-defined]


def _paper(pupil_id: int, title: str, visibility: Visibility, sha256: str) -> int:
    return _add(
        Document(
            pupil_id=pupil_id, kind=DocumentKind.LETTER, title=title, dated=today(), sha256=sha256, size=15,
            media_type="application/pdf", visibility=visibility,
        )
    )  # fmt: skip


def child(story: Story) -> str:
    """The child's page."""
    return f"/family/children/{story.rich.pupil_id}"


def test_one_child_leads_straight_to_the_plan(client: PageClient, story: Story) -> None:
    client.sign_in("parent")
    assert client.get("/family").headers["Location"] == child(story)
    assert client.get("/").headers["Location"] == "/family"


def test_a_parent_reads_the_plan_in_plain_words(client: PageClient, story: Story) -> None:
    words = client.sign_in("parent").text(child(story))
    for said in (
        "What Zosia is good at",
        TYPED[29],
        TYPED[31],
        "Reading aloud with few mistakes",
        "Two thirds of the way",
        "What you can do at home",
        TYPED[8],
        "There are serious concerns",
        TYPED[19],
        TYPED[21],
        "A letter home",
        "Hannah Legg",
        "at any time",
    ):
        assert said in words, said
    assert re.search(r"It has happened \d+ times out of \d+ so far", words)


def test_a_parent_sees_how_it_is_going_in_a_picture_in_words_and_in_figures(client: PageClient, story: Story) -> None:
    place = f"{child(story)}/progress"
    words = client.sign_in("parent").text(place)
    for said in ("14 at the start. Now it is 8. We hope for 5", "Two thirds of the way", "At the start"):
        assert said in words, said
    drawn = client.get(place).text
    assert 'class="chart" role="img"' in drawn
    assert "Now: 8" in drawn


def test_a_parent_finds_papers_meetings_and_rights_on_pages_of_their_own(client: PageClient, story: Story) -> None:
    words = client.sign_in("parent").text(f"{child(story)}/papers")
    assert "A letter home" in words
    assert "Meeting of" in words
    words = client.text(f"{child(story)}/rights")
    for said in ("SENDIASS", "Communication and interaction", "up to six weeks", "SEN Support"):
        assert said in words, said


def test_nothing_of_drafts_staff_notes_or_hidden_papers_reaches_the_family(client: PageClient, story: Story) -> None:
    client.sign_in("parent")
    pages = ("", "/progress", "/papers", "/rights")
    for place in (*(child(story) + one for one in pages), f"/family/reviews/{story.rich.review_id}"):
        assert SECRET not in client.get(place).text
    assert client.status(f"/family/reviews/{story.open_review_id}") == 404
    assert client.status(f"/family/papers/{story.hidden_id}") == 404


def test_a_shared_paper_is_given_without_the_childs_name(client: PageClient, story: Story) -> None:
    client.sign_in("parent")
    with client.get(f"/family/papers/{story.shared_id}") as response:
        assert response.data.startswith(b"%PDF")
    assert response.headers["Content-Disposition"] == f"attachment; filename=paper-{story.shared_id}.pdf"


def test_a_parent_reads_the_sealed_review(client: PageClient, story: Story) -> None:
    words = client.sign_in("parent").text(f"/family/reviews/{story.rich.review_id}")
    for said in (TYPED[17], TYPED[18], TYPED[19], TYPED[33], TYPED[22]):
        assert said in words


def test_a_parents_words_at_a_meeting_are_for_those_who_were_there(
    client: PageClient, app: Flask, world: World, story: Story
) -> None:
    client.sign_in("parent")
    place = f"/family/reviews/{story.rich.review_id}"
    assert TYPED[15] not in client.text(place)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Seen there"):
        open_again = db.session.scalars(select(Review).where(Review.id == story.open_review_id)).one()
        open_again.parent_views = "Mum's own words"
        db.session.scalars(select(Cycle).where(Cycle.id == story.draft_id)).one().status = CycleStatus.REVIEWED
        _add(
            Attendee(
                pupil_id=story.rich.pupil_id, review_id=story.open_review_id, adult_id=story.rich.adult_id, name="Mum"
            )
        )
        open_again.status = ReviewStatus.SEALED
    assert "Mum's own words" in client.text(f"/family/reviews/{story.open_review_id}")


@pytest.mark.parametrize("who", ["other_parent", "barred_parent", "young_person", "senco", "teacher", "admin"])
def test_nobody_else_sees_the_familys_page(client: PageClient, story: Story, who: str) -> None:
    client.sign_in(who)
    pages = ("", "/progress", "/papers", "/rights")
    papers = (f"/family/reviews/{story.rich.review_id}", f"/family/papers/{story.shared_id}")
    for place in (*(child(story) + one for one in pages), *papers):
        assert client.status(place) == 404


def test_a_barred_parent_sees_what_a_stranger_sees(client: PageClient, app: Flask, story: Story) -> None:
    client.sign_in("barred_parent")
    barred = client.get(child(story))
    nowhere = client.get("/family/children/999999")
    assert (barred.status_code, nowhere.status_code) == (404, 404)
    token = re.compile(r'(name="csrf-token" content="|csrf_token" value="|"X-CSRFToken": ")[^"]*')
    assert token.sub("", barred.text) == token.sub("", nowhere.text)
    assert "no plan for you to read" in client.text("/family")


def test_a_bar_acts_from_the_next_click(client: PageClient, app: Flask, world: World, story: Story) -> None:
    client.sign_in("parent")
    client.page(child(story))
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Barred"):
        link = db.session.scalars(select(FamilyLink).where(FamilyLink.adult_id == world.adults["parent"])).one()
        _add(Bar(pupil_id=story.rich.pupil_id, family_link_id=link.id, kind=BarKind.HOLD, starts=today()))
    assert client.status(child(story)) == 404


def test_a_young_person_reads_their_own(client: PageClient, world: World) -> None:
    words = client.sign_in("young_person").text(f"/family/children/{world.pupils['idris']}")
    assert "My plan" in words


def test_staff_who_are_parents_read_the_familys_page_of_their_child_and_no_staff_page(
    client: PageClient, world: World
) -> None:
    client.sign_in("staff_parent")
    place = f"/family/children/{world.pupils['poppy']}"
    assert client.status(place) == 404
    for way in range(2):
        client.send("/account", way) if way == 0 else None
    assert client.status(place) == 200
    for staff_page in (f"/pupils/{world.pupils['poppy']}/evidence", "/requests", "/pupils"):
        assert client.status(staff_page) in {404, 303}


def test_no_page_of_the_family_takes_a_change(client: PageClient, app: Flask, story: Story) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("family.")]
    assert rules
    assert all(rule.methods is not None and rule.methods <= {"GET", "HEAD", "OPTIONS"} for rule in rules)
    client.sign_in("parent")
    token = client.token()
    assert client.status(child(story), "POST", data={"csrf_token": token}) == 405


def test_a_plan_is_read_only_once_it_was_sent(client: PageClient, app: Flask, world: World, story: Story) -> None:
    client.sign_in("parent")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Sent"):
        draft = db.session.scalars(select(Cycle).where(Cycle.id == story.draft_id)).one()
        draft.status, draft.sent_on = CycleStatus.SENT, today()
        draft.meeting_at, draft.meeting_place = now() + timedelta(days=3), "Room 2, by the hall"
    words = client.text(child(story))
    assert f"{SECRET} draft outcome" in words
    assert "not agreed yet" in words
    assert "Room 2, by the hall" in words
    calendar = client.get(f"{child(story)}/meeting.ics").text
    assert "BEGIN:VEVENT" in calendar
    assert "LOCATION:Room 2\\, by the hall" in calendar
    assert "Zosia" not in calendar


def test_a_draft_request_is_not_shown_and_a_sent_one_is(
    client: PageClient, app: Flask, world: World, story: Story
) -> None:
    from graduated.request.services import record_step
    from graduated.request.steps import Step

    client.sign_in("parent")
    words = client.text(child(story))
    assert TYPED[35] not in words
    assert RequestStatus.DRAFT.label not in words
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        record_step(story.rich.request_id, Step.SENT, today())
    assert "has been asked for an assessment" in client.text(child(story))


def test_the_family_reads_by_when_the_authority_should_decide() -> None:
    from graduated.family.queries import RequestFacts
    from graduated.family.words import request_dates

    facts = RequestFacts(RequestStatus.SENT, RequestBy.PARENT, date(2026, 9, 30), date(2026, 10, 1), None)
    assert request_dates(facts) == (
        "A parent or carer asked on 30 September 2026.",
        "The authority received it on 1 October 2026.",
        "The law says it should decide by 12 November 2026.",
    )
    decided = RequestFacts(RequestStatus.AGREED, RequestBy.SCHOOL, None, date(2026, 10, 1), date(2026, 11, 2))
    assert request_dates(decided)[-1] == "It decided on 2 November 2026."


def outcome(kind: MeasureKind, **more: object) -> OutcomeFacts:
    """An outcome on a measure of a kind."""
    facts: dict[str, object] = {
        "outcome_id": 1,
        "area": NeedArea.COGNITION,
        "statement": "Reads",
        "in_plain_words": "",
        "by_when": date(2027, 3, 30),
        "measure_id": 1,
        "measure": "Errors",
        "kind": kind,
        "direction": Direction.DOWN,
        "respondent": Respondent.TEACHER,
        "error": None,
        "baseline": None,
        "baseline_on": date(2026, 9, 1),
        "target": None,
        "maintain": False,
        "tolerance": None,
    }
    return OutcomeFacts(**{**facts, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "percent", "words"),
    [(8, 67, "Two thirds of the way"), (11, 33, "A third of the way"), (5, 100, "There already"),
     (14, 0, "No change yet"), (15, -11, "Further away than at the start"), (6, 89, "Three quarters of the way")],
)  # fmt: skip
def test_a_share_of_the_way_is_said_as_people_say_it(value: int, percent: int, words: str) -> None:
    from decimal import Decimal

    from graduated.family.queries import Figure

    figures = (Figure(date(2026, 11, 1), Value(Decimal(value)), Respondent.TEACHER),)
    said = going(outcome(MeasureKind.COUNT, baseline=Decimal(14), target=Decimal(5)), figures, "30 March 2027")
    assert (said.percent, said.words) == (percent, words)
    assert said.measure == "Errors"
    assert said.sentence == f"14 at the start. Now it is {value}. We hope for 5 by 30 March 2027."


def test_thirty_outcomes_and_papers_cost_no_more_queries_than_one(
    client: PageClient, app: Flask, world: World, story: Story
) -> None:
    def asked(place: str) -> int:
        with counted(app) as statements:
            client.page(place)
        return len(statements)

    client.sign_in("parent")
    places = [child(story) + one for one in ("", "/progress", "/papers", "/rights")]
    client.page(places[0])
    few = [asked(place) for place in places]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("More"):
        stored = app.extensions["files"].put([b"%PDF-1.4 more"])
        for number in range(30):
            _paper(story.rich.pupil_id, f"Letter {number}", Visibility.FAMILY, stored.sha256)
            statement = f"Outcome {number}"
            _add(
                Outcome(
                    pupil_id=story.rich.pupil_id, cycle_id=story.rich.cycle_id, area=NeedArea.SEMH, statement=statement
                )
            )
    assert [asked(place) for place in places] == few


@pytest.mark.parametrize(
    ("delivered", "missed", "unknown", "words"),
    [
        (32, 3, 1, "It has happened 32 times out of 36 so far. 3 were missed. 1 was not written down."),
        (35, 1, 0, "It has happened 35 times out of 36 so far. 1 was missed."),
        (36, 0, 0, "It has happened 36 times out of 36 so far."),
    ],
)
def test_every_time_that_was_planned_is_accounted_for(delivered: int, missed: int, unknown: int, words: str) -> None:
    dose = Dose(
        sessions_planned_to_date=36, sessions_delivered=delivered, sessions_missed=missed,
        sessions_not_recorded=unknown,
    )  # fmt: skip
    assert had(dose) == words


def test_the_advice_service_can_be_rung_and_its_site_opened_by_a_tap(app: Flask) -> None:
    with app.test_request_context():
        advice = get_template_attribute("family/_words.html", "advice")
        said = advice(AdviceService("Dorset SENDIASS", "01305 224888", "dorsetsendiass.co.uk"))
        assert 'href="tel:01305224888"' in said
        assert 'href="https://dorsetsendiass.co.uk"' in said
        assert "<a" not in advice(AdviceService("Dorset SENDIASS"))
