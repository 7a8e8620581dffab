"""The week, a group and the library in a browser: clean for axe at both widths, and the week prints on its side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from playwright.sync_api import Browser

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.do.services_groups import GroupDetails, join, make_group
from tests.browser.conftest import Server, free_port, open_window
from tests.support.demo import ENVIRONMENT
from tests.support.world import PASSWORD, World, email_of


@pytest.fixture
def served(app: Flask, home: Path, world: World) -> Iterator[Server]:
    """Two groups of the same adult at the same time, so that there is a clash wherever it is a school week."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        for name, pupils in (("Talk group", ("zofia", "reuben")), ("Spelling", ("ivy",))):
            details = GroupDetails(name, today(), 20, 5, staff_id=world.users["ta"], weekdays=(0, 1, 2, 3, 4),
                                   at=time(9, 30))  # fmt: skip
            join(make_group(details), tuple(world.pupils[pupil] for pupil in pupils), today())
        db.session.remove()
        db.engine.dispose()
    server = Server(home, free_port(), settings=ENVIRONMENT)
    server.start()
    yield server
    server.stop()


def test_week_group_and_library_read_well_on_desk_and_phone(served: Server, browser: Browser) -> None:
    window = open_window(browser, served)
    window.sign_in(email_of("senco"), PASSWORD)
    for path in (
        "/groups/week",
        "/groups/week?by=pupil",
        "/groups/all",
        "/groups/1",
        "/groups/1/edit",
        "/groups/1/join",
        "/school/interventions",
        "/school/interventions/1",
        "/school/interventions/1/edit",
    ):
        window.reads_well(path)
    page = window.go("/groups/week")
    with pikepdf.open(BytesIO(page.pdf(prefer_css_page_size=True))) as paper:
        _left, _bottom, width, height = (float(edge) for edge in paper.pages[0].mediabox)
    assert width > height
    assert window.faults == []
    window.context.close()
