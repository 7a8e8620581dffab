"""Every page that a person of the demo school can reach, on a desk and a phone: axe, one heading, nothing sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from werkzeug.routing import Map

from tests.browser.conftest import DESK, PHONE, Server, Window, open_window
from tests.browser.crawling import SKELETON, Walk
from tests.support.demo import DemoSchool

SMALLEST = {"width": 320, "height": 640}
ROLES = ("senco", "parent", "head", "assistant", "lead", "ta", "safeguarding", "admin", "dpo", "staff_parent",
         "other_parent", "barred_parent")  # fmt: skip
pytestmark = pytest.mark.xdist_group("walk")  # one after the other, so that each knows what was looked at before
checked: dict[str, set[str]] = {}
"""What axe has seen of each kind of page: every combination of element, class and role."""


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Map:
    """Every address of the product."""
    from graduated.app import create_app
    from tests.conftest import settings_in

    return create_app(settings_in(tmp_path_factory.mktemp("addresses")), testing=True).url_map


def look_at(window: Window, endpoint: str) -> list[str]:
    """What is wrong with the page in front of the window, at three widths; a page of a kind seen before that holds
    nothing new is not put through axe again."""
    page, wrong = window.page, list(window.faults)
    window.faults.clear()
    path = page.url.removeprefix(window.url)
    headings = page.locator("h1").count()
    if headings != 1:
        wrong.append(f"{headings} first headings")
    parts, seen = set(page.evaluate(SKELETON).split("|")), checked.setdefault(endpoint, set())
    known = parts <= seen
    seen |= parts
    for size, hold in ((DESK, window.axe), (PHONE, window.axe), (PHONE, window.no_sideways_scroll),
                       (SMALLEST, window.no_sideways_scroll)):  # fmt: skip
        if known and hold == window.axe:
            continue
        page.set_viewport_size(size)
        try:
            hold()
        except AssertionError as error:
            wrong.append(f"at {size['width']}: {error}")
    page.set_viewport_size(DESK)
    return [f"{path}: {one}" for one in wrong]


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of(
    role: str, browser: Browser, demo_server: Server, demo_school: DemoSchool, addresses: Map
) -> None:
    window = open_window(browser, demo_server)
    window.sign_in(*demo_school.accounts[role])
    walk = Walk(window, addresses)
    wrong = [one for name in walk.pages("/", *demo_school.paths_for(role)) for one in look_at(window, name)]
    window.context.close()
    assert len(walk.seen) > 3
    assert wrong == []
