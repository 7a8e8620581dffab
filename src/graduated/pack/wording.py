"""How dates, minutes and money read in every document and chart: the one place that turns values into words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from graduated.pack.measured import Dose

LONDON = ZoneInfo("Europe/London")
NOT_RECORDED = "Not recorded"

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day(when: date) -> str:
    """14 September 2026."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def short_day(when: date) -> str:
    """14 Sep 2026."""
    return f"{when.day} {_MONTHS[when.month - 1][:3]} {when.year}"


def month(when: date) -> str:
    """Sep 2026."""
    return f"{_MONTHS[when.month - 1][:3]} {when.year}"


def moment(when: datetime) -> str:
    """4 November 2026 at 15:42, as clocks in the United Kingdom show it; a moment without a zone is UTC."""
    local = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(LONDON)
    return f"{day(local.date())} at {local:%H:%M}"


def span(start: date | None, end: date | None) -> str:
    """14 Sep 2026 to 24 Nov 2026; without an end "from 14 Sep 2026"."""
    if start and end:
        return f"{short_day(start)} to {short_day(end)}"
    if start:
        return f"from {short_day(start)}"
    return f"to {short_day(end)}" if end else ""


def pounds(pence: int) -> str:
    """£1,234.56; whole pence only."""
    sign = "-" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def yes_no(answer: bool | None) -> str:
    """Yes, No, or that it is not recorded."""
    if answer is None:
        return NOT_RECORDED
    return "Yes" if answer else "No"


def years_months(months: float) -> str:
    """An age in months as years:months, 99 is 8:03."""
    whole = round(months)
    return f"{whole // 12}:{whole % 12:02d}"


def joined(parts: tuple[str, ...] | list[str]) -> str:
    """Names in a row, with commas."""
    return ", ".join(part for part in parts if part)


def plural(number: int, one: str, many: str = "") -> str:
    """1 minute, 2 minutes."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def dose_words(dose: Dose) -> str:
    """A dose in one line, every part named (design §5, dosage): as the pages say it, where that is given."""
    if dose.words:
        return dose.words
    if not dose.logged:
        return f"{plural(dose.planned, 'minute')} planned to date; delivery is not logged."
    words = f"{dose.delivered:,} of {plural(dose.planned, 'minute')} delivered to date"
    if dose.planned:
        words += f" ({round(100 * dose.delivered / dose.planned)}%)"
    if dose.missed:
        reasons = ", ".join(f"{entry.reason} {entry.minutes:,}" for entry in dose.missed)
        words += f"; {dose.missed_minutes:,} missed ({reasons})"
    if dose.not_recorded:
        words += f"; {dose.not_recorded:,} not recorded"
    if dose.to_come:
        words += f"; {dose.to_come:,} still to come"
    return words + "."
