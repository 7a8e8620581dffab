"""Cycles lived in Graduated: contributed to by teachers, measured by those who taught, reviewed and sealed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, select

from graduated.assess.services import NewMeasurement, NewView, record_measurement, record_view
from graduated.db.session import db
from graduated.demo.background import Family, known
from graduated.demo.people import BY_KEY as PEOPLE
from graduated.demo.plan import Course, Dated
from graduated.demo.provisions import Given
from graduated.demo.sessions import log_until, tick_weeks
from graduated.demo.stage import Child, Stage
from graduated.plan.models import Cycle
from graduated.plan.services import Words, contribute
from graduated.review.deciding import Decision
from graduated.review.models import ActionItem
from graduated.review.services import (
    Attending,
    Promise,
    Sitting,
    save_review,
    seal_review,
    start_review,
    tick_action,
)
from graduated.rules.progress import Value
from graduated.rules.vocabulary import (
    CycleStatus,
    NextStep,
    ProvisionVerdict,
    RequestPath,
    SpecialistPath,
    ViewMethod,
    ViewOf,
)

_BEFORE_REVIEW = -4
_ACTIONS = select(ActionItem.id, ActionItem.what).where(ActionItem.review_id == bindparam("review_id"))
_DRAFT = select(Cycle.id).where(Cycle.pupil_id == bindparam("pupil_id"), Cycle.status == CycleStatus.DRAFT)


@dataclass
class Life:
    """One pupil while the story is told: what has been written of the cycle that runs."""

    course: Course
    child: Child
    family: Family
    cycle_id: int | None = None
    outcomes: dict[str, int] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)
    seen: dict[str, Decimal] = field(default_factory=dict)
    reviews: dict[int, int] = field(default_factory=dict)
    promised: list[tuple[int, date]] = field(default_factory=list)

    @property
    def pupil_id(self) -> int:
        """The pupil's id."""
        return self.child.pupil_id


def measure(stage: Stage, life: Life, code: str, value: Decimal, day: date, by: str) -> int:
    """Record a figure, in the name of who took it."""
    measure_id, respondent = stage.measures[code]
    form = "AB"[day.month % 2] if code.startswith(("yarc", "ngrt", "bpvs")) else ""
    new = NewMeasurement(measure_id, day, Value(value), respondent, form, PEOPLE[by].name)
    return record_measurement(life.pupil_id, new)


def baselines(stage: Stage, life: Life, cycle: Dated, day: date) -> None:
    """The figures that a plan starts from, where the last review did not leave them."""
    story = life.course.story
    for aim in cycle.turn.aims:
        code = story.threads[aim.thread].measure
        if code and life.seen.get(code) != aim.start:
            measure(stage, life, code, aim.start, day, "legg")
            life.seen[code] = aim.start
    for code, values in story.series.items():
        if cycle.told <= len(values) and code not in {thread.measure for thread in story.threads.values()}:
            measure(stage, life, code, values[cycle.told - 1], day, "rowsell")


def _helper(life: Life, fallback: str) -> str:
    """Who measures: the adult of the first provision that a person of the school gives."""
    return next((given.who for given in life.given.values()), fallback)


def _figures(stage: Stage, life: Life, cycle: Dated, day: date) -> None:
    rows = [(life.course.story.threads[aim.thread].measure, aim.got) for aim in cycle.turn.aims]
    found = [(code, got) for code, got in rows if code and got is not None and life.seen.get(code) != got]
    if not found:
        return
    who = _helper(life, "legg")
    with stage.act(who, day, "Measurements recorded", 11, 40):
        for code, got in found:
            measure(stage, life, code, got, day, who)
            life.seen[code] = got


def _from_teacher(stage: Stage, life: Life, cycle: Dated, day: date) -> None:
    """What the class teacher adds before a review, and what the pupil told them."""
    lead = stage.lead(life.child, day) or "legg"
    works, _, does_not = cycle.turn.teacher.partition("|")
    with stage.act(lead, day, "Pupil’s views recorded", 16, 10):
        method = ViewMethod.DRAWING if life.child.year.value in {"R", "1"} else ViewMethod.CONVERSATION
        record_view(life.pupil_id, NewView(ViewOf.PUPIL, method, cycle.turn.pupil, day, gathered_by=PEOPLE[lead].name))
        if cycle.turn.teacher and life.cycle_id is not None:
            contribute(life.cycle_id, Words(works=works, does_not_work=does_not), for_review=True)


def _from_parents(life: Life, cycle: Dated, day: date) -> None:
    """The parents' words, and the attempts where nothing came; within the SENCO's act."""
    family = life.family
    for action_id, on in life.promised:
        if on <= day:
            tick_action(action_id, True, on)
    life.promised = []
    if family.coming is not None:
        adult_id, _name = family.coming
        method = ViewMethod.INTERPRETER if life.course.story.interpreter else ViewMethod.CONVERSATION
        view = NewView(ViewOf.PARENT, method, cycle.turn.parent, day, adult_id, PEOPLE["legg"].name)
        record_view(life.pupil_id, view)
    for adult_id in family.silent:
        tried = "Letter home, and two messages left by telephone. No answer so far; asked again with the invitation."
        view = NewView(ViewOf.PARENT, ViewMethod.ATTEMPTED, tried, day, adult_id, PEOPLE["rowsell"].name)
        record_view(life.pupil_id, view)


def review(stage: Stage, life: Life, cycle: Dated) -> None:
    """Hold the review of the running cycle: what was logged, measured and said first, then the sitting and its seal."""
    held_on = cycle.ends
    if held_on is None or life.cycle_id is None:
        raise ValueError("only a running cycle with a review is reviewed")
    before = max(stage.calendar.shifted(held_on, _BEFORE_REVIEW), cycle.agreed or cycle.starts)
    settle(stage, life, cycle, held_on)
    _from_teacher(stage, life, cycle, before)
    _figures(stage, life, cycle, stage.calendar.shifted(held_on, -2))
    with stage.act("legg", held_on, "Review sealed", 16, 5):
        _from_parents(life, cycle, before)
        review_id = start_review(life.cycle_id, held_on=held_on)
        save_review(review_id, _sitting(stage, life, cycle, held_on))
        seal_review(review_id)
        life.reviews[cycle.told] = review_id
        life.cycle_id = _next_draft(life)
        life.promised = _promised(stage, cycle, review_id, held_on)
        for given in life.given.values():
            if given.group is not None and given.verdict is not ProvisionVerdict.CONTINUE:
                given.group.leave(life.pupil_id, stage.calendar.shifted(held_on, -1))


def _promised(stage: Stage, cycle: Dated, review_id: int, held_on: date) -> list[tuple[int, date]]:
    """What was promised and will have been done, with the day it was."""
    done = {what for what, _who, said in cycle.turn.actions if said}
    rows = db.session.execute(_ACTIONS, {"review_id": review_id}).all()
    on = stage.calendar.shifted(held_on, 9)
    return [(row.id, on) for row in rows if row.what in done or row.what.startswith(("Refer to ", "Tell the parents"))]


def settle(stage: Stage, life: Life, cycle: Dated, until: date) -> None:
    """Log what the pupil's adults logged up to a day."""
    ticks: dict[str, list[tuple[int, str]]] = {}
    for given in life.given.values():
        if given.group is not None:
            log_until(stage, given.group, until)
        else:
            ticks.setdefault(given.who, []).append((given.provision_id, f"{life.course.story.name} {given.name}"))
    for who, rows in ticks.items():
        tick_weeks(stage, who, rows, cycle.agreed or cycle.starts, until)


def _next_draft(life: Life) -> int | None:
    return db.session.scalar(_DRAFT, {"pupil_id": life.pupil_id})


def _sitting(stage: Stage, life: Life, cycle: Dated, held_on: date) -> Sitting:
    turn = cycle.turn
    judgements = tuple((life.outcomes[aim.thread], aim.judgement, aim.why) for aim in turn.aims)
    verdicts = []
    for one, given in zip(turn.help, life.given.values(), strict=True):
        given.verdict = one.verdict
        verdicts.append((given.provision_id, one.verdict, one.why))
    by_when = stage.calendar.shifted(held_on, 15)
    return Sitting(
        held_on=held_on,
        with_parent=not turn.without,
        pupil_present=life.child.year.value not in {"R", "1"},
        attempts=turn.without,
        others_present=life.course.story.came if cycle.told == len(life.course.story.turns) - 1 else "",
        pupil_views=turn.pupil,
        parent_views=turn.parent,
        attending=_attending(stage, life, cycle, held_on),
        judgements=judgements,
        verdicts=tuple(verdicts),
        promises=tuple(
            Promise(what, who, by_when if done else _later(stage, life, cycle)) for what, who, done in turn.actions
        ),
        decision=_decision(stage, cycle, held_on),
    )


def _later(stage: Stage, life: Life, cycle: Dated) -> date:
    """What takes longer is promised by the next review."""
    following = [one.due for one in life.course.cycles if one.number > cycle.number]
    return following[0] if following else stage.calendar.shifted(cycle.due, 60)


def _attending(stage: Stage, life: Life, cycle: Dated, held_on: date) -> tuple[Attending, ...]:
    rows = [Attending(PEOPLE["legg"].name, "SENCO", user_id=stage.cast.users["legg"])]
    lead = stage.lead(life.child, held_on)
    if lead is not None:
        rows.append(Attending(PEOPLE[lead].name, "Class teacher", user_id=stage.cast.users[lead]))
    if life.family.coming is not None and not cycle.turn.without:
        adult_id, name = life.family.coming
        rows.insert(0, Attending(name, "", adult_id=adult_id))
    return tuple(rows)


def _decision(stage: Stage, cycle: Dated, held_on: date) -> Decision:
    turn = cycle.turn
    step = turn.step or turn.proposed
    special, asks = step is NextStep.SPECIALIST, step is NextStep.CONSIDER_EHCNA
    service, question, path = turn.refer if special else ("", "", "refer")
    return Decision(
        step=step,
        reason=turn.why,
        need_remains=step is not NextStep.COME_OFF,
        specialist=SpecialistPath(path) if special else None,
        service=service,
        question=question,
        who_refers=PEOPLE["legg"].name if special else "",
        refer_by=stage.calendar.shifted(held_on, 10) if special else None,
        parents_agree=True if special else None,
        request=RequestPath.OPEN if asks else None,
        signposted=asks,
        check_back_on=stage.calendar.shifted(held_on, 60) if step is NextStep.COME_OFF else None,
    )


def present(stage: Stage, life: Life, cycle: Dated) -> None:
    """The running cycle as it stands today: what was logged, measured and said so far."""
    today, agreed = stage.calendar.on_or_before(stage.today), cycle.agreed
    if agreed is None:
        return
    settle(stage, life, cycle, today)
    lately = max(stage.calendar.shifted(today, -4), agreed)
    if (today - agreed).days > 20:
        _figures(stage, life, cycle, stage.calendar.shifted(today, -6))
        _latest_series(stage, life, cycle, stage.calendar.shifted(today, -6))
    _from_teacher(stage, life, cycle, lately)
    with stage.act("legg", lately, "Parents’ views recorded", 16, 20):
        _from_parents(life, cycle, lately)
        known(stage, life.course, life.child, lately)
    if cycle.turn.begun:
        _begin_review(stage, life, cycle)


def _begin_review(stage: Stage, life: Life, cycle: Dated) -> None:
    """A meeting held on the last school day: written up half, or whole and waiting to be sealed."""
    held_on = stage.calendar.shifted(stage.today, -1)
    if life.cycle_id is None:
        raise ValueError("only a running cycle is reviewed")
    with stage.act("legg", held_on, "Review started", 16, 30):
        sitting = _sitting(stage, life, cycle, held_on)
        review_id = start_review(life.cycle_id, held_on=held_on)
        save_review(review_id, replace(sitting, summary=cycle.turn.begun), ready=cycle.turn.proposed is not None)


def afterwards(stage: Stage, life: Life) -> None:
    """What was promised at a review that ended SEN support, done in the weeks after."""
    promised, life.promised = life.promised, []
    if promised and promised[0][1] <= stage.today:
        with stage.act("legg", promised[0][1], "Actions ticked", 16, 40):
            for action_id, on in promised:
                tick_action(action_id, True, on)


def _latest_series(stage: Stage, life: Life, cycle: Dated, day: date) -> None:
    found = [
        (code, values[cycle.told]) for code, values in life.course.story.series.items() if cycle.told < len(values)
    ]
    if found:
        with stage.act("rowsell", day, "Measurements recorded", 11, 0):
            for code, value in found:
                measure(stage, life, code, value, day, "rowsell")
