"""Today's lines of concerns before SEN support: a meeting to be held, or a day on which to look again (seed 004)."""

from __future__ import annotations

from datetime import date
from functools import partial

from graduated.access import actions
from graduated.access.guards import may
from graduated.access.policy import Subject
from graduated.assess.queries_concerns import ConcernRow
from graduated.review.links import link, pupil_link
from graduated.rules.calendar import short_date
from graduated.rules.concerns import Due
from graduated.today.lines import Item, Line, item, waited
from graduated.today.queries import Day

WORDS_SHOWN = 90
"""How much of a concern's own words a line quotes."""


def due(day: Day, on: date) -> list[Line]:
    """Concerns that wait for their meeting or for a look again, the late ones first; for who may read them."""
    waiting = [
        one
        for one in day.concerns
        if one.standing.due in (Due.MEET, Due.LOOK_AGAIN) and may(actions.ASSESS_READ, Subject(one.pupil_id))
    ]
    waiting.sort(key=lambda one: (not one.standing.is_late, one.standing.on or date.min, one.concern_id))
    return [partial(_line, one, on) for one in waiting]


def _line(one: ConcernRow, on: date) -> Item:
    to_meet = one.standing.due is Due.MEET
    can_meet = may(actions.ASSESS_WRITE, Subject(one.pupil_id))
    if to_meet:
        when, small = waited(one.raised_on, on, "raised")
        action, endpoint = ("Record the meeting", "assess.meet_about") if can_meet else ("Read", "assess.concern")
    else:
        when = "Look again" if one.review_on is None else short_date(one.review_on, on)
        small = "no day was set" if one.review_on is None else "look again"
        action, endpoint = "Open", "assess.concern"
    return item(
        when,
        f": {'no meeting yet about this concern' if to_meet else 'time to look again'}. “{_brief(one.text)}”",
        small=small,
        late=one.standing.is_late,
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action=action,
        action_href=link(endpoint, concern_id=one.concern_id),
    )


def _brief(text: str) -> str:
    """The first words of a concern, cut at a word."""
    plain = " ".join(text.split())
    return plain if len(plain) <= WORDS_SHOWN else plain[:WORDS_SHOWN].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
