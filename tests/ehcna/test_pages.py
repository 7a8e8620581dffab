"""The request's pages: who sees what, gaps with the link that mends them, a build from the button to the file."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ops.worker import work_once
from graduated.rules.vocabulary import Role
from graduated.school.models import School
from tests.ehcna.rich import Rich
from tests.ehcna.words import MARKUP, SECRET
from tests.support.client import PageClient
from tests.support.world import World


def test_a_senco_reads_the_whole_request(client: PageClient, rich: Rich) -> None:
    words = client.sign_in("senco").text(f"/requests/{rich.request_id}")
    for said in ("She has had four cycles", MARKUP, "Anna Szymańska", "Agreed", "not signed yet", "from paper"):
        assert said in words
    assert "Families can ask" in words
    assert "at any time" in words


def test_the_list_leads_to_the_request(client: PageClient, rich: Rich) -> None:
    words = client.sign_in("senco").text("/requests")
    assert "Zosia Szymański-O'Brien" in words
    assert "at any time" in words


def test_gaps_are_said_by_limb_and_never_as_a_score(client: PageClient, rich: Rich) -> None:
    words = client.sign_in("senco").text(f"/pupils/{rich.pupil_id}/evidence")
    for said in ("Attainment and rate of progress", "Missing", "Present", "no number of cycles is required by law"):
        assert said in words
    assert "%" not in words.split("The family’s own right")[0].split("Physical")[0]
    assert "score" not in words.lower()


def test_what_the_authority_asks_for_is_held_against_the_records(app: Flask, client: PageClient, world: World) -> None:
    path = f"/pupils/{world.pupils['reuben']}/evidence"
    client.sign_in("senco")
    assert "has published that it asks for" not in client.text(path)  # Dorset's list is not known
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Profile chosen"):
        db.session.scalars(select(School)).one().authority = "islington"
    words = client.text(path)
    assert "What Islington Council has published that it asks for" in words
    assert "A baseline for what is worked on" in words
    assert "No record says it. Look, and attach or write it." in words
    assert "policy, not law" in words


def test_gaps_are_shown_where_no_request_is_open(client: PageClient, world: World) -> None:
    words = client.sign_in("senco").text(f"/pupils/{world.pupils['reuben']}/evidence")
    assert "No request is open" in words
    assert "No baseline" not in words


@pytest.mark.parametrize(("who", "status"), [("ta", 404), ("admin", 404), ("other_teacher", 404), ("parent", 404)])
def test_a_request_is_hidden_from_those_it_does_not_concern(
    client: PageClient, rich: Rich, who: str, status: int
) -> None:
    client.sign_in(who)
    assert client.status(f"/requests/{rich.request_id}") == status
    assert client.status(f"/pupils/{rich.pupil_id}/evidence") == status


def test_a_teacher_of_the_pupil_reads_and_cannot_build(client: PageClient, rich: Rich) -> None:
    client.sign_in("teacher")
    assert "Build the pack" not in client.text(f"/requests/{rich.request_id}")
    token = client.token()
    assert client.status(f"/requests/{rich.request_id}/build", "POST", data={"csrf_token": token}) == 403


def _button(client: PageClient, rich: Rich) -> str:
    return client.send(f"/requests/{rich.request_id}").headers["Location"]


def test_from_the_button_to_the_file(client: PageClient, app: Flask, rich: Rich) -> None:
    client.sign_in("senco")
    place = _button(client, rich)
    assert "Waiting for the worker" in client.text(place)
    assert "Look again" in client.text(place)
    fragment = client.get(place, headers={"HX-Request": "true"}).text
    assert "every 1s" in fragment
    with app.app_context():
        assert work_once()
    done = client.text(place)
    assert "The pack is ready" in done
    page = client.text(f"/requests/{rich.request_id}")
    assert "Hannah Legg" in page
    with client.get("/packs/1/pack.pdf") as response:
        assert response.data.startswith(b"%PDF")
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=evidence-pack-20")
    assert "Szym" not in disposition
    assert response.headers["Cache-Control"] == "no-store"


def test_the_pack_opens_for_nobody_who_does_not_read_costs(client: PageClient, app: Flask, rich: Rich) -> None:
    place = _button(client.sign_in("senco"), rich)
    with app.app_context():
        assert work_once()
    for who, opens in (
        ("head", True),
        ("assistant", True),
        ("lead", False),
        ("teacher", False),
        ("safeguarding", False),
    ):
        client.post("/sign-out", data={"csrf_token": client.token()})
        page = client.sign_in(who).get(f"/requests/{rich.request_id}").text + client.get(place).text
        assert ("/packs/1/pack.pdf" in page) is opens, who
        with client.get("/packs/1/pack.pdf") as answer:
            assert answer.status_code == (200 if opens else 404), who


def test_a_worker_that_takes_a_job_again_makes_one_pack(client: PageClient, app: Flask, rich: Rich) -> None:
    from graduated.access.identity import acting, system_actor
    from graduated.ehcna.build import build_job
    from graduated.ehcna.queries import all_builds

    _button(client.sign_in("senco"), rich)
    payload = {"pupil_id": rich.pupil_id, "request_id": rich.request_id, "builder": "Hannah Legg"}
    with app.app_context(), acting(system_actor(1, "Worker")):
        first, second = build_job(1, payload), build_job(1, payload)
        assert first == second
        assert len(all_builds()) == 1


def test_a_second_press_of_the_button_makes_no_second_job(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    action, values = client.form(f"/requests/{rich.request_id}")
    first = client.post(action, data=values)
    again = client.post(action, data=values)
    assert first.headers["Location"] == again.headers["Location"]


def test_narrative_keeps_both_texts_when_two_people_write(client: PageClient, app: Flask, rich: Rich) -> None:
    client.sign_in("senco")
    place = f"/requests/{rich.request_id}/narrative/provision"
    action, values = client.form(place)
    client.send(place, text="First words")
    action, values = client.form(place)
    client.send(place, text="Second words")
    response = client.post(
        action, data={**values, "text": "My own words", "form_key": client.form(place)[1]["form_key"]}
    )
    assert response.status_code == 409
    assert "Second words" in response.text
    assert "My own words" in response.text


def test_an_unknown_section_is_not_there(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    assert client.status(f"/requests/{rich.request_id}/narrative/secrets") == 404


def test_restricted_papers_show_nowhere_on_the_request(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    for place in (f"/requests/{rich.request_id}", f"/pupils/{rich.pupil_id}/evidence"):
        assert SECRET not in client.text(place)


def test_every_gap_has_a_page_that_mends_it(app: Flask) -> None:
    from graduated.ehcna.mending import link_for
    from graduated.rules.readiness import LINES

    with app.test_request_context(), acting(Actor(1, 1, "Hannah Legg", frozenset({Role.SENCO}))):
        for request_id in (None, 1):
            lost = [line.mend for line in LINES if not link_for(line.mend, 1, request_id)[0]]
            assert not lost
