"""Term dates: what is refused and why, the proposal, and a school that has entered none."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db import clock
from graduated.rules.calendar import TermDates, academic_year_starts, school_days
from graduated.school import queries
from graduated.school.services import NewSchool, make_school
from graduated.school.term_checks import faults, propose_terms
from tests.support.client import PageClient
from tests.support.world import World

AUTUMN = TermDates("Autumn", "2030/31", date(2030, 9, 3), date(2030, 12, 20), date(2030, 10, 28), date(2030, 11, 1))


def changed(**values: object) -> TermDates:
    """The autumn term with something else."""
    names = ("name", "academic_year", "starts", "ends", "half_term_starts", "half_term_ends", "inset")
    return TermDates(**{**{name: getattr(AUTUMN, name) for name in names}, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("term", "field", "words"),
    [
        (changed(ends=date(2030, 9, 3)), "ends", "must come after"),
        (changed(ends=date(2031, 7, 20)), "ends", "at most 140 days"),
        (
            changed(starts=date(2031, 6, 1), ends=date(2031, 9, 10), half_term_starts=None, half_term_ends=None),
            "ends",
            "one academic year",
        ),
        (changed(half_term_ends=None), "half_term_ends", "leave both empty"),
        (changed(half_term_starts=None), "half_term_starts", "leave both empty"),
        (changed(half_term_ends=date(2030, 10, 25)), "half_term_ends", "cannot come before"),
        (changed(half_term_starts=date(2030, 8, 28)), "half_term_starts", "within the term"),
        (changed(half_term_ends=date(2030, 12, 20)), "half_term_starts", "within the term"),
        (changed(inset=frozenset({date(2030, 9, 2)})), "inset_days", "2 September 2030 is outside the term"),
        (changed(inset=frozenset({date(2030, 9, 7)})), "inset_days", "7 September 2030 is a Saturday"),
        (changed(inset=frozenset({date(2030, 10, 29)})), "inset_days", "in half-term"),
        (changed(inset=frozenset({date(2030, 12, 19)})), "inset_days", "a bank holiday"),
    ],
)
def test_a_term_that_cannot_be_is_refused_at_the_field_to_mend(term: TermDates, field: str, words: str) -> None:
    found = faults(term, (), {date(2030, 12, 19)})
    assert list(found) == [field]
    assert words in found[field]


def test_terms_may_touch_but_not_overlap() -> None:
    other = TermDates("Spring", "2030/31", date(2030, 12, 20), date(2031, 3, 28))
    assert "overlap with Spring 2030/31" in faults(AUTUMN, [other])["starts"]
    later = TermDates("Spring", "2030/31", date(2030, 12, 21), date(2031, 3, 28))
    assert faults(AUTUMN, [later]) == {}


@pytest.mark.parametrize("year", range(2020, 2036))
def test_the_proposal_of_any_year_would_be_accepted(year: int) -> None:
    terms = propose_terms(year, queries.easter_monday(year + 1))
    for place, term in enumerate(terms):
        assert faults(term, terms[:place], queries._bank_holidays(2027)) == {}
    days = len(school_days(date(year, 9, 1), date(year + 1, 8, 31), terms))
    assert 185 <= days <= 205


def test_the_proposal_of_2026_is_what_a_calendar_shows() -> None:
    autumn, spring, summer = propose_terms(2026, queries.easter_monday(2027))
    assert (autumn.starts, autumn.ends) == (date(2026, 9, 2), date(2026, 12, 18))
    assert autumn.half_term_starts == date(2026, 10, 26)
    assert (spring.starts, spring.ends) == (date(2027, 1, 4), date(2027, 3, 19))
    assert spring.half_term_starts == date(2027, 2, 15)
    assert (summer.starts, summer.ends) == (date(2027, 4, 5), date(2027, 7, 22))
    assert summer.half_term_starts == date(2027, 5, 31)


def _date(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_a_term_is_entered_corrected_and_removed(client: PageClient) -> None:
    client.sign_in("admin")
    year = academic_year_starts(clock.today()).year + 5
    typed = {"name": "Autumn", **_date("starts", date(year, 9, 3)), **_date("ends", date(year, 12, 20))}
    client.send("/school/terms/add", **typed)
    assert f"{year}/{(year + 1) % 100:02d}" in client.text("/school/terms")
    client.send("/school/terms/add", status=422, **typed)
    place = _link(client, "/school/terms", "Change Autumn")
    client.send(place, **{**typed, "name": "Michaelmas", "inset_days": f"3 September {year}"})
    assert f"Michaelmas3 Sep {year}None20 Dec {year}3 Sep {year}" in client.text("/school/terms")
    client.send(f"{place}/remove")
    assert "Michaelmas" in client.text("/school/terms")  # said once that it was removed
    assert "Michaelmas" not in client.text("/school/terms")


def _link(client: PageClient, path: str, words: str) -> str:
    """Where the first link with these words leads."""
    root = client.page(path)
    return next(
        element.attrib["href"]
        for element in root.iter()
        if element.tag.endswith("}a") and " ".join("".join(element.itertext()).split()).startswith(words)
    )


def test_inset_days_are_read_as_people_write_them(client: PageClient) -> None:
    client.sign_in("admin")
    year = academic_year_starts(clock.today()).year + 5
    typed = {"name": "Autumn", **_date("starts", date(year, 9, 1)), **_date("ends", date(year, 12, 20))}
    days = [date(year, 9, day) for day in range(1, 8) if date(year, 9, day).weekday() < 5][:3]
    words = f"{days[0]:%d/%m/%Y}, {days[1].isoformat()}\n{days[2].day} sept {year}"
    answer = client.send("/school/terms/add", status=422, **typed, inset_days=words)
    assert f"“{days[2].day} sept {year}” is not a date" in answer.text
    client.send("/school/terms/add", **typed, inset_days=words.replace("sept", "September"))
    rows = client.text("/school/terms")
    assert all(f"{day.day} Sep {year}" in rows for day in days)


def test_two_people_who_correct_one_term_both_see_it(client: PageClient, app: Flask) -> None:
    client.sign_in("admin")
    place = _link(client, "/school/terms", "Change Autumn")
    action, values = client.form(place)
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in("senco")
    other.send(place, name="Autumn of theirs")
    answer = client.post(action, data={**values, "name": "Autumn of mine"})
    assert answer.status_code == 409
    assert "Autumn of theirs" in answer.text
    assert "Autumn of mine" in answer.text
    assert "Autumn of theirs" in client.text("/school/terms")


def test_a_proposal_is_corrected_and_saved_at_once(client: PageClient) -> None:
    client.sign_in("admin")
    first = academic_year_starts(clock.today()).year
    place = f"/school/terms/propose/{first + 3}"
    name = f"{first + 3}/{(first + 4) % 100:02d}"
    assert "These are not your school’s dates" in client.text(place)
    client.send(place, status=422, **_date("spring-starts", date(first + 3, 12, 1)))
    assert name not in client.text("/school/terms")
    client.send(place, **_date("autumn-ends", date(first + 3, 12, 16)))
    rows = client.text("/school/terms")
    assert name in rows
    assert f"16 Dec {first + 3}" in rows


def test_the_head_reads_term_dates_and_changes_none(client: PageClient) -> None:
    client.sign_in("head")
    assert "Change" not in client.text("/school/terms")
    assert client.status("/school/terms/add") == 403


def test_another_schools_term_is_not_found(client: PageClient, app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        number = queries.term_rows()[0].id
    client.sign_in("other_school")
    assert client.status(f"/school/terms/{number}") == 404
    assert client.status(f"/school/terms/{number}/remove") == 404


def test_a_school_without_terms_says_what_that_does(client: PageClient, app: Flask) -> None:
    client.sign_in("other_school")
    assert "No term dates are entered" in client.text("/school")
    assert "Until they are" in client.text("/school/terms")
    with app.app_context():
        number = make_school(NewSchool("100009", "Chesil Primary"))
        with acting(system_actor(number, "Tests")):
            assert queries.terms() == ()
            assert queries.term_rows() == ()
            assert date(2026, 12, 25) in queries.bank_holidays()
