"""Meetings, and the days of a request, as calendar files (RFC 5545), in the school's own time, for somebody's diary.

Diaries are shared and stand on lock screens. So no file names a child, by name or by initials, nor says in the family's
copy that the meeting is about SEN: the family knows, and staff have a link to a page that needs sign-in.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from graduated.db.clock import local

LASTS = timedelta(hours=1)
"""How long a meeting is taken to last: the field asks for no end."""
MEDIA_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """One meeting as a diary shows it; with a date alone, a whole day.

    `key` is the same for ever; `sequence` grows whenever it moved.
    """

    key: str
    at: datetime | date
    title: str
    place: str
    sequence: int
    href: str = ""
    note: str = ""


def calendar_bytes(entries: Iterable[DiaryEntry], stamp: datetime, name: str = "") -> bytes:
    """The file: one event for each meeting. `stamp` is the moment when this was true, `name` what a feed is called."""
    calendar = Calendar()
    calendar.add("prodid", "-//Graduated//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", timedelta(hours=4), parameters={"value": "DURATION"})
    calendar.add_component(_london())
    for entry in entries:
        calendar.add_component(_event(entry, stamp))
    return bytes(calendar.to_ical())


def _event(entry: DiaryEntry, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:graduated:{entry.key}")))
    event.add("dtstamp", stamp.astimezone(UTC))
    if isinstance(entry.at, datetime):
        event.add("dtstart", local(entry.at))
        event.add("dtend", local(entry.at + LASTS))
    else:
        event.add("dtstart", entry.at)
        event.add("dtend", entry.at + timedelta(days=1))
        event.add("transp", "TRANSPARENT")  # a limit takes nobody's day
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    if entry.place:
        event.add("location", entry.place)
    if entry.href:
        event.add("url", entry.href)
    more = [entry.note, f"Sign in to see more: {entry.href}" if entry.href else ""]
    if any(more):
        event.add("description", "\n".join(line for line in more if line))
    event.add("class", "PRIVATE")
    return event


@cache
def _london() -> Timezone:
    """Europe/London as the law has it since 1996: clocks go on at 1 am and back at 2 am on the last Sundays.

    Written out, as the library's own table begins summer time an hour late.
    """
    zone = Timezone()
    zone.add("tzid", "Europe/London")
    nothing, hour = timedelta(), timedelta(hours=1)
    for part, name, first, month, before, after in (
        (TimezoneDaylight(), "BST", datetime(1996, 3, 31, 1), 3, nothing, hour),  # noqa: DTZ001  # RFC 5545: floating
        (TimezoneStandard(), "GMT", datetime(1996, 10, 27, 2), 10, hour, nothing),  # noqa: DTZ001
    ):
        part.add("dtstart", first)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        zone.add_component(part)
    return zone
