"""Today's lines of requests for information about a pupil, with the day by which each is to be answered."""

from __future__ import annotations

from datetime import date
from functools import partial

from flask import url_for

from graduated.access import actions
from graduated.access.guards import may
from graduated.access.policy import Subject
from graduated.disclosure.queries import RequestRow
from graduated.review.links import pupil_link
from graduated.rules.calendar import short_date
from graduated.today.lines import Item, Line, item
from graduated.today.queries import Day

_REGISTERS = (
    ("Requests for information", "disclosure.register"),
    ("Who looked at whose record", "register.looking"),
    ("Erased and put right by law", "erasure.register"),
)

_BARRED = ", who is barred from the record: ask the safeguarding lead first"


def waiting(day: Day, on: date) -> list[Line]:
    """Requests that are not answered, the first due on top."""
    rows = sorted(day.information, key=lambda one: (one.limit.due or date.max, one.request_id))
    return [partial(_line, one, on) for one in rows]


def _line(one: RequestRow, on: date) -> Item:
    due = one.limit.due
    if one.limit.is_stopped:
        when, small = "Clock stands", f"{one.limit.stopped_days} days so far"
    elif due is None:
        when, small = "Open", ""
    else:
        when, small = f"By {short_date(due, on)}", "past" if due < on else ""
    return item(
        when,
        f": {one.kind.inside}; {one.limit.what} is owed to {one.from_name}{_BARRED if one.is_barred else ''}.",
        small=small,
        late=due is not None and due < on,
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action="Open",
        action_href=url_for("disclosure.one", information_id=one.request_id),
    )


def registers() -> list[Line]:
    """The registers, for those who read them and have no School page that leads there."""
    if not may(actions.AUDIT_READ, Subject()) or may(actions.SCHOOL_READ, Subject()):
        return []
    return [
        partial(item, "Register", "", who=words, href=url_for(endpoint), action="Read", action_href=url_for(endpoint))
        for words, endpoint in _REGISTERS
    ]
