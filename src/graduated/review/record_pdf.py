"""The record of one sealed review on paper, in plain words, to be given to the parents."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from graduated.db.clock import now, today
from graduated.do.queries import doses_of_cycle
from graduated.pack import content as pack
from graduated.pack.plan_pdf import FamilyPaper, render_review
from graduated.plan.queries import OutcomeRow, Plan, cycle_of, cycles_of, plan_of
from graduated.plan.words import part_of_outcome
from graduated.pupils.queries import PupilHead, pupil_head
from graduated.request.rights import rights
from graduated.review.doses import counted_to, seen_by
from graduated.review.gathered import as_evidence
from graduated.review.queries import ReviewRecord
from graduated.review.rows import as_judged
from graduated.rules.dosage import Dose
from graduated.rules.vocabulary import inside
from graduated.school.queries import school_details
from graduated.web.filters import clock_time, long_date, moment, weekday_date

_TIMES = {1: "once", 2: "twice"}


def record_bytes(record: ReviewRecord, builder: str, given_to: Collection[int] | None = None) -> bytes:
    """The PDF of one review; for giving, `given_to` are the adults who get it.

    What parents said there is in it only where all of them were there: one parent's words are not the other's to read.
    """
    there = {one.adult_id for one in record.attendees}
    if given_to is not None and not there.issuperset(given_to):
        record = replace(record, parent_views="")
    plan, head = plan_of(record.cycle_id, record.held_on if record.seal else None), pupil_head(record.pupil_id)
    school, known = school_details(), rights()
    contacts = [("School", " · ".join(part for part in (school.name, school.phone) if part))]
    if plan.cycle.lead_name:
        contacts.insert(0, ("Lead teacher", plan.cycle.lead_name))
    if known.sendiass:
        contacts.append(("Free and impartial advice", known.sendiass))
    paper = FamilyPaper(
        school=pack.School(name=school.name, urn=school.urn, address=school.address, telephone=school.phone),
        pupil=head.name,
        cycle=_cycle(record, plan, head),
        moment=now(),
        builder=builder,
        meeting=_next_meeting(record.pupil_id),
        contacts=tuple(pack.Fact(label=label, text=text) for label, text in contacts),
        authority=known.authority,
    )
    return render_review(paper).pdf


def _next_meeting(pupil_id: int) -> str:
    """When and where the family is met next, or by when the open plan is looked at again; "" when neither is set."""
    running = [one for one in cycles_of(pupil_id) if one.status.is_open]
    for one in running:
        at = one.meeting_at
        if at is not None and at.date() >= today():
            return ", ".join(part for part in (weekday_date(at.date()), clock_time(at), one.meeting_place) if part)
    due = [one.review_due for one in running if one.review_due is not None and one.review_due >= today()]
    return f"By {long_date(min(due))}, when we look at the plan again" if due else ""


def _cycle(record: ReviewRecord, plan: Plan, head: PupilHead) -> pack.Cycle:
    numbers = {one.outcome_id: one.number for one in plan.outcomes}
    doses = doses_of_cycle(record.cycle_id, counted_to(record), seen_by(record))
    judged = {one.outcome_id: one.stood_as for one in record.judgements}
    named = {one.provision_id: one.stood_as for one in record.verdicts}
    return pack.Cycle(
        number=record.cycle_number,
        start=record.cycle_starts,
        end=cycle_of(record.cycle_id).ends,
        lead=plan.cycle.lead_name,
        outcomes=tuple(
            _outcome(one, judged.get(one.outcome_id, ""), _said_then(plan, one.number, record))
            for one in plan.outcomes
            if one.outcome_id in judged or (record.seal is None and one.dropped_on is None)
        ),
        provisions=tuple(
            pack.Provision(
                name=named.get(one.provision_id) or one.name,
                who=one.by,
                minutes=one.minutes or None,
                times_a_week=_TIMES.get(one.times_a_week, f"{one.times_a_week} times") if one.times_a_week else "",
                weeks=one.weeks,
                group_size=one.group_size,
                serves=tuple(numbers[key] for key in one.serves if key in numbers),
                dose=_dose(doses.get(one.provision_id)),
            )
            for one in plan.provisions
            if record.seal is None or one.provision_id in named or one.starts <= (record.held_on or one.starts)
        ),
        reviews=(_review(record, numbers, head),),
    )


def _said_then(plan: Plan, number: int, record: ReviewRecord) -> dict[str, str]:
    """What parts of an outcome said at the seal, by their names, where a plan that went on was amended since."""
    if record.seal is None:
        return {}
    start = part_of_outcome(number)
    found: dict[str, str] = {}
    for one in sorted(plan.amendments, key=lambda row: (row.recorded_at, row.amendment_id)):
        if one.what.startswith(start) and one.recorded_at > record.seal.sealed_at:
            found.setdefault(one.what.removeprefix(start), one.before)
    return found


def _outcome(row: OutcomeRow, stood_as: str, then: dict[str, str]) -> pack.Outcome:
    measured = {"measure", "baseline", "target"}.isdisjoint(then)
    return pack.Outcome(
        number=row.number,
        area=row.area.label,
        statement=as_judged(row.statement, row.in_plain_words, stood_as),
        success_criterion=then.get("how it will be known", row.success),
        measure=then.get("measure", row.scale.name if row.scale else ""),
        baseline=then.get("baseline", row.baseline_text),
        target=then.get("target", row.target_text),
        by_when=_day_of(then["by when"]) if "by when" in then else row.by_when,
        latest=row.latest.text if row.latest and "measure" not in then else "",
        progress=row.progress.words if row.progress and measured else "",
    )


def _day_of(words: str) -> date | None:
    """The day that an amendment keeps in words."""
    return datetime.strptime(words, "%d %B %Y").date() if words else None  # noqa: DTZ007  (a day, not a moment)


def _dose(found: Dose | None) -> pack.Dose | None:
    if found is None:
        return None
    return pack.Dose(
        planned=found.planned_to_date_minutes,
        delivered=found.delivered_minutes,
        missed=tuple(pack.Missed(reason=label, minutes=n) for label, n in sorted(found.missed_by_reason.items())),
        not_recorded=found.not_recorded_minutes,
        to_come=found.to_come_minutes,
        logged=found.logged,
        words=found.words,
    )


def _review(record: ReviewRecord, numbers: dict[int, int], head: PupilHead) -> pack.Review:
    step, seal = record.step, record.seal
    pupil = (head.name,) if record.pupil_present else ()
    held_on = record.held_on or record.cycle_starts
    return pack.Review(
        held_on=held_on,
        attendees=(
            *pupil,
            *(f"{one.name} ({inside(one.role)})" if one.role else one.name for one in record.attendees),
        ),
        with_parent=bool(record.with_parent),
        attempts=record.attempts,
        views=as_evidence(record, (head.name, "")),
        judgements=tuple(
            pack.Judged(outcome=numbers[one.outcome_id], judgement=one.judgement.label, reason=one.reason)
            for one in record.judgements
            if one.outcome_id in numbers
        ),
        verdicts=tuple(
            pack.Verdict(provision=one.name, verdict=one.verdict.label, why=one.why) for one in record.verdicts
        ),
        step=step.step if step else None,
        next_step=step.step.label_for(head.status.value) if step else "",
        next_step_reason=step.reason if step else "",
        actions=tuple(
            pack.Action(what=one.what, who=one.who, by_when=one.by_when, done_on=one.done_on) for one in record.actions
        ),
        seal=f"Sealed by {seal.signer_name}, {moment(seal.sealed_at)}, seal {seal.sequence}: {seal.digest[:16]}"
        if seal
        else "",
        addenda=tuple(pack.Addendum(on=one.recorded_at.date(), by=one.by, text=one.text) for one in record.addenda),
    )
