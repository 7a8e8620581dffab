"""Three reviews a year: how many are required, what stands, when the next is due (design §5; Code 6.64 to 6.71).

The number a year is data of the plan type. It is in addition to parents' evenings, which never count (seed 004).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from graduated.rules.calendar import (
    SchoolYear,
    TermDates,
    academic_year,
    last_school_day_of_term,
    monday_of,
    school_day_on_or_before,
    school_days,
    school_weeks_between,
    school_year_of,
    short_date,
    term_of_or_after,
)
from graduated.rules.vocabulary import PlanType

REVIEWS_A_YEAR: Mapping[PlanType, int] = {PlanType.SEN_SUPPORT: 3, PlanType.EHC_PLAN: 1}
"""Three for SEN support (Code 6.64 to 6.71); a plan has its review at least every twelve months (Code 6.53 to 6.56)."""

WIDEST_GAP = 19
"""School weeks without a review beyond which the spread is a warning (design §5)."""


_NUMBERS = {1: "one", 2: "two", 3: "three"}


@dataclass(frozen=True, slots=True)
class Spell:
    """A time on SEN support (or under another plan type), both ends included; open when it has no end."""

    starts: date
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class HeldReview:
    """A review that took place. Without a parent it counts only where the attempts to reach them are recorded."""

    on: date
    with_parent: bool
    attempts_recorded: bool = False
    parents_evening: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is one of the three."""
        return not self.parents_evening and (self.with_parent or self.attempts_recorded)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a pupil stands in one academic year.

    `held` = `held_with_parent` + `held_without`. `not_counted` were held without a parent and without a recorded
    attempt. `still_possible` is how many of those needed could still be held, at most one in a school week.
    `overdue_by` is in days. `longest_gap_school_weeks` is the longest stretch on SEN support without a review so far.
    `must_hold_by` is the last day on which the next one can be held so that the number can still be reached; none
    when nothing is needed, when it cannot be reached any more, and where no term dates are entered.
    """

    required: int
    held_with_parent: int
    held_without: int
    not_counted: int
    still_possible: int
    overdue_by: int
    next_due: date | None
    longest_gap_school_weeks: int
    must_hold_by: date | None = None

    @property
    def held(self) -> int:
        """Reviews that count, held in this academic year."""
        return self.held_with_parent + self.held_without

    @property
    def needed(self) -> int:
        """How many are still to be held."""
        return max(0, self.required - self.held)

    @property
    def cannot_be_met(self) -> bool:
        """Whether the school weeks left are too few for what is needed."""
        return self.still_possible < self.needed

    @property
    def spread_warning(self) -> bool:
        """Whether more than 19 school weeks went by without a review."""
        return self.longest_gap_school_weeks > WIDEST_GAP

    @property
    def sentence(self) -> str:
        """The standing in words, for a page or a letter."""
        said = f"{self.held} of {self.required} held this year"
        if self.required == 0 and self.held == 0:
            said = "No review is required this year"
        if self.held_without:
            said += f": {self.held_with_parent} with a parent, {self.held_without} without, after recorded attempts"
        said += "."
        if self.not_counted:
            said += f" {self.not_counted} more held without a parent: record the attempts to reach them, and it counts."
        if self.cannot_be_met:
            said += f" {self.needed} more needed, and the school weeks left allow {self.still_possible or 'none'}: "
            said += f"{self.required} cannot be met any more this year."
        if self.spread_warning:
            said += f" {self.longest_gap_school_weeks} school weeks went by without one."
        return said


def required(a_year: int, spells: Iterable[Spell], year: SchoolYear) -> int:
    """Reviews required in the academic year (design §5, Three reviews a year).

    The number × school days on SEN support ÷ school days of the year, rounded half up and never more than the number.
    An open spell is taken to last the year. Without term dates a pupil with any spell is owed the whole number.
    """
    days, known = year.days, tuple(spells)
    if not days:
        return a_year if known else 0
    on_support = sum(1 for day in days if any(_within(day, spell) for spell in known))
    return min(a_year, (2 * a_year * on_support + len(days)) // (2 * len(days)))


def must_hold_by(
    needed: int, spells: Iterable[Spell], held: Iterable[date], year: SchoolYear, today: date
) -> date | None:
    """The last day by which the next review must be held so that all that are needed can still be held this year.

    A review looks back on some teaching, so at most one is counted in a school week (Monday to Sunday), and a week
    that has had one is used up. With n needed, the next must be held by the end of the n-th school week from the
    last in which the pupil is on SEN support, on a day on which children are taught (design §5).
    None when nothing is needed, when too few weeks are left, and where no term dates are entered.
    """
    weeks = _weeks_left(tuple(spells), held, year, today)
    return weeks[-needed] if 0 < needed <= len(weeks) else None


def must_hold_words(standing: Standing, today: date) -> str:
    """What stands against three this year, as the end of a sentence that begins with the pupil's name; else nothing.

    "will miss three this year unless one is held by Fri 12 Feb", "cannot have three this year any more".
    """
    number = _NUMBERS.get(standing.required, str(standing.required))
    if standing.cannot_be_met:
        return f"cannot have {number} this year any more"
    if standing.must_hold_by is None:
        return ""
    return f"will miss {number} this year unless one is held by {short_date(standing.must_hold_by, today)}"


def due_date(
    review_date: date | None, cycle_from: date, terms: Sequence[TermDates], bank_holidays: Collection[date] = ()
) -> date | None:
    """When the review of a cycle is due: its review date, or the last school day of the term in which it began.

    A date on a non-school day moves to the school day before. A cycle begun in the holidays looks to the next term.
    None when there is neither a review date nor a term to go by.
    """
    if review_date is not None:
        return school_day_on_or_before(review_date, terms, bank_holidays)
    term = term_of_or_after(cycle_from, terms)
    return last_school_day_of_term(term, bank_holidays) if term else None


def due_words(due: date, today: date) -> str:
    """How a due date is said: "8 days late", "Due today", "Due Tue 24 Nov"."""
    late = (today - due).days
    if late > 0:
        return f"{late} day{'' if late == 1 else 's'} late"
    return f"Due {short_date(due, today)}" if late else "Due today"


def standing(
    a_year: int,
    spells: Iterable[Spell],
    reviews: Iterable[HeldReview],
    year: SchoolYear,
    today: date,
    next_due: date | None = None,
    earlier_terms: Sequence[TermDates] = (),
) -> Standing:
    """Where a pupil stands today. `reviews` may reach back before the year, so that the spread is seen across it.

    Counted in the academic year by the date held; parents' evenings never count.
    """
    known = tuple(spells)
    past = [review for review in reviews if review.on <= today and not review.parents_evening]
    names = {term.academic_year for term in year.terms} or {academic_year(today)}
    known_terms = (*earlier_terms, *year.terms)
    this_year = [review for review in past if school_year_of(review.on, known_terms) in names]
    with_parent = sum(1 for review in this_year if review.with_parent)
    without = sum(1 for review in this_year if not review.with_parent and review.attempts_recorded)
    owed = required(a_year, known, year)
    needed = max(0, owed - with_parent - without)
    used = [review.on for review in this_year if review.counts]
    return Standing(
        required=owed,
        held_with_parent=with_parent,
        held_without=without,
        not_counted=len(this_year) - with_parent - without,
        still_possible=min(needed, len(_weeks_left(known, used, year, today))) if year.terms else needed,
        overdue_by=max(0, (today - next_due).days) if next_due else 0,
        next_due=next_due,
        longest_gap_school_weeks=_longest_gap(known, past, year, today, earlier_terms),
        must_hold_by=must_hold_by(needed, known, used, year, today),
    )


def _within(day: date, spell: Spell) -> bool:
    return spell.starts <= day and (spell.ends is None or day <= spell.ends)


def _weeks_left(spells: tuple[Spell, ...], held: Iterable[date], year: SchoolYear, today: date) -> list[date]:
    """The last school day on SEN support of each week from today that has had no review yet, in order."""
    used = {monday_of(day) for day in held}
    last_days: dict[date, date] = {}
    for day in school_days(today, date.max, year.terms, year.bank_holidays):
        if monday_of(day) not in used and any(_within(day, spell) for spell in spells):
            last_days[monday_of(day)] = day
    return list(last_days.values())


def _longest_gap(
    spells: tuple[Spell, ...],
    reviews: list[HeldReview],
    year: SchoolYear,
    today: date,
    earlier_terms: Sequence[TermDates],
) -> int:
    """The longest stretch in school weeks between the start of a spell, its reviews and today."""
    terms = (*earlier_terms, *year.terms)
    if not terms:
        return 0
    known_from = min(term.starts for term in terms)
    longest = 0
    for spell in spells:
        last = min(today, spell.ends or today)
        held = sorted(review.on for review in reviews if review.counts and _within(review.on, spell))
        points = [spell.starts - timedelta(days=1), *held, last]
        for earlier, later in pairwise(points):
            start = max(earlier, known_from - timedelta(days=1))
            longest = max(longest, school_weeks_between(start, later, terms, year.bank_holidays))
    return longest
