"""Class cards: one page for a teacher, "I have read this", and who has not read yet."""

from __future__ import annotations

from collections import Counter

from flask import Response, abort, request, url_for

from graduated.access.actions import CARD_READERS, CLASS_CARD, REVIEW_READ
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.people.queries import staff
from graduated.register import services
from graduated.register.queries_cards import CardRow, card_rows, cards_in_sight, plan_readers, pupils_of_staff
from graduated.register.views import bp
from graduated.school.queries import school_details
from graduated.web.page import done, page

FULL = 8
"""So many pupils stand on one side of A4 in the ordinary size; more are set smaller."""


@bp.get("/class-card")
@guard(CLASS_CARD)
def class_card() -> Response:
    """The card of one class, or of the pupils of one member of staff; without a choice, one's own or the list."""
    group = request.args.get("class", "")[:60]
    person = _person()
    with cards_in_sight():
        everyone = card_rows(with_actions=may(REVIEW_READ, Subject()))
        me = require_actor().user_id
        mine = not group and person is None and any(row.is_own for row in everyone)
        if person is not None:
            theirs = pupils_of_staff(person[0])
            rows = tuple(row for row in everyone if row.pupil_id in theirs)
        elif mine:
            rows = tuple(row for row in everyone if row.is_own)
        else:
            rows = tuple(row for row in everyone if group and row.registration_group == group)
    readers = may(CARD_READERS, Subject())
    return page(
        "register/class_card.html",
        title=_title(group, person, mine=mine),
        rows=rows,
        chosen=bool(group or person or mine),
        group=group,
        person_id=str(person[0]) if person else "",
        classes=sorted(Counter(row.registration_group for row in everyone).items()),
        people=[(one.user_id, one.name) for one in staff() if one.user_id != me] if readers else [],
        is_long=len(rows) > FULL,
        to_read=sum(1 for row in rows if _waits(row)),
        readers_href=url_for("register.plan_readers_page") if readers else None,
        query={"class": group} if group else {},
        school=school_details().name,
        today=today(),
    )


def _waits(row: CardRow) -> bool:
    return row.is_own and row.reading is not None and row.reading.state != "read"


def _person() -> tuple[int, str] | None:
    """The member of staff whose pupils are asked for, where the person acting may ask for anybody's."""
    asked = request.args.get("staff", "")
    if not may(CARD_READERS, Subject()) or not asked:
        return None
    return next(((one.user_id, one.name) for one in staff() if str(one.user_id) == asked), None)


def _title(group: str, person: tuple[int, str] | None, *, mine: bool) -> str:
    if group:
        return f"Class card: {group}"
    if person:
        return f"Class card: pupils of {person[1]}"
    return "Class card: my pupils" if mine else "Class cards"


@bp.post("/plans/<int:cycle_id>/read")
@guard(CLASS_CARD)
def read_plan(cycle_id: int) -> Response:
    """The person acting says that they have read the plan."""
    try:
        services.mark_plan_read(cycle_id)
    except services.PlanNotAgreed:
        abort(404)
    words = "Noted that you have read the plan."
    if request.form.get("from") == "plan":
        return done("register.cycle", words, cycle_id=cycle_id)
    group = request.form.get("class", "")[:60]
    return done("register.class_card", words, **({"class": group} if group else {}))


@bp.get("/class-card/readers")
@guard(CARD_READERS)
def plan_readers_page() -> Response:
    """Who has read which plan, and who has not."""
    rows = plan_readers()
    return page(
        "register/plan_readers.html",
        title="Who has read the plans",
        rows=rows,
        waiting=sum(1 for row in rows if row.not_read or row.changed),
    )
