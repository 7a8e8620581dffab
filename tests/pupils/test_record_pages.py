"""A pupil by hand, put right, with status, needs and profile: what is refused, kept, and never lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.pupils import queries, services
from graduated.pupils.models import Pupil
from graduated.rules.vocabulary import NeedType, SenStatus, StatusSource
from tests.support.client import PageClient
from tests.support.world import World

NEW: dict[str, Any] = {
    "legal_forename": "Siân", "legal_surname": "O'Brien", "born_on-day": "9", "born_on-month": "3",
    "born_on-year": str(today().year - 9), "year_group": "4", "registration_group": "4B", "sen_status": "K",
    "status_from-day": "1", "status_from-month": "9", "status_from-year": str(today().year - 2),
    "status_source": "paper", "primary_need": "SLCN", "told": "A letter from the school before",
}  # fmt: skip


def _pupils(app: Flask, world: World) -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return int(db.session.scalar(select(func.count()).select_from(Pupil)) or 0)


def test_a_new_arrival_without_a_upn_is_added_with_status_and_need(
    app: Flask, client: PageClient, world: World
) -> None:
    client.sign_in("senco")
    answer = client.send("/pupils/new", **NEW)
    pupil_id = int(answer.location.rsplit("/", 1)[1])
    text = client.text(f"/pupils/{pupil_id}/status")
    assert "Siân O'Brien" in text and "Speech, language and communication needs" in text and "Paper records" in text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        head = queries.pupil_head(pupil_id)
        assert (head.upn, head.rights_pass_on.year) == (None, today().year - 9 + 16)


def test_sending_the_same_form_twice_adds_one_pupil(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    before = _pupils(app, world)
    action, values = client.form("/pupils/new")
    first = client.post(action, data=values | NEW)
    again = client.post(action, data=values | NEW)
    assert first.location == again.location
    assert _pupils(app, world) == before + 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"upn": "Q838123424002"}, "The check letter for 838123424002 is"),
        ({"upn": "123"}, "A UPN has 13 characters"),
        ({"born_on-day": "31", "born_on-month": "2"}, "31 February"),
        ({"born_on-year": str(today().year + 1)}, "between 1 and 26 years old"),
        ({"legal_surname": "  "}, "Enter the legal surname"),
        ({"year_group": ""}, "Choose the year group"),
        ({"status_from-year": str(today().year + 2)}, "cannot be in the future"),
        ({"status_source": ""}, "Say how the status is known"),
        ({"nhs_number": "943 476 5918"}, "The last digit of this NHS number does not fit the others"),
        ({"nhs_number": "943 476 591"}, "this one has 9"),
        ({"care_authority": "Dorset Council"}, "Say above that they are looked after"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    app: Flask, client: PageClient, world: World, typed: dict[str, str], said: str
) -> None:
    client.sign_in("senco")
    before = _pupils(app, world)
    answer = client.send("/pupils/new", status=422, **(NEW | typed))
    assert said in answer.text
    assert 'value="Siân"' in answer.text
    assert _pupils(app, world) == before


def test_a_right_upn_is_kept_and_a_second_pupil_with_it_is_refused(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    client.send("/pupils/new", **(NEW | {"upn": "q 838-123424001"}))
    answer = client.send("/pupils/new", status=422, **(NEW | {"upn": "Q838123424001"}))
    assert "O&#39;Brien has this UPN already" in answer.text


def test_details_are_changed_and_the_page_shows_them(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    zofia = world.pupils["zofia"]
    client.send(f"/pupils/{zofia}/details", known_as="Zosia", first_language="Polish", interpreter="Polish")
    text = client.text(f"/pupils/{zofia}")
    assert "Zosia Szymańska" in text and "Polish at home" in text


def test_two_people_at_once_both_texts_are_shown_and_the_second_may_still_save(
    app: Flask, client: PageClient, world: World
) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("senco")
    action, values = client.form(f"/pupils/{zofia}/details")
    client.send(f"/pupils/{zofia}/details", first_language="Polish")
    answer = client.post(action, data=values | {"first_language": "Kashubian"})
    assert answer.status_code == 409
    assert "Somebody else saved this while you were writing" in answer.text
    assert re.search(r"First language</dt><dd[^>]*>Polish</dd>", answer.text)
    assert 'value="Kashubian"' in answer.text
    version = re.search(r'name="version" value="(\d+)"', answer.text)
    assert version is not None
    key = client.form(f"/pupils/{zofia}/details")[1]["form_key"]
    again = client.post(action, data=values | {"first_language": "Kashubian", "version": version[1], "form_key": key})
    assert again.status_code == 303
    assert "Kashubian at home" in client.text(f"/pupils/{zofia}")


def test_a_change_of_status_needs_a_reason_and_keeps_the_history(client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("senco")
    page = f"/pupils/{zofia}/status/change"
    action, values = client.form(page)
    assert "Say why the status changes" in client.post(action, data=values | {"status": "N", "source": "review"}).text
    sent = client.post(action, data=values | {"status": "N", "source": "review", "reason": "Three outcomes met"})
    assert sent.status_code == 303
    text = client.text(f"/pupils/{zofia}/status")
    assert "Three outcomes met" in text and "to change in your MIS" in text and "SEN support" in text


def test_a_change_to_the_same_status_or_before_it_began_is_refused(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    action, values = client.form(f"/pupils/{world.pupils['zofia']}/status/change")
    typed = {"status": "K", "source": "hand", "reason": "x", "on-day": "1", "on-month": "9", "on-year": "2019"}
    answer = client.post(action, data=values | typed)
    assert answer.status_code == 422
    assert "The status is SEN support already" in answer.text
    assert "the new one cannot begin before that day" in answer.text


def test_a_status_changed_meanwhile_is_shown_and_not_overwritten(app: Flask, client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("senco")
    action, values = client.form(f"/pupils/{zofia}/status/change")
    with app.app_context(), acting(system_actor(world.school_id, "Import")):
        services.set_status(zofia, SenStatus.PLAN, today() - timedelta(days=1), StatusSource.MIS, "In the export")
    answer = client.post(action, data=values | {"status": "N", "source": "review", "reason": "Met"})
    assert answer.status_code == 409
    assert "EHC plan" in answer.text and "Met</textarea>" in answer.text


def test_needs_keep_their_history(client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("senco")
    client.send(f"/pupils/{zofia}/needs", primary="SPLD", others=["SLCN"])
    client.send(f"/pupils/{zofia}/needs", primary="SPLD", others=[])
    text = client.text(f"/pupils/{zofia}/status")
    assert NeedType.SPLD.label in text and NeedType.SLCN.label in text
    assert "Choose the primary need first" in client.send(
        f"/pupils/{zofia}/needs", status=422, primary="", others=["SLCN"]
    ).text  # fmt: skip


def test_each_version_of_the_profile_is_kept(client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("teacher")
    client.send(f"/pupils/{zofia}/profile/new", my_words="Show me first.", helps_me="Pictures\nTime")
    action, values = client.form(f"/pupils/{zofia}/profile/new")
    assert values["my_words"] == "Show me first."
    client.post(action, data=values | {"my_words": "Ask me twice."})
    assert "Ask me twice." in client.text(f"/pupils/{zofia}/profile")
    old = client.text(f"/pupils/{zofia}/profile/1")
    assert "Show me first." in old and "An earlier version" in old
    assert client.status(f"/pupils/{zofia}/profile/9") == 404
    empty = dict.fromkeys(("my_words", "good_at", "important_to_me", "hard_for_me", "helps_me", "hopes"), " ")
    assert "Write at least one part" in client.send(f"/pupils/{zofia}/profile/new", status=422, **empty).text


def test_staff_are_assigned_by_hand_and_see_the_pupil_until_it_ends(client: PageClient, world: World) -> None:
    zofia, begum = world.pupils["zofia"], world.users["other_teacher"]
    client.sign_in("senco").send(f"/pupils/{zofia}/staff/assign", user_id=str(begum), reason="Reading group")
    assert client.sign_in("other_teacher").status(f"/pupils/{zofia}") == 200
    client.sign_in("senco")
    assert "By hand: Reading group" in client.text(f"/pupils/{zofia}/staff")
    lines = re.findall(r'action="(/pupils/\d+/staff/\d+/end)"', client.get(f"/pupils/{zofia}/staff").text)
    names = re.findall(r'<th scope="row">([^<]+)</th>', client.get(f"/pupils/{zofia}/staff").text)
    ending = lines[names.index("Nadia Begum")]
    assert client.status(ending, "POST", data={"csrf_token": client.token()}) == 303
    assert client.sign_in("other_teacher").status(f"/pupils/{zofia}") == 404


WRITES = ("details", "status/change", "needs", "staff/assign", "family/add", "family/link")


@pytest.mark.parametrize("page", WRITES)
@pytest.mark.parametrize(
    ("who", "status"), [("senco", 200), ("assistant", 200), ("head", 403), ("teacher", 403), ("ta", 403),
                        ("safeguarding", 403), ("admin", 403), ("other_teacher", 404), ("parent", 404),
                        ("other_school", 404)],
)  # fmt: skip
def test_only_who_writes_the_register_may_change_a_pupil(
    client: PageClient, world: World, page: str, who: str, status: int
) -> None:
    client.sign_in(who)
    assert client.status(f"/pupils/{world.pupils['zofia']}/{page}") == status


@pytest.mark.parametrize(
    ("who", "status"), [("head", 200), ("teacher", 200), ("ta", 404), ("admin", 200), ("dpo", 404)]
)
def test_who_may_read_status_and_needs(client: PageClient, world: World, who: str, status: int) -> None:
    client.sign_in(who)
    assert client.status(f"/pupils/{world.pupils['zofia']}/status") == status
