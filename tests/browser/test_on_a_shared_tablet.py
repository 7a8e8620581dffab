"""A shared tablet at 390 px: registered, a PIN set, a group of six logged in a few taps, five wrong PINs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server, free_port
from tests.browser.phone import GROUP, Thumb, in_force, pupils
from tests.support.databases import by_hand
from tests.support.demo import ENVIRONMENT, DemoSchool

PIN = "739462"


@pytest.fixture(scope="module")
def server(demo_school: DemoSchool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo school, in which the group of six meets every day."""
    home = tmp_path_factory.mktemp("tablet") / "home"
    shutil.copytree(demo_school.home, home)
    with by_hand(home) as hand:
        hand.execute('update "group" set weekdays = ? where name = ?', ("[0, 1, 2, 3, 4, 5, 6]", GROUP))
    served = Server(home, free_port(), settings=ENVIRONMENT)
    served.start("demo")
    yield served
    served.stop()


def test_register_set_a_pin_log_six_and_five_wrong_pins(
    browser: Browser, server: Server, demo_accounts: dict[str, tuple[str, str]]
) -> None:
    tablet = Thumb(browser, server, demo_accounts["ta"])
    page, window = tablet.page, tablet.window

    window.sign_in(demo_accounts["admin"][0], demo_accounts["admin"][1])
    window.reads_well("/school/devices")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="Register a device").click()
    page.get_by_label("What is the device called?").fill("Tablet, corridor")
    page.get_by_label("The device that I am using now").check()
    window.axe()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("This device is now known as Tablet, corridor.")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()

    window.sign_in(*demo_accounts["ta"])
    window.go("/account/pin")
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_label("The same PIN again").fill(PIN)
    window.axe()
    page.get_by_role("button", name="Set the PIN").click()
    expect(page.get_by_text("Your PIN works on Tablet, corridor.")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()

    window.go("/device")
    window.axe()
    window.no_sideways_scroll()
    tablet.taps = 0
    page.get_by_label("PIN", exact=True).click()
    tablet.taps += 1
    page.get_by_label("PIN", exact=True).fill(PIN)
    tablet.tap(page.get_by_role("button", name="Sign in with PIN"))
    tablet.is_on("My groups today")
    assert tablet.sheet.locator(".kid").count() == 6
    window.axe()
    window.no_sideways_scroll()
    tablet.save("All 6 here")
    expect(tablet.sheet).to_contain_text("6 here, by you")
    assert tablet.taps <= 8
    assert in_force(server) == [("delivered", 6, 0)]
    surnames = {name for name in pupils(server) if f" {name}" in page.locator("main").inner_text()}
    assert not {name for name in surnames if len(name) > 5}, f"whole surnames are on the page: {surnames}"
    tablet.press("Undo", tablet.sheet)
    tablet.sees("The entry is withdrawn and no longer counts.")
    assert in_force(server) == []
    page.get_by_role("button", name="Sign out", exact=True).click()

    for _number in range(5):
        page.get_by_label("PIN", exact=True).fill("408175")
        page.get_by_role("button", name="Sign in with PIN").click()
        expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("Too many wrong PINs")
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_role("button", name="Sign in with PIN").click()
    expect(page.locator("main")).to_contain_text("Too many wrong PINs")
    window.context.close()
