"""The statutory clock: calendar weeks from receipt, and notes that never move a date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graduated.rules.clock import (
    ClockLine,
    LimitException,
    LimitNote,
    LineId,
    Milestones,
    clock,
    closure_may_apply,
    day_words,
    six_month_rule,
)
from graduated.rules.vocabulary import RequestBy

RECEIVED = date(2026, 10, 21)
TODAY = date(2026, 11, 21)


def by_id(lines: tuple[ClockLine, ...]) -> dict[LineId, ClockLine]:
    return {line.id: line for line in lines}


def test_six_sixteen_and_twenty_weeks_from_receipt() -> None:
    lines = clock(RECEIVED, RequestBy.SCHOOL, TODAY)
    assert [(line.id, line.on, line.source) for line in lines] == [
        (LineId.DECISION, date(2026, 12, 2), "Reg 5"),
        (LineId.NO_PLAN, date(2027, 2, 10), "Reg 10"),
        (LineId.FINAL_PLAN, date(2027, 3, 10), "Reg 13"),
    ]
    assert not any(line.passed for line in lines)
    assert all(line.label for line in lines)


@pytest.mark.parametrize(
    ("by", "has_reply"), [(RequestBy.SCHOOL, False), (RequestBy.PARENT, True), (RequestBy.YOUNG_PERSON, True)]
)
def test_the_school_replies_when_the_family_asked(by: RequestBy, has_reply: bool) -> None:
    lines = by_id(clock(RECEIVED, by, TODAY))
    assert (LineId.REPLY in lines) is has_reply
    if has_reply:
        assert lines[LineId.REPLY].on == date(2026, 12, 2)
        assert lines[LineId.REPLY].note == "The authority's letter may ask for it sooner."


def test_advice_is_due_six_weeks_after_it_was_asked() -> None:
    lines = by_id(clock(RECEIVED, RequestBy.SCHOOL, date(2027, 1, 8), Milestones(advice_asked=date(2026, 11, 25))))
    assert lines[LineId.ADVICE].on == date(2027, 1, 6)
    assert lines[LineId.ADVICE].passed


def test_a_day_passes_when_it_is_over_and_nothing_is_known_to_be_done() -> None:
    on_the_day = by_id(clock(RECEIVED, RequestBy.SCHOOL, date(2026, 12, 2)))
    assert not on_the_day[LineId.DECISION].passed
    after = by_id(clock(RECEIVED, RequestBy.SCHOOL, date(2026, 12, 3)))
    assert after[LineId.DECISION].passed
    done = by_id(
        clock(RECEIVED, RequestBy.PARENT, date(2026, 12, 3), Milestones(date(2026, 11, 9), date(2026, 11, 30)))
    )
    assert not done[LineId.DECISION].passed
    assert done[LineId.DECISION].note == "Done on 30 Nov 2026."
    assert done[LineId.REPLY].note == "Done on 9 Nov 2026."


def test_a_refusal_ends_the_clock_and_leaves_the_limits_to_the_letter() -> None:
    lines = clock(RECEIVED, RequestBy.SCHOOL, TODAY, Milestones(decided=date(2026, 11, 20), refused=True))
    assert [line.id for line in lines] == [LineId.DECISION, LineId.REFUSAL]
    assert lines[1].on is None
    assert "letter states the time limits" in lines[1].note


@pytest.mark.parametrize(
    ("milestones", "ids"),
    [
        (Milestones(no_plan=date(2027, 2, 1)), [LineId.DECISION, LineId.NO_PLAN]),
        (Milestones(plan_issued=date(2027, 3, 1)), [LineId.DECISION, LineId.FINAL_PLAN]),
    ],
)
def test_what_cannot_happen_any_more_falls_away(milestones: Milestones, ids: list[LineId]) -> None:
    assert [line.id for line in clock(RECEIVED, RequestBy.SCHOOL, TODAY, milestones)] == ids


@given(st.lists(st.builds(LimitNote, st.sampled_from(LineId), st.sampled_from(LimitException), st.text(max_size=20))))
def test_exceptions_never_move_a_date(notes: list[LimitNote]) -> None:
    milestones = Milestones(advice_asked=date(2026, 11, 25))
    plain = clock(RECEIVED, RequestBy.PARENT, TODAY, milestones)
    noted = clock(RECEIVED, RequestBy.PARENT, TODAY, milestones, notes)
    assert [(line.on, line.passed) for line in plain] == [(line.on, line.passed) for line in noted]
    for line in noted:
        count = sum(1 for note in notes if note.line is line.id)
        assert line.note.count("The limit may lawfully not apply") == count


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("", "The limit may lawfully not apply: absence from the area for four weeks or more in a row."),
        (
            "In Poland until March. ",
            "The limit may lawfully not apply: absence from the area for four weeks or more in a row "
            "(In Poland until March).",
        ),
    ],
)
def test_an_exception_says_why(words: str, note: str) -> None:
    lines = clock(RECEIVED, RequestBy.SCHOOL, TODAY, None, [LimitNote(LineId.DECISION, LimitException.ABSENT, words)])
    assert lines[0].note == note
    assert lines[1].note == ""


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (TODAY, "Day 31 of 42"),
        (RECEIVED - timedelta(days=1), "Day 0 of 42"),
        (date(2026, 12, 2), "Day 42 of 42"),
        (date(2026, 12, 3), "1 day past the limit"),
        (date(2026, 12, 10), "8 days past the limit"),
    ],
)
def test_how_far_the_six_weeks_have_run(today: date, words: str) -> None:
    assert day_words(RECEIVED, today) == words


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (date(2027, 7, 14), False),
        (date(2027, 7, 15), True),
        (date(2027, 8, 10), True),
        (date(2027, 8, 26), True),
        (date(2027, 8, 27), False),
    ],
)
def test_the_summer_window_runs_from_a_week_before_closing_to_a_week_before_reopening(
    asked: date, answer: bool
) -> None:
    assert closure_may_apply(asked, date(2027, 7, 22), date(2027, 9, 2)) is answer


def test_a_short_closure_excuses_nothing() -> None:
    assert closure_may_apply(date(2026, 12, 22), date(2026, 12, 19), date(2027, 1, 4)) is False


@pytest.mark.parametrize(
    ("previous", "answer"),
    [
        (None, False),
        (date(2026, 5, 21), False),
        (date(2026, 5, 22), True),
        (date(2026, 11, 1), True),
        (date(2026, 12, 1), False),
        (date(2025, 11, 30), False),
    ],
)
def test_an_assessment_in_the_last_six_months_is_seen(previous: date | None, answer: bool) -> None:
    assert six_month_rule(previous, TODAY) is answer


@pytest.mark.parametrize("ground", list(LimitException))
@pytest.mark.parametrize("line", list(LineId))
def test_a_missed_appointment_is_a_ground_for_advice_alone_and_every_other_for_any_line(
    ground: LimitException, line: LineId
) -> None:
    assert ground.fits(line) is (ground is not LimitException.MISSED or line is LineId.ADVICE)
    assert LimitException.MISSED.fits(LineId.ADVICE) and not LimitException.MISSED.fits(LineId.DECISION)


@pytest.mark.parametrize(
    ("on", "within"),
    [("2026-07-09", True), ("2026-07-10", False), ("2026-08-09", False), ("2027-01-10", False), ("2026-06-30", True)],
)
def test_six_months_are_over_on_the_same_day_of_the_sixth_month_and_stay_so(on: str, within: bool) -> None:
    assert six_month_rule(date(2026, 1, 10), date.fromisoformat(on)) is within
