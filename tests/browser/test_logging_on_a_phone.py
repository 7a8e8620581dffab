"""A teaching assistant with a phone in one hand: few taps, no signal, two devices, and every session counted once.

The taps are counted: each is one touch of one finger, typing not counted, from the sign-in page to "saved".
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Server, free_port, open_window
from tests.browser.person import Person
from tests.support.demo import ENVIRONMENT, DemoSchool

GROUP = "Talk group, Years 3 and 4"  # Mrs Tuck's, six pupils
THUMB = 44
EVERYTHING_KEPT = """async () => {
  const of = (asked) => new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
  const found = {};
  for (const one of await indexedDB.databases()) {
    const opened = await of(indexedDB.open(one.name));
    for (const name of opened.objectStoreNames) {
      found[name] = await of(opened.transaction(name).objectStore(name).getAll());
    }
    opened.close();
  }
  return { entries: found.entries ?? [], local: { ...localStorage }, session: { ...sessionStorage },
           caches: await caches.keys(), workers: (await navigator.serviceWorker.getRegistrations()).length };
}"""
HAND_IN = """async (entry) => {
  const { token } = await (await fetch("/entries/mine")).json();
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const answer = await fetch("/entries", { method: "POST", headers, body: JSON.stringify(entry) });
  return (await answer.json()).came;
}"""
TOO_SMALL = """(least) => [...document.querySelectorAll("main a, main button, main summary, main label.pick-one")]
  .filter((one) => one.checkVisibility() && !one.closest("p:not(.sheet-links), .todo-what"))
  .map((one) => [one.textContent.trim().slice(0, 40), one.getBoundingClientRect()])
  .filter(([, size]) => size.height < least || size.width < least)
  .map(([words, size]) => `${words}: ${Math.round(size.width)} x ${Math.round(size.height)}`)"""
KEPT_OF_AN_ENTRY = {
    "reference", "owner", "sheet", "on", "made", "state", "reason", "minutes", "marks", "settle", "stands", "tried"
}  # fmt: skip
STANDING = """from delivered_session s where s.group_id = (select id from "group" where name = ?)
  and s.state <> 'withdrawn' and s.client_reference is not null
  and not exists (select 1 from delivered_session n where n.replaces_id = s.id)"""
KEPT_OF_A_PUPIL = {"place", "here", "why", "took", "reading"}


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
    with sqlite3.connect(served.home / "graduated.db", timeout=10) as records:
        records.execute(
            "insert into delivered_session (school_id, group_id, held_on, minutes, state, note, recorded_at, "
            "replaces_id) "
            f"select school_id, group_id, held_on, minutes, 'withdrawn', '', recorded_at, id {STANDING}",
            (GROUP,),
        )


class Thumb(Person):
    """Support staff with a phone, whose taps are counted."""

    def __init__(self, browser: Browser, server: Server, account: tuple[str, str], *, javascript: bool = True) -> None:
        super().__init__(browser, server, account[0], javascript=javascript, phone=True)
        self.password = account[1]
        self.taps = 0

    def tap(self, target: Locator) -> None:
        """One touch, on something large enough for a thumb."""
        target.scroll_into_view_if_needed()
        size = target.bounding_box()
        assert size is not None and size["height"] >= THUMB and size["width"] >= THUMB, f"{target}: {size}"
        target.click()
        self.taps += 1

    def come_in(self) -> None:
        """Three taps: two boxes and the button."""
        self.window.go("/sign-in")
        for box, words in (("Email address", self.email), ("Password", self.password)):
            field = self.page.get_by_label(box, exact=True)
            field.click()
            self.taps += 1
            field.fill(words)
        self.page.get_by_role("button", name="Sign in").click()
        self.taps += 1
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def open_groups(self) -> None:
        """The groups, and the one folded away when today is none of its days."""
        self.tap(self.page.get_by_role("navigation", name="Main").get_by_role("link", name="Groups"))
        self.is_on("My groups today")
        fold = self.page.locator("details.sheet-fold", has=self.page.locator(f"summary:has-text('{GROUP}')"))
        if fold.count():
            self.tap(fold.locator("> summary"))
        elif not self.kid(0).is_visible():
            self.tap(self.sheet.locator("details.sheet-names > summary"))

    @property
    def sheet(self) -> Locator:
        """The group in hand."""
        return self.page.locator("section.log-sheet", has=self.page.locator(f".sheet-name:has-text('{GROUP}')"))

    def kid(self, number: int) -> Locator:
        """One pupil of the group."""
        return self.sheet.locator(".kid").nth(number)

    def away(self, number: int, why: str) -> None:
        """Two taps: away, and why."""
        self.tap(self.kid(number).locator(".pick-away"))
        self.tap(self.kid(number).locator(".pick-why", has_text=why))

    def save(self, words: str) -> None:
        """The one button."""
        self.tap(self.sheet.get_by_role("button", name=words, exact=True))

    def signal(self, there: bool) -> None:
        """The network goes or comes."""
        self.window.context.set_offline(not there)

    def kept(self) -> dict[str, Any]:
        """Everything that this device keeps."""
        return dict(self.page.evaluate(EVERYTHING_KEPT))

    def count(self) -> Locator:
        """The line that says how many entries wait."""
        return self.page.locator(".waiting-count")


def in_force(server: Server) -> list[tuple[str, int, int]]:
    """What counts of what was logged here for the group: state, how many were there, how many away."""
    with sqlite3.connect(f"file:{server.home / 'graduated.db'}?mode=ro", uri=True) as records:
        rows = records.execute(
            "select state, (select sum(present) from presence p where p.delivered_session_id = s.id), "
            f"(select sum(not present) from presence p where p.delivered_session_id = s.id) {STANDING}",
            (GROUP,),
        ).fetchall()
    return [(str(state), here or 0, away or 0) for state, here, away in rows]


def pupils(server: Server) -> list[str]:
    """Every name of a pupil of the school, to be looked for where none may be."""
    with sqlite3.connect(f"file:{server.home / 'graduated.db'}?mode=ro", uri=True) as records:
        rows = records.execute("select legal_forename, legal_surname, known_as from pupil").fetchall()
    return sorted({str(name) for row in rows for name in row if name and len(name) > 3})


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
    tuck.page.goto("about:blank")
    tuck.window.context.clear_cookies()
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
    tuck.page.wait_for_function("async () => (await indexedDB.databases()).length === 1")
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
