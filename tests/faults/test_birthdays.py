"""Every birthday there can be: leap days, the last of August and the first of September among them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from graduated.rules.calendar import academic_year_starts, end_of_compulsory_school_age, expected_year_group
from graduated.rules.vocabulary import YearGroup

BORN = st.dates(date(1995, 1, 1), date(2060, 12, 31))
MANY = settings(max_examples=4000, deadline=None, derandomize=True)
ORDER = list(YearGroup)[:-1]
EDGES = (date(2016, 2, 29), date(2015, 8, 31), date(2015, 9, 1), date(2012, 2, 29), date(2000, 2, 29))


@MANY
@given(BORN)
@example(EDGES[0])
@example(EDGES[1])
@example(EDGES[2])
@example(EDGES[3])
def test_a_year_is_one_more_each_september_and_never_within_a_year(born: date) -> None:
    first = born.year + 4 + (born.month >= 9)  # in the school year after the fourth birthday: Reception
    assert expected_year_group(born, date(first, 8, 31)) is not YearGroup.R
    groups = [expected_year_group(born, date(year, 9, 1)) for year in range(first, first + 12)]
    at = ORDER.index(YearGroup.R)
    assert groups == ORDER[at : at + 12]
    for year, group in zip(range(first, first + 12), groups, strict=True):
        for day in (date(year, 12, 31), date(year + 1, 2, 28) + timedelta(days=1), date(year + 1, 8, 31)):
            assert expected_year_group(born, day) is group


@MANY
@given(BORN)
@example(EDGES[0])
@example(EDGES[1])
@example(EDGES[2])
@example(EDGES[4])
def test_rights_pass_once_on_one_day_whatever_the_birthday(born: date) -> None:
    day = end_of_compulsory_school_age(born)
    assert (day.month, day.weekday()) == (6, 4) and day.day >= 24
    turns_16 = date(born.year + 16, born.month, born.day)  # sixteen years on there is a leap day again
    assert academic_year_starts(day) == academic_year_starts(turns_16), "in the school year of the sixteenth birthday"
