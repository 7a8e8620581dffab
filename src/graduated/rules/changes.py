"""What a change of a raw figure may be called, and the bands of questionnaires (design §5; domain §6).

A change is said with which way is better, so that a falling SDQ total reads as the progress that it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from graduated.rules.progress import Value, format_value
from graduated.rules.readiness_evidence import months_old
from graduated.rules.vocabulary import Direction, MeasureKind, Respondent

SDQ_TOTAL = "sdq-total"
SDQ_PROSOCIAL = "sdq-prosocial"
_TOTAL_BANDS = ((0, 11), (12, 15), (16, 18), (19, 40))
_PLACES = ("lowest of four", "second of four", "third of four", "highest of four")


@dataclass(frozen=True, slots=True)
class Sitting:
    """One figure and the day on which it was taken; an age is in months."""

    value: Value
    on: date


def age_change_words(first: Sitting, last: Sitting, error: Decimal | None = None, born: date | None = None) -> str:
    """A change between two ages of a test: from where to where, in how much time, and how old the pupil was at the end.

    Months gained stand beside the months that passed, never by themselves, as every age rises with time (domain §6).
    """
    change = int(last.value.number - first.value.number)
    passed = months_old(first.on, last.on)
    time = f"in {_months(passed)}" if passed else "in less than a month"
    if change == 0:
        words = f"Unchanged at {age_words(int(last.value.number))} {time}"
    else:
        moved = f"{_months(abs(change))}{'’' if abs(change) > 1 else '’s'} progress" if change > 0 else ""
        moved = moved or f"{_months(-change)} lost"
        words = f"From {age_words(int(first.value.number))} to {age_words(int(last.value.number))}: {moved} {time}"
    if born is not None:
        words += f"; age at the last test {age_words(months_old(born, last.on))}"
    if error is not None and abs(change) <= error:
        words += ". The change is within the test's error, so it may be chance"
    return f"{words}."


def age_words(months: int) -> str:
    """75 months as "6 years 3 months"; whole years and less than one by themselves."""
    years, rest = divmod(months, 12)
    parts = [f"{years} year{'' if years == 1 else 's'}"] if years else []
    parts += [_months(rest)] if rest or not years else []
    return " ".join(parts)


def _months(number: int) -> str:
    return f"{number} month{'' if number == 1 else 's'}"


def change_words(
    kind: MeasureKind, direction: Direction, first: Value, last: Value, size: str, error: Decimal | None = None
) -> str:
    """The change between two raw figures: by how much, and whether it is progress (domain §6).

    `size` is the change without its sign, as people write it: "6". `error` is the test's own.
    """
    texts = f"from {format_value(first, kind)} to {format_value(last, kind)}"
    if first.censor or last.censor:
        return "A figure is off the end of its scale, so no change can be worked out."
    moved = last.number - first.number
    if moved == 0:
        return f"Unchanged at {format_value(last, kind)}."
    words = f"{'Up' if moved > 0 else 'Down'} {size}, {texts}"
    if error is not None and abs(moved) <= error:
        return f"{words}. That is within the test's error, so it may be chance."
    if direction is Direction.NONE:
        return f"{words}. This measure describes; it does not rank."
    verdict = "progress" if (moved > 0) is (direction is Direction.UP) else "the wrong way"
    because = f", as on this measure {direction.inside}" if direction is Direction.DOWN else ""
    return f"{words}: {verdict}{because}."


def band_words(code: str, respondent: Respondent, value: Value) -> str:
    """In which band an SDQ score lies; nothing for other measures, or other respondents than teachers.

    The bands kept here are those for teachers' answers (domain §6); parents' answers have others, so none is said.
    """
    if respondent is not Respondent.TEACHER or value.censor or value.number != value.number.to_integral_value():
        return ""
    number = int(value.number)
    if code == SDQ_TOTAL:
        for (low, high), place in zip(_TOTAL_BANDS, _PLACES, strict=True):
            if low <= number <= high:
                return f"{number} lies in the {place} bands for teachers' answers, {low} to {high}"
    if code == SDQ_PROSOCIAL and 6 <= number <= 10:
        return f"{number} is average for teachers' answers, 6 to 10"
    if code == SDQ_PROSOCIAL and 0 <= number < 6:
        return f"{number} lies below the average for teachers' answers, 6 to 10"
    return ""
