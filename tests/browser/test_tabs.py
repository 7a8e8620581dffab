"""The tabs of a pupil: a SENCO sees all of them at once on a desk."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.conftest import Server, open_window
from tests.support.demo import DemoSchool


def test_every_tab_of_a_pupil_is_in_sight_on_a_desk(
    demo_server: Server, demo_school: DemoSchool, browser: Browser
) -> None:
    window = open_window(browser, demo_server)
    window.sign_in(*demo_school.accounts["senco"])
    page = window.go(demo_school.paths["pupil"])
    tabs = page.locator("nav.tabs")
    assert tabs.get_by_role("link").count() == 12
    tops = tabs.evaluate("one => [...one.querySelectorAll('a')].map(tab => tab.getBoundingClientRect().top)")
    assert len({round(top) for top in tops}) == 1
    for width in (1280, 800):  # in more rows where one is too short
        page.set_viewport_size({"width": width, "height": 800})
        assert tabs.evaluate("one => one.scrollWidth <= one.clientWidth")
    window.context.close()
