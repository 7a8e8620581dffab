"""The right parent on the right phone: the whole of the family's side in English and in Polish, at 390 px.

Each page is held against a picture of what a screen reader is told (`snapshots/`), compared whole. To renew them after
a change that was meant, run these tests with GRADUATED_RENEW_SNAPSHOTS=1, and read what changed.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Server, Window, open_window
from tests.support.demo import DemoSchool

SNAPSHOTS = Path(__file__).parent / "snapshots"
RENEW = bool(os.environ.get("GRADUATED_RENEW_SNAPSHOTS"))
MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|stycznia|lutego|marca|"
    "kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia"
)
DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|(?i:poniedziałek|wtorek|środa|czwartek|piątek)"
CHANGES = (  # the demo school is dated from today: days, months, figures and how much has happened differ
    (re.compile(r"/url: \S+"), "/url: …"),
    (re.compile(rf"\b({MONTHS})\b"), "month"),
    (re.compile(rf"\b({DAYS})\b"), "weekday"),
    (re.compile(r"(It has happened|Dotąd odbyło się)[^\"\n]*"), "so much so far"),
    (re.compile(r"\d+(?:[.:,]\d+)*(?: [ap]m)?"), "0"),
)


@dataclass(frozen=True)
class Tongue:
    """What a parent looks for in one language."""

    code: str
    own: str
    email: str
    password: str
    sign_in: str
    sign_out: str
    progress: str
    papers: str
    rights: str
    calendar: str
    way: str
    advice: str


ENGLISH = Tongue(
    "en", "English", "Email address", "Password", "Sign in", "Sign out", "How it is going", "Papers", "Help and rights",
    "Add to my calendar", "At the start", "SENDIASS",
)  # fmt: skip
POLISH = Tongue(
    "pl", "Polski", "Adres e-mail", "Hasło", "Zaloguj się", "Wyloguj się", "Jak idzie", "Dokumenty", "Pomoc i prawa",
    "Dodaj do mojego kalendarza", "Na początku", "Poradnia dla rodziców (SENDIASS)",
)  # fmt: skip


def told(page: Page) -> str:
    """What a screen reader is told of the page, without what differs from day to day and from port to port."""
    tree = page.locator("body").aria_snapshot()
    for pattern, instead in CHANGES:
        tree = pattern.sub(instead, tree)
    return tree.rstrip() + "\n"


def looks_right(window: Window, name: str, tongue: Tongue) -> None:
    """Clean for axe, nothing wider than the phone, in its language, and told as it was agreed to be told."""
    window.page.wait_for_load_state("networkidle")
    window.axe()
    window.no_sideways_scroll()
    assert window.page.evaluate("document.documentElement.lang") == ("en-GB" if tongue.code == "en" else tongue.code)
    kept = SNAPSHOTS / f"family-{name}-{tongue.code}.yml"
    tree = told(window.page)
    if RENEW:
        kept.write_text(tree, encoding="utf-8")
    assert tree == kept.read_text(encoding="utf-8"), f"{kept.name}: see this file's first lines for how to renew it"


@pytest.mark.parametrize("tongue", [ENGLISH, POLISH], ids=["English", "Polish"])
def test_a_parent_reads_everything_on_a_phone(
    tongue: Tongue, browser: Browser, demo_server: Server, demo_school: DemoSchool
) -> None:
    window = open_window(browser, demo_server, phone=True)
    page = window.page
    window.go("/sign-in")
    page.get_by_role("button", name=tongue.own).click()  # another test may have left the account in another one
    email, password = demo_school.accounts["parent"]
    page.get_by_label(tongue.email, exact=True).fill(email)
    page.locator("#password").fill(password)
    page.locator("main").get_by_role("button", name=tongue.sign_in, exact=True).click()
    expect(page.get_by_role("button", name=tongue.sign_out)).to_be_visible()
    looks_right(window, "plan", tongue)
    with page.expect_download() as kept:
        page.get_by_role("link", name=tongue.calendar).click()
    assert "BEGIN:VEVENT" in Path(kept.value.path()).read_text(encoding="utf-8")
    page.get_by_role("link", name=tongue.progress, exact=True).click()
    expect(page.get_by_role("rowheader", name=tongue.way).first).to_be_visible()
    looks_right(window, "progress", tongue)
    page.get_by_role("link", name=tongue.papers, exact=True).click()
    looks_right(window, "papers", tongue)
    with page.expect_download():
        page.locator("main a[href^='/family/papers/']").first.click()
    page.locator("main a[href^='/family/reviews/']").first.click()
    looks_right(window, "meeting", tongue)
    page.get_by_role("link", name=tongue.rights, exact=True).click()
    expect(page.get_by_text(tongue.advice).first).to_be_visible()
    looks_right(window, "rights", tongue)
    other = ENGLISH if tongue is POLISH else POLISH
    page.get_by_role("button", name=other.own).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(other.rights)
    page.get_by_role("button", name=other.sign_out).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(other.sign_in)
    assert window.faults == []
    window.context.close()


@pytest.mark.parametrize(("width", "text"), [(320, "100%"), (640, "200%"), (390, "200%")])
def test_large_text_needs_no_sideways_scrolling(
    width: int, text: str, browser: Browser, demo_server: Server, demo_school: DemoSchool
) -> None:
    """320 px is a window of 1280 at 400 %; elsewhere the text alone is twice as large. The page never gets wider."""
    window = open_window(browser, demo_server, phone=True)
    window.sign_in(*demo_school.accounts["parent"])
    start = window.page.url.removeprefix(window.url)
    window.page.set_viewport_size({"width": width, "height": 700})
    for page in ("", "/progress", "/papers", "/rights"):
        window.go(f"{start}{page}")
        window.page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        window.no_sideways_scroll()
    window.context.close()


def test_high_contrast_and_less_motion_are_respected(
    browser: Browser, demo_server: Server, demo_school: DemoSchool
) -> None:
    window = open_window(browser, demo_server, phone=True)
    window.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    window.sign_in(*demo_school.accounts["parent"])
    current = window.page.locator(".family-tabs a[aria-current]")
    assert current.evaluate("one => getComputedStyle(one).borderTopWidth") == "3px"
    window.page.locator(".family-tabs a").nth(1).click()
    assert window.page.locator(".family-picture svg").first.is_visible()
    window.axe()
    window.page.emulate_media(forced_colors="none", media="print")
    assert not window.page.locator(".shell-languages").is_visible()
    assert not window.page.locator(".family-tabs").is_visible()
    window.page.set_viewport_size(PHONE)
    window.context.close()


@pytest.mark.parametrize("tongue", [ENGLISH, POLISH], ids=["English", "Polish"])
def test_the_way_in_and_the_account_are_told_as_agreed(
    tongue: Tongue, browser: Browser, demo_server: Server, demo_school: DemoSchool
) -> None:
    window = open_window(browser, demo_server, phone=True)
    page = window.page
    window.go("/language")
    page.locator("main").get_by_role("button", name=tongue.own).click()
    window.go("/language")
    looks_right(window, "language", tongue)
    window.go("/invitation")
    looks_right(window, "invitation", tongue)
    window.go("/sign-in")
    looks_right(window, "sign-in", tongue)
    email, password = demo_school.accounts["parent"]
    page.get_by_label(tongue.email, exact=True).fill(email)
    page.locator("#password").fill(password)
    page.locator("main").get_by_role("button", name=tongue.sign_in, exact=True).click()
    expect(page.get_by_role("button", name=tongue.sign_out)).to_be_visible()
    window.go("/account")
    while (others := page.locator("main table").get_by_role("button")).count():  # sign-ins of the tests before this
        others.first.click()
        window.go("/account")
    looks_right(window, "account", tongue)
    assert window.faults == []
    window.context.close()
