"""Reading planning meetings: the list, one with its agenda, and one pupil's place on it.

The scope filter narrows pupils: a teacher reads of a meeting what concerns their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from graduated.access.guards import finder
from graduated.access.identity import acting, require_actor, system_actor
from graduated.access.policy import Subject
from graduated.assess.models import Concern, Involvement
from graduated.assess.queries import lead_of
from graduated.db.clock import today
from graduated.db.session import db
from graduated.people.models import User
from graduated.plan.models import Cycle
from graduated.planning.models import PlanningConsent, PlanningDecision, PlanningDone, PlanningItem, PlanningMeeting
from graduated.planning.rows import AnswerRow, DecisionRow, Guest, ItemRow, MeetingRow, OwedRow
from graduated.planning.standing import answering_at
from graduated.pupils.models import Adult, Pupil, SenStatusSpell
from graduated.pupils.queries import adult_name, name_of
from graduated.rules.calendar import TermDates, term_of_or_after
from graduated.rules.concerns import OPEN
from graduated.rules.planning import Known, agreed_before, naming
from graduated.rules.vocabulary import CycleStatus, Decided, PlanningStatus, SenStatus
from graduated.school.queries import terms

_ON_AGENDA = (
    select(func.count(PlanningItem.id))
    .where(PlanningItem.meeting_id == PlanningMeeting.id, PlanningItem.on_agenda.is_(True))
    .scalar_subquery()
)
_MEETINGS = select(
    PlanningMeeting.id, PlanningMeeting.guests, PlanningMeeting.on, PlanningMeeting.status, PlanningMeeting.school_ask,
    PlanningMeeting.present, PlanningMeeting.school_notes, PlanningMeeting.version, _ON_AGENDA.label("pupils"),
).order_by(PlanningMeeting.on.desc(), PlanningMeeting.id.desc())  # fmt: skip
_MEETING = _MEETINGS.where(PlanningMeeting.id == bindparam("meeting_id"))
_BETWEEN = _MEETINGS.where(
    PlanningMeeting.status == PlanningStatus.PLANNED,
    PlanningMeeting.on.between(bindparam("first"), bindparam("last")),
)
_PLANNED = _MEETINGS.where(PlanningMeeting.status == PlanningStatus.PLANNED)
_ON = select(PlanningItem.meeting_id).where(
    PlanningItem.pupil_id == bindparam("pupil_id"), PlanningItem.on_agenda.is_(True)
)
_LED = select(Cycle.pupil_id).where(
    Cycle.lead_id == bindparam("me"), Cycle.status.in_([one for one in CycleStatus if one.is_open])
)
_THERE = select(PlanningMeeting.id).where(PlanningMeeting.id == bindparam("meeting_id"))
_ITEMS = (
    select(
        PlanningItem.id, PlanningItem.meeting_id, PlanningItem.pupil_id, PlanningItem.on_agenda, PlanningItem.group,
        PlanningItem.reasons, PlanningItem.question, PlanningItem.version, Pupil.legal_forename, Pupil.legal_surname,
        Pupil.known_as, Pupil.known_surname, Pupil.year_group, Pupil.registration_group, Pupil.rights_pass_on,
    )
    .join(Pupil, Pupil.id == PlanningItem.pupil_id)
    .where(PlanningItem.meeting_id == bindparam("meeting_id"))
    .order_by(Pupil.legal_surname, Pupil.legal_forename, PlanningItem.id)
)  # fmt: skip
_ANSWERS = (
    select(
        PlanningConsent.item_id, PlanningConsent.adult_id, Adult.title, Adult.forename, Adult.surname,
        PlanningConsent.answer, PlanningConsent.signed_how, PlanningConsent.given_on,
    )
    .join(PlanningItem, PlanningItem.id == PlanningConsent.item_id)
    .outerjoin(Adult, Adult.id == PlanningConsent.adult_id)
    .where(PlanningItem.meeting_id == bindparam("meeting_id"))
    .order_by(PlanningConsent.id)
)  # fmt: skip
_DECISION = (
    select(
        PlanningDecision.id.label("decision_id"), PlanningDecision.item_id, PlanningItem.meeting_id,
        PlanningDecision.pupil_id, PlanningDecision.decided, PlanningDecision.decided_on, PlanningDecision.service,
        PlanningDecision.note, PlanningDecision.who, PlanningDecision.by_when, PlanningDecision.by_name,
        PlanningDecision.shared_with_family, PlanningDecision.involvement_id, PlanningDecision.replaces_id,
        PlanningDecision.why_replaced, func.coalesce(User.name, "The system").label("recorded_by"),
        PlanningDecision.recorded_at, PlanningDone.on.label("done_on"),
        func.coalesce(PlanningDone.text, "").label("done_text"),
    )
    .join(PlanningItem, PlanningItem.id == PlanningDecision.item_id)
    .outerjoin(User, User.id == PlanningDecision.recorded_by_id)
    .outerjoin(PlanningDone, PlanningDone.decision_id == PlanningDecision.id)
    .order_by(PlanningDecision.decided_on, PlanningDecision.id)
)  # fmt: skip
_DECISIONS = _DECISION.where(PlanningItem.meeting_id == bindparam("meeting_id"))
_DECISIONS_OF_PUPIL = _DECISION.where(PlanningDecision.pupil_id == bindparam("pupil_id"))
_AGREED = (
    select(Involvement.pupil_id, Involvement.service, Involvement.parents_agree)
    .join(PlanningItem, PlanningItem.pupil_id == Involvement.pupil_id)
    .where(PlanningItem.meeting_id == bindparam("meeting_id"), Involvement.closed_on.is_(None))
)
_ITEM_SUBJECT = select(PlanningItem.meeting_id, PlanningItem.pupil_id).where(PlanningItem.id == bindparam("row_id"))
_DECISION_SUBJECT = select(PlanningDecision.item_id, PlanningDecision.pupil_id).where(
    PlanningDecision.id == bindparam("row_id")
)


@finder("planning")
def find_meeting(planning_id: int) -> Subject | None:
    """A meeting of the school; which of its pupils are seen is the scope filter's word."""
    found = db.session.scalar(_THERE, {"meeting_id": planning_id})
    return Subject() if found is not None else None


def _of_pupil(statement: Any, row_id: int) -> Subject | None:
    row = db.session.execute(statement, {"row_id": row_id}).one_or_none()
    return Subject(pupil_id=row.pupil_id, lead_id=lead_of(row.pupil_id)) if row is not None else None


@finder("planning_item")
def find_item(planning_item_id: int) -> Subject | None:
    """A pupil's place on an agenda, when the pupil is in sight."""
    return _of_pupil(_ITEM_SUBJECT, planning_item_id)


@finder("planning_decision")
def find_decision(planning_decision_id: int) -> Subject | None:
    """A decision, when its pupil is in sight."""
    return _of_pupil(_DECISION_SUBJECT, planning_decision_id)


def all_meetings() -> tuple[MeetingRow, ...]:
    """Every meeting of the school, the latest first, with the number of pupils in sight on each agenda."""
    return _meetings(_MEETINGS, terms())


def meetings_between(first: date, last: date, calendar: tuple[TermDates, ...]) -> tuple[MeetingRow, ...]:
    """Meetings still to be held in these days, or that nobody has said were held, the earliest first."""
    return tuple(reversed(_meetings(_BETWEEN, calendar, first=first, last=last)))


def ahead_for(pupil_id: int) -> tuple[tuple[MeetingRow, bool], ...]:
    """Meetings still to be held, the earliest first, each with whether the pupil is on its agenda."""
    there = set(db.session.scalars(_ON, {"pupil_id": pupil_id}))
    return tuple((one, one.meeting_id in there) for one in reversed(_meetings(_PLANNED, ())))


def led_by_me() -> frozenset[int]:
    """The pupils whose open cycle the person acting leads: for them a lead teacher writes (design §6)."""
    return frozenset(db.session.scalars(_LED, {"me": require_actor().user_id}))


def meeting_of(meeting_id: int) -> MeetingRow:
    """One meeting. It must be in scope (the guard has looked)."""
    return _meetings(_MEETING, terms(), meeting_id=meeting_id)[0]


def _meetings(statement: Any, calendar: tuple[TermDates, ...], **given: Any) -> tuple[MeetingRow, ...]:
    found = []
    for row in db.session.execute(statement, given):
        term = term_of_or_after(row.on, calendar)
        found.append(
            MeetingRow(
                meeting_id=row.id,
                guests=tuple(Guest(*pair) for pair in row.guests),
                term=term.name if term else "",
                **{
                    name: getattr(row, name)
                    for name in MeetingRow.__slots__
                    if name in row._fields and name != "guests"
                },
            )
        )
    return tuple(found)


def agenda_of(meeting: MeetingRow) -> tuple[ItemRow, ...]:
    """The pupils in sight on an agenda (taken off too), by name; the number of queries does not grow with them."""
    given = {"meeting_id": meeting.meeting_id}
    families = answering_at(meeting.meeting_id)
    answers = _by_item(_answers(db.session.execute(_ANSWERS, given)))
    decisions = _by_item(_decisions(_DECISIONS, **given))
    known: dict[int, list[Known]] = defaultdict(list)
    for row in db.session.execute(_AGREED, given):
        known[row.pupil_id].append(Known(row.service, parents_agree=row.parents_agree))
    return tuple(
        _item(
            row, meeting, answers[row.id], decisions[row.id], known[row.pupil_id],
            families.get(row.pupil_id, frozenset()),
        )
        for row in db.session.execute(_ITEMS, given)
    )  # fmt: skip


def unnamed_at(meeting: MeetingRow) -> dict[int, tuple[str, ...]]:
    """The names of every pupil of a meeting who may not be named, by pupil id; taken off the agenda or not.

    Looked up as the system: what must not be said does not hang on whom the reader sees.
    """
    actor = require_actor()
    with acting(system_actor(actor.school_id, actor.name)):
        return {one.pupil_id: one.names for one in agenda_of(meeting) if not one.by_name}


def item_of(item_id: int) -> tuple[MeetingRow, ItemRow]:
    """One pupil's place on an agenda with its meeting, in scope."""
    found = db.session.execute(_ITEM_SUBJECT, {"row_id": item_id}).one()
    meeting = meeting_of(found.meeting_id)
    return meeting, next(one for one in agenda_of(meeting) if one.item_id == item_id)


def decision_of(decision_id: int) -> tuple[MeetingRow, ItemRow, DecisionRow]:
    """One decision with its pupil's place and its meeting, in scope."""
    found = db.session.execute(_DECISION_SUBJECT, {"row_id": decision_id}).one()
    meeting, item = item_of(found.item_id)
    return meeting, item, next(one for one in item.decisions if one.decision_id == decision_id)


def decisions_of(pupil_id: int) -> tuple[DecisionRow, ...]:
    """What planning meetings decided for a pupil, the newest first, without what was corrected since."""
    rows = _decisions(_DECISIONS_OF_PUPIL, pupil_id=pupil_id)
    return tuple(one for one in reversed(rows) if not one.is_replaced)


def _item(
    row: Any, meeting: MeetingRow, answers: list[AnswerRow], decisions: list[DecisionRow], known: list[Known],
    family: frozenset[int],
) -> ItemRow:  # fmt: skip
    passed = row.rights_pass_on is not None and row.rights_pass_on <= today()
    # An answer counts while who gave it may be given the pupil's papers: not of a parent barred since.
    newest = {one.adult_id: one for one in answers if (passed if one.adult_id is None else one.adult_id in family)}
    return ItemRow(
        item_id=row.id,
        meeting_id=row.meeting_id,
        pupil_id=row.pupil_id,
        pupil_name=name_of(row),
        names=tuple(filter(None, (row.legal_forename, row.legal_surname, row.known_as, row.known_surname))),
        year_group=row.year_group,
        registration_group=row.registration_group,
        on_agenda=row.on_agenda,
        group=row.group,
        reasons=tuple(row.reasons),
        question=row.question,
        version=row.version,
        rights_passed=passed,
        naming=naming(
            [(one.adult_id is None, one.answer) for one in newest.values()],
            agreed_before(known, meeting.services),
            rights_passed=passed,
        ),
        answers=tuple(answers),
        decisions=tuple(decisions),
    )


def _answers(rows: Iterable[Any]) -> Iterable[AnswerRow]:
    for row in rows:
        who = adult_name(row.title, row.forename, row.surname) if row.adult_id is not None else "The young person"
        yield AnswerRow(row.item_id, row.adult_id, who, row.answer, row.signed_how, row.given_on)


def _by_item(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.item_id].append(row)
    return found


def _decisions(statement: Any, **given: int) -> tuple[DecisionRow, ...]:
    rows = [DecisionRow(**row._mapping) for row in db.session.execute(statement, given)]
    replaced = {one.replaces_id for one in rows}
    return tuple(replace(one, is_replaced=True) if one.decision_id in replaced else one for one in rows)


_NOTHING_TO_DO = (Decided.WAIT, Decided.CLOSE)
_NEWER = select(PlanningDecision.replaces_id).where(PlanningDecision.replaces_id.is_not(None))
_DONE = select(PlanningDone.decision_id)
_OWED = (
    select(
        PlanningDecision.id, PlanningDecision.pupil_id, PlanningItem.meeting_id, PlanningDecision.decided,
        PlanningDecision.service, PlanningDecision.who, PlanningDecision.decided_on, PlanningDecision.by_when,
        Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as, Pupil.known_surname,
    )
    .join(PlanningItem, PlanningItem.id == PlanningDecision.item_id)
    .join(Pupil, Pupil.id == PlanningDecision.pupil_id)
    .where(
        Pupil.left_on.is_(None),
        PlanningDecision.decided.not_in(_NOTHING_TO_DO),
        PlanningDecision.id.not_in(_NEWER),
        PlanningDecision.id.not_in(_DONE),
    )
    .order_by(PlanningDecision.by_when, PlanningDecision.id)
)  # fmt: skip


def owed() -> tuple[OwedRow, ...]:
    """Decisions for pupils on roll that nobody has recorded as done, the earliest day first, those without one last."""
    rows = [
        OwedRow(
            row.id, row.pupil_id, name_of(row), row.meeting_id, row.decided, row.service, row.who, row.decided_on,
            row.by_when,
        )
        for row in db.session.execute(_OWED)
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda one: (one.by_when is None, one.by_when or one.decided_on, one.decision_id)))


_CANDIDATES = (
    select(Pupil.id, Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as, Pupil.known_surname, Pupil.year_group)
    .where(
        Pupil.left_on.is_(None),
        or_(
            Pupil.id.in_(
                select(SenStatusSpell.pupil_id).where(
                    SenStatusSpell.ends.is_(None), SenStatusSpell.status != SenStatus.NONE
                )
            ),
            Pupil.id.in_(select(Concern.pupil_id).where(Concern.status.in_(OPEN))),
        ),
    )
    .order_by(Pupil.legal_surname, Pupil.legal_forename, Pupil.id)
)


def candidates() -> tuple[tuple[int, str], ...]:
    """Pupils of the register, and those with an open concern: (id, name and year group), to be put on by hand."""
    return tuple((row.id, f"{name_of(row)}, {row.year_group.label}") for row in db.session.execute(_CANDIDATES))
