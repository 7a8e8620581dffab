"""The family's side in another language: chosen on the page, whole in each, and marked where it is the school's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.people.models import User
from graduated.people.services_language import SAID_ELSEWHERE
from graduated.web import languages
from tests.support.client import PageClient
from tests.support.words import SOURCE, Message, messages
from tests.support.world import World, email_of

CODES = [code for code in languages.codes() if code != "en"]
PLACE = re.compile(r"%\((\w+)\)[sd]")


def catalogue(code: str) -> Catalog:
    """The catalogue of a language as it stands in its file."""
    with (languages.FOLDER / code / "LC_MESSAGES" / "graduated.po").open("rb") as source:
        return read_po(source, locale=code, domain="graduated", abort_invalid=True)


def lines(words: Message | None) -> tuple[str, ...]:
    """One or several forms as several."""
    return (words,) if isinstance(words, str) else tuple(words or ())


@pytest.fixture(scope="module")
def said() -> dict[Message, str]:
    """Every message that a family can meet, and where."""
    return messages()


def test_polish_is_offered_beside_english() -> None:
    assert languages.codes()[0] == "en"
    assert "pl" in languages.codes()


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_lacks_no_word_that_a_family_meets(code: str, said: dict[Message, str]) -> None:
    held = {message.id if isinstance(message.id, str) else tuple(message.id): message for message in catalogue(code)}
    lacking = [
        f"{place}: {words}"
        for words, place in said.items()
        if words not in held or not all(lines(held[words].string)) or held[words].fuzzy
    ]
    assert lacking == []
    assert [words for words in held if words and words not in said] == [], "these words are said nowhere any more"


@pytest.mark.parametrize("code", CODES)
def test_no_word_loses_what_stands_in_it(code: str) -> None:
    for message in catalogue(code):
        if not message.id:
            continue
        wanted = {name for one in lines(message.id) for name in PLACE.findall(one)}
        for one in lines(message.string):
            assert set(PLACE.findall(one)) == wanted, one
            assert one.count("%") == len(PLACE.findall(one)), f"a lone % in {one}"


def test_what_forms_say_is_marked_word_for_word() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if path.name != "services_language.py"
    )
    pages = "\n".join(
        path.read_text(encoding="utf-8") for path in Path(SOURCE.parents[1] / "templates").rglob("*.html")
    )
    assert [one for one in SAID_ELSEWHERE if f'"{one}' not in code and one not in pages and one not in code] == []


def choose(client: PageClient, code: str, back: str = "/") -> None:
    """Press the button of a language, wherever it stands."""
    answer = client.post("/language", data={"csrf_token": client.token(), "language": code, "next": back})
    assert answer.status_code == 303
    assert answer.headers["Location"] == back


def language_kept(app: Flask, world: World, who: str) -> str:
    """What the account holds."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return str(db.session.scalar(select(User.language).where(User.email == email_of(who))))


def test_a_parent_chooses_polish_on_the_page_and_finds_it_on_another_phone(
    client: PageClient, app: Flask, world: World
) -> None:
    place = f"/family/children/{world.pupils['zofia']}"
    client.sign_in("parent")
    assert 'lang="en-GB"' in client.get(place).text.partition("<head>")[0]
    choose(client, "pl", place)
    page = client.get(place).text
    assert 'lang="pl"' in page.partition("<head>")[0]
    assert "Następne spotkanie" in client.text(place)
    assert language_kept(app, world, "parent") == "pl"
    other = app.test_client()
    assert isinstance(other, PageClient)
    assert "Następne spotkanie" in other.sign_in("parent").text(place)


def test_what_is_chosen_before_signing_in_is_theirs_from_then_on(client: PageClient, app: Flask, world: World) -> None:
    assert "Zaloguj się" in client.text("/sign-in?lang=pl")
    client.sign_in("parent")
    assert "Następne spotkanie" in client.text(f"/family/children/{world.pupils['zofia']}")
    assert language_kept(app, world, "parent") == "pl"
    client.post("/sign-out", data={"csrf_token": client.token()})


def test_a_device_that_speaks_polish_is_met_in_polish(client: PageClient) -> None:
    assert "Zaloguj się" in client.get("/sign-in", headers={"Accept-Language": "pl-PL,pl;q=0.9,en;q=0.5"}).text
    assert "Zaloguj się" not in client.get("/sign-in", headers={"Accept-Language": "de-DE"}).text


def test_the_device_remembers_the_language_when_somebody_signs_out(client: PageClient, world: World) -> None:
    client.sign_in("parent")
    choose(client, "pl")
    client.post("/sign-out", data={"csrf_token": client.token()})
    assert "Zaloguj się" in client.text("/sign-in")


def test_staff_read_english_whatever_the_device_says(client: PageClient, world: World) -> None:
    client.get("/sign-in?lang=pl")
    client.sign_in("senco")
    page = client.get(f"/pupils/{world.pupils['zofia']}", headers={"Accept-Language": "pl"}).text
    assert 'lang="en-GB"' in page.partition("<head>")[0]
    assert "Sign out" in page and "Polski" not in page
    choose(client, "pl")
    assert "Sign out" in client.get("/today").text


def test_until_a_parent_chooses_a_language_the_pages_are_in_that_of_the_device(
    client: PageClient, app: Flask, world: World
) -> None:
    place, polish = f"/family/children/{world.pupils['zofia']}", {"Accept-Language": "pl"}
    client.sign_in("parent")
    assert 'lang="pl"' in client.get(place, headers=polish).text.partition("<head>")[0]
    assert language_kept(app, world, "parent") == "", "what a device says is not a choice"
    choose(client, "en")
    assert 'lang="en-GB"' in client.get(place, headers=polish).text.partition("<head>")[0]


def test_a_language_that_is_not_offered_changes_nothing(client: PageClient, app: Flask, world: World) -> None:
    client.sign_in("parent")
    choose(client, "xx-../../etc")
    assert language_kept(app, world, "parent") == ""
    assert "Next meeting" in client.text(f"/family/children/{world.pupils['zofia']}")


def test_after_choosing_nobody_is_sent_to_another_site(client: PageClient) -> None:
    client.get("/sign-in")
    answer = client.post("/language", data={"csrf_token": client.token(), "language": "pl", "next": "//evil.example"})
    assert answer.headers["Location"] == "/"


def test_what_the_school_wrote_is_marked_as_english(client: PageClient, world: World, app: Flask) -> None:
    from tests.ehcna.rich import build_rich
    from tests.ehcna.words import TYPED

    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        rich = build_rich(world)
    client.sign_in("parent")
    choose(client, "pl")
    page = client.get(f"/family/children/{rich.pupil_id}").text
    for typed in (TYPED[29], TYPED[8]):
        before = page.partition(typed)[0]
        assert before.rfind('lang="en-GB"') > before.rfind("</"), typed
    assert "Dwie trzecie drogi do celu" in page


@pytest.fixture
def arabic(app: Flask) -> Iterator[None]:
    """A language from right to left that has no words yet."""
    app.config["MORE_LANGUAGES"] = ("ar",)
    yield
    app.config.pop("MORE_LANGUAGES")


def test_a_language_from_right_to_left_turns_the_page_and_not_the_schools_words(
    client: PageClient, world: World, arabic: None
) -> None:
    client.sign_in("parent")
    choose(client, "ar")
    page = client.get("/family", follow_redirects=True).text
    assert 'lang="ar" dir="rtl"' in page.partition("<head>")[0]
    assert "Next meeting" in page, "a word that a catalogue lacks is said in English"
    assert 'lang="en-GB" dir="ltr"' in page


@pytest.mark.parametrize("rule", [r"(?<![\w-])(margin|padding|border)-(left|right)\b", r"text-align:\s*(left|right)\b"])
def test_the_familys_styles_follow_the_direction_of_the_language(rule: str) -> None:
    css = (SOURCE.parents[1] / "static" / "css" / "parent.css").read_text(encoding="utf-8")
    undone = {"border-left: 0", "padding-left: 0", "margin-left: 0", "margin-right: auto"}  # what other sheets set
    assert [one.group(0) for one in re.finditer(rule + "[^;]*", css) if one.group(0) not in undone] == []


def test_every_measure_of_the_familys_words_grows_with_the_text() -> None:
    css = (SOURCE.parents[1] / "static" / "css" / "parent.css").read_text(encoding="utf-8")
    assert re.findall(r"font-size:\s*[\d.]+(?:px|pt)", css) == []
