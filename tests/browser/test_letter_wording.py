"""The words of a letter changed in a browser: the preview follows while one writes, also without JavaScript."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server, open_window
from tests.support.demo import DemoSchool

EDIT = "/school/letters/outcome/edit"


def test_the_preview_follows_while_one_writes_and_takes_neither_focus_nor_words(
    demo_server: Server, demo_school: DemoSchool, browser: Browser
) -> None:
    window = open_window(browser, demo_server)
    window.sign_in(*demo_school.accounts["senco"])
    for path in ("/school/letters", "/school/letters/invitation", EDIT):
        window.reads_well(path)
    page = window.go(EDIT)
    box, reads = page.locator("#text"), page.locator("#letter-preview")
    box.fill("On {date} we talked about {first_name}. {descision}")
    expect(reads).to_contain_text("we talked about Rowan")
    expect(reads).to_contain_text("Did you mean {decision}")
    expect(reads).to_contain_text("It does not say where parents get free and impartial advice.")
    expect(box).to_be_focused()
    window.axe()
    box.fill("On {date} we talked about {first_name}. {decision} Advice: {sendiass}")
    expect(reads).not_to_contain_text("Did you mean")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Preview as PDF").click()
    assert taken.value.suggested_filename == "Outcome of a review - example.pdf"
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your wording is saved.")).to_be_visible()
    page.get_by_role("button", name="Go back to our wording").click()
    expect(page.get_by_text("begin with our wording again")).to_be_visible()
    assert window.faults == []
    window.context.close()


def test_without_javascript_a_button_shows_the_preview_and_saving_goes_on_from_there(
    demo_server: Server, demo_school: DemoSchool, browser: Browser
) -> None:
    window = open_window(browser, demo_server, javascript=False, phone=True)
    window.sign_in(*demo_school.accounts["senco"])
    page = window.go("/school/letters/coming-off/edit")
    words = "{first_name} came off SEN support on {date}. Advice: {sendiass}"
    page.locator("#text").fill(words)
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.locator("#letter-preview")).to_contain_text("Rowan came off SEN support on")
    expect(page.locator("#letter-preview")).to_be_in_viewport()
    expect(page.locator("#text")).to_have_value(words)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your wording is saved.")).to_be_visible()
    expect(page.locator("#letter-preview")).to_contain_text("Rowan came off SEN support on")
    window.context.close()
