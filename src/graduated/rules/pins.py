"""What a PIN of a school device must be: six digits that a finger does not try first.

A PIN opens the log of one's own groups of today, on one registered device, with five tries; it is no password. Refused
are repeats (111111, 121212, 123123), runs either way (123456, 987654, 135791), dates (a birthday as 140687, 870614 or
061487, a month and year as 061987) and keypad columns. A birthday itself is not known here: every date is refused.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

LENGTH = 6
TRIES = 5
"""Wrong tries of one person on one device; then only a full sign-in on that device opens PIN entry again."""

IDLE_SECONDS = 300
"""Without a click for so long, a sign-in by PIN is over."""

_COLUMNS = frozenset(
    {"147258", "258369", "369258", "258147", "741852", "852963", "159357", "357159", "147369", "147147"}
)


def check_pin(pin: str) -> str | None:
    """None when the PIN will do; otherwise one sentence that says what is wrong and how to mend it."""
    if len(pin) != LENGTH or not (pin.isascii() and pin.isdecimal()):
        return "A PIN is six digits"
    if len(set(pin)) < 3 or pin[:3] == pin[3:] or pin[:3] == pin[:2:-1]:
        return "The same digits over and over are guessed quickly. Choose six that do not repeat each other"
    if _is_run(pin) or pin in _COLUMNS:
        return "Digits in a row, such as 123456 or 147258, are guessed first. Choose six without an order"
    if _is_date(pin):
        return "This can be read as a date, and birthdays are guessed first. Choose six digits that are no date"
    return None


def _is_run(pin: str) -> bool:
    """Whether each digit is the one before and the same step, up or down, going round from 9 to 0."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(steps) == 1


def _is_date(pin: str) -> bool:
    """Whether it is day, month and year in any usual order, or a month and a year of four digits."""
    first, second, third = pin[:2], pin[2:4], pin[4:]
    shapes = ((third, second, first), (first, second, third), (third, first, second))
    if any(_is_day(year, month, day) for year, month, day in shapes):
        return True
    ends = ((pin[:4], pin[4:]), (pin[2:], pin[:2]))
    return any(1900 <= int(year) <= 2099 and 1 <= int(month) <= 12 for year, month in ends)


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        date(2000 + int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def initials_of(name: str) -> str:
    """The first letters of a name, at most four: what a button on a shared device says instead of the name."""
    letters = [word[0].upper() for word in name.replace("-", " ").split() if word[0].isalpha()]
    return "".join(letters)[:4]
