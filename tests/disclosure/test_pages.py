"""The pages of requests for information, as the people who use them see them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from graduated.access.identity import acting
from graduated.db.clock import today
from graduated.disclosure.build import build
from graduated.disclosure.services import ask_back
from graduated.ops.worker import work_once
from graduated.rules.information import months_after
from graduated.rules.vocabulary import Role
from graduated.web.filters import long_date
from tests.disclosure.conftest import Asked, somebody
from tests.support.client import PageClient
from tests.support.world import World


def test_a_request_is_entered_and_stands_in_the_register_with_its_limit(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    path = f"/pupils/{world.pupils['zofia']}/information/new"
    client.send(path, 0, kind="subject-access", how="spoken", adult=str(world.adults["parent"]))
    text = client.text("/information")
    assert "Anna Szymańska" in text and long_date(months_after(today(), 1)) in text
    assert "Requests for information" in client.text("/today")


def test_somebody_else_who_asks_has_a_name(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    path = f"/pupils/{world.pupils['zofia']}/information/new"
    client.send(path, 0, status=422, kind="subject-access", how="letter", adult="other")


def test_a_question_stops_the_clock_and_its_answer_lets_it_run(client: PageClient, asked: Asked) -> None:
    client.sign_in("head")
    path = f"/information/{asked.request_id}"
    client.send(f"{path}/question", 0, question="Do you mean this school year, or all of them?")
    assert "The clock stands" in client.text(path)
    client.send(f"{path}/question", 0, status=409, question="And which papers?")
    client.send(f"{path}/question/answered", 0)
    assert "The clock stands" not in client.text(path)


def test_an_answer_cannot_be_older_than_its_question(
    app: Flask, world: World, client: PageClient, asked: Asked
) -> None:
    with app.app_context(), acting(somebody(world, "senco", Role.SENCO)):
        ask_back(asked.request_id, today(), "Which years?")
    client.sign_in("senco")
    past = today() - timedelta(days=2)
    day = {"on-day": str(past.day), "on-month": str(past.month), "on-year": str(past.year)}
    client.send(f"/information/{asked.request_id}/question/answered", 0, status=409, **day)


def test_what_is_left_out_has_to_be_said_in_the_answer(client: PageClient, asked: Asked) -> None:
    client.sign_in("senco")
    path = f"/information/{asked.request_id}/answer"
    client.send(path, 0, status=422, outcome="part")
    client.send(path, 0, outcome="part", words="Given by hand; what is about others was left out.")
    assert "Given, with something left out" in client.text(f"/information/{asked.request_id}")
    client.get(f"/information/{asked.request_id}/review")
    assert client.status(f"/information/{asked.request_id}/review") == 404


def test_a_data_protection_officer_reads_dates_and_kinds_and_no_pupil(client: PageClient, asked: Asked) -> None:
    client.sign_in("dpo")
    text = client.text("/information")
    assert "Subject access request" in text
    assert "Zofia" not in text and "Anna" not in text
    assert client.status(f"/information/{asked.request_id}") == 404


def test_a_bundle_is_built_only_when_all_in_sight_is_decided(app: Flask, client: PageClient, asked: Asked) -> None:
    client.sign_in("senco")
    path = f"/information/{asked.request_id}"
    assert "Decide on everything first" in _post(client, f"{path}/bundle/build", status=422)
    for key, reason in (
        (f"document:{asked.papers['staff']}", ""), (f"document:{asked.papers['family']}", ""),
        (f"document:{asked.papers['restricted']}", "About her alone"), (f"bar:{asked.bar_id}", "About her father"),
        (f"view:{asked.view_id}", ""), (f"adult:{_father(app)}", ""),
    ):  # fmt: skip
        _post(client, f"{path}/review/item", key=key, choice="left-out", reason=reason)
    page = client.text(f"{path}/review")
    assert "to decide" in page and "Reuben Trevett" in page
    for form in _forms(client, f"{path}/review"):
        _post(client, f"{path}/review/name", form=form, all="left-out")
    assert "Everything that you see is decided" in client.text(f"{path}/review")
    _post(client, f"{path}/bundle/build")
    with app.app_context():
        assert work_once()
    assert "Download the bundle" in client.text(f"{path}/bundle")
    answer = client.get(f"{path}/bundle.zip")
    assert answer.status_code == 200 and answer.data[:2] == b"PK"
    assert "Zofia" not in answer.headers["Content-Disposition"]


def test_a_restricted_paper_needs_a_reason_either_way(client: PageClient, asked: Asked) -> None:
    client.sign_in("senco")
    path, key = f"/information/{asked.request_id}/review/item", f"document:{asked.papers['restricted']}"
    assert "Give a reason" in _post(client, path, status=422, key=key, choice="goes")
    _post(client, path, key=key, choice="goes", reason="About her alone")


def test_a_bundle_that_does_not_follow_a_later_decision_is_given_to_nobody(
    app: Flask, client: PageClient, world: World, asked: Asked
) -> None:
    client.sign_in("senco")
    path, view = f"/information/{asked.request_id}", f"view:{asked.view_id}"
    _post(client, f"{path}/review/item", key=view, choice="goes")
    _build(app, world, asked)
    assert client.status(f"{path}/bundle.zip") == 200
    _post(client, f"{path}/review/item", key=view, choice="left-out")
    assert client.status(f"{path}/bundle.zip") == 404
    assert "Something was decided otherwise since" in client.text(f"{path}/bundle")
    _build(app, world, asked)
    assert client.status(f"{path}/bundle.zip") == 200
    client.sign_in("safeguarding")
    _post(client, f"{path}/review/looked")
    client.sign_in("senco")
    assert client.status(f"{path}/bundle.zip") == 200  # nothing of what is in it was decided otherwise


def _build(app: Flask, world: World, asked: Asked) -> None:
    with app.app_context(), acting(somebody(world, "senco", Role.SENCO)):
        build(asked.request_id, "Hannah Legg")


def test_what_is_kept_by_the_safeguarding_lead_is_not_there_for_a_senco(client: PageClient, asked: Asked) -> None:
    client.sign_in("senco")
    path, key = f"/information/{asked.request_id}", f"document:{asked.papers['kept']}"
    assert "Paper kept" not in client.text(f"{path}/review")
    _post(client, f"{path}/review/item", status=422, key=key, choice="goes", reason="I would like to")
    _post(client, f"{path}/review/looked", status=403)


def test_an_old_sign_in_proves_itself_before_it_takes_a_bundle(app: Flask, client: PageClient, asked: Asked) -> None:
    client.sign_in("senco")
    with client.session_transaction() as kept:
        kept["proved"] = 0
    assert client.get(f"/information/{asked.request_id}/bundle.zip").status_code in {303, 401}


def _post(client: PageClient, path: str, status: int = 303, **typed: str) -> str:
    answer = client.post(path, data={"csrf_token": client.token(), **typed})
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


def _father(app: Flask) -> int:
    from sqlalchemy import select

    from graduated.access.identity import system_actor
    from graduated.db.session import db
    from graduated.pupils.models import Adult

    with app.app_context(), acting(system_actor(1, "Tests")):
        return db.session.scalars(select(Adult.id).where(Adult.forename == "Marek")).one()


def _forms(client: PageClient, path: str) -> list[str]:
    import re

    return re.findall(r'name="form" value="(\w+)"', client.get(path).text)


def test_a_request_can_be_begun_from_the_register_and_from_the_head_of_who_looked(
    client: PageClient, world: World
) -> None:
    client.sign_in("senco")
    zofia = world.pupils["zofia"]
    assert "Enter a request about Zofia Szymańska" in client.text("/information?pupil=zofia")
    assert "No pupil of that name" in client.text("/information?pupil=nobodyatall")
    page = client.get(f"/pupils/{zofia}/who-looked").text
    assert page.index(f"/pupils/{zofia}/information") < page.index('id="looked"')
    client.sign_in("dpo")
    assert "Enter a request" not in client.text("/information?pupil=zofia")


def test_the_button_that_builds_sleeps_with_the_count_until_all_is_decided(client: PageClient, asked: Asked) -> None:
    client.sign_in("senco")
    page = client.get(f"/information/{asked.request_id}/review").text
    assert "to decide before the bundle can be built" in page
    assert "still to decide</button>" in page and "bundle/build" not in page


def test_what_is_still_to_be_done_stands_beside_the_bundle_and_the_answer(
    app: Flask, client: PageClient, asked: Asked, world: World
) -> None:
    with app.app_context(), acting(somebody(world, "senco", Role.SENCO)):
        build(asked.request_id, "Hannah Legg")
    path = f"/information/{asked.request_id}"
    client.sign_in("senco")
    for page in (f"{path}/bundle", f"{path}/answer"):
        text = client.text(page)
        assert "The safeguarding lead has not said yet" in text and "Nobody has noted yet how the school knows" in text
    client.send(f"{path}/identity", 0, identity="Known to the office")
    client.sign_in("safeguarding")
    _post(client, f"{path}/review/looked")
    client.sign_in("senco")
    for page in (f"{path}/bundle", f"{path}/answer"):
        text = client.text(page)
        assert "The safeguarding lead has not said" not in text and "Nobody has noted" not in text


def test_acts_are_told_as_they_were_written(client: PageClient, asked: Asked) -> None:
    client.sign_in("senco")
    text = client.text(f"/pupils/{asked.pupil_id}/who-looked")
    assert "Request for information recorded" in text and "changed Request" not in text
