"""The pupil's pages that look across the record: what they say, who may read what, and what they cost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.assess.services_concerns import Ending, NewConcern, end_concern, raise_concern
from graduated.db.clock import today
from graduated.pupils import services
from graduated.rules.vocabulary import ConcernBy, ConcernStatus, SenStatus, StatusSource
from graduated.web.filters import long_date
from tests.register.counting import counted
from tests.register.story import tell
from tests.support.client import PageClient
from tests.support.world import World


@pytest.fixture
def zofia(app: Flask, world: World) -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        tell(world.pupils["zofia"], world.users["lead"])
    return world.pupils["zofia"]


def test_the_overview_tells_the_story_the_present_and_what_is_next(client: PageClient, zofia: int) -> None:
    text = client.sign_in("senco").text(f"/pupils/{zofia}")
    for words in (
        "Cycle 1", "brought forward from paper", "Some progress", "Now: cycle 4",
        "Zofia reads a Year 4 text aloud with fewer than 5 errors in 100 words", "From 78 to 88, aim 88",
        "minutes to date", "no adult free", "Show me what it looks like", "Time to answer: count to ten",
        "Review meeting, Room 2, with Miriam Vine", "Families can ask Dorset Council themselves at any time",
        "Educational psychologist seen",
    ):  # fmt: skip
        assert words in text, words


def test_the_chart_of_a_measure_has_baseline_target_and_reviews_in_words_too(client: PageClient, zofia: int) -> None:
    page = client.sign_in("senco").get(f"/pupils/{zofia}").text
    described = re.findall(r"<desc>(.*?)</desc>", page)
    assert any("Baseline 78" in words and "Target 88" in words for words in described)
    assert page.count('class="chart-review"') >= 3 and "Reviews: " in page


def test_the_number_of_queries_does_not_grow_with_the_story(app: Flask, client: PageClient, world: World) -> None:
    pupil_id = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        tell(pupil_id, world.users["lead"], closed=1, sessions=2)
        tell(world.pupils["ivy"], world.users["lead"], closed=9, sessions=60)
    client.sign_in("senco")
    client.page(f"/pupils/{pupil_id}")
    with counted(app) as short:
        client.get(f"/pupils/{pupil_id}")
    with counted(app) as long:
        client.get(f"/pupils/{world.pupils['ivy']}")
    assert len(short) == len(long)
    assert len(long) <= 15, "\n\n".join(long)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("senco", 200), ("assistant", 200), ("head", 200), ("safeguarding", 200), ("lead", 200), ("teacher", 200),
        ("ta", 200), ("admin", 200), ("other_teacher", 404), ("parent", 404), ("barred_parent", 404), ("dpo", 404),
        ("other_school", 404),
    ],
)  # fmt: skip
def test_who_may_open_a_pupil(client: PageClient, world: World, who: str, status: int) -> None:
    client.sign_in(who)
    assert client.status(f"/pupils/{world.pupils['zofia']}") == status


def test_support_staff_read_the_plan_but_not_what_reviews_decided(client: PageClient, zofia: int) -> None:
    client.sign_in("ta")
    text = client.text(f"/pupils/{zofia}")
    assert "Now: cycle 4" in text and "progress" not in text.lower().replace("in progress", "")
    assert "Some progress" not in client.text(f"/pupils/{zofia}/cycles")


def test_the_administrator_sees_the_status_and_no_plan(client: PageClient, zofia: int) -> None:
    text = client.sign_in("admin").text(f"/pupils/{zofia}")
    assert "SEN support" in text and "cycle" not in text.lower() and "Show me what" not in text


def test_the_button_leads_to_what_comes_next(client: PageClient, zofia: int, world: World) -> None:
    client.sign_in("senco")
    links = [a for a in client.page(f"/pupils/{zofia}").iter() if "href" in a.attrib]
    button = next(a for a in links if "Prepare the review" in "".join(a.itertext()))
    assert str(button.attrib["href"]).endswith("/ask")
    assert "Prepare the review" not in client.sign_in("ta").text(f"/pupils/{zofia}")
    assert "Prepare the review" not in client.sign_in("head").text(f"/pupils/{zofia}")


def test_an_open_concern_stands_on_the_overview_with_its_next_date_until_it_ends(
    app: Flask, client: PageClient, zofia: int, world: World
) -> None:
    again = today() + timedelta(days=20)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        concern_id = raise_concern(zofia, NewConcern(ConcernBy.TEACHER, "Tom Fry", today(), "Hides in the cloakroom"))
    client.sign_in("senco")
    text = client.text(f"/pupils/{zofia}")
    assert f"Concern of {long_date(today())}" in text and "the meeting with the parents is to be held" in text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        end_concern(concern_id, Ending(ConcernStatus.WATCHING, today(), "Settling in", again))
    page = client.page(f"/pupils/{zofia}")
    assert f"to be looked at again on {long_date(again)}" in client.text(f"/pupils/{zofia}")
    assert f"/concerns/{concern_id}" in {str(a.attrib.get("href", "")) for a in page.iter()}
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        end_concern(concern_id, Ending(ConcernStatus.NOTHING_FURTHER, today(), "Sits with friends"))
    assert "Concern of" not in client.text(f"/pupils/{zofia}")
    assert "Concern of" not in client.sign_in("admin").text(f"/pupils/{zofia}")


def test_every_cycle_stands_in_the_table_with_the_day_it_was_entered_from_paper(client: PageClient, zofia: int) -> None:
    text = client.sign_in("senco").text(f"/pupils/{zofia}/cycles")
    assert all(f"Cycle {number}" in text for number in (1, 2, 3, 4))
    assert f"Brought forward from paper, entered {today().day} {today():%b %Y}" in text


def test_without_a_plan_the_page_says_so(client: PageClient, world: World) -> None:
    text = client.sign_in("senco").text(f"/pupils/{world.pupils['reuben']}/plan")
    assert "There is no plan at the moment" in text


def test_who_looked_and_who_changed_stand_together_for_those_who_may_read_the_audit(
    app: Flask, client: PageClient, world: World
) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("teacher").page(f"/pupils/{zofia}")
    assert client.status(f"/pupils/{zofia}/who-looked") == 404
    with app.app_context(), acting(system_actor(world.school_id, "Night import")):
        services.set_status(zofia, SenStatus.NONE, today(), StatusSource.REVIEW, "Met")
    text = client.sign_in("head").text(f"/pupils/{zofia}/who-looked")
    assert "Tom FryLooked at Overview" in text
    assert "Night importSEN status changed" in text


def test_what_to_change_in_the_mis_is_listed_until_it_is_done_there(
    app: Flask, client: PageClient, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        day = today() - timedelta(days=2)
        services.set_status(world.pupils["zofia"], SenStatus.NONE, day, StatusSource.REVIEW, "Outcomes met")
        services.set_status(world.pupils["jude"], SenStatus.SUPPORT, day, StatusSource.MIS)
    client.sign_in("head")
    assert "Zofia Szymańska" in client.text("/register/changes-for-mis")
    client.sign_in("senco")
    text = client.text("/register/changes-for-mis")
    assert "Outcomes met" in text and "Jude" not in text
    client.send("/register/changes-for-mis")
    assert "Nothing to change" in client.text("/register/changes-for-mis")


def test_only_who_writes_the_register_may_say_that_the_mis_was_told(
    app: Flask, client: PageClient, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        spell = services.set_status(world.pupils["zofia"], SenStatus.NONE, today(), StatusSource.REVIEW, "Met")
    client.sign_in("teacher")
    data = {"csrf_token": client.token()}
    assert client.status(f"/register/changes-for-mis/{spell}", "POST", data=data) == 403
    client.sign_in("ta")
    assert client.status("/register/changes-for-mis") == 404
