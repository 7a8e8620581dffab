"""Somebody with a phone in one hand, whose taps are counted, and what their device and the server then hold."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Server
from tests.browser.person import Person
from tests.support.databases import by_hand

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
NOTHING_WAITS = """async () => {
  const of = (asked) => new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
  const opened = await of(indexedDB.open("graduated-entries"));
  const count = await of(opened.transaction("entries").objectStore("entries").count());
  opened.close();
  return count === 0;
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
        """The network goes or comes, and the page knows it: under load a browser tells its pages a little later."""
        self.window.context.set_offline(not there)
        self.page.wait_for_function("there => navigator.onLine === there", arg=there)

    def kept(self) -> dict[str, Any]:
        """Everything that this device keeps."""
        return dict(self.page.evaluate(EVERYTHING_KEPT))

    def has_handed_in(self) -> None:
        """Wait until nothing waits on this device any more."""
        self.page.wait_for_function(NOTHING_WAITS)

    def count(self) -> Locator:
        """The line that says how many entries wait."""
        return self.page.locator(".waiting-count")


def in_force(server: Server) -> list[tuple[str, int, int]]:
    """What counts of what was logged here for the group: state, how many were there, how many away."""
    with by_hand(server.home) as hand:
        rows = hand.execute(
            "select state, (select count(*) from presence p where p.delivered_session_id = s.id and present), "
            f"(select count(*) from presence p where p.delivered_session_id = s.id and not present) {STANDING}",
            (GROUP,),
        ).fetchall()
    return [(str(state), here, away) for state, here, away in rows]


def pupils(server: Server) -> list[str]:
    """Every name of a pupil of the school, to be looked for where none may be."""
    with by_hand(server.home) as hand:
        rows = hand.execute("select legal_forename, legal_surname, known_as from pupil").fetchall()
    return sorted({str(name) for row in rows for name in row if name and len(name) > 3})
