"""One believable school year for the tables of cases."""

from datetime import date

from graduated.rules.calendar import SchoolYear, TermDates

AUTUMN = TermDates(
    "Autumn term",
    "2026/27",
    date(2026, 9, 1),
    date(2026, 12, 18),
    date(2026, 10, 26),
    date(2026, 10, 30),
    frozenset({date(2026, 9, 1), date(2026, 9, 2)}),
)
SPRING = TermDates(
    "Spring term", "2026/27", date(2027, 1, 4), date(2027, 3, 25), date(2027, 2, 15), date(2027, 2, 19), frozenset()
)
SUMMER = TermDates(
    "Summer term",
    "2026/27",
    date(2027, 4, 12),
    date(2027, 7, 23),
    date(2027, 5, 31),
    date(2027, 6, 4),
    frozenset({date(2027, 7, 22), date(2027, 7, 23)}),
)
TERMS = (AUTUMN, SPRING, SUMMER)
BANK_HOLIDAYS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 5, 3), date(2027, 5, 31)})
YEAR = SchoolYear(TERMS, BANK_HOLIDAYS)
