"""The class card of a class of eight stands on one side of A4, and reads well on desk and phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from playwright.sync_api import Browser

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan.models import Strategy
from graduated.pupils.services import FirstStatus, PupilRecord, add_pupil, assign
from graduated.rules.vocabulary import NeedType, SenStatus, StatusSource, YearGroup
from tests.browser.conftest import Server, free_port, open_window
from tests.register.story import tell
from tests.support.demo import ENVIRONMENT
from tests.support.world import PASSWORD, World, email_of

A4 = (595, 842)
NAMES = ("Tomasz Adeyemi", "Jude Cornick", "Freya Legg", "Ivy Stickland", "Otis Guppy", "Priya Christopher", "Leo Toop")
WAYS = (
    "Instructions one at a time, each with a picture beside it",
    "Time to answer: count silently to ten before asking anybody else",
    "Words of the topic met before the lesson, in English and at home in Polish",
    "A help card on the desk that is turned to red instead of raising a hand",
)


@pytest.fixture
def served(app: Flask, home: Path, world: World) -> Iterator[Server]:
    """The world with a class of eight, each with two provisions and five ways that help."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        pupils = [world.pupils["zofia"], *(_pupil(name, world) for name in NAMES)]
        for pupil_id in pupils:
            cycle_id = tell(pupil_id, world.users["lead"], closed=0, sessions=2)
            with write("Strategies"):
                for number, text in enumerate(WAYS, 1):
                    db.session.add(Strategy(pupil_id=pupil_id, cycle_id=cycle_id, text=text, position=number))
        db.session.remove()
        db.engine.dispose()
    server = Server(home, free_port(), settings=ENVIRONMENT)
    server.start()
    yield server
    server.stop()


def _pupil(name: str, world: World) -> int:
    forename, surname = name.split()
    record = PupilRecord(forename, surname, date(today().year - 10, 10, 4), YearGroup.Y5, registration_group="5A")
    needs = (NeedType.SLCN, NeedType.SPLD)
    status = FirstStatus(SenStatus.SUPPORT, today() - timedelta(90), StatusSource.HAND, "", needs)
    pupil_id = add_pupil(record, status)
    assign(world.users["lead"], pupil_id)
    return pupil_id


def test_a_class_of_eight_prints_on_one_side_of_a4(served: Server, browser: Browser) -> None:
    window = open_window(browser, served)
    window.sign_in(email_of("lead"), PASSWORD)
    page = window.go("/class-card?class=5A")
    assert page.locator(".card-table tbody tr").count() == 8
    window.axe()
    page.set_viewport_size({"width": 390, "height": 844})
    window.axe()
    window.no_sideways_scroll()
    with pikepdf.open(BytesIO(page.pdf(prefer_css_page_size=True))) as paper:
        assert len(paper.pages) == 1
        _left, _bottom, width, height = (float(edge) for edge in paper.pages[0].mediabox)
    assert (round(width), round(height)) == A4
    page.get_by_role("button", name="I have read this").first.click()
    page.get_by_text("Read on").first.wait_for()
    assert window.faults == []
    window.context.close()
