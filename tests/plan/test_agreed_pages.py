"""An agreed plan: its amendments, who may make them, and its page and paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import event

from graduated.db.clock import today
from graduated.db.session import db
from graduated.plan import services
from graduated.plan.queries import plan_of
from graduated.plan.services import AgreementDetails, OutcomeDetails, ProvisionDetails
from graduated.rules.vocabulary import AgreementMethod, NeedArea
from tests.plan.conftest import Ask
from tests.plan.scene import WHO, agreed, on, open_draft
from tests.support.client import PageClient
from tests.support.world import World


def test_an_agreed_plan_leads_to_amendments_and_keeps_old_and_new(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(agreed, world)
    plan = ask(plan_of, cycle)
    outcome, provision = plan.outcomes[0].outcome_id, plan.provisions[0].provision_id
    client.sign_in("senco")
    assert "This plan is agreed" in client.text(f"/cycles/{cycle}/edit")
    assert "only by an amendment" in client.text(f"/outcomes/{outcome}/edit")
    assert "only by an amendment" in client.text(f"/cycles/{cycle}/provision/new")
    client.send(f"/outcomes/{outcome}/amend", statement="Reads a Year 3 text", why="Too hard", **WHO)
    client.send(f"/provisions/{provision}/dose", minutes="20", times_a_week="3", why="More each time", **WHO)
    client.send(f"/cycles/{cycle}/outcomes/take-up", statement="Asks for help", why="New need", **WHO)
    client.send(
        f"/cycles/{cycle}/provision/take-up",
        name="Talk group",
        minutes="30",
        times_a_week="1",
        why="New",
        **WHO,
    )
    client.send(f"/cycles/{cycle}/review-date", why="Mum is away", **WHO, **on("review_due", date(2030, 3, 5)))
    running = next(one for one in ask(plan_of, cycle).running if one.name == "Precision reading")
    client.send(f"/provisions/{running.provision_id}/amend", given_by="Mrs Tuck", why="She knows him", **WHO)
    client.send(f"/provisions/{running.provision_id}/stop", why="Finished", **WHO)
    client.send(f"/outcomes/{outcome}/drop", why="Met early", **WHO)
    assert "Say why" in client.send(f"/outcomes/{outcome}/drop", status=422, why="").text
    text = client.text(f"/cycles/{cycle}")
    for words in (
        "Outcome 1: statement",
        "Reads text 1 aloud",
        "Reads a Year 3 text",
        "Too hard",
        "15 minutes, 4 times a week",
        "20 minutes, 3 times a week",
        "5 March 2030",
        "Talk group added",
        "Precision reading stopped",
        "Outcome 1 dropped",
    ):
        assert words in text, words
    assert client.text(f"/cycles/{cycle}/amend")


def test_a_change_of_days_is_made_by_who_runs_the_group(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(open_draft, world)
    ask(services.add_outcome, cycle, OutcomeDetails(NeedArea.COGNITION, "Reads aloud"))
    ask(
        services.add_provision,
        cycle,
        ProvisionDetails("Talk group", minutes=30, times_a_week=1, staff_id=world.users["ta"], weekdays=(0,)),
    )
    ask(services.agree, cycle, AgreementDetails(today(), AgreementMethod.MEETING, (world.adults["parent"],)))
    page = f"/provisions/{ask(plan_of, cycle).provisions[0].provision_id}/group"
    client.sign_in("teacher")
    assert client.status(page) == 403
    client.sign_in("ta")
    client.send(page, weekdays=["2"], at="1.30 pm")
    assert "Wednesday at 1.30 pm" in client.text(f"/cycles/{cycle}")
    assert ask(plan_of, cycle).amendments == ()


def test_an_agreed_plan_is_amended_by_the_senco_and_not_by_its_lead(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(agreed, world)
    for who, status in (
        ("senco", 200),
        ("assistant", 200),
        ("lead", 403),
        ("teacher", 403),
        ("ta", 403),
        ("head", 403),
    ):
        client.sign_in(who)
        assert client.status(f"/cycles/{cycle}/amend") == status, who


def _queries(client: PageClient, path: str) -> int:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    with client.application.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_a_plan_of_thirty_outcomes_asks_as_little_as_one_of_one(client: PageClient, world: World, ask: Ask) -> None:
    one = ask(agreed, world)
    client.sign_in("senco")
    _queries(client, f"/cycles/{one}")  # the first page of a process learns its statements
    few = _queries(client, f"/cycles/{one}")
    for number in range(29):
        ask(_take_up, one, number)
    assert len(ask(plan_of, one).outcomes) == 30
    assert _queries(client, f"/cycles/{one}") == few


def _take_up(cycle: int, number: int) -> None:
    because = services.Because("More to reach", "Hannah Legg", today())
    outcome = services.take_up_outcome(cycle, OutcomeDetails(NeedArea.COGNITION, f"Reads page {number}"), because)
    services.take_up_provision(
        cycle, ProvisionDetails(f"Reading {number}", minutes=15, times_a_week=1, serves=(outcome,)), because
    )


def test_the_plan_is_a_pdf_with_the_words_of_the_plan(client: PageClient, world: World, ask: Ask) -> None:
    from io import BytesIO

    import pikepdf

    cycle = ask(agreed, world)
    client.sign_in("ta")
    answer = client.get(f"/cycles/{cycle}/plan.pdf")
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with pikepdf.open(BytesIO(answer.data)) as pdf:
        assert len(pdf.pages) >= 1
