"""Insight, progress and class cards of the demo school: clean for axe, at both widths, without a fault."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Server, open_window
from tests.support.demo import DemoSchool

PAGES = (
    "/insight",
    "/insight?by=adult",
    "/insight/impact",
    "/class-card/readers",
    "/class-card?class=5B",
    "{pupil}/progress",
)


def test_every_page_is_clean_for_axe_on_desk_and_phone(
    demo_server: Server, demo_school: DemoSchool, browser: Browser
) -> None:
    window = open_window(browser, demo_server)
    window.sign_in(*demo_school.accounts["senco"])
    for path in PAGES:
        window.reads_well(path.format(**demo_school.paths))
    assert window.faults == []
    window.context.close()


@pytest.mark.parametrize("who", ["teacher", "ta"])
def test_staff_of_a_class_have_no_insight_and_their_card_is_clean(
    demo_server: Server, demo_school: DemoSchool, browser: Browser, who: str
) -> None:
    window = open_window(browser, demo_server, phone=True)
    window.sign_in(*demo_school.accounts[who])
    page = window.go("/class-card")
    assert page.get_by_role("link", name="Insight").count() == 0
    window.axe()
    window.no_sideways_scroll()
    assert window.faults == []
    window.context.close()
