"""Which terms of another school are taken: what an old cycle is counted by, and never what this school goes by."""

from __future__ import annotations

from datetime import date
from typing import Any

from graduated.rules.calendar import TermDates, academic_year
from graduated.school.queries import terms
from graduated.school.term_checks import faults
from graduated.transfer.reading import Bundle, NotABundle

Row = dict[str, Any]


class Years:
    """The terms of a bundle, looked at as one that is typed in is. Raises NotABundle when they cannot be terms."""

    def __init__(self, bundle: Bundle, today: date) -> None:
        self._own, self._this_year = terms(), academic_year(today)
        seen: list[TermDates] = []
        for row in bundle.of("term"):
            term = _dates(row)
            wrong = faults(term, seen)
            if row["academic_year"] != academic_year(row["ends"]):
                wrong["academic_year"] = "The year is not that of its days"
            if wrong:
                raise NotABundle(
                    f"The terms in it cannot be counted by: {term.name[:40]}, {term.academic_year}. "
                    f"{next(iter(wrong.values()))}. Ask the school that made the bundle."
                )
            seen.append(term)

    def is_taken(self, row: Row) -> bool:
        """Past years that this school lacks; this year's only where no term at all is entered yet."""
        year: str = row["academic_year"]
        if any(one.academic_year == year for one in self._own) or faults(_dates(row), self._own):
            return False
        return year < self._this_year or (year == self._this_year and not self._own)


def _dates(row: Row) -> TermDates:
    return TermDates(
        name=row["name"],
        academic_year=row["academic_year"],
        starts=row["starts"],
        ends=row["ends"],
        half_term_starts=row.get("half_term_starts"),
        half_term_ends=row.get("half_term_ends"),
        inset=frozenset(date.fromisoformat(day) for day in row.get("inset_days") or ()),
    )
