"""A due review as a line of a work list: when, who, what is ready, and the one thing to do."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from graduated.access import actions
from graduated.access.guards import may
from graduated.access.policy import Area, Subject
from graduated.db.clock import today
from graduated.review.links import pupil_link
from graduated.review.queries_due import DueReview
from graduated.rules.calendar import short_date
from graduated.rules.interpreting import Need, needed
from graduated.web.filters import clock_time


def due_item(one: DueReview, needs: Sequence[Need] = ()) -> dict[str, object]:
    """One due review as a work list shows it, with who of the family needs an interpreter at an arranged meeting."""
    day = today()
    is_held = one.held_on is not None
    small = f"was due {short_date(one.due, day)}" if one.due and one.due < day else ""
    if one.meeting_at is not None and not small and not is_held:
        small = ", ".join(part for part in (clock_time(one.meeting_at), one.meeting_place) if part)
    said = "It is written, and waits for its seal." if is_held else _contributed(one.contributors)
    need = needed(needs) if one.meeting_at is not None and not is_held else ""
    subject = Subject(one.pupil_id, one.lead_id, None, Area.REVIEW_OPEN)
    can_write = may(actions.REVIEW_WRITE, subject)
    action, href = "", ""
    if is_held and may(actions.REVIEW_SEAL, subject):
        action, href = "Look and seal", url_for("review.seal", review_id=one.open_review_id)
    elif one.open_review_id is not None and may(actions.REVIEW_READ, subject):
        action = "Go on" if can_write else "Read"
        href = url_for("review.edit" if can_write else "review.read", review_id=one.open_review_id)
    elif can_write:
        is_ahead = one.due is not None and one.due > day
        action = "Prepare" if is_ahead else "Start the review"
        href = url_for("review.ask" if is_ahead else "review.new", reviewed_cycle_id=one.cycle_id)
    return {
        "when": one.words(day),
        "late": one.is_late(day),
        "small": small,
        "who": one.pupil_name,
        "href": pupil_link(one.pupil_id),
        "text": f" · {one.year_group.label} · cycle {one.cycle_number}. {said}{f' {need}' if need else ''}",
        "action": action,
        "action_href": href,
        "strong": can_write and one.is_late(day),
    }


def one_strong(items: list[dict[str, object]]) -> list[dict[str, object]]:
    """The same lines with one strong button: the first that has one."""
    first = next((line for line in items if line["strong"]), None)
    return [{**line, "strong": line is first} for line in items]


def _contributed(names: tuple[str, ...]) -> str:
    if not names:
        return "Nobody has contributed yet."
    if len(names) == 1:
        return f"{names[0]} has contributed."
    return f"{', '.join(names[:-1])} and {names[-1]} have contributed."
