"""Forms sent empty: what is wrong is said at the top and beside the field, and the page stays as accessible."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESK, PHONE, Server, Window, open_window
from tests.support.demo import DemoSchool

FORMS = (
    "/pupils/new",
    "{pupil}/measures/new",
    "{pupil}/observations/new",
    "{pupil}/views/new",
    "{pupil}/involvements/new",
    "{pupil}/family/add",
    "{pupil}/papers/add",
    "{pupil}/cycles/paper",
    "{pupil}/requests/earlier",
    "{pupil}/status/change",
    "{cycle}/outcomes/new",
    "{cycle}/provision/new",
    "{cycle}/strategies/new",
    "{plan}/review-date",
    "/school/terms/add",
    "/school/staff/add",
    "/account/password",
)


@pytest.fixture(scope="module")
def window(browser: Browser, demo_server: Server, demo_school: DemoSchool) -> Window:
    opened = open_window(browser, demo_server)
    opened.sign_in(*demo_school.accounts["senco"])
    expect(opened.page.get_by_role("button", name="Sign out")).to_be_visible()
    return opened


@pytest.mark.parametrize("form", FORMS)
def test_a_form_sent_empty_says_what_is_wrong(window: Window, demo_school: DemoSchool, form: str) -> None:
    paths = demo_school.paths
    known = {"pupil": paths["pupil"], "plan": paths["plan"], "cycle": paths["draft"].removesuffix("/edit")}
    page = window.go(form.format(**known))
    for box in page.locator("main form[method=post] :is(input:not([type]), input[type=text], textarea)").all():
        if box.is_visible():
            box.fill("")
    page.locator(
        "main form[method=post] button.govuk-button:not(.button-quiet, [name], .govuk-button--secondary)"
    ).first.click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_visible()
    expect(summary).to_be_focused()
    targets = summary.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert targets
    for target in targets:
        assert page.locator(f"[id='{target.removeprefix('#')}']").count() == 1, target
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        window.axe()
        window.no_sideways_scroll()
    # A form that is refused answers 422, which Chromium notes as a failed fetch; nothing else may have gone wrong.
    assert [one for one in window.faults if "422" not in one] == []
    window.faults.clear()
