"""What stays on a screen: after signing out nothing comes back; who is barred at this moment sees a stranger's page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pupils.models import Bar, FamilyLink
from graduated.rules.vocabulary import BarKind
from tests.browser.conftest import Server, Window, free_port, open_window
from tests.support.demo import ENVIRONMENT
from tests.support.world import PASSWORD, World, email_of

GONE = "This page does not exist"


@pytest.fixture
def served(app: Flask, home: Path) -> Iterator[Server]:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    server = Server(home, free_port(), settings=ENVIRONMENT)
    server.start()
    yield server
    server.stop()


def come_in(browser: Browser, served: Server, who: str, *, phone: bool = False) -> Window:
    window = open_window(browser, served, phone=phone)
    window.sign_in(email_of(who), PASSWORD)
    expect(window.page.get_by_role("button", name="Sign out")).to_be_visible()
    return window


def test_after_signing_out_the_back_button_shows_nothing(browser: Browser, served: Server, world: World) -> None:
    window = come_in(browser, served, "senco")
    page = window.go(f"/pupils/{world.pupils['zofia']}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zofia")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Email address")).to_be_visible()
    for _ in range(2):
        page.go_back()
        page.wait_for_load_state("networkidle")
        assert "Zofia" not in page.content()
    window.context.close()


def bar(app: Flask, world: World) -> None:
    """An order of a court, this minute."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Barred"):
        links = db.session.query(FamilyLink).filter(FamilyLink.adult_id == world.adults["parent"])
        (link,) = links.all()
        order = Bar(pupil_id=link.pupil_id, family_link_id=link.id, kind=BarKind.ORDER, starts=today(), reason="Order")
        db.session.add(order)


def test_a_parent_barred_while_the_page_is_open_meets_a_strangers_page_at_the_next_click(
    app: Flask, browser: Browser, served: Server, world: World
) -> None:
    window = come_in(browser, served, "parent", phone=True)
    page = window.go(f"/family/children/{world.pupils['zofia']}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zofia")
    bar(app, world)
    links = page.locator("main a[href^='/family/children/']")
    targets = [str(links.nth(number).get_attribute("href")) for number in range(links.count())]
    with page.expect_response(lambda answer: answer.request.is_navigation_request()) as answered:
        links.first.click()
    assert answered.value.status == 404
    assert "Zofia" not in page.content()
    shown = page.locator("main").inner_text()
    for target in targets:
        window.page.goto(f"{window.url}{target}")
        assert page.locator("main").inner_text() == shown
    window.go("/family/children/999999")
    assert page.locator("main").inner_text() == shown
    window.context.close()
