"""Anybody at a browser, who finds things by the words on the page."""

from __future__ import annotations

import re
import time
from datetime import date

import pyotp
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PASSWORD, Server, Window, open_window


def starts_with(words: str) -> re.Pattern[str]:
    """Names that begin so: a link often goes on in words for readers only."""
    return re.compile(rf"^{re.escape(words)}")


class Person:
    """Somebody with a browser window of their own."""

    def __init__(
        self, browser: Browser, server: Server, email: str, *, javascript: bool = True, phone: bool = False
    ) -> None:
        self.window: Window = open_window(browser, server, phone=phone, javascript=javascript)
        self.email = email
        self.server = server
        self.javascript = javascript
        self.pupil = ""
        self.recovery_codes: list[str] = []
        self.typed: dict[str, list[str]] = {}
        self.page.set_default_timeout(30_000)

    @property
    def page(self) -> Page:
        """What is in front of them."""
        return self.window.page

    @property
    def main(self) -> Locator:
        """The main part of the page."""
        return self.page.locator("main")

    def sign_in(self) -> None:
        """Come in with e-mail and password, and in a new school with the app on one's phone."""
        self.window.sign_in(self.email, PASSWORD)
        heading = self.page.get_by_role("heading", level=1).inner_text()
        if heading == "Set up a second step":
            self._set_up_second_step()
        elif heading == "Enter your code":
            self.page.get_by_label("Code", exact=True).fill(self.recovery_codes.pop())
            self.page.get_by_role("button", name="Go on").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def _set_up_second_step(self) -> None:
        """Type the secret into the app, enter what it shows, and keep the recovery codes."""
        secret = (self.main.locator(".secret").text_content() or "").replace(" ", "")
        self.page.get_by_label("The six digits that the app shows").fill(pyotp.TOTP(secret).now())
        self.page.get_by_role("button", name="Set it up").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
        self.recovery_codes = self.main.locator(".codes li").all_text_contents()
        self.page.get_by_role("button", name="I have them").or_(
            self.page.get_by_role("link", name="I have them")
        ).click()

    def go(self, path: str) -> None:
        """Open an address that they kept or were given."""
        self.window.go(path)

    def menu(self, words: str) -> None:
        """Choose a place from the main navigation."""
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=starts_with(words)).click()

    def tab(self, words: str) -> None:
        """Choose a tab of a pupil's record."""
        self.page.locator("nav.tabs").get_by_role("link", name=words, exact=True).click()

    def follow(self, words: str, within: Locator | None = None) -> None:
        """Click a link of the page's main part."""
        (within or self.main).get_by_role("link", name=starts_with(words)).first.click()

    def press(self, words: str, within: Locator | None = None) -> None:
        """Press a button of the page's main part."""
        (within or self.main).get_by_role("button", name=starts_with(words)).first.click()

    def fill(self, words: str, value: str, within: Locator | None = None, *, kept: bool = True) -> None:
        """Type into the box with this label; what is typed about a pupil is remembered, to be found in the pack."""
        (within or self.main).get_by_label(starts_with(words)).first.fill(value)
        if kept and self.pupil:
            self.typed.setdefault(self.pupil, []).append(value)

    def select(self, words: str, choice: str, within: Locator | None = None) -> None:
        """Choose from the list with this label."""
        (within or self.main).get_by_label(starts_with(words)).first.select_option(label=choice)

    def pick(self, words: str, beginning: str, within: Locator | None = None) -> None:
        """Choose from the list with this label by how the choice begins."""
        options = (within or self.main).get_by_label(starts_with(words)).first
        choice = options.locator("option").filter(has_text=starts_with(beginning)).first
        options.select_option(value=choice.get_attribute("value"))

    def open_details(self, words: str) -> None:
        """Open a part of the page that is folded away."""
        folded = self.main.locator("details", has=self.page.locator("summary", has_text=words)).first
        if folded.get_attribute("open") is None:
            folded.locator("summary").first.click()

    def choose(self, choice: str, within: Locator | None = None) -> None:
        """Take a radio button or tick a box by its own words."""
        place, name = within or self.main, starts_with(choice)
        box = place.get_by_role("radio", name=name).or_(place.get_by_role("checkbox", name=name)).first
        if not box.is_checked():
            self.main.locator(f'label[for="{box.get_attribute("id")}"]').click()
        expect(box).to_be_checked()

    def group(self, legend: str) -> Locator:
        """The fields under one legend."""
        return self.main.get_by_role("group", name=starts_with(legend)).first

    def date(self, legend: str, on: date, within: Locator | None = None) -> None:
        """Type a date into its three boxes."""
        boxes = (within or self.main).get_by_role("group", name=starts_with(legend)).first
        for part, value in (("Day", on.day), ("Month", on.month), ("Year", on.year)):
            boxes.get_by_label(part, exact=True).fill(str(value))

    def sees(self, *words: str) -> None:
        """The page in front of them says so."""
        for one in words:
            expect(self.main).to_contain_text(one)

    def is_on(self, heading: str) -> None:
        """The page in front of them has this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def wait_for(self, words: str, seconds: int = 40) -> None:
        """Wait for long work to end; without scripts a person looks again."""
        deadline = time.monotonic() + seconds
        while words not in (self.main.text_content() or ""):
            assert time.monotonic() < deadline, self.main.text_content()
            time.sleep(0.5)
            if not self.javascript:
                self.page.reload()

    def sees_nothing_wrong(self) -> None:
        """No console error, no refused policy, no failed request so far."""
        assert self.window.faults == [], f"{self.page.url}: {self.window.faults}"

    def leave(self) -> None:
        """Close the window."""
        self.sees_nothing_wrong()
        self.window.context.close()
