"""What is typed at a review outlives a reload, a killed browser, a killed server, a fault at Save and going back."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.at_the_review import (
    SAYING,
    AtTheReview,
    kept_within_ten_seconds,
    planned_home,
    serving,
    started,
    type_into,
)
from tests.browser.conftest import CHROMIUM, FLAGS, Server, Window
from tests.support.databases import by_hand
from tests.support.world import PASSWORD, World, email_of


@pytest.fixture(scope="module")
def planned(template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planned_home(template, tmp_path_factory.mktemp("planned") / "home")


@pytest.fixture
def server(planned: Path, tmp_path: Path) -> Iterator[Server]:
    with serving(planned, tmp_path / "home") as server:
        yield server


@pytest.fixture
def place(server: Server, world: World) -> str:
    return started(server, world)


# Nothing typed is lost ---------------------------------------------------------------------------------------------


@contextmanager
def own_chromium(browser: Browser, profile: Path) -> Iterator[tuple[Page, subprocess.Popen[bytes]]]:
    """A browser process of this test, which may be killed, with a profile that outlives it."""
    assert CHROMIUM is not None
    told = profile / "DevToolsActivePort"
    told.unlink(missing_ok=True)
    process = subprocess.Popen(
        [CHROMIUM, *FLAGS, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 30
        while not (told.exists() and "\n" in told.read_text()):
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.1)
        port = told.read_text().split()[0]
        driven = browser.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}")
        yield driven.contexts[0].new_page(), process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """What `kill -9` does, to a process and those that it began."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


def test_what_is_typed_survives_a_reload_a_killed_browser_and_a_killed_server(
    browser: Browser, server: Server, place: str, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    profile.mkdir()
    with own_chromium(browser, profile) as (page, process):
        views, why = _comes_back(page, server, place)
        type_into(views, SAYING)
        kept_within_ten_seconds(page)
        page.reload()
        expect(page.locator("main")).to_contain_text("your words of")
        expect(views).to_have_value(SAYING)
        type_into(why, "Four steps in order,")
        kept_within_ten_seconds(page)
        kill(process)
    with own_chromium(browser, profile) as (page, _process):
        views, why = _comes_back(page, server, place)
        expect(views).to_have_value(SAYING)
        expect(why).to_have_value("Four steps in order,")
        type_into(why, " with two stories")
        kept_within_ten_seconds(page)
        assert server.process is not None
        server.process.kill()
        server.process.wait(20)
        type_into(why, " and no prompt.")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("[data-save-status]").first).to_contain_text("no connection")
        expect(why).to_have_value("Four steps in order, with two stories and no prompt.")
        server.start()
        kept_within_ten_seconds(page)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("main")).to_contain_text("Saved.")
    lead = AtTheReview(browser, server, "lead")
    lead.opens(place)
    lead.has("The pupil’s views", SAYING)
    expect(lead.main.get_by_label("Why", exact=True).first).to_have_value(
        "Four steps in order, with two stories and no prompt."
    )
    lead.leave()


def _comes_back(page: Page, server: Server, place: str) -> tuple[Locator, Locator]:
    """The SENCO at the sitting in this browser; the pupil's views and the first reason."""
    window = Window(page.context, page, server.url)
    window.go(place)
    if "/sign-in" in page.url:
        window.sign_in(email_of("senco"), PASSWORD)
        window.go(place)
    main = page.locator("main")
    return main.get_by_label(re.compile("^The pupil’s views")), main.get_by_label("Why", exact=True).first


def test_what_save_refuses_is_still_there_in_another_browser(browser: Browser, server: Server, place: str) -> None:
    senco = AtTheReview(browser, server, "senco")
    senco.opens(place)
    senco.types("Action 1", "Ring the therapist")
    senco.main.get_by_label("By when", exact=True).first.fill("31/2/2027")
    senco.types("The pupil’s views", SAYING)
    senco.press("Save")
    expect(senco.page.locator(".govuk-error-summary")).to_be_visible()
    senco.window.context.close()
    again = AtTheReview(browser, server, "senco")
    again.opens(place)
    again.has("The pupil’s views", SAYING)
    again.leave()


@contextmanager
def broken(server: Server) -> Iterator[None]:
    """A server that answers every look at a review with 500, while it still knows who is signed in."""
    with by_hand(server.home) as hand:
        hand.execute("alter table action_item rename to action_item_away")
    yield
    with by_hand(server.home) as hand:
        hand.execute("alter table action_item_away rename to action_item")


def test_save_that_meets_a_fault_or_a_connection_that_breaks_leaves_every_word_in_the_page(
    browser: Browser, server: Server, place: str
) -> None:
    senco = AtTheReview(browser, server, "senco")
    senco.opens(place)
    senco.types("The pupil’s views", SAYING)
    kept_within_ten_seconds(senco.page)
    told = senco.page.locator("[data-save-status]").first
    with broken(server):
        senco.press("Save")
        expect(told).to_contain_text("something went wrong on the school’s machine. Nothing you typed is lost.")
        senco.has("The pupil’s views", SAYING)
    address = f"{server.url}{place}"
    senco.page.wait_for_timeout(1100)  # a second press within a second counts as one
    senco.page.route(address, lambda route: route.abort("connectionreset"))
    senco.press("Save")
    expect(told).to_contain_text("no connection. Nothing you typed is lost.")
    senco.types("The parents’ views", "She reads at home.")
    senco.page.unroute(address)
    senco.page.wait_for_timeout(1100)
    senco.press("Save")
    senco.sees("Saved.")
    senco.has("The pupil’s views", SAYING)
    senco.has("The parents’ views", "She reads at home.")
    senco.window.context.close()
    lead = AtTheReview(browser, server, "lead")
    lead.opens(place)
    lead.has("The pupil’s views", SAYING)
    lead.has("The parents’ views", "She reads at home.")
    lead.leave()


def test_without_scripts_a_fault_at_save_keeps_the_words_for_the_next_look(
    browser: Browser, server: Server, place: str
) -> None:
    senco = AtTheReview(browser, server, "senco", javascript=False)
    senco.opens(place)
    senco.types("The pupil’s views", SAYING)
    with broken(server):
        senco.press("Save")
        senco.sees("Sorry, that did not work", "what you typed is kept")
    senco.go(place)
    senco.has("The pupil’s views", SAYING)
    senco.press("Save")
    senco.sees("Saved.")
    senco.has("The pupil’s views", SAYING)
    senco.window.context.close()


def test_without_scripts_going_back_puts_no_old_words_over_what_a_colleague_saved(
    browser: Browser, server: Server, place: str
) -> None:
    senco = AtTheReview(browser, server, "senco", javascript=False)
    lead = AtTheReview(browser, server, "lead")
    senco.opens(place)
    senco.types("The parents’ views", "She reads at home.")
    senco.go("/reviews")
    lead.opens(place)
    lead.types("The parents’ views", "Evenings are calmer.")
    lead.press("Save")
    lead.sees("Saved.")
    senco.page.go_back()
    senco.is_on("Review of cycle 1")
    senco.press("Save")
    expect(senco.page.locator(".flash, .note-warn").first).to_be_visible()
    lead.go(place)
    lead.has("The parents’ views", "Evenings are calmer.")
    lead.leave()
    senco.window.context.close()
