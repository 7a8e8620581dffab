"""Writing a section of a request in a browser: a record is put in at the cursor, and no page shows a mark."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server, Window, open_window
from tests.support.demo import DemoSchool


def _request(window: Window) -> str:
    page = window.go("/requests")
    return str(page.locator("main a[href*='/requests/']", has_text="Zofia").first.get_attribute("href"))


def test_a_record_is_put_in_at_the_cursor_and_read_in_its_place(
    demo_server: Server, demo_school: DemoSchool, browser: Browser
) -> None:
    window = open_window(browser, demo_server)
    window.sign_in(*demo_school.accounts["senco"])
    place = f"{_request(window)}/narrative/measures"
    page = window.go(place)
    box = page.locator("#text")
    box.fill("At first  and then more.")
    box.evaluate("box => box.setSelectionRange(9, 9)")
    page.get_by_role("button", name=re.compile("Insert ?: YARC, reading accuracy")).first.click()
    expect(box).to_be_focused()
    words = box.input_value()
    assert words.startswith("At first [[YARC, reading accuracy, ")
    assert words.endswith("]] and then more.")
    expect(page.get_by_text("Put in at the cursor.")).to_be_visible()
    window.axe()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The words are saved.")).to_be_visible()
    assert "[[" not in page.locator("main").inner_text()
    for path in (place, f"{place}/versions"):
        window.reads_well(path)
    assert window.faults == []
    window.context.close()


def test_on_a_phone_without_javascript_it_comes_back_at_the_end(
    demo_server: Server, demo_school: DemoSchool, browser: Browser
) -> None:
    window = open_window(browser, demo_server, javascript=False, phone=True)
    window.sign_in(*demo_school.accounts["senco"])
    page = window.go(f"{_request(window)}/narrative/attendance")
    page.locator("#text").fill("She likes to come")
    page.get_by_role("button", name=re.compile("Insert ?: Attendance")).first.click()
    value = page.locator("#text").input_value()
    assert value.startswith("She likes to come [[Attendance, ")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The words are saved.")).to_be_visible()
    window.context.close()
