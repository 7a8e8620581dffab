"""Who looked at whose record: for who may read the audit, by person and day; many in a short time is listed."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from graduated.audit import views_log
from graduated.db import clock
from tests.support.client import PageClient
from tests.support.world import World


def _look_at_many(app: Flask, world: World, who: str, number: int, school: int | None = None) -> None:
    """Somebody goes through the records of so many children, one every half minute."""
    began = clock.now() - timedelta(hours=3)
    with app.app_context():
        for child in range(number):
            with clock.held(began + timedelta(seconds=30 * child)):
                views_log.record_view(
                    school or world.school_id, 5000 + child, world.users[who], f"{who} by name", "register.pupil"
                )


def test_looks_are_listed_by_person_and_day(client: PageClient, world: World) -> None:
    client.sign_in("teacher").page(f"/pupils/{world.pupils['zofia']}")
    client.sign_in("lead").page(f"/pupils/{world.pupils['zofia']}")
    client.sign_in("head")
    text = client.text("/who-looked")
    assert text.count("Zofia Szymańska") == 2 and "Overview" in text
    only = client.text(f"/who-looked?who={world.users['teacher']}")
    assert only.count("Zofia Szymańska") == 1
    assert "Nobody looked in these days" in client.text("/who-looked?since=2020-01-01&until=2020-01-31")
    client.page("/who-looked?since=0001-01-01&until=9999-12-31")
    client.page("/who-looked?since=31-02-2026&until=x&who=x&before=9999999999999")


def test_many_children_in_a_short_time_are_listed_and_few_are_not(app: Flask, client: PageClient, world: World) -> None:
    _look_at_many(app, world, "teacher", 24)
    client.sign_in("senco")
    assert "Many children in a short time" not in client.text("/who-looked")
    _look_at_many(app, world, "lead", 40)
    text = client.text("/who-looked")
    assert "Many children in a short time" in text and "lead by name" in text and "40" in text
    assert "teacher by name" not in text.partition("From ")[0]


def test_another_schools_looks_are_not_seen(app: Flask, client: PageClient, world: World) -> None:
    _look_at_many(app, world, "other_school", 40, world.other_school_id)
    assert "other_school by name" not in client.sign_in("senco").text("/who-looked")


def test_a_data_protection_officer_reads_who_and_when_and_no_childs_name(client: PageClient, world: World) -> None:
    client.sign_in("teacher").page(f"/pupils/{world.pupils['zofia']}")
    text = client.sign_in("dpo").text("/who-looked")
    assert "A pupil whose record you do not read" in text and "Zofia" not in text


def test_a_page_holds_a_hundred_looks_and_leads_to_the_older_ones(app: Flask, client: PageClient, world: World) -> None:
    _look_at_many(app, world, "lead", 130)
    page = client.sign_in("senco").page("/who-looked")
    older = [str(a.attrib["href"]) for a in page.iter() if "before=" in a.attrib.get("href", "")]
    assert len(older) == 1
    assert client.text(older[0]).partition("From ")[2].count("lead by name") == 30
