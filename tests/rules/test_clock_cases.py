"""The statutory clock by its dates: receipts through two years, what is late and what is done, summer closures."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.clock import (
    LimitException,
    LimitNote,
    LineId,
    Milestones,
    clock,
    closure_may_apply,
)
from graduated.rules.vocabulary import RequestBy

SCHOOL, PARENT, YOUNG = RequestBy.SCHOOL, RequestBy.PARENT, RequestBy.YOUNG_PERSON
DECISION, REPLY, ADVICE = LineId.DECISION, LineId.REPLY, LineId.ADVICE
NO_PLAN, FINAL, REFUSAL = LineId.NO_PLAN, LineId.FINAL_PLAN, LineId.REFUSAL
MEDIATION, APPEAL = LineId.MEDIATION, LineId.APPEAL


def day(text: str) -> date:
    """2026-09-01."""
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("received", "decision", "no_plan", "final", "why"),
    [
        ("2024-10-21", "2024-12-02", "2025-02-10", "2025-03-10", "half-term and Christmas count"),
        ("2025-10-22", "2025-12-03", "2026-02-11", "2026-03-11", "over the end of summer time"),
        ("2026-09-01", "2026-10-13", "2026-12-22", "2027-01-19", "first day of a school year"),
        ("2026-09-07", "2026-10-19", "2026-12-28", "2027-01-25", "a limit between Christmas and New Year stays"),
        ("2026-10-19", "2026-11-30", "2027-02-08", "2027-03-08", "received in half-term"),
        ("2026-11-20", "2027-01-01", "2027-03-12", "2027-04-09", "a limit on New Year’s Day is not moved"),
        ("2026-12-18", "2027-01-29", "2027-04-09", "2027-05-07", "last day of the autumn term"),
        ("2026-12-24", "2027-02-04", "2027-04-15", "2027-05-13", "received while school is closed"),
        ("2027-01-04", "2027-02-15", "2027-04-26", "2027-05-24", "first day of the spring term"),
        ("2027-02-12", "2027-03-26", "2027-06-04", "2027-07-02", "a limit on Good Friday is not moved"),
        ("2027-03-01", "2027-04-12", "2027-06-21", "2027-07-19", "over the start of summer time and Easter"),
        ("2027-03-25", "2027-05-06", "2027-07-15", "2027-08-12", "last day of the spring term"),
        ("2027-05-04", "2027-06-15", "2027-08-24", "2027-09-21", "later limits in the summer holiday"),
        ("2027-06-11", "2027-07-23", "2027-10-01", "2027-10-29", "decision on the first day of the holiday"),
        ("2027-07-01", "2027-08-12", "2027-10-21", "2027-11-18", "decision in the middle of it"),
        ("2027-07-20", "2027-08-31", "2027-11-09", "2027-12-07", "received two days before closing"),
        ("2027-07-21", "2027-09-01", "2027-11-10", "2027-12-08", "received on the last day of term"),
        ("2027-08-02", "2027-09-13", "2027-11-22", "2027-12-20", "received in August"),
        ("2027-08-31", "2027-10-12", "2027-12-21", "2028-01-18", "received before school opens"),
        ("2028-01-18", "2028-02-29", "2028-05-09", "2028-06-06", "a limit on 29 February"),
        ("2028-02-01", "2028-03-14", "2028-05-23", "2028-06-20", "over 29 February"),
        ("2028-02-29", "2028-04-11", "2028-06-20", "2028-07-18", "received on 29 February"),
    ],
)
def test_the_limits_are_calendar_weeks_whatever_lies_between(
    received: str, decision: str, no_plan: str, final: str, why: str
) -> None:
    lines = clock(day(received), SCHOOL, day(received))
    assert [(line.id, line.on) for line in lines] == [
        (DECISION, day(decision)), (NO_PLAN, day(no_plan)), (FINAL, day(final))
    ], why  # fmt: skip


RECEIVED = "2027-01-04"
"""Six weeks: 15 February. Sixteen: 26 April. Twenty: 24 May."""


@pytest.mark.parametrize(
    ("by", "today", "so_far", "expected"),
    [
        (SCHOOL, "2027-02-15", Milestones(), "decision 02-15, no-plan 04-26, final-plan 05-24"),
        (SCHOOL, "2027-02-16", Milestones(), "decision 02-15 late, no-plan 04-26, final-plan 05-24"),
        (SCHOOL, "2027-05-25", Milestones(), "decision 02-15 late, no-plan 04-26 late, final-plan 05-24 late"),
        (PARENT, "2027-02-15", Milestones(), "decision 02-15, school-reply 02-15, no-plan 04-26, final-plan 05-24"),
        (YOUNG, "2027-02-16", Milestones(),
         "decision 02-15 late, school-reply 02-15 late, no-plan 04-26, final-plan 05-24"),
        (PARENT, "2027-02-16", Milestones(replied=day("2027-01-20")),
         "decision 02-15 late, school-reply 02-15 done, no-plan 04-26, final-plan 05-24"),
        (PARENT, "2027-02-16", Milestones(replied=day("2027-02-16"), decided=day("2027-02-12")),
         "decision 02-15 done, school-reply 02-15 done, no-plan 04-26, final-plan 05-24"),
        (SCHOOL, "2027-03-01", Milestones(decided=day("2027-02-12"), advice_asked=day("2027-02-15")),
         "decision 02-15 done, advice 03-29, no-plan 04-26, final-plan 05-24"),
        (SCHOOL, "2027-03-30", Milestones(decided=day("2027-02-12"), advice_asked=day("2027-02-15")),
         "decision 02-15 done, advice 03-29 late, no-plan 04-26, final-plan 05-24"),
        (SCHOOL, "2027-03-30",
         Milestones(decided=day("2027-02-12"), advice_asked=day("2027-02-15"), advice_sent=day("2027-03-29")),
         "decision 02-15 done, advice 03-29 done, no-plan 04-26, final-plan 05-24"),
        (SCHOOL, "2027-05-01", Milestones(decided=day("2027-02-12"), no_plan=day("2027-04-20")),
         "decision 02-15 done, no-plan 04-26 done"),
        (SCHOOL, "2027-06-01", Milestones(decided=day("2027-02-12"), plan_issued=day("2027-05-28")),
         "decision 02-15 done, final-plan 05-24 done"),
        (SCHOOL, "2027-02-20", Milestones(decided=day("2027-02-12"), refused=True), "decision 02-15 done, refusal"),
        (PARENT, "2027-02-20", Milestones(decided=day("2027-02-12"), refused=True),
         "decision 02-15 done, refusal"),  # nobody waits for the school's reply any more
        (SCHOOL, "2027-02-20",
         Milestones(decided=day("2027-02-12"), refused=True, appeal_by=day("2027-04-12")),
         "decision 02-15 done, appeal 04-12, refusal"),
        (SCHOOL, "2027-02-20",
         Milestones(decided=day("2027-02-12"), refused=True, mediation_by=day("2027-04-12"),
                    appeal_by=day("2027-04-13")),
         "decision 02-15 done, mediation 04-12, appeal 04-13"),
        (SCHOOL, "2027-04-13",
         Milestones(decided=day("2027-02-12"), refused=True, mediation_by=day("2027-04-12"),
                    appeal_by=day("2027-04-13")),
         "decision 02-15 done, mediation 04-12 late, appeal 04-13"),
    ],
)  # fmt: skip
def test_what_is_done_what_is_late_and_what_falls_away(
    by: RequestBy, today: str, so_far: Milestones, expected: str
) -> None:
    said = [
        " ".join(
            part
            for part in (
                line.id.value, f"{line.on:%m-%d}" if line.on else "", "late" * line.passed, "done" * line.is_done
            )
            if part
        )
        for line in clock(day(RECEIVED), by, day(today), so_far)
    ]  # fmt: skip
    assert ", ".join(said) == expected


CLOSES, OPENS = "2027-07-22", "2027-09-02"
"""Six weeks in the summer of 2027: the first day closed, the first day open."""


@pytest.mark.parametrize(
    ("asked", "closes", "opens", "applies"),
    [
        ("2027-07-14", CLOSES, OPENS, False),
        ("2027-07-15", CLOSES, OPENS, True),
        ("2027-07-21", CLOSES, OPENS, True),
        ("2027-08-26", CLOSES, OPENS, True),
        ("2027-08-27", CLOSES, OPENS, False),
        ("2027-08-10", "2027-07-31", "2027-08-28", True),  # four weeks to the day
        ("2027-08-10", "2027-07-31", "2027-08-27", False),  # a day short of them
        ("2026-12-21", "2026-12-19", "2027-01-05", False),  # Christmas is too short
        ("2027-04-01", "2027-03-26", "2027-04-12", False),  # so is Easter
    ],
)
def test_only_a_closure_of_four_weeks_may_lift_the_limit_on_advice(
    asked: str, closes: str, opens: str, *, applies: bool
) -> None:
    assert closure_may_apply(day(asked), day(closes), day(opens)) is applies


@pytest.mark.parametrize("ground", list(LimitException))
@pytest.mark.parametrize("line", [DECISION, REPLY, ADVICE, NO_PLAN, FINAL])
def test_each_exception_of_the_regulations_stands_beside_its_line_and_moves_no_date(
    ground: LimitException, line: LineId
) -> None:
    so_far = Milestones(advice_asked=day("2027-07-15"))
    plain = clock(day("2027-06-14"), PARENT, day("2027-09-01"), so_far)
    noted = clock(day("2027-06-14"), PARENT, day("2027-09-01"), so_far, [LimitNote(line, ground, "We were closed.")])
    assert [(one.id, one.on, one.passed) for one in plain] == [(one.id, one.on, one.passed) for one in noted]
    marked = [
        one.id for one in noted if f"The limit may lawfully not apply: {ground.inside} (We were closed)." in one.note
    ]
    assert marked == [line]
