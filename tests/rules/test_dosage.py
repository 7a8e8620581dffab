"""Dosage: planned = delivered - extra + missed + not recorded, in every case."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graduated.rules.calendar import school_days
from graduated.rules.dosage import NO_REASON, SHORTER, Dose, LoggedSession, PlannedDose, between, together
from graduated.rules.dose_counting import days_not_logged, dose
from graduated.rules.vocabulary import AbsenceReason, CancelReason, Evidencing, ProvisionKind, SessionState

from .years import BANK_HOLIDAYS, TERMS

MONDAY = date(2026, 9, 7)
TIMETABLED = PlannedDose(
    ProvisionKind.SESSIONS, Evidencing.SESSION, 30, 2, frozenset({0, 2}), MONDAY, date(2026, 10, 2)
)
FREE = replace(TIMETABLED, weekdays=None)
WEEKLY = replace(FREE, kind=ProvisionKind.IN_CLASS, evidencing=Evidencing.WEEKLY)
UNLOGGED = replace(WEEKLY, evidencing=Evidencing.NONE)


def had(on: date, minutes: int = 30, pupil: int | None = None) -> LoggedSession:
    return LoggedSession(on, minutes, SessionState.DELIVERED, pupil_minutes=pupil)


def cancelled(on: date, reason: CancelReason | None = CancelReason.NO_ADULT) -> LoggedSession:
    return LoggedSession(on, 30, SessionState.CANCELLED, reason)


def away(on: date, reason: AbsenceReason | None = AbsenceReason.ILL) -> LoggedSession:
    return LoggedSession(on, 30, SessionState.DELIVERED, present=False, absence_reason=reason)


def worked(planned: PlannedDose, logged: list[LoggedSession], today: date) -> Dose:
    answer = dose(planned, logged, TERMS, BANK_HOLIDAYS, today)
    assert_identity(answer)
    return answer


def assert_identity(it: Dose) -> None:
    assert (
        it.planned_to_date_minutes
        == it.delivered_minutes - it.extra_minutes + it.missed_minutes + it.not_recorded_minutes
    )
    assert (
        it.sessions_planned_to_date
        == it.sessions_delivered - it.sessions_extra + it.sessions_missed + it.sessions_not_recorded
    )
    assert it.whole_plan_minutes == it.planned_to_date_minutes + it.to_come_minutes
    assert min(it.not_recorded_minutes, it.extra_minutes, it.to_come_minutes, it.delivered_minutes) >= 0


def days(number: int) -> date:
    return MONDAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("logged", "today", "delivered", "missed", "silent", "extra", "planned"),
    [
        ([], days(0), 0, {}, 0, 0, 0),  # today can still happen
        ([], days(1), 0, {}, 30, 0, 30),
        ([had(days(0))], days(0), 30, {}, 0, 0, 30),
        ([had(days(0)), cancelled(days(2))], days(6), 30, {"No adult free": 30}, 0, 0, 60),
        ([had(days(0)), away(days(2))], days(6), 30, {"Ill or away": 30}, 0, 0, 60),
        ([cancelled(days(0), None), away(days(2), None)], days(6), 0, {NO_REASON: 60}, 0, 0, 60),
        ([had(days(1)), had(days(2))], days(6), 60, {}, 0, 0, 60),  # Monday's was moved to Tuesday
        ([had(days(0)), had(days(1)), had(days(2))], days(6), 90, {}, 0, 30, 60),
        ([cancelled(days(0)), had(days(1)), had(days(2))], days(6), 60, {"No adult free": 30}, 0, 30, 60),
        ([cancelled(days(0)), had(days(0)), had(days(2))], days(6), 60, {}, 0, 0, 60),
        ([had(days(0), 40), had(days(2), 30, 20)], days(6), 60, {SHORTER: 10}, 0, 10, 60),
        ([had(days(0)), had(days(20))], days(2), 30, {}, 0, 0, 30),  # an entry of the future waits
        ([LoggedSession(days(0), 30, SessionState.WITHDRAWN)], days(1), 0, {}, 30, 0, 30),
        ([had(date(2026, 8, 20))], days(0), 30, {}, 0, 30, 0),  # in the holidays
    ],
)
def test_timetabled_sessions(
    logged: list[LoggedSession],
    today: date,
    delivered: int,
    missed: dict[str, int],
    silent: int,
    extra: int,
    planned: int,
) -> None:
    answer = worked(TIMETABLED, logged, today)
    assert (answer.delivered_minutes, answer.missed_by_reason) == (delivered, missed)
    assert (answer.not_recorded_minutes, answer.extra_minutes) == (silent, extra)
    assert answer.planned_to_date_minutes == planned


def test_sessions_without_a_weekday_are_missing_only_when_their_week_is_over() -> None:
    friday = worked(FREE, [had(days(1))], days(4))
    assert (friday.planned_to_date_minutes, friday.not_recorded_minutes) == (30, 0)
    saturday = worked(FREE, [had(days(1))], days(5))
    assert (saturday.planned_to_date_minutes, saturday.not_recorded_minutes) == (60, 30)


@pytest.mark.parametrize(
    ("times", "starts", "ends", "sessions"),
    [
        (2, MONDAY, date(2026, 10, 2), 8),
        (2, date(2026, 9, 1), date(2026, 9, 4), 2),  # two school days
        (4, date(2026, 9, 1), date(2026, 9, 4), 2),  # not more than one a day
        (10, date(2026, 9, 1), date(2026, 9, 4), 4),  # twice a day
        (6, date(2026, 9, 1), date(2026, 9, 4), 4),  # so is more than five a week
        (9, date(2026, 9, 1), date(2026, 9, 4), 4),  # and not yet three times
        (2, date(2026, 10, 19), date(2026, 11, 6), 4),  # half-term has none
        (5, date(2027, 5, 3), date(2027, 5, 7), 4),  # a bank holiday
        (1, date(2026, 12, 21), date(2026, 12, 31), 0),  # Christmas
    ],
)
def test_without_weekdays_it_is_times_a_week_by_school_weeks(
    times: int, starts: date, ends: date, sessions: int
) -> None:
    planned = replace(FREE, times_a_week=times, starts=starts, ends=ends)
    assert worked(planned, [], MONDAY).sessions_whole_plan == sessions


@pytest.mark.parametrize(
    ("changes", "sessions"),
    [
        ({}, 8),
        ({"ends": date(2026, 9, 9)}, 2),
        ({"place_from": date(2026, 9, 14)}, 6),
        ({"place_from": date(2026, 1, 1), "place_until": date(2026, 9, 8)}, 1),
        ({"ends": None, "starts": date(2027, 7, 19)}, 2),  # to the last term that is known
        ({"starts": date(2030, 1, 1), "ends": None}, 0),
    ],
)
def test_only_days_of_the_plan_and_of_the_place_count(changes: dict[str, Any], sessions: int) -> None:
    planned = replace(TIMETABLED, **changes)
    assert worked(planned, [], MONDAY).sessions_whole_plan == sessions


def test_no_terms_means_nothing_planned() -> None:
    assert dose(TIMETABLED, [], (), (), days(20)) == Dose()


def test_what_happened_outside_the_place_is_extra_and_never_missed() -> None:
    planned = replace(TIMETABLED, place_until=days(6))
    answer = worked(planned, [had(days(0)), had(days(2)), had(days(7)), cancelled(days(9))], days(20))
    assert (answer.delivered_minutes, answer.extra_minutes, answer.missed_by_reason) == (90, 30, {})
    assert answer.percent == 150


@pytest.mark.parametrize(
    ("logged", "today", "delivered", "missed", "silent"),
    [
        ([had(days(4), 0)], days(4), 60, {}, 0),  # a tick is the whole week's dose
        ([had(days(4))], days(12), 60, {}, 60),
        ([cancelled(days(2), CancelReason.TRIP)], days(6), 0, {"Trip or event": 60}, 0),
        ([away(days(2)), had(days(4))], days(6), 60, {}, 0),
        ([had(days(1)), had(days(4))], days(6), 60, {}, 0),  # ticked twice
        ([], days(4), 0, {}, 0),
    ],
)
def test_in_class_support_counts_by_ticked_weeks(
    logged: list[LoggedSession], today: date, delivered: int, missed: dict[str, int], silent: int
) -> None:
    answer = worked(WEEKLY, logged, today)
    assert (answer.delivered_minutes, answer.missed_by_reason, answer.not_recorded_minutes) == (
        delivered,
        missed,
        silent,
    )


def test_a_tick_outside_the_plan_is_extra() -> None:
    answer = worked(WEEKLY, [had(date(2026, 11, 2))], date(2026, 11, 6))
    assert (answer.extra_minutes, answer.not_recorded_minutes) == (30, 240)


def test_support_that_is_not_logged_shows_minutes_planned_only() -> None:
    answer = worked(UNLOGGED, [had(days(0))], days(12))
    assert (answer.planned_to_date_minutes, answer.delivered_minutes, answer.percent) == (120, 0, None)
    assert answer.behind is False
    assert answer.sentence == "120 minutes planned to date; this support is not logged"


@pytest.mark.parametrize(
    ("planned", "delivered", "percent"),
    [(0, 30, None), (720, 580, 81), (390, 240, 62), (200, 1, 1), (1000, 996, 99), (60, 60, 100), (60, 90, 150)],
)
def test_percent_is_rounded_half_up_and_never_flatters_to_a_hundred(
    planned: int, delivered: int, percent: int | None
) -> None:
    assert Dose(planned_to_date_minutes=planned, delivered_minutes=delivered).percent == percent


@pytest.mark.parametrize(("sessions", "delivered", "behind"), [(3, 60, True), (2, 0, False), (4, 90, False)])
def test_behind_is_under_three_quarters_after_three_sessions(sessions: int, delivered: int, behind: bool) -> None:
    it = Dose(planned_to_date_minutes=sessions * 30, delivered_minutes=delivered, sessions_planned_to_date=sessions)
    assert it.behind is behind


@pytest.mark.parametrize(
    ("it", "sentence"),
    [
        (Dose(), "Nothing was planned to date"),
        (
            Dose(
                390,
                240,
                missed_by_reason={"Trip or event": 60, "No adult free": 90},
                sessions_planned_to_date=13,
                sessions_delivered=8,
                sessions_missed=5,
                sessions_missed_by_reason={"Trip or event": 2, "No adult free": 3},
            ),
            "62%: 8 of 13 sessions, 240 of 390 minutes to date · 5 missed: 3 no adult free, 2 trip or event",
        ),
        (
            Dose(
                51_750,
                36_000,
                missed_by_reason={"Another reason": 15_000, "Reason not given": 750},
                sessions_planned_to_date=1_725,
                sessions_delivered=1_200,
                sessions_missed=525,
                sessions_missed_by_reason={"Another reason": 500, "Reason not given": 25},
            ),
            "70%: 1,200 of 1,725 sessions, 36,000 of 51,750 minutes to date"
            " · 525 missed: 500 for another reason, 25 with no reason given",
        ),
        (
            Dose(
                60,
                60,
                extra_minutes=30,
                not_recorded_minutes=30,
                sessions_planned_to_date=2,
                sessions_delivered=2,
                sessions_extra=1,
                sessions_not_recorded=1,
            ),
            "100%: 1 of 2 sessions, 60 of 60 minutes to date · 1 not recorded · 30 minutes delivered beyond the plan",
        ),
        (
            Dose(
                30,
                29,
                missed_by_reason={SHORTER: 1},
                sessions_planned_to_date=1,
                sessions_delivered=1,
            ),
            "97%: 1 of 1 session, 29 of 30 minutes to date · 1 minute lost to shorter sessions",
        ),
        (Dose(0, 30, extra_minutes=30), "Nothing was planned to date; 30 minutes were delivered"),
    ],
)
def test_the_sentence_says_each_part_apart(it: Dose, sentence: str) -> None:
    assert it.sentence == sentence


def test_ten_sessions_planned_seven_delivered_one_away_one_cancelled_one_silent() -> None:
    weekly = replace(TIMETABLED, weekdays=frozenset({0}), times_a_week=1, ends=date(2027, 3, 25))
    ten = [day for day in school_days(MONDAY, date(2026, 11, 16), TERMS, BANK_HOLIDAYS) if day.weekday() == 0]
    assert len(ten) == 10
    answer = worked(weekly, [*map(had, ten[:7]), away(ten[7]), cancelled(ten[8])], date(2026, 11, 17))
    assert_identity(answer)
    assert answer.percent == 70
    assert answer.sentence == (
        "70%: 7 of 10 sessions, 210 of 300 minutes to date · 2 missed: 1 ill or away, 1 no adult free · 1 not recorded"
    )
    assert answer.whole_plan == "Whole plan: 25 sessions, 750 minutes; 15 sessions, 450 minutes to come"
    assert answer.behind_words == "Behind as far as it is recorded: under 75% delivered, and some is not recorded"
    assert answer.words == f"{answer.sentence}. {answer.whole_plan}. {answer.behind_words}."
    assert Dose().words == f"{Dose().sentence}."


def test_what_lies_between_two_days_is_the_later_without_the_earlier() -> None:
    logged = [had(days(0)), cancelled(days(2)), away(days(7)), cancelled(days(9))]
    now, before = worked(TIMETABLED, logged, days(13)), worked(TIMETABLED, logged, days(6))
    found = between(now, before)
    assert (found.planned_to_date_minutes, found.delivered_minutes) == (60, 0)
    assert found.sessions_missed_by_reason == {"Ill or away": 1, "No adult free": 1}
    assert found.missed_by_reason == {"Ill or away": 30, "No adult free": 30}
    assert_identity(found)
    assert (found.whole_plan_minutes, found.to_come_minutes) == (now.whole_plan_minutes - 60, now.to_come_minutes)
    assert found.sessions_to_come == now.sessions_to_come
    assert between(now, now).missed_by_reason == {}


@pytest.mark.parametrize(
    ("delivered", "silent", "words"),
    [
        (0, 0, "Behind the plan: under 75% of what was planned to date was delivered"),
        (120, 30, "Behind the plan: under 75% of what was planned to date was delivered"),
        (120, 105, "Behind as far as it is recorded: under 75% delivered, and some is not recorded"),
        (225, 0, ""),
    ],
)
def test_behind_is_said_in_words_and_never_blamed_on_silence(delivered: int, silent: int, words: str) -> None:
    it = Dose(300, delivered, not_recorded_minutes=silent, sessions_planned_to_date=10)
    assert it.behind_words == words


@pytest.mark.parametrize(
    ("it", "words"),
    [
        (Dose(), ""),
        (
            Dose(300, whole_plan_minutes=300, sessions_whole_plan=10),
            "Whole plan: 10 sessions, 300 minutes; none to come",
        ),
        (
            Dose(30, whole_plan_minutes=60, sessions_whole_plan=2, to_come_minutes=30, sessions_planned_to_date=1),
            "Whole plan: 2 sessions, 60 minutes; 1 session, 30 minutes to come",
        ),
    ],
)
def test_the_whole_plan_says_what_is_to_come(it: Dose, words: str) -> None:
    assert it.whole_plan == words


def test_several_together_leave_out_what_is_not_logged() -> None:
    one = worked(TIMETABLED, [had(days(0)), cancelled(days(2))], days(6))
    other = worked(WEEKLY, [cancelled(days(2))], days(6))
    both = together([one, worked(UNLOGGED, [], days(6)), other])
    assert_identity(both)
    assert (both.planned_to_date_minutes, both.missed_by_reason) == (120, {"No adult free": 90})
    assert together([]) == Dose()


@pytest.mark.parametrize(
    ("planned", "logged", "missing"),
    [
        (TIMETABLED, [], [days(0), days(2), days(7)]),
        (TIMETABLED, [had(days(0)), cancelled(days(2))], [days(7)]),
        (TIMETABLED, [had(days(1))], [days(2), days(7)]),  # moved: one of the two is accounted for
        (TIMETABLED, [LoggedSession(days(0), 30, SessionState.WITHDRAWN)], [days(0), days(2), days(7)]),
        (FREE, [], []),
        (WEEKLY, [], []),
        (replace(WEEKLY, weekdays=frozenset({1})), [], []),
    ],
)
def test_days_that_nobody_logged(planned: PlannedDose, logged: list[LoggedSession], missing: list[date]) -> None:
    assert days_not_logged(planned, logged, TERMS, BANK_HOLIDAYS, MONDAY, days(9)) == tuple(missing)


entries = st.builds(
    LoggedSession,
    on=st.dates(date(2026, 8, 20), date(2026, 10, 20)),
    minutes=st.integers(0, 90),
    state=st.sampled_from(SessionState),
    reason=st.none() | st.sampled_from(CancelReason),
    present=st.booleans(),
    absence_reason=st.none() | st.sampled_from(AbsenceReason),
    pupil_minutes=st.none() | st.integers(-5, 90),
)
plans = st.builds(
    PlannedDose,
    kind=st.sampled_from(ProvisionKind),
    evidencing=st.sampled_from(Evidencing),
    minutes=st.integers(5, 60),
    times_a_week=st.integers(1, 12),
    weekdays=st.none() | st.frozensets(st.integers(0, 4), min_size=1),
    starts=st.dates(date(2026, 8, 20), date(2026, 10, 20)),
    ends=st.none() | st.dates(date(2026, 8, 20), date(2026, 12, 31)),
    place_from=st.none() | st.dates(date(2026, 8, 20), date(2026, 10, 20)),
    place_until=st.none() | st.dates(date(2026, 8, 20), date(2026, 12, 31)),
)


@given(plans, st.lists(entries, max_size=12), st.dates(date(2026, 8, 20), date(2027, 1, 10)))
def test_the_identity_holds_whatever_was_planned_and_logged(
    planned: PlannedDose, logged: list[LoggedSession], today: date
) -> None:
    assert_identity(dose(planned, logged, TERMS, BANK_HOLIDAYS, today))


@pytest.mark.parametrize(
    ("entry", "minutes"), [(had(MONDAY), 30), (had(MONDAY, 30, 12), 12), (away(MONDAY), 0), (cancelled(MONDAY), 0)]
)
def test_a_pupil_has_nothing_of_a_session_missed(entry: LoggedSession, minutes: int) -> None:
    assert entry.had == minutes
