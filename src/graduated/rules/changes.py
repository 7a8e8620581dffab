"""What a change of a raw figure may be called, and the bands of questionnaires (design §5; domain §6).

A change is said with which way is better, so that a falling SDQ total reads as the progress that it is.
"""

from __future__ import annotations

from decimal import Decimal

from graduated.rules.progress import Value, format_value
from graduated.rules.vocabulary import Direction, MeasureKind, Respondent

SDQ_TOTAL = "sdq-total"
SDQ_PROSOCIAL = "sdq-prosocial"
_TOTAL_BANDS = ((0, 11), (12, 15), (16, 18), (19, 40))
_PLACES = ("lowest of four", "second of four", "third of four", "highest of four")


def change_words(
    kind: MeasureKind, direction: Direction, first: Value, last: Value, size: str, error: Decimal | None = None
) -> str:
    """The change between two raw figures or ages: by how much, and whether it is progress (domain §6).

    `size` is the change without its sign, as people write it: "6", "9 months". `error` is the test's own.
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
    if kind is MeasureKind.AGE:
        return f"{words}."  # every age rises with time; what it says of progress is the ratio gain's to tell
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
