"""How old a report is, by the authority's months, and what an involvement waits for: cases worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.professionals import Dates, Wait, WaitFor, report_age, wait_of
from graduated.rules.readiness_evidence import ReportDate, Thresholds

USUAL = Thresholds()
STRICT = Thresholds(report_months=6, old_report_months=9)
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("written", "today", "months", "over"),
    [
        (date(2026, 11, 22), date(2026, 11, 22), 0, None),
        (date(2026, 11, 23), date(2026, 11, 22), 0, None),
        (date(2025, 11, 23), date(2026, 11, 22), 11, None),
        (date(2025, 11, 22), date(2026, 11, 22), 12, 12),
        (date(2025, 11, 21), date(2026, 11, 22), 12, 12),
        (date(2025, 5, 23), date(2026, 11, 22), 17, 12),
        (date(2025, 5, 22), date(2026, 11, 22), 18, 18),
        (date(2021, 11, 22), date(2026, 11, 22), 60, 18),
        (date(2024, 2, 29), date(2025, 2, 28), 11, None),
        (date(2024, 2, 29), date(2025, 3, 1), 12, 12),
        (date(2027, 2, 28), date(2028, 2, 28), 12, 12),
        (date(2027, 2, 28), date(2028, 2, 27), 11, None),
        (date(2024, 8, 31), date(2026, 2, 28), 17, 12),
        (date(2024, 8, 31), date(2026, 3, 1), 18, 18),
        (date(2026, 1, 31), date(2027, 1, 30), 11, None),
        (date(2026, 1, 31), date(2027, 1, 31), 12, 12),
        (date(2025, 12, 31), date(2026, 1, 1), 0, None),
    ],
)
def test_a_report_reaches_twelve_and_eighteen_months_on_the_same_day_of_the_month(
    written: date, today: date, months: int, over: int | None
) -> None:
    age = report_age(ReportDate(written), today, USUAL)
    assert (age.months, age.over, age.is_old) == (months, over, over is not None)
    assert age.words == (f"{over} months old or more" if over else "")


@pytest.mark.parametrize(
    ("written", "over"), [(date(2026, 5, 23), None), (date(2026, 5, 22), 6), (date(2026, 2, 22), 9)]
)
def test_an_authority_sets_its_own_months(written: date, over: int | None) -> None:
    assert report_age(ReportDate(written), TODAY, STRICT).over == over


@pytest.mark.parametrize("written", [date(2026, 11, 1), date(2025, 1, 1), date(2012, 2, 29)])
def test_a_diagnosis_never_grows_old(written: date) -> None:
    age = report_age(ReportDate(written, diagnosis=True), TODAY, USUAL)
    assert not age.is_old and age.words == "a diagnosis, which does not age"


D = date(2026, 9, 1)
E = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (Dates(), Wait(WaitFor.REFERRAL)),
        (Dates(refer_by=date(2026, 11, 23)), Wait(WaitFor.REFERRAL, date(2026, 11, 23))),
        (Dates(refer_by=TODAY), Wait(WaitFor.REFERRAL, TODAY)),
        (Dates(refer_by=date(2026, 11, 21)), Wait(WaitFor.REFERRAL, date(2026, 11, 21), True)),
        (Dates(refer_by=D, referred_on=E), Wait(WaitFor.VISIT, E)),
        (Dates(referred_on=D, seen_on=E), Wait(WaitFor.REPORT, E)),
        (Dates(seen_on=E), Wait(WaitFor.REPORT, E)),
        (Dates(referred_on=D, seen_on=E, reported_on=TODAY), Wait(WaitFor.NOTHING)),
        (Dates(reported_on=E), Wait(WaitFor.NOTHING)),
        (Dates(refer_by=D, closed_on=E), Wait(WaitFor.NOTHING)),
    ],
)
def test_an_involvement_waits_for_its_referral_its_visit_then_its_report(dates: Dates, expected: Wait) -> None:
    assert wait_of(dates, TODAY) == expected
