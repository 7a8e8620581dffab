"""The background of a pupil in a browser: clean for axe at both widths, and entered without a mouse or a script."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.conftest import Server, open_window
from tests.support.demo import DemoSchool

PAGES = (
    "{pupil}/background",
    "{pupil}/attendance/new",
    "{pupil}/part-time/new",
    "{pupil}/suspensions/new",
    "{pupil}/health/new",
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


def test_a_mistake_leads_to_its_field_and_what_is_right_stands_on_the_page(
    demo_server: Server, demo_school: DemoSchool, browser: Browser
) -> None:
    window = open_window(browser, demo_server)
    window.sign_in(*demo_school.accounts["senco"])
    page = window.go(f"{demo_school.paths['pupil']}/health/new")
    page.get_by_label("Medication").check()
    page.get_by_role("button", name="Record").click()
    page.get_by_role("link", name="Say in a few words what it is").click()
    page.keyboard.type("Antihistamine in summer, before PE on the field")
    page.get_by_role("button", name="Record").click()
    page.get_by_text("That is recorded.").wait_for()
    page.get_by_text("Antihistamine in summer, before PE on the field").wait_for()
    assert [fault for fault in window.faults if "422" not in fault] == []  # the mistake itself
    window.context.close()
