"""Today's lines of who left: pupils whose plan is still open, and colleagues who still have plans or groups in hand."""

from __future__ import annotations

from datetime import date
from functools import partial

from graduated.plan.queries_cycles import LeftOpen
from graduated.review.links import link, pupil_link
from graduated.rules.calendar import short_date
from graduated.today.lines import Item, Line, item
from graduated.today.queries import Day


def plans(day: Day, on: date) -> list[Line]:
    """Left, plan still open: it is closed with the day of leaving, or the day was a slip."""
    return [partial(_left, one, on) for one in day.left_open]


def _left(one: LeftOpen, on: date) -> Item:
    return item(
        short_date(one.left_on, on),
        f" · cycle {one.cycle_number}. Left, plan still open.",
        small="left on",
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action="Close it",
        action_href=link("plan.close_left", cycle_id=one.cycle_id),
    )


def colleagues(day: Day) -> list[Line]:
    """How many running plans and groups are in the hands of colleagues who have left."""
    if not day.held_by_leavers:
        return []
    return [
        partial(
            item,
            "Now",
            f"Plans and groups still in the hands of colleagues who left: {day.held_by_leavers}.",
            action="Hand them over",
            action_href=link("people.staff.changes"),
        )
    ]
