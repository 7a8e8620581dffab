"""Who looked at a pupil's record can be searched, and knows files that were taken and the family's own looks."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from graduated.db.clock import today
from tests.support.client import PageClient
from tests.support.world import World


def other(app: Flask, who: str) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client.sign_in(who)


def test_looks_are_found_by_person_by_day_and_by_what_was_opened(app: Flask, client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    path = f"/pupils/{zofia}/who-looked"
    teacher = other(app, "teacher")
    teacher.page(f"/pupils/{zofia}")
    teacher.page(f"/pupils/{zofia}/papers")
    other(app, "lead").page(f"/pupils/{zofia}/papers")
    client.sign_in("senco")
    whole = client.text(path)
    assert "Tom FryLooked at Papers" in whole and "Miriam VineLooked at Papers" in whole
    by_person = client.text(f"{path}?who=Tom+Fry")
    assert "Tom FryLooked at" in by_person and "Miriam VineLooked at" not in by_person
    by_page = client.text(f"{path}?what=overview&who=Tom+Fry")
    assert "Looked at Overview" in by_page and "Looked at Papers" not in by_page
    past = (today() - timedelta(days=3)).isoformat()
    assert "Nobody did that in these days" in client.text(f"{path}?since={past}&until={past}")


def test_a_day_that_is_none_and_a_person_who_is_none_break_nothing(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    path = f"/pupils/{world.pupils['zofia']}/who-looked"
    for query in ("since=yesterday", "until=2026-02-31", "who=%3Cb%3E", "what=%25", "since=2999-01-01"):
        client.page(f"{path}?{query}")


def test_a_list_taken_as_a_file_and_a_parents_own_look_are_named(app: Flask, client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    assert other(app, "assistant").get("/register/export.csv").status_code == 200
    parent = other(app, "parent")
    parent.get("/", follow_redirects=True)
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint == "family.plan"]
    parent.page(rules[0].replace("<int:pupil_id>", str(zofia)))
    text = client.sign_in("senco").text(f"/pupils/{zofia}/who-looked")
    assert "Pam DibbenLooked at The register, as a file" in text
    assert "Anna SzymańskaLooked at The family’s side" in text


def test_the_page_of_the_whole_school_stands_under_school(client: PageClient) -> None:
    page = client.sign_in("senco").get("/who-looked").text
    assert 'aria-label="Breadcrumbs"' in page
    current = [line for line in page.splitlines() if "aria-current" in line and "School" in line]
    assert current
