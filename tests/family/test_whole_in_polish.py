"""No word of the program stays English to somebody who chose Polish: languages, papers, meetings, ways in, mistakes."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import Form

from graduated.access.identity import acting, system_actor
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import write
from graduated.family.words import paper_title, said_line
from graduated.people.passwords import what_is_wrong
from graduated.plan.models import Cycle
from graduated.pupils.models import Adult
from graduated.rules.gathered import Gathered
from graduated.rules.vocabulary import CycleStatus, ViewMethod
from graduated.web import languages
from graduated.web.fields import DatePartsField
from tests.ehcna.rich import build_rich
from tests.support.client import PageClient
from tests.support.world import World

POLISH = {"Accept-Language": "pl"}


@pytest.mark.parametrize(
    ("written", "said"),
    [("Polish", "polski"), (" urdu ", "urdu"), ("BSL", "brytyjski język migowy (BSL)"), ("Klingon-ish", "Klingon-ish")],
)
def test_a_language_is_named_as_the_reader_calls_it(app: Flask, written: str, said: str) -> None:
    with app.test_request_context(headers=POLISH):
        assert languages.say_language(written) == said
    with app.test_request_context():
        assert languages.say_language(written) == written


def test_the_plan_names_languages_in_polish_and_the_diary_says_that_an_interpreter_comes(
    client: PageClient, app: Flask, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        rich = build_rich(world)
        with write("An interpreter is needed, and a meeting is called"):
            db.session.scalars(select(Adult).where(Adult.id == world.adults["parent"])).one().interpreter = "Polish"
            cycle = db.session.scalars(select(Cycle).where(Cycle.id == rich.cycle_id)).one()
            cycle.status, cycle.meeting_at = CycleStatus.AGREED, now() + timedelta(days=9)
    client.get("/sign-in?lang=pl")
    client.sign_in("parent")
    place = f"/family/children/{rich.pupil_id}"
    assert "Zgłoszona potrzeba tłumacza: polski" in client.text(place)
    diary = client.get(f"{place}/meeting.ics").text.replace("\r\n ", "")
    assert "Będzie tłumacz." in diary
    assert "Zofia" not in diary and "olski" not in diary


def test_how_and_when_words_were_said_is_told_in_the_language_of_the_page(app: Flask) -> None:
    found = (Gathered("", "Yes", ViewMethod.CONVERSATION, date(2026, 7, 7), "Carys Pugh"),)
    with app.test_request_context():
        assert said_line("Yes", found) == "7 July 2026, in a conversation, asked by Carys Pugh"
        assert said_line("Yes", ()) == "At the meeting" and said_line(" ", found) == ""
    with app.test_request_context(headers=POLISH):
        assert said_line("Yes", found) == "7 lipca 2026, w rozmowie, pytania zadała osoba: Carys Pugh"
        assert said_line("Yes", ()) == "Na spotkaniu"


def test_a_meeting_names_in_polish_what_people_are(client: PageClient, app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        rich = build_rich(world)
    client.get("/sign-in?lang=pl")
    client.sign_in("parent")
    words = client.text(f"/family/reviews/{rich.review_id}")
    assert "Anna Szymańska, matka." in words and "Mother" not in words


def test_papers_that_the_program_named_are_named_in_polish_and_others_as_the_school_named_them(app: Flask) -> None:
    with app.test_request_context(headers=POLISH):
        assert paper_title("Support plan 6") == "Plan wsparcia nr 6"
        assert paper_title("Review of support plan 5") == "Przegląd planu wsparcia nr 5"
        assert paper_title("Support plan 6, as agreed with Dr Reed") is None


class Asking(Form):  # type: ignore[misc]  # WTForms carries no types
    """One date, as a family is asked for it."""

    born_on = DatePartsField("The child’s date of birth", noun="The date of birth", birthday=True)


@pytest.mark.parametrize(
    ("day", "month", "year", "said"),
    [
        ("3", "", "", "Data urodzenia: brakuje części (miesiąc, rok)"),
        ("31", "2", "2017", "Data urodzenia: 31 lutego nie jest datą"),
        ("3", "13", "2017", "Data urodzenia: miesiąc musi być liczbą od 1 do 12"),
        ("3", "3", "17", "Data urodzenia: rok musi mieć 4 cyfry, na przykład 2026"),
        ("3", "3", "1717", "Data urodzenia: rok musi być między 1900 a 2100"),
        ("77", "3", "2017", "Data urodzenia: dzień musi być liczbą od 1 do 31"),
    ],
)
def test_a_mistake_in_a_date_is_told_in_polish(app: Flask, day: str, month: str, year: str, said: str) -> None:
    typed = MultiDict({"born_on-day": day, "born_on-month": month, "born_on-year": year})
    with app.test_request_context(headers=POLISH):
        form = Asking(typed)
        assert not form.validate()
        assert form.born_on.errors == [said]
        assert ">Dzień</label>" in str(form.born_on()) and ">Rok</label>" in str(form.born_on())


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "Hasło musi mieć co najmniej 12 znaków; to ma ich 5. Dobre hasło to trzy słowa"),
        ("x" * 300, "Hasło może mieć najwyżej 256 znaków; to ma ich 300."),
        ("passwordpassword", "powtórzona"),
        ("aaaaaaaaaaaaaab", "Kilka tych samych znaków"),
        ("12345678901234", "Za mało liter"),
        ("qwertyuiopasdf", "Ciągi takie jak"),
        ("summer2024!!password", "Hasło składa się z częstych słów"),
    ],
)
def test_what_is_wrong_with_a_password_is_told_in_polish(app: Flask, password: str, said: str) -> None:
    with app.test_request_context(headers=POLISH):
        assert said in str(what_is_wrong(password))
    with app.test_request_context():
        assert said not in str(what_is_wrong(password))


def test_every_way_in_is_offered_in_polish(client: PageClient) -> None:
    words = client.get("/sign-in?lang=pl").text
    assert "Użyj klucza dostępu" in words and "Use a passkey" not in words
    assert "Nic się nie stało." in words, "what the script says stands in the page"


@pytest.mark.parametrize(
    "place", ["/account/passkeys", "/account/second-step", "/account/prove?next=/account", "/account/passkeys/add"]
)
def test_the_pages_of_a_parents_own_account_hold_no_english(client: PageClient, world: World, place: str) -> None:
    client.get("/sign-in?lang=pl")
    client.sign_in("parent")
    page = client.get(place, follow_redirects=True).text
    main = page.partition("<main")[2].partition("</main>")[0]
    assert 'lang="en-GB"' not in main
    left = re.findall(r"\b(?:the|your|you|with|code|make|cancel|password|phone)\b", re.sub(r"<[^>]*>", " ", main), re.I)
    assert left == []
