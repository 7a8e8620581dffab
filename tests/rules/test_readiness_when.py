"""By when a gap could close: tables of cases, and days that nobody here can say left unsaid."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graduated.rules.readiness import LINES, Evidence, GapLine, ReportDate, Thresholds, gaps, months_old
from graduated.rules.readiness_when import Ahead, Closing, closing, recent_until, reviews_ahead, turns
from graduated.rules.vocabulary import Closes, GapState, Limb

TODAY = date(2026, 11, 21)
CHRISTMAS, EASTER, SUMMER = date(2026, 12, 18), date(2027, 3, 25), date(2027, 7, 21)
DUE = date(2026, 12, 4)
EMPTY, LIMITS = Evidence(TODAY), Thresholds()
TERMS = Ahead(terms_end=(CHRISTMAS, EASTER, SUMMER))
RUNNING = replace(TERMS, is_running=True, review_due=DUE)


def line(line_id: str, it: Evidence = EMPTY, limits: Thresholds = LIMITS) -> GapLine:
    return next(one for one in gaps(it, limits) if one.id == line_id)


def how(line_id: str, it: Evidence = EMPTY, ahead: Ahead = RUNNING, limits: Thresholds = LIMITS) -> Closing:
    found = closing(line(line_id, it, limits), it, ahead, limits)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("ahead", "days"),
    [
        (RUNNING, (DUE, EASTER, SUMMER)),
        (replace(RUNNING, review_due=date(2026, 11, 2)), (TODAY, EASTER, SUMMER)),  # overdue: today at the earliest
        (replace(RUNNING, review_due=CHRISTMAS), (CHRISTMAS, EASTER, SUMMER)),
        (replace(RUNNING, review_due=date(2027, 3, 1)), (date(2027, 3, 1), SUMMER)),  # Easter is too near for another
        (replace(RUNNING, review_due=None), (EASTER, SUMMER)),
        (TERMS, (EASTER, SUMMER)),  # four weeks to Christmas are no cycle
        (Ahead(), ()),
        (Ahead(is_running=True, review_due=DUE), (DUE,)),
    ],
)
def test_reviews_can_be_held_when_the_running_cycle_is_due_and_then_at_the_end_of_each_term(
    ahead: Ahead, days: tuple[date, ...]
) -> None:
    assert reviews_ahead(ahead, TODAY) == days


@pytest.mark.parametrize(
    ("lived", "ahead", "on", "words"),
    [
        (1, RUNNING, DUE, "is due on 4 Dec 2026. With that review the number is reached."),
        (1, replace(RUNNING, review_due=date(2026, 11, 2)), TODAY, "was due on 2 Nov 2026. With that review"),
        (0, RUNNING, EASTER, "With one more cycle, each to the end of a term, the number is reached on 25 Mar 2027"),
        (0, Ahead(is_running=True, review_due=DUE), None, "not entered that far, so no day can be said"),
        (1, TERMS, EASTER, "No cycle is running. One agreed now and reviewed at the end of term would be there on 25"),
        (0, TERMS, SUMMER, "2, one after the other, and reviewed at the end of term would be there on 21 Jul 2027"),
        (1, Ahead(), None, "so no day can be said"),
        (1, replace(RUNNING, review_due=None), EASTER, "The running cycle has no day for its review yet. One agreed"),
    ],
)
def test_a_missing_cycle_is_there_at_the_earliest_when_its_review_is_held(
    lived: int, ahead: Ahead, on: date | None, words: str
) -> None:
    found = how("cycles", replace(EMPTY, cycles_lived=lived), ahead)
    assert (found.waits_for, found.on) == (Closes.DATE, on)
    assert words in found.words
    assert "Earlier cycles on paper can be entered today." in found.words


def test_three_cycles_asked_for_count_two_more_after_the_running_one() -> None:
    found = how("cycles", ahead=RUNNING, limits=Thresholds(cycles=3))
    assert found.on == SUMMER
    assert "With 2 more cycles" in found.words


@pytest.mark.parametrize(
    ("held", "ahead", "on"),
    [
        ((date(2026, 6, 1), date(2026, 10, 1)), RUNNING, DUE),
        ((date(2025, 12, 4), date(2026, 10, 1)), RUNNING, EASTER),  # by 4 December the first is a year old
        ((), RUNNING, SUMMER),
        ((date(2026, 12, 1),), RUNNING, SUMMER),  # a day to come is no meeting held
        ((), replace(RUNNING, terms_end=()), None),
    ],
)
def test_meetings_to_come_are_counted_and_those_that_grow_old_are_not(
    held: tuple[date, ...], ahead: Ahead, on: date | None
) -> None:
    found = how("meetings", replace(EMPTY, meetings_with_parents=held), ahead)
    assert (found.waits_for, found.on) == (Closes.DATE, on)


@pytest.mark.parametrize("line_id", ["judgements", "next-steps", "impact"])
def test_what_only_a_review_can_say_waits_for_the_next_review(line_id: str) -> None:
    assert how(line_id).on == DUE
    assert how(line_id, ahead=Ahead()) == Closing(Closes.DATE, "At the next review. No cycle is running.")


@pytest.mark.parametrize(
    ("admitted", "waits_for", "on"),
    [
        (None, Closes.NOW, None),
        (date(2022, 9, 5), Closes.NOW, None),
        (date(2025, 11, 21), Closes.NOW, None),
        (date(2025, 11, 22), Closes.DATE, date(2026, 11, 22)),
        (date(2026, 9, 3), Closes.DATE, date(2027, 9, 3)),
    ],
)
def test_months_before_the_pupil_came_are_asked_of_the_school_before(
    admitted: date | None, waits_for: Closes, on: date | None
) -> None:
    found = how("attendance", ahead=Ahead(admitted=admitted))
    assert (found.waits_for, found.on) == (waits_for, on)
    assert ("The school before can be asked" in found.words) is (on is not None)


@pytest.mark.parametrize("line_id", ["professionals", "reports", "consent", "parent-views"])
def test_a_day_that_lies_with_others_is_never_guessed(line_id: str) -> None:
    found = how(line_id)
    assert (found.waits_for, found.on) == (Closes.OTHERS, None)
    assert found.words.startswith("When ")


def test_a_young_person_answers_for_themselves() -> None:
    assert "the young person has answered" in how("consent", replace(EMPTY, young_person=True)).words


def test_every_gap_says_how_it_can_close_and_what_is_there_says_nothing() -> None:
    for one in gaps(EMPTY, LIMITS):
        found = closing(one, EMPTY, RUNNING, LIMITS)
        assert (found is None) is (one.state is GapState.NOT_APPLICABLE), one.id
        assert found is None or found.words.endswith("."), one.id
    there = GapLine("cycles", Limb.ACTION, "", GapState.PRESENT, "", "", "")
    assert closing(there, EMPTY, RUNNING, LIMITS) is None


def test_no_gap_speaks_of_a_decision_or_a_score() -> None:
    for one in LINES:
        found = closing(replace(line("reason"), id=one.id), EMPTY, RUNNING, LIMITS)
        assert found is not None
        for word in ("refuse", "accept", "score", "decision", "%"):
            assert word not in found.words


@pytest.mark.parametrize(
    ("on", "months", "day"),
    [
        (date(2026, 3, 1), 12, date(2027, 3, 1)),
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2026, 8, 31), 6, date(2027, 3, 1)),
        (date(2026, 10, 31), 1, date(2026, 12, 1)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_something_turns_so_many_months_old_on_a_day(on: date, months: int, day: date) -> None:
    assert turns(on, months) == day


@given(st.dates(date(2015, 1, 1), date(2035, 1, 1)), st.integers(1, 30))
def test_it_is_the_first_day_that_is_so_many_months_later(on: date, months: int) -> None:
    day = turns(on, months)
    assert months_old(on, day) >= months
    assert months_old(on, day.fromordinal(day.toordinal() - 1)) < months


RECENT = replace(
    EMPTY,
    reports=(ReportDate(date(2026, 2, 3)), ReportDate(date(2026, 9, 9), diagnosis=True)),
    profile_on=date(2026, 9, 1),
    pupil_views=(date(2025, 3, 3), date(2026, 5, 5)),
    parent_views=(date(2026, 6, 6),),
    meetings_with_parents=(date(2024, 1, 1), date(2026, 3, 3), date(2026, 6, 6), date(2026, 10, 6)),
    primary_need=True,
)


@pytest.mark.parametrize(
    ("line_id", "day"),
    [
        ("reports", date(2027, 2, 3)),  # the diagnosis letter does not age and does not count
        ("profile", date(2027, 9, 1)),
        ("pupil-views", date(2027, 5, 5)),
        ("parent-views", date(2027, 6, 6)),
        ("meetings", date(2027, 3, 3)),  # the oldest of the three that count
        ("primary-need", None),
    ],
)
def test_what_is_there_counts_as_recent_until_a_day(line_id: str, day: date | None) -> None:
    assert recent_until(line(line_id, RECENT), RECENT, LIMITS) == day
    assert recent_until(line(line_id), EMPTY, LIMITS) is None
    if day is not None:
        later = replace(RECENT, today=day)
        assert line(line_id, later).state is GapState.PARTIAL


@pytest.mark.parametrize(
    ("measured", "since", "running", "waits_for", "words"),
    [
        (12, 11, 0, Closes.PAST, "Lacking in a cycle that is over: only a figure that was taken then can be entered."),
        (12, 11, 1, Closes.NOW, "As soon as each measure of the running cycle is taken again."),
        (12, 10, 1, Closes.NOW, "Some are lacking in a cycle that is over: only a figure that was taken then"),
        (0, 0, 0, Closes.NOW, "As soon as each measure is taken again."),
    ],
)
def test_a_figure_that_a_cycle_that_is_over_lacks_is_not_to_be_taken_now(
    measured: int, since: int, running: int, waits_for: Closes, words: str
) -> None:
    it = replace(EMPTY, measured_outcomes=measured, outcomes_measured_since=since, outcomes_still_to_measure=running)
    found = how("rate-of-progress", it)
    assert found.waits_for is waits_for
    assert words in found.words
