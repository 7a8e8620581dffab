"""Term dates of English authorities' schools, 2024 to 2027, as they were published; where each was read stands by it.

Facts only, read in 2026. An authority's dates are given as a school of it published them, with that school's own INSET
days where it named them. Not found, and so not here: Leeds and Birmingham 2026/27, Kirklees 2024/25. Each of the three
years has the calendars of at least three authorities, and Kent has all three years.
"""

from datetime import date

from graduated.rules.calendar import SchoolYear, TermDates

_HOLIDAYS = {
    "2024/25": ("2024-08-26 2024-12-25 2024-12-26 2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25"),
    "2025/26": ("2025-12-25 2025-12-26 2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31"),
    "2026/27": ("2026-12-25 2026-12-28 2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30"),
    "2027/28": ("2027-12-27 2027-12-28 2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28"),
}
_THREE = ("Autumn term", "Spring term", "Summer term")


def days(text: str) -> frozenset[date]:
    """Days written as ISO dates with spaces between."""
    return frozenset(map(date.fromisoformat, text.split()))


def _year(name: str, inset: str, *terms: str) -> SchoolYear:
    """A year from "starts ends [half-term starts, ends]" for each term."""
    names = _THREE if len(terms) == 3 else tuple(f"Term {n}" for n in range(1, len(terms) + 1))
    found = []
    for title, text in zip(names, terms, strict=True):
        found.append(TermDates(title, name, *map(date.fromisoformat, text.split()), inset=days(inset)))
    return SchoolYear(tuple(found), days(_HOLIDAYS[name]))


# Six terms. https://staplehurstschool.co.uk/news-and-events/term-dates ("set by Kent County Council")
KENT_2024 = _year(
    "2024/25", "2024-09-02 2024-09-27 2024-10-25 2024-11-04 2025-01-24",
    "2024-09-02 2024-10-25", "2024-11-04 2024-12-20", "2025-01-06 2025-02-14",
    "2025-02-24 2025-04-04", "2025-04-22 2025-05-23", "2025-06-02 2025-07-22",
)  # fmt: skip
# https://great-chart.kent.sch.uk/parents/term-dates-2025-26
KENT_2025 = _year(
    "2025/26", "2025-09-01 2025-09-02 2025-10-27 2026-07-20 2026-07-21",
    "2025-09-01 2025-10-17", "2025-10-27 2025-12-19", "2026-01-05 2026-02-13",
    "2026-02-23 2026-04-02", "2026-04-20 2026-05-22", "2026-06-01 2026-07-21",
)  # fmt: skip
# https://www.halfwayhouses.kent.sch.uk/term-dates, which also counts the days of each term
KENT_2026 = _year(
    "2026/27", "2026-09-01",
    "2026-09-01 2026-10-16", "2026-11-02 2026-12-18", "2027-01-04 2027-02-12",
    "2027-02-22 2027-03-25", "2027-04-12 2027-05-28", "2027-06-07 2027-07-22",
)  # fmt: skip
# https://aberfordprimaryschool.co.uk/term-dates
LEEDS_2024 = _year(
    "2024/25", "2024-09-02 2024-10-25 2025-01-06 2025-07-21 2025-07-22",
    "2024-09-02 2024-12-20 2024-10-28 2024-11-01", "2025-01-06 2025-04-04 2025-02-17 2025-02-21",
    "2025-04-22 2025-07-22 2025-05-26 2025-05-30",
)  # fmt: skip
# https://garforthacademy.org.uk/knowledge-base/term-dates ("we follow the Leeds City Council term dates")
LEEDS_2025 = _year(
    "2025/26", "2025-09-01 2025-12-19 2026-02-13 2026-07-20 2026-07-21",
    "2025-09-01 2025-12-19 2025-10-27 2025-10-31", "2026-01-05 2026-04-02 2026-02-16 2026-02-20",
    "2026-04-20 2026-07-21 2026-05-25 2026-05-29",
)  # fmt: skip
# https://www.stcathrc.bham.sch.uk/parents/term-dates (both years; for 2025/26 it names no INSET days)
BIRMINGHAM_2024 = _year(
    "2024/25", "2024-09-02 2024-10-25 2025-02-14 2025-06-23 2025-07-21",
    "2024-09-02 2024-12-20 2024-10-28 2024-11-01", "2025-01-06 2025-04-11 2025-02-17 2025-02-21",
    "2025-04-28 2025-07-21 2025-05-26 2025-05-30",
)  # fmt: skip
BIRMINGHAM_2025 = _year(
    "2025/26", "",
    "2025-09-01 2025-12-19 2025-10-27 2025-10-31", "2026-01-05 2026-03-27 2026-02-16 2026-02-20",
    "2026-04-13 2026-07-20 2026-05-25 2026-05-29",
)  # fmt: skip
# https://www.kayesacademy.co.uk/kgfl/primary/kayesprimary/site/pages/office/termdates (both years)
KIRKLEES_2025 = _year(
    "2025/26", "2025-09-01 2025-10-24 2025-12-05 2026-06-01 2026-07-20",
    "2025-09-02 2025-12-19 2025-10-27 2025-10-31", "2026-01-05 2026-03-27 2026-02-16 2026-02-20",
    "2026-04-13 2026-07-21 2026-05-25 2026-05-29",
)  # fmt: skip
KIRKLEES_2026 = _year(
    "2026/27", "2026-09-01 2026-10-23 2026-12-04 2027-05-28 2027-06-07",
    "2026-09-01 2026-12-18 2026-10-26 2026-10-30", "2027-01-04 2027-03-25 2027-02-15 2027-02-19",
    "2027-04-12 2027-07-21 2027-05-31 2027-06-04",
)  # fmt: skip

# https://www.stmatthews.cumbria.sch.uk/term-dates-1 (it names no INSET days)
CUMBRIA_2026 = _year(
    "2026/27", "",
    "2026-09-02 2026-12-18 2026-10-26 2026-10-30", "2027-01-05 2027-03-25 2027-02-15 2027-02-19",
    "2027-04-12 2027-07-16 2027-05-31 2027-06-04",
)  # fmt: skip

PUBLISHED = (
    KENT_2024, KENT_2025, KENT_2026, LEEDS_2024, LEEDS_2025,
    BIRMINGHAM_2024, BIRMINGHAM_2025, KIRKLEES_2025, KIRKLEES_2026, CUMBRIA_2026,
)  # fmt: skip

# Made up: a term that begins in August, and a leap year.
MADE_UP_AUGUST = _year(
    "2026/27", "", "2026-08-26 2026-12-18 2026-10-26 2026-10-30", "2027-01-04 2027-03-25", "2027-04-12 2027-07-21"
)
MADE_UP_LEAP = _year(
    "2027/28", "", "2027-09-01 2027-12-17", "2028-01-04 2028-03-31 2028-02-14 2028-02-18", "2028-04-18 2028-07-21"
)
