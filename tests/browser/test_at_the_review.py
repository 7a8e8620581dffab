"""At the review, in a browser: by keys alone, through crashes, after a sign-in that ran out, and two people at once."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from graduated.access.identity import acting, system_actor
from graduated.app import create_app
from graduated.db.clock import today
from graduated.db.session import db
from graduated.plan import services as plan
from graduated.plan.services import AgreementDetails, CycleFrame, OutcomeDetails, ProvisionDetails
from graduated.review.services import start_review
from graduated.rules.vocabulary import AgreementMethod, NeedArea
from tests.browser.conftest import CHROMIUM, FLAGS, Server, Window, free_port, open_window
from tests.browser.person import Person
from tests.browser.phone import EVERYTHING_KEPT
from tests.browser.test_by_keyboard import come_in, tab_to
from tests.conftest import settings_in
from tests.support.demo import ENVIRONMENT
from tests.support.world import PASSWORD, World, email_of

OUTCOMES = (
    (NeedArea.COGNITION, "Reads a Year 4 text aloud with fewer than 5 errors in 100 words"),
    (NeedArea.COMMUNICATION, "Asks for help at least three times a day"),
    (NeedArea.SEMH, "Joins a game at noon that others chose"),
    (NeedArea.SENSORY, "Writes for ten minutes without a rest"),
)
PUPIL = "Zofia"
SAYING = "I like it when we read in twos."


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A busy machine is no fault of the page."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def planned(template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world with one agreed plan of four outcomes, whose review is due today."""
    home = tmp_path_factory.mktemp("planned") / "home"
    shutil.copytree(template[0], home)
    world = template[1]
    app = create_app(settings_in(home), testing=True)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        _plan(world)
        db.session.remove()
        db.engine.dispose()
    return home


def _plan(world: World) -> None:
    starts = today() - timedelta(days=70)
    cycle_id = plan.open_cycle(
        world.pupils["zofia"],
        CycleFrame(starts, today(), lead_id=world.users["lead"], assess_summary="Guesses long words from their start."),
    )
    outcomes = [
        plan.add_outcome(cycle_id, OutcomeDetails(area, statement, by_when=today() + timedelta(days=30)))
        for area, statement in OUTCOMES
    ]
    for name, serves in (("Precision reading", outcomes[:2]), ("Lunch club", outcomes[2:])):
        plan.add_provision(
            cycle_id,
            ProvisionDetails(
                name=name, staff_id=world.users["ta"], minutes=15, times_a_week=2, weekdays=(1, 3), serves=tuple(serves)
            ),
        )
    agreed = (world.adults["parent"],)
    plan.agree(cycle_id, AgreementDetails(starts, AgreementMethod.MEETING, agreed_ids=agreed))


@pytest.fixture
def server(planned: Path, tmp_path: Path) -> Iterator[Server]:
    """The planned world, served from a copy of its own."""
    home = tmp_path / "home"
    shutil.copytree(planned, home)
    server = Server(home, free_port(), settings=ENVIRONMENT)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def place(planned: Path, server: Server, world: World) -> str:
    """The page of the review, started."""
    app = create_app(settings_in(server.home), testing=True)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), sqlite3.connect(_records(server)) as file:
        (cycle_id,) = file.execute("select id from cycle").fetchone()
        review_id = start_review(cycle_id)
        db.session.remove()
        db.engine.dispose()
    return f"/reviews/{review_id}"


def _records(server: Server) -> Path:
    return server.home / "graduated.db"


class AtTheReview(Person):
    """Somebody of the world who writes a review."""

    def __init__(self, browser: Browser, server: Server, who: str, *, javascript: bool = True) -> None:
        super().__init__(browser, server, email_of(who), javascript=javascript)
        self.page.set_default_timeout(30_000)

    def sign_in(self) -> None:
        """Come in with the world's password."""
        self.window.sign_in(self.email, PASSWORD)
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def opens(self, place: str) -> None:
        """Sign in and go to the sitting."""
        self.sign_in()
        self.go(place)
        self.is_on("Review of cycle 1")

    def box(self, words: str) -> Locator:
        """A box of the sitting by its label."""
        return self.main.get_by_label(re.compile(rf"^{re.escape(words)}"))

    def types(self, words: str, text: str) -> None:
        """Type at the end of what stands in a box, and stay in it."""
        _types(self.box(words), text)

    def has(self, words: str, text: str) -> None:
        """A box holds exactly this."""
        expect(self.box(words)).to_have_value(text)


def _types(box: Locator, text: str) -> None:
    box.focus()
    box.press("Control+End")
    box.page.keyboard.type(text)


def kept_within_ten_seconds(page: Page) -> None:
    """The page says by itself that all that is typed is safe."""
    expect(page.locator("[data-save-status]").first).to_have_text(re.compile(r"^Saved \d"), timeout=10_000)


# By keys alone -----------------------------------------------------------------------------------------------------


def _say(page: Page, group: Locator, words: str, steps: int, reason: str) -> None:
    """Choose by arrows, Tab to the box beneath, and type why."""
    tab_to(page, group.get_by_role("radio").first)
    page.keyboard.press("Space")
    for _ in range(steps):
        page.keyboard.press("ArrowRight")
    expect(group.get_by_label(words, exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    expect(group.get_by_label("Why")).to_be_focused()
    page.keyboard.type(reason)


def _tick(page: Page, box: Locator) -> None:
    tab_to(page, box)
    page.keyboard.press("Space")
    expect(box).to_be_checked()


def test_a_review_of_four_outcomes_by_keys_alone_from_the_list_to_the_seal(browser: Browser, server: Server) -> None:
    window = open_window(browser, server)
    page = come_in(window, email_of("senco"), PASSWORD)
    main = page.locator("main")
    tab_to(page, page.get_by_role("navigation", name="Main").get_by_role("link", name="Reviews"))
    page.keyboard.press("Enter")
    tab_to(page, main.get_by_role("link", name=re.compile("^(Start|Hold|Prepare) the review")).first)
    page.keyboard.press("Enter")
    tab_to(page, main.get_by_role("button", name="Start the review"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/reviews/\d+$"))
    _tick(page, main.get_by_role("checkbox", name=re.compile("^Anna Szymańska")))
    _tick(page, main.get_by_role("checkbox", name="Hannah Legg"))
    _tick(page, main.get_by_role("group", name=re.compile("^Did a parent")).get_by_label("Yes", exact=True))
    tab_to(page, main.get_by_label(re.compile("^The pupil’s views")))
    page.keyboard.type(SAYING)
    tab_to(page, main.get_by_label(re.compile("^The parents’ views")))
    page.keyboard.type("She reads to her brother now.")
    for number, card in enumerate(main.locator("section.outcome", has_text="How far was it met?").all()):
        _say(page, card, "As expected", 2, f"Seen in {number + 2} lessons.")
    for card in main.locator("section.outcome", has_text="What happens to it?").all():
        _say(page, card, "Continue", 0, "It works.")
    tab_to(page, main.get_by_label("Action 1", exact=True))
    page.keyboard.type("Send the word list home")
    tab_to(page, main.get_by_label("Who", exact=True).first)
    page.keyboard.type("Miriam Vine")
    step = main.get_by_role("radio", name=re.compile("^Some progress"))
    tab_to(page, main.get_by_role("radio", name=re.compile("^Good progress")))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(step).to_be_checked()
    tab_to(page, main.get_by_label("Why this step"))
    page.keyboard.type("Four outcomes are on their way, none is met yet.")
    tab_to(page, main.get_by_role("button", name="Check and seal"))
    page.keyboard.press("Enter")
    expect(main).to_contain_text("What follows at once")
    tab_to(page, main.get_by_role("button", name="Seal as Hannah Legg"))
    page.keyboard.press("Enter")
    expect(main).to_contain_text("The review is sealed.")
    for words in (SAYING, "Seen in 5 lessons.", "Send the word list home (Miriam Vine)", *(one for _, one in OUTCOMES)):
        expect(main).to_contain_text(words)
    window.axe()
    assert window.faults == []
    window.context.close()


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
        _types(views, SAYING)
        kept_within_ten_seconds(page)
        page.reload()
        expect(page.locator("main")).to_contain_text("your words of")
        expect(views).to_have_value(SAYING)
        _types(why, "Four steps in order,")
        kept_within_ten_seconds(page)
        kill(process)
    with own_chromium(browser, profile) as (page, _process):
        views, why = _comes_back(page, server, place)
        expect(views).to_have_value(SAYING)
        expect(why).to_have_value("Four steps in order,")
        _types(why, " with two stories")
        kept_within_ten_seconds(page)
        assert server.process is not None
        server.process.kill()
        server.process.wait(20)
        _types(why, " and no prompt.")
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


# A sign-in that ran out --------------------------------------------------------------------------------------------


def run_out(server: Server) -> None:
    """Every sign-in ends on the server, as if nothing had been done for a while."""
    with sqlite3.connect(_records(server), timeout=10) as records:
        records.execute("update sign_in_session set ended_at = '2026-01-01 00:00:00.000000' where ended_at is null")


def _sign_in_over_the_page(person: AtTheReview, email: str) -> None:
    again = person.page.locator("#sign-in-again")
    expect(again).to_be_visible(timeout=10_000)
    again.get_by_label("Email address").fill(email)
    again.locator("input[type=password]").fill(PASSWORD)
    again.get_by_role("button", name="Sign in").click()


def test_a_sign_in_that_ran_out_comes_back_to_the_same_words(browser: Browser, server: Server, place: str) -> None:
    senco = AtTheReview(browser, server, "senco")
    senco.opens(place)
    run_out(server)
    senco.types("The pupil’s views", SAYING)
    _sign_in_over_the_page(senco, senco.email)
    expect(senco.page.locator("#sign-in-again")).to_be_hidden()
    senco.has("The pupil’s views", SAYING)
    kept_within_ten_seconds(senco.page)
    senco.press("Save")
    senco.sees("Saved.")
    senco.has("The pupil’s views", SAYING)
    senco.window.context.close()


def test_who_signs_in_between_never_sees_the_words_and_their_author_finds_them(
    browser: Browser, server: Server, place: str
) -> None:
    senco = AtTheReview(browser, server, "senco")
    senco.opens(place)
    run_out(server)
    senco.types("The pupil’s views", SAYING)
    stored = json.dumps(senco.page.evaluate(EVERYTHING_KEPT))
    assert [words for words in (SAYING[:12], PUPIL, "Szyma", OUTCOMES[1][1]) if words in stored] == []
    _sign_in_over_the_page(senco, email_of("lead"))
    senco.page.wait_for_url("**/today")
    assert SAYING not in senco.page.content()
    senco.go(place)
    senco.has("The pupil’s views", "")
    assert SAYING not in senco.page.content()
    senco.page.go_back()
    senco.page.wait_for_timeout(300)
    assert SAYING not in senco.page.content()
    senco.page.get_by_role("button", name="Sign out").click()
    senco.opens(place)
    senco.has("The pupil’s views", SAYING)
    assert SAYING[:12] not in json.dumps(senco.page.evaluate(EVERYTHING_KEPT))
    senco.window.context.close()


# Two people at one review ------------------------------------------------------------------------------------------


def test_two_browsers_at_one_review_lose_nothing(browser: Browser, server: Server, place: str) -> None:
    senco, lead = AtTheReview(browser, server, "senco"), AtTheReview(browser, server, "lead")
    senco.opens(place)
    lead.opens(place)
    senco.types("The pupil’s views", SAYING)
    senco.types("The parents’ views", "She reads at home.")
    lead.types("The parents’ views", "Evenings are calmer.")
    lead.types("Anything else", "Her aunt came late.")
    lead.press("Save")
    lead.sees("Saved.")
    expect(senco.page.locator("#others")).to_contain_text("Miriam Vine saved on", timeout=20_000)
    expect(senco.page.locator("#others")).to_contain_text("The parents’ views")
    senco.has("The parents’ views", "She reads at home.")
    senco.press("Save")
    senco.sees("Keep mine", "Take theirs", "She reads at home.", "Evenings are calmer.", "Miriam Vine saved on")
    senco.has("Anything else", "Her aunt came late.")
    senco.window.axe()
    senco.choose("Keep both")
    senco.press("Save")
    senco.sees("Saved.")
    senco.has("The parents’ views", "She reads at home.\n\nEvenings are calmer.")
    senco.has("The pupil’s views", SAYING)
    senco.has("Anything else", "Her aunt came late.")
    lead.types("Why this step", "It is agreed.")
    expect(lead.page.locator("#others")).to_contain_text("Hannah Legg saved on", timeout=20_000)
    lead.press("Save")
    lead.sees("Together with what Hannah Legg saved on")
    lead.has("The pupil’s views", SAYING)
    lead.has("The parents’ views", "She reads at home.\n\nEvenings are calmer.")
    lead.has("Why this step", "It is agreed.")
    lead.leave()
    senco.window.context.close()
