"""Every cycle whole, from plans, doses and reviews."""

from __future__ import annotations

from graduated.assess.queries import line_for
from graduated.db.clock import local
from graduated.ehcna.content_measures import series_key
from graduated.ehcna.records import Records
from graduated.pack import content as pack
from graduated.plan.queries import Plan
from graduated.plan.rows import AgreementRow, OutcomeRow, ProvisionRow
from graduated.review.gathered import as_evidence
from graduated.review.queries import ReviewRecord, StepLine
from graduated.rules.calendar import plain_date
from graduated.rules.dosage import Dose
from graduated.rules.progress import Progress, ProgressState


def cycles(records: Records) -> tuple[pack.Cycle, ...]:
    """All cycles, first to last; drafts are no evidence and stay out."""
    return tuple(_cycle(records, plan) for plan in records.evidence_plans)


def _cycle(records: Records, plan: Plan) -> pack.Cycle:
    row = plan.cycle
    reviews = [one for one in records.reviews if one.cycle_id == row.cycle_id]
    numbers = {one.outcome_id: one.number for one in plan.outcomes}
    return pack.Cycle(
        number=row.number,
        start=row.starts,
        end=row.ends,
        from_paper=row.is_paper,
        entered_on=row.entered_on if row.is_paper else None,
        entered_by=row.entered_by if row.is_paper else "",
        plan_type=row.plan_type.label,
        status=row.status.label,
        lead=row.lead_name,
        review_due=row.review_due,
        assess=row.assess_summary,
        agreements=tuple(_agreement(one) for one in plan.agreements),
        outcomes=tuple(_outcome(records, one) for one in plan.outcomes),
        provisions=tuple(_provision(records, plan, one, numbers) for one in plan.provisions),
        strategies=tuple(pack.Strategy(text=one.text, kind=one.kind.label, who=one.who) for one in plan.strategies),
        responsibilities=tuple(pack.Responsibility(who=one.who.label, text=one.text) for one in plan.responsibilities),
        amendments=tuple(
            pack.Amendment(on=one.on, what=one.what, was=one.before, now=one.after, why=one.why, by=one.who)
            for one in plan.amendments
        ),
        reviews=tuple(
            _review(records, one, numbers)
            for one in sorted(reviews, key=lambda one: (one.held_on or row.starts, one.review_id))
        ),
    )


def _agreement(row: AgreementRow) -> pack.Agreement:
    how = row.method.label + (", with the pupil" if row.pupil_took_part else "")
    return pack.Agreement(
        on=row.agreed_on,
        how=f"{how}. {row.note}" if row.note else how,
        with_whom=row.agreed,
        no_answer=row.no_answer,
    )


def progress_words(way: Progress | None) -> str:
    """Where an outcome stands: the figures, what may be said of them, and how much of the way that is.

    Of what moved away or stood still no percentage is said, and nothing is said twice.
    """
    if way is None:
        return ""
    if way.state is ProgressState.UNKNOWN:
        known = way.words.startswith("From ")
        return f"{way.words}. {way.reason_if_no_percent}" if known else way.reason_if_no_percent or way.words
    percent = f", {way.percent}% of the way" if way.percent is not None and way.percent > 0 else ""
    reason = f" {way.reason_if_no_percent}" if way.reason_if_no_percent else ""
    return f"{way.words}: {way.state.inside}{percent}.{reason}"


def _outcome(records: Records, row: OutcomeRow) -> pack.Outcome:
    line = line_for(list(records.series), row.scale.measure_id) if row.scale else None
    statement = row.statement
    if row.dropped_on:
        statement += f"\nNo longer an outcome of this plan from {plain_date(row.dropped_on)}."
    return pack.Outcome(
        number=row.number,
        area=row.area.label,
        statement=statement,
        success_criterion=row.success,
        measure=row.scale.name if row.scale else "",
        baseline=_with_date(row.baseline_text, row),
        target=row.target_text,
        by_when=row.by_when,
        latest=row.latest.text if row.latest else "",
        progress=progress_words(row.progress),
        continues_from=f"Cycle {row.continues_number}" if row.continues_number else "",
        series=series_key(line) if line else "",
        starts_at=None if row.baseline is None else (float(row.baseline), row.baseline_text),
        aims_at=None if row.target is None else (float(row.target), row.target_text),
    )


def _with_date(text: str, row: OutcomeRow) -> str:
    return f"{text}, {plain_date(row.baseline_on)}" if text and row.baseline_on else text


def dose_of(known: Dose | None) -> pack.Dose | None:
    """Minutes as the pack takes them."""
    if known is None:
        return None
    return pack.Dose(
        planned=known.planned_to_date_minutes,
        delivered=known.delivered_minutes,
        missed=tuple(
            pack.Missed(reason=reason, minutes=minutes) for reason, minutes in sorted(known.missed_by_reason.items())
        ),
        not_recorded=known.not_recorded_minutes,
        to_come=known.to_come_minutes,
        logged=known.logged,
        words=known.words,
    )


def _provision(records: Records, plan: Plan, row: ProvisionRow, numbers: dict[int, int]) -> pack.Provision:
    # What came from paper has no log, so its minutes say what was planned and nothing of what was delivered.
    known = records.doses.get(row.provision_id)
    dose = None if plan.cycle.is_paper else dose_of(known)
    return pack.Provision(
        name=row.name,
        who=row.by or (row.staff_role.label if row.staff_role else ""),
        minutes=row.minutes or None,
        times_a_week=_times(row.times_a_week),
        weeks=row.weeks,
        group_size=row.group_size,
        serves=tuple(numbers[one] for one in row.serves if one in numbers),
        expected_impact=row.expected_impact,
        evidencing=row.evidencing.label,
        kind=row.kind.label,
        start=row.starts,
        end=row.stopped_on or row.ends or plan.cycle.ends,
        dose=dose,
        planned_minutes=known.planned_to_date_minutes or None if known else None,
    )


def _times(number: int) -> str:
    return "" if not number else "once" if number == 1 else f"{number} times"


def _review(records: Records, row: ReviewRecord, numbers: dict[int, int]) -> pack.Review:
    held_on = row.held_on or row.cycle_starts
    came = [f"{one.name}, {one.role}" if one.role else one.name for one in row.attendees]
    status = records.head.status.value
    return pack.Review(
        held_on=held_on,
        attendees=(*came, row.others_present) if row.others_present else tuple(came),
        with_parent=bool(row.with_parent),
        attempts=row.attempts,
        views=as_evidence(row, (records.head.name, "The family"), records.views_ever),
        judgements=tuple(
            pack.Judged(outcome=numbers[one.outcome_id], judgement=one.judgement.label, reason=one.reason)
            for one in row.judgements
            if one.outcome_id in numbers
        ),
        verdicts=tuple(
            pack.Verdict(provision=one.name, verdict=one.verdict.label, why=one.why) for one in row.verdicts
        ),
        step=row.step.step if row.step else None,
        next_step=row.step.step.label_for(status) if row.step else "",
        next_step_reason=_why(row.step) if row.step else "",
        actions=tuple(
            pack.Action(what=one.what, who=one.who, by_when=one.by_when, done_on=one.done_on) for one in row.actions
        ),
        seal=_sealed(row),
        addenda=tuple(
            pack.Addendum(
                on=local(one.recorded_at).date(),
                by=one.by,
                text="\n".join(part for part in (one.text, one.why) if part),
            )
            for one in row.addenda
        ),
    )


def _why(step: StepLine) -> str:
    parts = [step.reason]
    if step.specialist:
        parts.append(f"{step.specialist.label}. {step.specialist_words}".strip())
    if step.request:
        parts.append(f"{step.request.label}. {step.request_words}".strip())
    if step.check_back_on:
        parts.append(f"Check back on {plain_date(step.check_back_on)}.")
    if step.signposted:
        parts.append("The family was told that they can ask the authority for an assessment themselves.")
    return "\n".join(part for part in parts if part)


def _sealed(row: ReviewRecord) -> str:
    if row.seal is None:
        return ""
    on = plain_date(local(row.seal.sealed_at).date())
    return f"Sealed by {row.seal.signer_name} on {on}, seal {row.seal.sequence}: {row.seal.digest[:16]}"
