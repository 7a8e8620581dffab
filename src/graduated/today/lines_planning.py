"""Today's lines of planning meetings: one that is near or was not recorded, and what was decided and is due."""

from __future__ import annotations

from datetime import date
from functools import partial

from graduated.access import actions
from graduated.access.guards import may
from graduated.access.policy import Subject
from graduated.planning.rows import MeetingRow, OwedRow
from graduated.review.links import link, pupil_link
from graduated.rules.calendar import short_date
from graduated.rules.vocabulary import inside
from graduated.today.lines import Item, Line, item
from graduated.today.queries import SOON, Day


def due(day: Day, on: date) -> list[Line]:
    """Meetings that are near, and decisions that are due; for who may read what is known of the pupils."""
    if not may(actions.ASSESS_READ, Subject()):
        return []
    arranges = may(actions.ASSESS_WRITE, Subject())
    meetings: list[Line] = [partial(_meeting, one, on) for one in day.meetings if one.pupils or arranges]
    near = [one for one in day.owed if one.by_when is not None and one.by_when <= on + SOON]
    return meetings + [partial(_owed, one, on) for one in near]


def _meeting(one: MeetingRow, on: date) -> Item:
    can_change, is_past = may(actions.ASSESS_WRITE, Subject()), one.on < on
    number = f"{one.pupils or 'no'} {'pupil' if one.pupils == 1 else 'pupils'} on the agenda"
    yet = " is not recorded as held" if is_past else ""
    words = f"with {inside(one.name)}{yet}: {number}."
    return item(
        short_date(one.on, on),
        f" {words}",
        late=is_past,
        who="Planning meeting",
        href=link("planning.meeting", planning_id=one.meeting_id),
        action=("Record it" if is_past else "Prepare") if can_change else "Read",
        action_href=link("planning.meeting", planning_id=one.meeting_id),
    )


def _owed(one: OwedRow, on: date) -> Item:
    who = f" ({one.who})" if one.who else ""
    can_say = may(actions.ASSESS_CONTRIBUTE, Subject(one.pupil_id))
    return item(
        short_date(one.by_when, on) if one.by_when else "",
        f": {one.decided.inside}, decided with {inside(one.service)}{who}.",
        late=one.by_when is not None and one.by_when < on,
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action="Say it is done" if can_say else "",
        action_href=link("planning.carry_out", planning_decision_id=one.decision_id),
    )
