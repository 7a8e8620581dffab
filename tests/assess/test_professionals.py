"""The school's list of professionals: who waits, what is not acted on, what is too old; and the pupil's page."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import event

from graduated.access.identity import acting, system_actor
from graduated.assess import queries_professionals as queries
from graduated.assess import services
from graduated.assess.services import DoneWithAdvice, InvolvementDetails
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pupils.models import Document
from graduated.rules.professionals import WaitFor
from graduated.rules.vocabulary import AdviceStatus, DocumentKind, Visibility
from tests.support.client import PageClient
from tests.support.world import World

YEARS = timedelta(days=800)


def _with_advice(pupil_id: int, service: str = "Speech and language therapy") -> tuple[int, int]:
    row = services.add_involvement(pupil_id, InvolvementDetails(service=service, reported_on=today()))
    return row, services.add_advice(row, "Pre-teach the words of the topic", today())


def test_the_list_says_who_waits_for_whom_and_drops_what_is_done(app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        zofia = world.pupils["zofia"]
        row, advice = _with_advice(zofia)
        asked = services.add_involvement(zofia, InvolvementDetails(service="Hearing support", referred_on=today()))
        found = {one.involvement_id: one for one in queries.professionals()}
        assert [one.advice_id for one in found[row].advice] == [advice] and not found[row].is_waiting
        assert found[asked].wait.what is WaitFor.VISIT and found[asked].wait.on == today()
        services.act_on_advice(advice, DoneWithAdvice(AdviceStatus.DONE, today(), "Mr Fry", text="Taught first"))
        found = {one.involvement_id: one for one in queries.professionals()}
        assert not found[row].needs_something


def test_the_newest_report_of_a_service_is_flagged_and_a_diagnosis_never(app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        zofia, old = world.pupils["zofia"], today() - YEARS
        first = services.add_involvement(zofia, InvolvementDetails(service="Educational psychology", reported_on=old))
        assert {one.involvement_id for one in queries.professionals() if one.is_old} == {first}
        services.add_involvement(zofia, InvolvementDetails(service="educational psychology", reported_on=today()))
        with write("A letter filed"):
            letter = Document(
                pupil_id=zofia, kind=DocumentKind.DIAGNOSIS, title="Letter", dated=old, sha256="0" * 64, size=1,
                media_type="application/pdf", visibility=Visibility.STAFF,
            )  # fmt: skip
            db.session.add(letter)
            db.session.flush()
        services.add_involvement(
            zofia, InvolvementDetails(service="Paediatrics", reported_on=old, document_id=letter.id)
        )
        assert [one for one in queries.professionals() if one.is_old] == []


def test_the_list_asks_as_often_for_thirty_as_for_one(app: Flask, world: World) -> None:
    asked: list[str] = []
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        _with_advice(world.pupils["zofia"])
        event.listen(db.session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
        before = len(queries.professionals())
        for_one = len(asked)
        for number in range(29):
            _with_advice(world.pupils["zofia"], f"Service {number}")
        asked.clear()
        assert len(queries.professionals()) == before + 29
        assert len(asked) == for_one


def test_a_senco_filters_by_service_and_finds_the_way_to_mend_it(app: Flask, client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        old = InvolvementDetails(service="Educational psychology", reported_on=today() - YEARS)
        services.add_involvement(zofia, old)
        _with_advice(zofia)
    client.sign_in("senco")
    text = client.text("/professionals")
    assert "The report is 18 months old or more" in text and "Pre-teach the words of the topic" in text
    assert "Say what was done" in text and "Bring up to date" in text
    only = client.text("/professionals?service=Educational+psychology&show=all")
    assert "18 months old or more" in only and "Pre-teach" not in only
    assert "The report is 18 months old or more" in client.text(f"/pupils/{zofia}/known")
    client.sign_in("teacher")
    assert "Bring up to date" not in client.text("/professionals")


def test_acted_on_without_a_word_of_what_was_done_is_an_error_beside_the_field(
    client: PageClient, app: Flask, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        _row, advice = _with_advice(world.pupils["zofia"])
    client.sign_in("senco")
    answer = client.send(f"/advice/{advice}/done", stands="done", text="", status=422)
    beside = answer.text[answer.text.index('id="text-error"') :][:200]
    assert "Say what was done" in beside
    client.send(f"/advice/{advice}/done", stands="done", text="The words are taught before each topic")
