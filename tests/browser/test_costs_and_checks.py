"""Costs and plan checks of the demo school in a browser: clean for axe at both widths, and in nobody's way."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server, open_window
from tests.support.demo import DemoSchool

PAGES = (
    "{pupil}/costs",
    "{pupil}",
    "{pupil}/plan",
    "{draft}",
    "/school/rates",
    "/school/rates/new",
    "/help/plan-checks",
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


def test_the_overview_shows_costs_once_they_are_there(
    demo_server: Server, demo_school: DemoSchool, browser: Browser
) -> None:
    window = open_window(browser, demo_server)
    window.sign_in(*demo_school.accounts["head"])
    page = window.go(demo_school.paths["pupil"])
    expect(page.get_by_text("£6,000 a year is a comparison and not a pass mark.")).to_be_visible()
    page.get_by_role("link", name="What the provision costs").click()
    sums = page.locator("details.sum")
    expect(sums.first).to_be_visible()
    sums.first.locator("summary").click()
    expect(sums.first.locator("p")).to_contain_text("minutes ÷ 60 × £")
    assert window.faults == []
    window.context.close()


def test_a_check_speaks_while_one_writes_and_takes_neither_focus_nor_words(
    demo_server: Server, demo_school: DemoSchool, browser: Browser
) -> None:
    window = open_window(browser, demo_server)
    window.sign_in(*demo_school.accounts["senco"])
    page = window.go(demo_school.paths["draft"])
    page.get_by_role("link", name="Add an outcome").click()
    box = page.locator("#outcome-new-statement")
    box.press_sequentially("Will receive 5 hours of TA support", delay=5)
    said = page.locator("#outcome-new-statement-check")
    expect(said).to_contain_text("This reads as what is given")
    expect(box).to_be_focused()
    expect(box).to_have_value("Will receive 5 hours of TA support")
    expect(page.locator("#outcome-new-success-check")).to_be_empty()
    window.axe()
    box.fill("")
    box.press_sequentially("Reads a Year 3 text aloud", delay=5)
    expect(said).not_to_contain_text("This reads as what is given")
    expect(box).to_be_focused()
    assert window.faults == []
    window.context.close()


def test_without_javascript_the_same_words_stand_there_after_saving(
    demo_server: Server, demo_school: DemoSchool, browser: Browser
) -> None:
    window = open_window(browser, demo_server, javascript=False)
    window.sign_in(*demo_school.accounts["senco"])
    page = window.go(demo_school.paths["draft"])
    page.get_by_role("link", name="Add an outcome").click()
    page.get_by_label("Outcome", exact=True).fill("Will receive 5 hours of TA support")
    page.get_by_role("button", name="Save the outcome").click()
    card = page.locator("section.outcome", has_text="Will receive 5 hours of TA support")
    expect(card).to_contain_text("This reads as what is given")
    card.get_by_role("button", name="Remove outcome").click()
    assert window.faults == []
    window.context.close()
