"""Writing one plan: the draft that the last review left, put into the words of the story, and agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.demo.calendar import moment
from graduated.demo.groups import BY_KEY as GROUPS
from graduated.demo.groups import kind_of
from graduated.demo.people import BY_KEY as PEOPLE
from graduated.demo.plan import Dated
from graduated.demo.rates import priced
from graduated.demo.sessions import LoggedGroup, log_until
from graduated.demo.stage import Stage
from graduated.demo.stories import Aim, Help
from graduated.demo.timetable import Slot, slot
from graduated.plan.models import Group, Outcome, Place, Provision, Responsibility, Strategy
from graduated.plan.services import (
    AgreementDetails,
    CycleFrame,
    OutcomeDetails,
    ProvisionDetails,
    add_outcome,
    add_provision,
    agree,
    change_outcome,
    change_provision,
    open_cycle,
    remove_outcome,
    remove_provision,
    save_frame,
    send_to_family,
)
from graduated.pupils.services import assign
from graduated.rules.vocabulary import (
    AgreementMethod,
    AssignmentSource,
    Evidencing,
    PlanType,
    ProvisionKind,
    ProvisionVerdict,
    Responsible,
    SenStatus,
    StrategyKind,
)

if TYPE_CHECKING:
    from graduated.demo.lived import Life

_MEETING_WITHIN = 14
# When parents can come: before school, after lunch, after school.
_MEETINGS = ((16, 15, "Room 2"), (8, 30, "The nest"), (14, 15, "Room 2"), (15, 30, "Room 2"), (13, 30, "Library"))
_GROUP = select(Group).where(Group.id == bindparam("group_id"))
_GROUP_OF_PLACE = select(Group).join(Place, Place.group_id == Group.id).where(Place.id == bindparam("place_id"))
_OUTCOMES = select(Outcome.id, Outcome.continues_id).where(Outcome.cycle_id == bindparam("cycle_id"))
_PROVISIONS = select(Provision).where(Provision.cycle_id == bindparam("cycle_id"))
_PLACE_OF = select(Provision.place_id).where(Provision.id == bindparam("provision_id"))
_STRATEGY = select(Strategy.id).where(Strategy.cycle_id == bindparam("cycle_id")).limit(1)


@dataclass
class Given:
    """One provision of the running plan: its row, who gives it, and the group where its sessions are logged."""

    provision_id: int
    name: str
    who: str
    group: LoggedGroup | None = None
    verdict: ProvisionVerdict | None = None


class Groups:
    """The groups of the school, made when the first pupil needs them and logged as time goes on."""

    def __init__(self, sizes: dict[str, int]) -> None:
        self.sizes = sizes
        self.by_id: dict[int, LoggedGroup] = {}
        self.shared: dict[str, int] = {}

    def shared_id(self, stage: Stage, key: str, starts: date) -> int:
        """A shared group, made now when it is not there; one that had ended begins again."""
        told = GROUPS[key]
        if key not in self.shared:
            row = Group(
                intervention_id=stage.interventions[told.intervention], name=told.name,
                staff_id=stage.cast.users[told.who], staff_role=PEOPLE[told.who].role, starts=starts,
                weekdays=list(told.weekdays), at=told.at, minutes=told.minutes, times_a_week=len(told.weekdays),
            )  # fmt: skip
            db.session.add(row)
            db.session.flush()
            self.shared[key] = row.id
            self.by_id[row.id] = LoggedGroup(
                row.id, key, told.who, told.minutes, told.weekdays, starts, told.happens, told.neglected
            )
        group = db.session.scalars(_GROUP, {"group_id": self.shared[key]}).one()
        group.ends = None
        return self.shared[key]

    def of_place(self, place_id: int, key: str, who: str) -> LoggedGroup:
        """The group of a place, with what is needed to log it."""
        group = db.session.scalars(_GROUP_OF_PLACE, {"place_id": place_id}).one()
        if group.id not in self.by_id:
            happens = 90 + sum(map(ord, key)) % 7
            self.by_id[group.id] = LoggedGroup(
                group.id, key, who, group.minutes, tuple(group.weekdays), group.starts, happens
            )
        return self.by_id[group.id]


def plan(stage: Stage, groups: Groups, life: Life, cycle: Dated, previous_id: int | None) -> None:
    """Write the plan of a cycle and agree it, in the hand of the SENCO; a draft stays one."""
    from graduated.demo.lived import baselines

    day = cycle.agreed or cycle.starts
    for given in life.given.values():
        if given.group is not None:
            log_until(stage, given.group, stage.calendar.shifted(day, -1))
    with stage.act("legg", day, "Plan agreed" if cycle.agreed else "Draft plan written", 15, 50):
        baselines(stage, life, cycle, day)
        frame = _frame(stage, life, cycle)
        if life.cycle_id is None:
            life.cycle_id = open_cycle(life.pupil_id, frame, previous_id)
        else:
            save_frame(life.cycle_id, frame)
        _outcomes(stage, life, cycle, life.cycle_id, day)
        _help(stage, groups, life, cycle, life.cycle_id, day)
        _words(life, life.cycle_id)
        if cycle.agreed is not None:
            _agree(life, cycle, life.cycle_id)
    if life.course.story.state == "sent" and cycle.agreed is None:
        with stage.act("legg", stage.calendar.shifted(day, 2), "Draft plan sent to the family", 16, 30):
            send_to_family(life.cycle_id, stage.calendar.shifted(day, 2))


def _frame(stage: Stage, life: Life, cycle: Dated) -> CycleFrame:
    lead = stage.lead(life.child, min(cycle.due, stage.today))
    soon = cycle.ends is None and (cycle.due - stage.today).days <= _MEETING_WITHIN
    hour, minute, place = _MEETINGS[life.pupil_id % len(_MEETINGS)]
    return CycleFrame(
        starts=cycle.starts,
        review_due=cycle.due,
        lead_id=stage.cast.users[lead] if lead else None,
        plan_type=PlanType.EHC_PLAN if life.child.status is SenStatus.PLAN else PlanType.SEN_SUPPORT,
        assess_summary=cycle.turn.assess,
        meeting_at=moment(cycle.due, hour, minute) if soon else None,
        meeting_place=place if soon else "",
    )


def _outcomes(stage: Stage, life: Life, cycle: Dated, cycle_id: int, day: date) -> None:
    """Carried outcomes get their new words; what the story leaves is taken out, what is new added."""
    thread_of = {key: thread for thread, key in life.outcomes.items()}
    carried: dict[str, int] = {}
    for row in db.session.execute(_OUTCOMES, {"cycle_id": cycle_id}).all():
        thread = thread_of.get(row.continues_id)
        if thread in {aim.thread for aim in cycle.turn.aims} and thread is not None:
            carried[thread] = row.id
        else:
            remove_outcome(row.id)
    life.outcomes = {}
    for aim in cycle.turn.aims:
        details = _outcome(stage, life, cycle, aim, day)
        if aim.thread in carried:
            life.outcomes[aim.thread] = change_outcome(carried[aim.thread], details)
        else:
            life.outcomes[aim.thread] = add_outcome(cycle_id, details)


def _outcome(stage: Stage, life: Life, cycle: Dated, aim: Aim, day: date) -> OutcomeDetails:
    thread = life.course.story.threads[aim.thread]
    figures = bool(thread.measure)
    return OutcomeDetails(
        area=thread.area,
        statement=aim.statement,
        success=aim.success,
        in_plain_words=aim.plain,
        measure_id=stage.measures[thread.measure][0] if figures else None,
        baseline=aim.start if figures else None,
        baseline_on=day if figures else None,
        target=aim.target if figures else None,
        by_when=cycle.due if cycle.due > day else stage.calendar.shifted(day, 60),
    )


def _help(stage: Stage, groups: Groups, life: Life, cycle: Dated, cycle_id: int, day: date) -> None:
    rows = db.session.scalars(_PROVISIONS, {"cycle_id": cycle_id}).all()
    carried = {row.name: row for row in rows}
    before, life.given = life.given, {}
    for one in cycle.turn.help:
        details = _details(stage, groups, life, one, day)
        row = carried.pop(details.name, None)
        details = priced(details, again=row is not None)
        provision_id = change_provision(row.id, details) if row is not None else add_provision(cycle_id, details)
        life.given[details.name] = _given(stage, groups, life, one, details.name, provision_id, day)
    for row in carried.values():
        remove_provision(row.id)
    now = {given.group.group_id for given in life.given.values() if given.group is not None}
    for given in before.values():
        if given.group is not None and given.group.group_id not in now:
            given.group.leave(life.pupil_id, stage.calendar.shifted(day, -1))


def _given(stage: Stage, groups: Groups, life: Life, one: Help, name: str, provision_id: int, day: date) -> Given:
    who = GROUPS[one.group].who if one.group else one.who
    if one.in_class:
        assign(stage.cast.users[who], life.pupil_id, AssignmentSource.HAND, f"Support in class: {name}"[:80])
        return Given(provision_id, name, who)
    place_id = db.session.scalar(_PLACE_OF, {"provision_id": provision_id})
    if place_id is None:
        raise ValueError(f"{name}: sessions without a place")
    group = groups.of_place(place_id, one.group or f"{life.course.story.name} {name}", who)
    group.join(life.pupil_id, day)
    return Given(provision_id, name, who, group)


def _details(stage: Stage, groups: Groups, life: Life, one: Help, day: date) -> ProvisionDetails:
    serves = tuple(life.outcomes[key] for key in one.threads if key in life.outcomes)
    if one.group:
        told = GROUPS[one.group]
        return ProvisionDetails(
            name=told.name,
            intervention_id=stage.interventions[told.intervention],
            join_group_id=groups.shared_id(stage, one.group, day),
            staff_id=stage.cast.users[told.who],
            staff_role=PEOPLE[told.who].role,
            minutes=told.minutes,
            times_a_week=len(told.weekdays),
            group_size=max(2, groups.sizes.get(one.group, 2)),
            weekdays=told.weekdays,
            at=told.at,
            starts=day,
            expected_impact=one.impact,
            serves=serves,
        )
    weekdays, at = ((), None) if one.in_class else _slot(stage, life, one, day)
    return ProvisionDetails(
        name=one.name,
        kind=ProvisionKind.IN_CLASS if one.in_class else ProvisionKind.SESSIONS,
        intervention_id=None if one.in_class else stage.interventions[kind_of(one.name)],
        staff_id=stage.cast.users[one.who],
        staff_role=PEOPLE[one.who].role,
        minutes=one.minutes,
        times_a_week=one.times,
        weekdays=weekdays,
        at=at,
        starts=day,
        expected_impact=one.impact,
        evidencing=Evidencing.WEEKLY if one.in_class else Evidencing.SESSION,
        serves=serves,
    )


def _slot(stage: Stage, life: Life, one: Help, day: date) -> Slot:
    shared = {help_.group for turn in life.course.story.turns for help_ in turn.help if help_.group}
    return slot(
        one.who, stage.cast.users[one.who], life.pupil_id, one.name, one.minutes, one.times, day, sorted(shared)
    )


def _words(life: Life, cycle_id: int) -> None:
    """Strategies and who does what, once: later plans carry them."""
    if db.session.scalar(_STRATEGY, {"cycle_id": cycle_id}) is not None:
        return
    story = life.course.story
    ordinary = [(StrategyKind.ORDINARY, text, "All adults") for text in story.ordinary]
    additional = [(StrategyKind.ADDITIONAL, text, "Class teacher") for text in story.additional]
    for position, (kind, text, who) in enumerate((*ordinary, *additional)):
        db.session.add(
            Strategy(pupil_id=life.pupil_id, cycle_id=cycle_id, kind=kind, text=text, who=who, position=position)
        )
    for position, (does, text) in enumerate(story.tasks):
        db.session.add(
            Responsibility(
                pupil_id=life.pupil_id, cycle_id=cycle_id, who=Responsible(does), text=text, position=position
            )
        )
    db.session.flush()


def _agree(life: Life, cycle: Dated, cycle_id: int) -> None:
    if cycle.agreed is None:
        return
    family = life.family
    by_phone = sum(map(ord, life.course.story.name)) % 5 == 0
    details = AgreementDetails(
        agreed_on=cycle.agreed,
        method=AgreementMethod.PHONE if by_phone else AgreementMethod.MEETING,
        agreed_ids=family.asked,
        no_answer_ids=family.silent,
        pupil_took_part=life.child.year.value not in {"R", "1"},
    )
    agree(cycle_id, details)
