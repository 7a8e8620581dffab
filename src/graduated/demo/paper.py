"""Cycles brought forward from paper: the old plan and its review, typed in by the SEN assistant, with a scan of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, select

from graduated.assess.models import Measurement
from graduated.db.session import db
from graduated.demo.background import Family
from graduated.demo.groups import BY_KEY as GROUPS
from graduated.demo.groups import kind_of
from graduated.demo.papers import Paper, store
from graduated.demo.people import BY_KEY as PEOPLE
from graduated.demo.plan import Course, Dated
from graduated.demo.stage import Child, Stage
from graduated.demo.stories import Help, Story
from graduated.plan.models import Agreement, AgreementAdult, Cycle, Outcome, Provision, ProvisionOutcome, Strategy
from graduated.pupils.services import add_document
from graduated.review.models import (
    ActionItem,
    Attendee,
    NextStepTaken,
    OutcomeJudgement,
    ProvisionJudgement,
    Review,
)
from graduated.rules.vocabulary import (
    AgreementMethod,
    CycleOrigin,
    CycleStatus,
    DocumentKind,
    Evidencing,
    NextStep,
    PlanType,
    ProvisionKind,
    RequestPath,
    ReviewStatus,
    SenStatus,
    SpecialistPath,
    StrategyKind,
)

_PROVISIONS = select(Provision).where(Provision.cycle_id == bindparam("cycle_id")).order_by(Provision.position)


def plan_type(child: Child) -> PlanType:
    """Under which duty the pupil's cycles run."""
    return PlanType.EHC_PLAN if child.status is SenStatus.PLAN else PlanType.SEN_SUPPORT


def enter(stage: Stage, course: Course, child: Child, family: Family) -> int | None:
    """Type in all cycles of a pupil that were on paper; the last one's id."""
    cycles = [one for one in course.cycles if one.paper]
    if not cycles:
        return None
    scan = store(_scan(course.story, cycles[-1]))  # the older ones stayed in the cupboard
    spread = sum(map(ord, course.story.name)) % 15
    day = stage.calendar.shifted(max(stage.begun, cycles[-1].ends or stage.begun), 4 + spread)
    last = None
    with stage.act("rowsell", day, "Cycles brought forward from paper", 11, 20):
        before: dict[str, int] = {}
        seen: dict[str, Decimal] = {}
        for one in cycles:
            scan_id = add_document(child.pupil_id, scan) if one is cycles[-1] else None
            last = _cycle(stage, one, child, family, last, scan_id)
            before = _contents(stage, course.story, one, child, last, before)
            _figures(stage, course.story, one, child, seen)
            _review(stage, one, child, family, last, before)
    return last


def _scan(story: Story, cycle: Dated) -> Paper:
    aims = tuple(f"Outcome: {aim.statement}. Known by: {aim.success}." for aim in cycle.turn.aims)
    said = (f"Parents: {cycle.turn.parent}", f"Pupil: {cycle.turn.pupil}", f"Next step: {cycle.turn.why}")
    dated = cycle.ends or cycle.due
    title = f"SEN support plan and review, {story.name}, cycle {cycle.number} (scan)"
    return Paper(DocumentKind.PLAN, title, "Purbeck Road Primary", dated, (cycle.turn.assess, *aims, *said))


def _cycle(stage: Stage, cycle: Dated, child: Child, family: Family, previous: int | None, scan: int | None) -> int:
    lead = stage.lead(child, cycle.ends or cycle.due)
    row = Cycle(
        pupil_id=child.pupil_id, number=cycle.number, previous_id=previous, plan_type=plan_type(child),
        origin=CycleOrigin.PAPER, status=CycleStatus.REVIEWED, starts=cycle.starts, ends=cycle.ends,
        review_due=cycle.due, lead_id=stage.cast.users[lead] if lead else None, assess_summary=cycle.turn.assess,
        sent_on=cycle.agreed, agreed_on=cycle.agreed, scan_id=scan,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    agreement = Agreement(
        pupil_id=child.pupil_id, cycle_id=row.id, agreed_on=cycle.agreed, method=AgreementMethod.MEETING,
        pupil_took_part=cycle.number > 1,
    )  # fmt: skip
    db.session.add(agreement)
    db.session.flush()
    for adult_id in family.asked:
        db.session.add(
            AgreementAdult(pupil_id=child.pupil_id, agreement_id=agreement.id, adult_id=adult_id, answered=True)
        )
    return row.id


def _contents(
    stage: Stage, story: Story, cycle: Dated, child: Child, cycle_id: int, before: dict[str, int]
) -> dict[str, int]:
    """Outcomes, provision and strategies; outcome ids by thread."""
    rows: dict[str, Outcome] = {}
    for position, aim in enumerate(cycle.turn.aims):
        thread = story.threads[aim.thread]
        measure = stage.measures[thread.measure][0] if thread.measure else None
        rows[aim.thread] = Outcome(
            pupil_id=child.pupil_id, cycle_id=cycle_id, position=position, area=thread.area, statement=aim.statement,
            in_plain_words=aim.plain, success=aim.success, measure_id=measure,
            baseline=aim.start if measure else None, baseline_on=cycle.starts if measure else None,
            target=aim.target if measure else None, by_when=cycle.due, continues_id=before.get(aim.thread),
        )  # fmt: skip
    db.session.add_all(rows.values())
    db.session.flush()
    provisions = [_provision(stage, one, place, cycle, child, cycle_id) for place, one in enumerate(cycle.turn.help)]
    db.session.add_all(provisions)
    for place, text in enumerate(story.ordinary):
        db.session.add(
            Strategy(pupil_id=child.pupil_id, cycle_id=cycle_id, text=text, who="All adults", position=place)
        )
    for place, text in enumerate(story.additional[:1] if cycle.number < 3 else story.additional):
        db.session.add(
            Strategy(
                pupil_id=child.pupil_id, cycle_id=cycle_id, kind=StrategyKind.ADDITIONAL, text=text,
                who="Class teacher", position=len(story.ordinary) + place,
            )
        )  # fmt: skip
    db.session.flush()
    for provision, one in zip(provisions, cycle.turn.help, strict=True):
        for thread_key in one.threads:
            if thread_key in rows:
                db.session.add(
                    ProvisionOutcome(pupil_id=child.pupil_id, provision_id=provision.id, outcome_id=rows[thread_key].id)
                )
    db.session.flush()
    return {key: row.id for key, row in rows.items()}


def _provision(stage: Stage, one: Help, place: int, cycle: Dated, child: Child, cycle_id: int) -> Provision:
    shared = GROUPS.get(one.group)
    who = PEOPLE[shared.who if shared else one.who]
    name = shared.name if shared else one.name
    kind = shared.intervention if shared else kind_of(one.name)
    return Provision(
        pupil_id=child.pupil_id, cycle_id=cycle_id, intervention_id=stage.interventions.get(kind), position=place,
        kind=ProvisionKind.IN_CLASS if one.in_class else ProvisionKind.SESSIONS, name=name, who=who.name,
        staff_role=who.role, minutes=shared.minutes if shared else one.minutes,
        times_a_week=len(shared.weekdays) if shared else one.times, weeks=None, group_size=5 if shared else 1,
        starts=cycle.agreed or cycle.starts, ends=cycle.ends, expected_impact=one.impact, evidencing=Evidencing.NONE,
    )  # fmt: skip


def _figures(stage: Stage, story: Story, cycle: Dated, child: Child, seen: dict[str, Decimal]) -> None:
    """The figures of the old papers: where a cycle began and where it ended."""
    for aim in cycle.turn.aims:
        code = story.threads[aim.thread].measure
        if not code:
            continue
        if seen.get(code) != aim.start:
            _figure(stage, child, code, aim.start, cycle.starts, cycle.number)
        if aim.got is not None:
            _figure(stage, child, code, aim.got, cycle.ends or cycle.due, cycle.number)
            seen[code] = aim.got
    for code, values in story.series.items():
        if cycle.told <= len(values):
            _figure(stage, child, code, values[cycle.told - 1], cycle.starts, cycle.number)


def _figure(stage: Stage, child: Child, code: str, value: Decimal, day: date, number: int) -> None:
    measure_id, respondent = stage.measures[code]
    db.session.add(
        Measurement(
            pupil_id=child.pupil_id, measure_id=measure_id, taken_on=day, value=value, respondent=respondent,
            form="AB"[number % 2] if code.startswith(("yarc", "ngrt", "bpvs")) else "", from_paper=True,
        )
    )  # fmt: skip


def _review(stage: Stage, cycle: Dated, child: Child, family: Family, cycle_id: int, outcomes: dict[str, int]) -> None:
    turn = cycle.turn
    review = Review(
        pupil_id=child.pupil_id, cycle_id=cycle_id, status=ReviewStatus.OPEN, held_on=cycle.ends,
        with_parent=not turn.without, pupil_present=cycle.number > 1, attempts=turn.without, others_present="",
        pupil_views=turn.pupil, parent_views=turn.parent, from_paper=True,
    )  # fmt: skip
    db.session.add(review)
    db.session.flush()
    _attendees(stage, cycle, child, family, review.id)
    pupil_id = child.pupil_id
    for aim in turn.aims:
        db.session.add(
            OutcomeJudgement(
                pupil_id=pupil_id,
                review_id=review.id,
                outcome_id=outcomes[aim.thread],
                judgement=aim.judgement,
                reason=aim.why,
            )
        )
    rows = db.session.scalars(_PROVISIONS, {"cycle_id": cycle_id}).all()
    for row, one in zip(rows, turn.help, strict=True):
        db.session.add(
            ProvisionJudgement(
                pupil_id=pupil_id, review_id=review.id, provision_id=row.id, verdict=one.verdict, why=one.why
            )
        )
    for what, who, done in turn.actions:
        by_when = stage.calendar.shifted(cycle.ends or cycle.due, 15 if done else 60)
        done_on = stage.calendar.shifted(cycle.ends or cycle.due, 12) if done else None
        db.session.add(
            ActionItem(pupil_id=pupil_id, review_id=review.id, what=what, who=who, by_when=by_when, done_on=done_on)
        )
    db.session.add(_next_step(cycle, child, review.id))
    db.session.flush()
    review.status = ReviewStatus.SEALED  # from here on the database refuses any change below it
    db.session.flush()


def _attendees(stage: Stage, cycle: Dated, child: Child, family: Family, review_id: int) -> None:
    """Who sat at the table: the family unless they could not come, the class teacher, the SENCO."""
    pupil_id = child.pupil_id
    if family.coming and not cycle.turn.without:
        adult_id, name = family.coming
        db.session.add(Attendee(pupil_id=pupil_id, review_id=review_id, adult_id=adult_id, name=name, role=""))
    lead = stage.lead(child, cycle.ends or cycle.due)
    for key, role in ((lead, "Class teacher"), ("legg", "SENCO")):
        if key:
            db.session.add(
                Attendee(
                    pupil_id=pupil_id,
                    review_id=review_id,
                    user_id=stage.cast.users[key],
                    name=PEOPLE[key].name,
                    role=role,
                )
            )


def _next_step(cycle: Dated, child: Child, review_id: int) -> NextStepTaken:
    turn, special = cycle.turn, cycle.turn.step is NextStep.SPECIALIST
    path = None
    if turn.step is NextStep.CONSIDER_EHCNA:
        path = RequestPath.OPEN if turn.request == "open" else RequestPath.NOT_NOW
    return NextStepTaken(
        pupil_id=child.pupil_id, review_id=review_id, step=turn.step, reason=turn.why,
        specialist=SpecialistPath(turn.refer[2]) if special else None,
        specialist_words=turn.refer[1] if special else "", request=path, signposted=path is not None,
    )  # fmt: skip
