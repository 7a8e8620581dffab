"""What is typed into a form is read as the person meant it, or refused with the reason; never guessed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import InputRequired, Optional

from graduated.db.clock import held as on_the_clock
from graduated.web.fields import AgeMonthsField, DatePartsField, MinutesField, MoneyField, UkDecimalField

BAD_MONTH = "The date held: the month must be a number from 1 to 12, or a name such as Nov"


class Everything(Form):
    """One of each."""

    held = DatePartsField("When was it held?", [InputRequired("Enter the date held")], noun="The date held")
    born = DatePartsField("Date of birth", [Optional()], birthday=True)
    minutes = MinutesField("Minutes", [Optional()])
    cost = MoneyField("Cost", [Optional()])
    score = UkDecimalField("Score", [Optional()], places=1, least=0, most=200)
    sessions = UkDecimalField("Sessions", [Optional()], places=0)
    age = AgeMonthsField("Reading age", [Optional()])


def posted(**typed: str) -> Any:
    """A validated form of what was typed; a double underscore stands for the hyphen of a date's part."""
    form = Everything(MultiDict({key.replace("__", "-"): value for key, value in typed.items()}))
    form.validate()
    return form


def held(day: str = "", month: str = "", year: str = "") -> Any:
    """The date field, with these three boxes typed."""
    return posted(held__day=day, held__month=month, held__year=year).held


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("24", "11", "2026"),
        ("24", "Nov", "2026"),
        ("24", "november", "2026"),
        (" 24 ", "11", " 2026"),
        ("2026-11-24", "", ""),
        ("24/11/2026", "", ""),
        ("24.11.2026", "", ""),
        ("24-11-2026", "", ""),
        ("24 November 2026", "", ""),
        ("24 nov 2026", "", ""),
    ],
)
def test_a_date_is_read_however_a_school_writes_it(day: str, month: str, year: str) -> None:
    field = held(day, month, year)
    assert field.data == dt.date(2026, 11, 24)
    assert not field.errors
    assert (field.day, field.month, field.year) == ("24", "11", "2026")


@pytest.mark.parametrize(
    ("typed", "sentence", "at"),
    [
        (("31", "2", "2026"), "The date held: 31 February is not a date", "held-day"),
        (("29", "2", "2026"), "The date held: 29 February 2026 is not a date", "held-day"),
        (("24", "", "2026"), "The date held must include a month", "held-month"),
        (("24", "", ""), "The date held must include a month and a year", "held-month"),
        (("24", "13", "2026"), BAD_MONTH, "held-month"),
        (("24", "11", "26"), "The date held: the year must have 4 figures, for example 2026", "held-year"),
        (("24", "11", "1066"), "The date held: the year must be between 1900 and 2100", "held-year"),
        (("0", "11", "2026"), "The date held: the day must be a number from 1 to 31", "held-day"),
        (("٢٤", "11", "2026"), "The date held: the day must be a number from 1 to 31", "held-day"),
        (("soon", "", ""), "The date held must include a month and a year", "held-month"),
        (("", "", ""), "Enter the date held", "held-day"),
    ],
)
def test_a_wrong_date_says_what_is_wrong_and_where(typed: tuple[str, str, str], sentence: str, at: str) -> None:
    field = held(*typed)
    assert list(field.errors) == [sentence]
    assert field.data is None
    assert field.error_id == at
    assert (field.day, field.month, field.year) == typed


def test_a_month_that_comes_first_is_not_turned_round() -> None:
    assert held("11/24/2026").errors == [BAD_MONTH]


def test_only_the_box_at_fault_is_marked_and_what_was_typed_is_escaped() -> None:
    drawn = str(held('"><script>', "11", "2026")())
    assert "<script>" not in drawn
    assert drawn.count("govuk-input--error") == drawn.count('aria-invalid="true"') == 1


def test_a_date_already_known_fills_the_boxes_and_a_form_without_them_keeps_it() -> None:
    form = Everything(None, data={"held": dt.date(2026, 11, 24)})
    assert (form.held.day, form.held.month, form.held.year) == ("24", "11", "2026")
    assert 'value="2026"' in str(form.held())
    again = Everything(MultiDict({"minutes": "30"}), data={"held": dt.date(2026, 11, 24)})
    assert again.held.data == dt.date(2026, 11, 24)


def test_an_optional_date_left_empty_is_none_and_a_plain_value_is_read_too() -> None:
    form = posted(born__day="", born__month="", born__year="")
    assert form.born.data is None and not form.born.errors
    assert posted(born="2016-03-09").born.data == dt.date(2016, 3, 9)
    assert 'autocomplete="bday-day"' in str(form.born())


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("minutes", "30", 30),
        ("minutes", "30 minutes", 30),
        ("minutes", "1:30", 90),
        ("minutes", "1 hour 15", 75),
        ("minutes", "1h30", 90),
        ("minutes", "2 hrs", 120),
        ("minutes", "45m", 45),
        ("cost", "12", 1200),
        ("cost", "12.5", 1250),
        ("cost", "£1,250.50", 125050),
        ("cost", "0", 0),
        ("score", "86", Decimal("86")),
        ("score", "86.5", Decimal("86.5")),
        ("score", "0", Decimal("0")),
        ("age", "8:03", 99),
        ("age", "8:3", 99),
        ("age", "8 years 3 months", 99),
        ("age", "8y", 96),
        ("age", "10:11", 131),
    ],
)
def test_a_value_is_read_as_it_is_written(name: str, typed: str, value: object) -> None:
    field = posted(**{name: typed})[name]
    assert field.data == value
    assert type(field.data) is type(value)
    assert not field.errors


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("minutes", "1.5", "Minutes must be minutes, for example 30, or hours and minutes, for example 1:30"),
        ("minutes", "1:", "Minutes must be minutes, for example 30, or hours and minutes, for example 1:30"),
        ("minutes", "0", "Minutes must be between 1 and 600 minutes"),
        ("minutes", "900", "Minutes must be between 1 and 600 minutes"),
        ("cost", "12.505", "Cost: 12.505 has part of a penny; use pounds and pence, for example 12.50"),
        ("cost", "12,50", "Cost: use a full stop, not a comma, before the decimals, for example 12.50"),
        ("sessions", "1,5", "Sessions must be a whole number, for example 12"),
        ("cost", "-1", "Cost must be £0 or more"),
        ("cost", "1000000.01", "Cost must be £1,000,000 or less"),
        ("cost", "9" * 40, "Cost must be £1,000,000 or less"),
        ("cost", "1e3", "Cost must be a number, for example 12.50"),
        ("cost", "lots", "Cost must be a number, for example 12.50"),
        ("score", "86.55", "Score can have at most 1 decimal place"),
        ("score", "-1", "Score must be 0 or more"),
        ("score", "201", "Score must be 200 or less"),
        ("score", "NaN", "Score must be a number, for example 12.5"),
        ("score", "٨٦", "Score must be a number, for example 12.5"),
        (
            "age",
            "8.3",
            "Reading age: 8.3 could mean 8 years 3 months or 8.3 years. "
            "Type years and months with a colon, for example 8:03",
        ),
        ("age", "8", "Reading age needs years and months, for example 8:00"),
        ("age", "8:13", "Reading age: months go from 0 to 11, so 8:13 is not an age"),
        ("age", "26:00", "Reading age must be 25 years or less"),
        ("age", "eight", "Reading age must be years and months with a colon, for example 8:03"),
    ],
)
def test_a_value_that_could_be_misread_is_refused_and_kept(name: str, typed: str, sentence: str) -> None:
    field = posted(**{name: typed})[name]
    assert list(field.errors) == [sentence]
    assert field.data is None
    assert field._value() == typed


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("minutes", 90, "90"),
        ("cost", 125050, "1,250.50"),
        ("score", Decimal("86.5"), "86.5"),
        ("age", 99, "8:03"),
    ],
)
def test_a_known_value_is_shown_as_typed_and_read_back_the_same(name: str, value: object, shown: str) -> None:
    form = Everything(None, data={name: value})
    assert form[name]._value() == shown
    assert posted(**{name: shown})[name].data == value


def test_the_example_of_a_date_is_a_day_that_may_be_past_or_to_come() -> None:
    with on_the_clock(dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)):
        field = posted().held
        assert field.example == "22 11 2026"
        day, month, year = field.example.split()
        assert held(day, month, year).data == dt.date(2026, 11, 22)
