"""The page of backups in a browser: clean for axe at both widths."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.conftest import Server, open_window
from tests.support.demo import DemoSchool


def test_the_page_is_clean_for_axe_on_desk_and_phone(
    demo_server: Server, demo_school: DemoSchool, browser: Browser
) -> None:
    window = open_window(browser, demo_server)
    window.sign_in(*demo_school.accounts["senco"])
    window.reads_well("/school/backups")
    assert window.faults == []
    window.context.close()
