"""At the review, in a browser: by keys alone, after a sign-in that ran out, and two people at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.at_the_review import (
    OUTCOMES,
    PUPIL,
    SAYING,
    AtTheReview,
    kept_within_ten_seconds,
    planned_home,
    run_out,
    serving,
    started,
)
from tests.browser.conftest import Server, open_window
from tests.browser.phone import EVERYTHING_KEPT
from tests.browser.test_by_keyboard import come_in, tab_to
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


# A sign-in that ran out --------------------------------------------------------------------------------------------


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


def _sign_in_here(person: AtTheReview, who: str) -> None:
    """On the page that asks for it, as it stands."""
    person.main.get_by_label("Email address").fill(email_of(who))
    person.page.locator("#password").fill(PASSWORD)
    person.press("Sign in")


def test_without_scripts_a_sign_in_that_ran_out_comes_back_to_the_same_words_and_to_nobody_else(
    browser: Browser, server: Server, place: str
) -> None:
    senco = AtTheReview(browser, server, "senco", javascript=False)
    senco.opens(place)
    senco.types("The pupil’s views", SAYING)
    run_out(server)
    senco.press("Save")
    senco.sees("You were signed out before this was saved.")
    assert SAYING not in senco.page.content()
    _sign_in_here(senco, "lead")
    senco.is_on("Review of cycle 1")
    senco.has("The pupil’s views", "")
    assert SAYING not in senco.page.content()
    senco.page.get_by_role("button", name="Sign out").click()
    senco.go(place)
    _sign_in_here(senco, "senco")
    senco.is_on("Review of cycle 1")
    senco.has("The pupil’s views", SAYING)
    senco.press("Save")
    senco.sees("Saved.")
    senco.has("The pupil’s views", SAYING)
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
