"""A time of day as schools write it, and a figure on a measure."""

from __future__ import annotations

import re
from datetime import time
from decimal import Decimal
from typing import Any

from wtforms.validators import ValidationError

from graduated.rules.progress import NotAValue, Value, format_value, parse_value
from graduated.school.queries import MeasureRow
from graduated.web.fields import TypedField, UkDecimalField

_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(am|pm)?")
_SCHOOL_DAY_FROM = 7


class ClockField(TypedField):
    """A time of day: 15:30, 3.30 pm, 3pm. Without am or pm 1 to 6 means the afternoon, as in a school's day."""

    inputmode = "text"

    def read(self, typed: str) -> time:
        """The time. Raises ValueError with the way to write it."""
        found = _CLOCK.fullmatch(typed.lower().strip())
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
        half = found[3] if found else None
        if half and not 1 <= hour <= 12:
            hour = 99
        is_afternoon = half == "pm" or (half is None and 0 < hour < _SCHOOL_DAY_FROM)
        if is_afternoon and hour < 12:
            hour += 12
        if half == "am" and hour == 12:
            hour = 0
        if hour > 23 or minute > 59:
            raise ValueError(f"{self.noun} must be a time such as 15:30 or 3.30 pm")
        return time(hour, minute)

    def show(self, value: time) -> str:
        """As a clock of 24 hours shows it."""
        return f"{value:%H:%M}"


class WholeField(UkDecimalField):
    """A whole number within a range."""

    inputmode = "numeric"

    def __init__(self, label: str, validators: Any = None, *, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(label, validators, places=0, least=least, most=most, **kwargs)

    def read(self, typed: str) -> Any:
        """The number. Raises ValueError when it is none or out of range."""
        return int(super().read(typed))


def figure(text: str, measure: MeasureRow) -> Decimal:
    """A baseline or target typed on a measure. Raises ValidationError with the reason.

    A figure off the end of its scale is no distance to measure from, so it is refused here; it can be recorded among
    the measurements.
    """
    try:
        value = parse_value(text, measure.kind)
    except NotAValue as wrong:
        raise ValidationError(str(wrong)) from wrong
    if value.censor is not None:
        raise ValidationError("Give a figure without < or >, so that progress can be worked out from it.")
    low, high = measure.lowest, measure.highest
    if (low is not None and value.number < low) or (high is not None and value.number > high):
        ends = " to ".join(format_value(Value(end), measure.kind) for end in (low, high) if end is not None)
        raise ValidationError(f"{measure.name} goes {'' if low is not None and high is not None else 'from '}{ends}.")
    return value.number
