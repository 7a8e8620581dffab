"""How long a record is kept, by its class (domain §3.5, design §4; the guidance of the IRMS, which is no law).

Pure: every date is an argument. A school may keep longer than the guidance says, and never shorter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from graduated.rules.vocabulary import Word


class RecordClass(Word):
    """What kind of record it is, for how long it is kept."""

    SEN = "sen", "Ever on the SEN register, and this was the last school"
    NEVER_SEN = "never-sen", "Never on the SEN register"
    TRANSFERRED = "transferred", "The next school has it, with a receipt"


SHORTEST: Mapping[RecordClass, int] = {
    RecordClass.SEN: 31,
    RecordClass.NEVER_SEN: 25,
    RecordClass.TRANSFERRED: 30,
}
"""The guidance: years from the date of birth (31 is 25, as long as a plan can run, and 6; 25 is the older advice); of a
record that was handed on, days from the receipt, as an earlier school keeps no copy (domain §3.5)."""
LONGEST = {RecordClass.SEN: 100, RecordClass.NEVER_SEN: 100, RecordClass.TRANSFERRED: 3650}


@dataclass(frozen=True, slots=True)
class Kept:
    """What decides about one record. `received_on`: since when the next school has it, by its receipt."""

    born_on: date
    left_on: date | None
    ever_on_register: bool
    received_on: date | None


@dataclass(frozen=True, slots=True)
class Due:
    """Which class a record is of, and from which day on it may be destroyed."""

    record_class: RecordClass
    on: date


def birthday(born_on: date, years: int) -> date:
    """The birthday after so many years; who was born on 29 February has it on 1 March of other years.

    The later of the two days that could be meant: a record is never destroyed a day early.
    """
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)


def due(kept: Kept, lengths: Mapping[RecordClass, int]) -> Due | None:
    """When a record falls due (domain §3.5); None while the pupil is at the school, whatever their age.

    A receipt counts when it is not older than the leaving: of who came back, the record began anew.
    """
    if kept.left_on is None:
        return None
    if kept.received_on is not None:
        days = lengths[RecordClass.TRANSFERRED]
        return Due(RecordClass.TRANSFERRED, max(kept.received_on, kept.left_on) + timedelta(days=days))
    which = RecordClass.SEN if kept.ever_on_register else RecordClass.NEVER_SEN
    return Due(which, max(birthday(kept.born_on, lengths[which]), kept.left_on))


def is_due(found: Due | None, on: date) -> bool:
    """Whether a record may be destroyed on a day."""
    return found is not None and found.on <= on


def wrong_length(which: RecordClass, length: int) -> str:
    """Why a school cannot keep a class of records for so long, or ""."""
    unit = "days" if which is RecordClass.TRANSFERRED else "years"
    if length < SHORTEST[which]:
        return f"The guidance says at least {SHORTEST[which]} {unit}. A school may keep longer, and not shorter."
    if length > LONGEST[which]:
        return f"Nothing is kept for more than {LONGEST[which]} {unit}."
    return ""


def is_held(until: date | None, ended_on: date | None, on: date) -> bool:
    """Whether a hold stands on a day: until it is ended, or through its last day when it has one."""
    return ended_on is None and (until is None or until >= on)
