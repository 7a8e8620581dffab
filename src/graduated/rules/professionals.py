"""What a professional's involvement waits for, and how old a report is (domain §2.5, line 19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graduated.rules.readiness_evidence import ReportDate, Thresholds, months_old


@dataclass(frozen=True, slots=True)
class ReportAge:
    """How old a report is in whole calendar months, and which of the authority's two limits it has reached."""

    months: int
    over: int | None
    is_diagnosis: bool = False

    @property
    def is_old(self) -> bool:
        """Whether it has reached the first limit."""
        return self.over is not None

    @property
    def words(self) -> str:
        """The age as it is said of a report; nothing for one that is recent enough."""
        if self.is_diagnosis:
            return "a diagnosis, which does not age"
        return "" if self.over is None else f"{self.over} months old or more"


def report_age(report: ReportDate, today: date, limits: Thresholds) -> ReportAge:
    """The age of a report by the authority's limits, usually 12 and 18 months; a diagnosis has none (domain §2.5).

    A limit is reached on the same day of the month. A report of the 29th, 30th or 31st reaches it on the first of the
    next month when the month has no such day.
    """
    months = months_old(report.on, today)
    if report.diagnosis or months < limits.report_months:
        return ReportAge(months, None, report.diagnosis)
    return ReportAge(months, limits.old_report_months if months >= limits.old_report_months else limits.report_months)


class WaitFor(StrEnum):
    """What an involvement waits for."""

    REFERRAL = "referral"
    VISIT = "visit"
    REPORT = "report"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Wait:
    """What is waited for; since when, or for a referral until when (none: no day is recorded); whether that is late."""

    what: WaitFor
    on: date | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of an involvement that are known."""

    refer_by: date | None = None
    referred_on: date | None = None
    seen_on: date | None = None
    reported_on: date | None = None
    closed_on: date | None = None


def wait_of(dates: Dates, today: date) -> Wait:
    """What comes next: the referral, the visit, the report (Code 6.58 to 6.62: specialists are involved, their advice
    recorded and shared). Nothing once it was reported or closed. Only a referral has a day that can pass.
    """
    if dates.closed_on or dates.reported_on:
        return Wait(WaitFor.NOTHING)
    if dates.seen_on:
        return Wait(WaitFor.REPORT, dates.seen_on)
    if dates.referred_on:
        return Wait(WaitFor.VISIT, dates.referred_on)
    return Wait(WaitFor.REFERRAL, dates.refer_by, dates.refer_by is not None and dates.refer_by < today)
