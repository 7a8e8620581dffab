"""An entry as a device sends it: references and codes, read strictly before anything looks at the records."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from graduated.rules.vocabulary import AbsenceReason, CancelReason, Engagement, SessionState

MOST_PLACES = 60
LONGEST_NOTE, LONGEST_PUPIL_NOTE = 1000, 500
_REFERENCE = re.compile(r"[0-9a-fA-F-]{24,36}")
_FIGURE = re.compile(r"[<>]? ?-?[0-9]{1,4}([.:][0-9]{1,4})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
W = TypeVar("W", AbsenceReason, CancelReason, Engagement)


class NotAnEntry(ValueError):
    """What was sent is not an entry of this product."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One pupil, by an opaque reference: here, or away and why; perhaps a figure on the group's measure."""

    place: str
    here: bool
    why: AbsenceReason | None = None
    took_part: Engagement | None = None
    reading: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """One session as somebody tapped it. `settle` says what becomes of an entry that stands already: "" asks."""

    owner: str
    reference: str
    sheet: str
    on: date
    minutes: int
    state: SessionState
    reason: CancelReason | None = None
    marks: tuple[Mark, ...] = ()
    note: str = ""
    settle: str = ""
    stands: int | None = None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An entry that somebody took back before the device knew whether it had arrived."""

    owner: str
    reference: str


def read_entry(sent: Any) -> WaitingEntry | TakenBack:
    """What a device sent. Raises NotAnEntry for anything else."""
    if not isinstance(sent, dict):
        raise NotAnEntry("not an object")
    owner, reference = _reference(sent, "owner"), _reference(sent, "reference")
    if sent.get("undo") is True:
        return TakenBack(owner, reference)
    state = SessionState.CANCELLED if sent.get("state") == "cancelled" else SessionState.DELIVERED
    if sent.get("state") not in ("delivered", "cancelled"):
        raise NotAnEntry("state")
    marks = [] if sent.get("marks") is None else sent["marks"]
    if not isinstance(marks, list) or len(marks) > MOST_PLACES:
        raise NotAnEntry("marks")
    read = tuple(_mark(one) for one in marks)
    if len({one.place for one in read}) != len(read):
        raise NotAnEntry("a place stands twice")
    settle = "" if sent.get("settle") is None else sent["settle"]
    if settle not in ("", "instead", "another"):
        raise NotAnEntry("settle")
    return WaitingEntry(
        owner=owner,
        reference=reference,
        sheet=_reference(sent, "sheet"),
        on=_day(sent.get("on")),
        minutes=_number(sent.get("minutes"), 1, 600),
        state=state,
        reason=_word(CancelReason, sent.get("reason")),
        marks=read,
        note=_words(sent.get("note"), LONGEST_NOTE),
        settle=settle,
        stands=_number(sent["stands"], 1, 2**31 - 1) if sent.get("stands") is not None else None,
    )


def _mark(sent: Any) -> Mark:
    if not isinstance(sent, dict) or not isinstance(sent.get("here"), bool):
        raise NotAnEntry("mark")
    reading = _words(sent.get("reading"), 20)
    if reading and _FIGURE.fullmatch(reading) is None:
        raise NotAnEntry("a reading is a figure")
    return Mark(
        place=_reference(sent, "place"),
        here=sent["here"],
        why=_word(AbsenceReason, sent.get("why")),
        took_part=_word(Engagement, sent.get("took")),
        reading=reading,
        note=_words(sent.get("note"), LONGEST_PUPIL_NOTE),
    )


def _reference(sent: dict[str, Any], name: str) -> str:
    text = sent.get(name)
    if not isinstance(text, str) or _REFERENCE.fullmatch(text) is None:
        raise NotAnEntry(name)
    return text


def _day(text: Any) -> date:
    if not isinstance(text, str) or _DAY.fullmatch(text) is None:
        raise NotAnEntry("day")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotAnEntry("day") from error


def _number(value: Any, least: int, most: int) -> int:
    if isinstance(value, float) and value.is_integer():  # in JSON 30.0 is the number 30
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise NotAnEntry("number")
    return value


def _word(words: type[W], code: Any) -> W | None:
    if code is None or code == "":
        return None
    if not isinstance(code, str):
        raise NotAnEntry("a reason is a code")
    try:
        return words(code)
    except ValueError as error:
        raise NotAnEntry(f"no such reason: {code!r:.40}") from error


def _words(text: Any, most: int) -> str:
    if text is None:
        return ""
    if not isinstance(text, str) or len(text) > most:
        raise NotAnEntry("words")
    try:
        text.encode()
    except UnicodeEncodeError as error:  # half a character, which no database holds
        raise NotAnEntry("words") from error
    return text.replace("\0", "").strip()
