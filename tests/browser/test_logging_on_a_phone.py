"""A teaching assistant with a phone in one hand: few taps, no signal, two devices, and every session counted once.

The taps are counted: each is one touch of one finger, typing not counted, from the sign-in page to "saved".
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server, free_port, open_window
from tests.browser.phone import (
    GROUP,
    HAND_IN,
    KEPT_OF_A_PUPIL,
    KEPT_OF_AN_ENTRY,
    STANDING,
    THUMB,
    TOO_SMALL,
    Thumb,
    in_force,
    pupils,
)
from tests.support.databases import by_hand
from tests.support.demo import ENVIRONMENT, DemoSchool


@pytest.fixture(scope="module")
def served(demo_school: DemoSchool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo school, served from a copy of its own."""
    home = tmp_path_factory.mktemp("phone") / "home"
    shutil.copytree(demo_school.home, home)
    server = Server(home, free_port(), settings=ENVIRONMENT)
    server.start("demo")
    yield server
    server.stop()


@pytest.fixture
def server(served: Server) -> Iterator[Server]:
    """What one test has logged is withdrawn before the next begins."""
    yield served
    with by_hand(served.home) as hand:
        hand.execute(
            "insert into delivered_session (school_id, group_id, held_on, minutes, state, note, recorded_at, "
            "replaces_id) "
            f"select school_id, group_id, held_on, minutes, 'withdrawn', '', recorded_at, id {STANDING}",
            (GROUP,),
        )


@pytest.fixture
def tuck(browser: Browser, server: Server, demo_accounts: dict[str, tuple[str, str]]) -> Iterator[Thumb]:
    """Mrs Tuck, with her phone."""
    thumb = Thumb(browser, server, demo_accounts["ta"])
    yield thumb
    thumb.window.context.close()


def test_six_pupils_are_logged_in_at_most_eight_taps_from_the_sign_in_page(tuck: Thumb, server: Server) -> None:
    tuck.come_in()
    tuck.open_groups()
    assert tuck.sheet.locator(".kid").count() == 6
    tuck.save("All 6 here")
    expect(tuck.sheet).to_contain_text("6 here, by you")
    assert tuck.taps <= 8
    assert in_force(server) == [("delivered", 6, 0)]
    tuck.sees_nothing_wrong()


def test_one_away_and_why_are_still_no_more_than_eight_taps(tuck: Thumb, server: Server) -> None:
    tuck.come_in()
    tuck.open_groups()
    tuck.away(2, "Ill or away")
    tuck.save("Save: 5 here, 1 away")
    expect(tuck.sheet).to_contain_text("5 here, 1 away, by you")
    assert tuck.taps <= 8
    tuck.window.axe()
    tuck.window.no_sideways_scroll()
    tuck.press("Undo", tuck.sheet)
    tuck.sees("The entry is withdrawn and no longer counts.")
    assert in_force(server) == []
    tuck.sees_nothing_wrong()


def test_the_network_goes_in_the_middle_and_the_entry_is_sent_once_when_it_returns(tuck: Thumb, server: Server) -> None:
    tuck.come_in()
    tuck.open_groups()
    tuck.signal(False)
    tuck.away(2, "Came but withdrew")
    tuck.save("Save: 5 here, 1 away")
    expect(tuck.sheet).to_contain_text("Waits on this device: 5 here, 1 away.")
    expect(tuck.count()).to_have_text("1 entry waits on this device. It is sent by itself when the connection is back.")
    assert tuck.taps <= 8
    assert in_force(server) == []
    tuck.window.axe()
    tuck.signal(True)
    expect(tuck.sheet).to_contain_text("5 here, 1 away, by you")
    expect(tuck.count()).to_be_empty()
    assert in_force(server) == [("delivered", 5, 1)]
    tuck.sees_nothing_wrong()


def test_what_waits_names_no_child_and_no_page_is_kept(tuck: Thumb, server: Server) -> None:
    tuck.come_in()
    tuck.open_groups()
    tuck.signal(False)
    tuck.sheet.locator("details.log-more > summary").first.click()
    tuck.sheet.locator("textarea").fill("Reuben led the game")
    tuck.save("All 6 here")
    expect(tuck.sheet).to_contain_text("Your note is not kept on this device.")
    kept = tuck.kept()
    (entry,) = kept["entries"]
    assert set(entry) == KEPT_OF_AN_ENTRY
    assert [set(mark) for mark in entry["marks"]] == [KEPT_OF_A_PUPIL] * 6
    text = json.dumps(kept)
    assert [name for name in [*pupils(server), GROUP, "Reuben led"] if name in text] == []
    assert (kept["local"], kept["caches"], kept["workers"]) == ({}, [], 0)
    assert set(kept["session"]) <= {"htmx-current-path-for-history"}  # the address of the page in this tab
    tuck.signal(True)
    expect(tuck.sheet).to_contain_text("6 here, by you")
    tuck.go(tuck.sheet.get_by_role("link", name="See the log").get_attribute("href") or "")
    tuck.sees("Reuben led the game")


def test_two_devices_log_one_session_and_it_counts_once(
    browser: Browser, tuck: Thumb, server: Server, demo_accounts: dict[str, tuple[str, str]]
) -> None:
    tablet = Thumb(browser, server, demo_accounts["ta"])
    for device in (tuck, tablet):
        device.come_in()
        device.open_groups()
    tuck.signal(False)
    tuck.away(0, "Ill or away")
    tuck.save("Save: 5 here, 1 away")
    expect(tuck.count()).to_contain_text("1 entry waits")
    tablet.save("All 6 here")
    expect(tablet.sheet).to_contain_text("6 here, by you")
    tuck.signal(True)
    expect(tuck.main).to_contain_text(f"{GROUP} on")
    expect(tuck.main).to_contain_text("is logged already, by you")
    assert in_force(server) == [("delivered", 6, 0)]
    tuck.window.axe()
    tuck.press("Mine is right: 5 here, 1 away")
    expect(tuck.sheet).to_contain_text("5 here, 1 away, by you")
    assert in_force(server) == [("delivered", 5, 1)]
    tablet.leave()
    tuck.sees_nothing_wrong()


def test_entries_replayed_twice_are_counted_once(tuck: Thumb, server: Server) -> None:
    tuck.come_in()
    tuck.open_groups()
    tuck.signal(False)
    tuck.save("All 6 here")
    expect(tuck.count()).to_contain_text("1 entry waits")
    (entry,) = tuck.kept()["entries"]
    tuck.signal(True)
    expect(tuck.sheet).to_contain_text("6 here, by you")
    for _ in range(2):
        assert tuck.page.evaluate(HAND_IN, entry) == "saved"
    assert in_force(server) == [("delivered", 6, 0)]


def test_an_entry_waits_for_who_made_it_and_is_not_shown_to_the_next_person(
    tuck: Thumb, server: Server, demo_accounts: dict[str, tuple[str, str]]
) -> None:
    tuck.come_in()
    tuck.open_groups()
    tuck.signal(False)
    tuck.save("All 6 here")
    expect(tuck.count()).to_contain_text("1 entry waits")
    tuck.window.context.clear_cookies()  # first: a page that is left may hear that there is a signal, and hand in
    tuck.page.goto("about:blank")
    tuck.signal(True)
    email, password = demo_accounts["senco"]
    tuck.window.sign_in(email, password)
    tuck.menu("Groups")
    expect(tuck.page.locator("body")).not_to_contain_text("on this device.")
    tuck.page.wait_for_timeout(500)
    assert len(tuck.kept()["entries"]) == 1
    tuck.page.get_by_role("button", name="Sign out").click()
    assert in_force(server) == []
    tuck.come_in()
    expect(tuck.page.get_by_role("heading", level=1)).to_be_visible()
    expect(tuck.page.locator("body")).not_to_contain_text("1 entry waits")
    tuck.has_handed_in()  # a page asked for while the entry is on its way would still be without it
    tuck.open_groups()
    expect(tuck.sheet).to_contain_text("6 here, by you")
    assert (in_force(server), tuck.kept()["entries"]) == ([("delivered", 6, 0)], [])
    tuck.sees_nothing_wrong()


def test_what_waits_can_be_taken_back_before_it_is_sent(tuck: Thumb, server: Server) -> None:
    tuck.come_in()
    tuck.open_groups()
    tuck.signal(False)
    tuck.save("All 6 here")
    expect(tuck.count()).to_contain_text("1 entry waits")
    tuck.press("Undo", tuck.sheet)
    expect(tuck.count()).to_be_empty()
    tuck.away(1, "With another adult")
    tuck.save("Save: 5 here, 1 away")
    expect(tuck.count()).to_contain_text("1 entry waits")
    tuck.signal(True)
    expect(tuck.sheet).to_contain_text("5 here, 1 away, by you")
    assert in_force(server) == [("delivered", 5, 1)]


def test_a_sign_in_that_ran_out_is_asked_for_and_the_entry_goes_on(tuck: Thumb, server: Server) -> None:
    tuck.come_in()
    tuck.open_groups()
    tuck.window.context.clear_cookies()
    tuck.save("All 6 here")
    again = tuck.page.locator("#sign-in-again")
    expect(again).to_be_visible()
    again.get_by_label("Email address").fill(tuck.email)
    again.locator("input[type=password]").fill(tuck.password)
    again.get_by_role("button", name="Sign in").click()
    expect(tuck.sheet).to_contain_text("6 here, by you")
    assert in_force(server) == [("delivered", 6, 0)]


def test_a_session_that_did_not_happen_waits_too(tuck: Thumb, server: Server) -> None:
    tuck.come_in()
    tuck.open_groups()
    tuck.signal(False)
    tuck.tap(tuck.sheet.locator("summary", has_text="Did not happen"))
    tuck.press("Save as not held", tuck.sheet)
    expect(tuck.sheet).to_contain_text("Say why it did not happen")
    tuck.tap(tuck.sheet.locator("label", has_text="No adult free"))
    tuck.tap(tuck.sheet.get_by_role("button", name="Save as not held"))
    expect(tuck.sheet).to_contain_text("Waits on this device: did not happen.")
    tuck.signal(True)
    expect(tuck.sheet).to_contain_text("Did not happen: no adult free, by you")
    assert in_force(server) == [("cancelled", 0, 0)]


def test_the_page_of_one_group_keeps_working_without_a_network(tuck: Thumb, server: Server) -> None:
    tuck.come_in()
    tuck.open_groups()
    tuck.tap(tuck.sheet.get_by_role("link", name="Log another day or length"))
    tuck.is_on(GROUP)
    tuck.signal(False)
    tuck.choose("Away", tuck.main.get_by_role("group", name="Finley"))
    tuck.press("Save")
    tuck.sees("Waits on this device: 5 here, 1 away.", "1 entry waits on this device.")
    tuck.menu("Today")
    tuck.sees("That page needs a connection. This one goes on working", "1 entry waits on this device.")
    tuck.window.axe()
    tuck.signal(True)
    tuck.sees("is logged: 5 here, 1 away.")
    tuck.follow("My groups today")
    expect(tuck.page.locator("details.sheet-fold, section.log-sheet", has_text=GROUP).first).to_contain_text("logged")
    assert in_force(server) == [("delivered", 5, 1)]


def test_a_page_left_open_over_night_asks_before_it_logs_the_day_before(tuck: Thumb, server: Server) -> None:
    tuck.come_in()
    tuck.open_groups()
    tuck.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=1))
    tuck.save("All 6 here")
    expect(tuck.sheet).to_contain_text("This page was opened on")
    assert in_force(server) == []
    tuck.save("All 6 here")
    expect(tuck.sheet).to_contain_text("6 here, by you")
    assert in_force(server) == [("delivered", 6, 0)]


def test_without_a_secure_place_to_keep_it_the_page_says_that_it_needs_a_connection(
    browser: Browser, server: Server, demo_accounts: dict[str, tuple[str, str]]
) -> None:
    thumb = Thumb(browser, server, demo_accounts["ta"])
    thumb.page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    thumb.come_in()
    thumb.open_groups()
    thumb.sees("Logging needs a connection on this device.")
    thumb.signal(False)
    thumb.save("All 6 here")
    expect(thumb.page.locator("#problem")).to_contain_text("Nothing is lost")
    thumb.signal(True)
    thumb.save("All 6 here")
    thumb.sees("is logged: 6 here.")
    thumb.window.context.close()


def test_without_javascript_the_same_sheet_is_an_ordinary_form(
    browser: Browser, server: Server, demo_accounts: dict[str, tuple[str, str]]
) -> None:
    thumb = Thumb(browser, server, demo_accounts["ta"], javascript=False)
    thumb.come_in()
    thumb.open_groups()
    thumb.sees("Logging needs a connection on this device.")
    thumb.away(3, "Did not want to")
    thumb.save("Save")
    thumb.sees("is logged: 5 here, 1 away.")
    assert in_force(server) == [("delivered", 5, 1)]
    thumb.leave()


def test_everything_to_touch_is_as_large_as_a_thumb(tuck: Thumb) -> None:
    tuck.come_in()
    tuck.open_groups()
    tuck.away(0, "Ill or away")
    tuck.sheet.locator("summary", has_text="Did not happen").click()
    assert tuck.page.evaluate(TOO_SMALL, THUMB) == []
    tuck.window.axe()
    tuck.window.no_sideways_scroll()


def test_the_sheets_read_well_on_a_desk(
    browser: Browser, server: Server, demo_accounts: dict[str, tuple[str, str]]
) -> None:
    desk = open_window(browser, server)
    email, password = demo_accounts["ta"]
    desk.sign_in(email, password)
    desk.go("/groups")
    desk.axe()
    desk.no_sideways_scroll()
    assert desk.faults == []
    desk.context.close()
