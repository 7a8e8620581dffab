"""The three things done most often, by keys alone: come in, log a group, judge an outcome."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Server, Window, open_window
from tests.support.demo import DemoSchool

MOST_TABS = 150


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is on a control, and see that the focus can be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("control => control === document.activeElement"):
            break
    else:
        raise AssertionError(f"{MOST_TABS} tabs do not lead to {target}")
    seen = target.evaluate(
        """control => {
          const shown = [control, control.nextElementSibling, control.parentElement];
          return shown.some(one => {
            const style = one && getComputedStyle(one);
            return style && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
          });
        }"""
    )
    assert seen, f"nobody sees that the focus is on {target}"


def come_in(window: Window, email: str, password: str) -> Page:
    """Sign in: the skip link first, then the two boxes and the button."""
    page = window.go("/sign-in")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    tab_to(page, page.get_by_label("Email address"))
    page.keyboard.type(email)
    tab_to(page, page.locator("#password"))
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=20_000)  # the first page of a server
    return page


def test_a_group_is_logged_by_keys_alone(browser: Browser, demo_server: Server, demo_school: DemoSchool) -> None:
    window = open_window(browser, demo_server)
    page = come_in(window, *demo_school.accounts["ta"])
    tab_to(page, page.get_by_role("navigation", name="Main").get_by_role("link", name="Groups"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/groups")
    to_log = page.locator(".log-sheet", has=page.locator(".kid"))
    for fold in (page.locator("details.sheet-fold", has=to_log), to_log.locator("details.sheet-names")):
        # On a day without school every group is folded, and of several sheets only the next one shows its names.
        if fold.count() and not to_log.first.locator(".kid").first.is_visible():
            tab_to(page, fold.first.locator("summary").first)
            page.keyboard.press("Enter")
    sheet = to_log.first
    first = sheet.locator(".kid").first
    tab_to(page, first.get_by_label("Here", exact=True))
    page.keyboard.press("ArrowRight")
    expect(first.get_by_label("Away", exact=True)).to_be_checked()
    tab_to(page, first.locator(".kid-why input").first)
    page.keyboard.press("Space")
    expect(first.locator(".kid-why input").first).to_be_checked()
    tab_to(page, sheet.get_by_role("button", name=re.compile("^Save")).first)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("1 away")
    assert window.faults == []


def test_an_outcome_is_judged_by_keys_alone(browser: Browser, demo_server: Server, demo_school: DemoSchool) -> None:
    window = open_window(browser, demo_server)
    page = come_in(window, *demo_school.accounts["senco"])
    tab_to(page, page.get_by_role("navigation", name="Main").get_by_role("link", name="Reviews"))
    page.keyboard.press("Enter")
    tab_to(page, page.locator("main").get_by_role("link", name=re.compile("^(Start the review|Go on)")).first)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/review/new|/reviews/\d"))
    start = page.locator("main").get_by_role("button", name="Start the review")
    if start.count():
        tab_to(page, start)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/reviews/\d"))
    outcome = page.locator("section.outcome", has_text="How far was it met?").first
    tab_to(page, outcome.get_by_role("radio").first)
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(outcome.get_by_label("As expected", exact=True)).to_be_checked()
    tab_to(page, outcome.get_by_label("Why"))
    page.keyboard.type("She read three pages to her friend.")
    tab_to(page, page.get_by_role("button", name="Save", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Saved.")
    expect(outcome.get_by_label("Why")).to_have_value("She read three pages to her friend.")
    assert window.faults == []
