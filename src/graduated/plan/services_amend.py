"""Amending an agreed plan: each change leaves the old value, the new one, why, who and when (design §4, Amendment).

The row is changed and the amendment kept in one transaction; there is no other way to change an agreed plan.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.plan.details import Because, OutcomeDetails, PlanRefused, ProvisionDetails
from graduated.plan.models import Amendment, Cycle, Group, Outcome, Place, Provision, ProvisionOutcome
from graduated.plan.rows import dose_words
from graduated.plan.services_draft import cycle_row, fill_outcome, new_outcome, outcome_row
from graduated.plan.services_provision import (
    DAY,
    end_place,
    new_place,
    new_provision,
    place_row,
    provision_row,
    serve,
)
from graduated.plan.services_rates import put_on_rate_card
from graduated.plan.words import outcome_words, part_of_outcome
from graduated.rules.vocabulary import AmendmentKind, CycleStatus
from graduated.web.filters import long_date

_GROUP = select(Group).where(Group.id == bindparam("group_id"))
_NOT_COPIED = {"id", "version", "recorded_at", "recorded_by_id"}
_PUPILS_IN = select(Place.pupil_id).where(Place.group_id == bindparam("group_id"))
_SERVED = (
    select(Outcome.id, Outcome.statement)
    .join(ProvisionOutcome, ProvisionOutcome.outcome_id == Outcome.id)
    .where(ProvisionOutcome.provision_id == bindparam("provision_id"))
    .order_by(Outcome.position, Outcome.id)
)
_STATEMENTS = (
    select(Outcome.id, Outcome.statement)
    .where(Outcome.cycle_id == bindparam("cycle_id"))
    .order_by(Outcome.position, Outcome.id)
)


def agreed(cycle_id: int) -> Cycle:
    """The cycle, when its plan is agreed and runs. Raises PlanRefused otherwise."""
    cycle = cycle_row(cycle_id)
    if cycle.status is not CycleStatus.AGREED:
        raise PlanRefused(
            f"Cycle {cycle.number} is not an agreed plan that runs ({cycle.status.inside}), "
            "so there is nothing to amend."
        )
    return cycle


def _keep(cycle: Cycle, kind: AmendmentKind, what: str, before: str, after: str, because: Because) -> int:
    if not because.why.strip() or not because.who.strip():
        raise PlanRefused("Say why the plan changes, and who decided it.")
    if because.on > today():
        raise PlanRefused("An amendment cannot be dated to a day that is still to come.")
    if cycle.agreed_on is not None and because.on < cycle.agreed_on:
        raise PlanRefused("The plan was agreed after that day. Give the day on which the change was decided.")
    row = Amendment(
        pupil_id=cycle.pupil_id,
        cycle_id=cycle.id,
        kind=kind,
        what=what[:200],
        before=before,
        after=after,
        why=because.why.strip(),
        who=because.who.strip(),
        on=because.on,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def _number(outcome: Outcome) -> int:
    ids = [row.id for row in db.session.execute(_STATEMENTS, {"cycle_id": outcome.cycle_id})]
    return ids.index(outcome.id) + 1


@writes("Outcome of an agreed plan amended")
def amend_outcome(outcome_id: int, details: OutcomeDetails, because: Because, version: int | None = None) -> int:
    """Change an outcome of an agreed plan; one amendment is kept for each thing that changed. Gives the cycle's id."""
    outcome = outcome_row(outcome_id)
    cycle = agreed(outcome.cycle_id)
    check_version(outcome, version)
    before = outcome_words(outcome)
    fill_outcome(outcome, details)
    db.session.flush()
    after, number = outcome_words(outcome), _number(outcome)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        raise PlanRefused("Nothing in the outcome was changed.")
    for name in changed:
        _keep(cycle, AmendmentKind.OUTCOME, part_of_outcome(number, name), before[name], after[name], because)
    return cycle.id


@writes("Outcome added to an agreed plan")
def take_up_outcome(cycle_id: int, details: OutcomeDetails, because: Because) -> int:
    """Add an outcome to an agreed plan. Gives the outcome's id."""
    cycle = agreed(cycle_id)
    outcome_id = new_outcome(cycle, details)
    number = _number(outcome_row(outcome_id))
    _keep(cycle, AmendmentKind.OUTCOME, f"Outcome {number} added", "", details.statement.strip(), because)
    return outcome_id


@writes("Outcome of an agreed plan dropped")
def drop_outcome(outcome_id: int, because: Because) -> int:
    """Work on an outcome ends before the review; it stays in the plan, marked. Gives the cycle's id."""
    outcome = outcome_row(outcome_id)
    cycle = agreed(outcome.cycle_id)
    if outcome.dropped_on is not None:
        raise PlanRefused("That outcome was dropped before.")
    _keep(cycle, AmendmentKind.OUTCOME, f"Outcome {_number(outcome)} dropped", outcome.statement, "", because)
    outcome.dropped_on = because.on
    return cycle.id


def provision_dose(provision: Provision) -> str:
    """The dose in words."""
    return dose_words(provision.minutes, provision.times_a_week, provision.weeks, provision.group_size)


@writes("Dose of an agreed plan amended")
def amend_dose(
    provision_id: int,
    minutes: int,
    times_a_week: int,
    weeks: int | None,
    group_size: int,
    because: Because,
    version: int | None = None,
) -> int:
    """Change a dose from a day on. Gives the id of the provision that now runs.

    What ran before that day keeps its own dose: the old row stops the day before and a new one goes on, so that planned
    against delivered stays true for both parts.
    """
    old = provision_row(provision_id)
    cycle = agreed(old.cycle_id)
    check_version(old, version)
    _must_run(old)
    before = provision_dose(old)
    after = dose_words(minutes, times_a_week, weeks, group_size)
    if before == after:
        raise PlanRefused("The dose is the same as before.")
    _keep(cycle, AmendmentKind.DOSE, f"{old.name}: dose", before, after, because)
    new = old if because.on <= old.starts else _split(old, because.on)
    new.minutes, new.times_a_week, new.weeks, new.group_size = minutes, times_a_week, weeks, group_size
    db.session.flush()
    _match_group(new)
    return new.id


def _must_run(provision: Provision) -> None:
    if provision.stopped_on is not None:
        raise PlanRefused(f"{provision.name} was stopped before. It cannot be changed any more.")


def _split(old: Provision, on: date) -> Provision:
    names = {column.key for column in Provision.__mapper__.column_attrs} - _NOT_COPIED
    new = Provision(**{name: getattr(old, name) for name in names})
    new.one_off_pence = new.agency_pence = 0  # paid for the whole plan already, with the part that ends here
    new.starts = on
    old.stopped_on = on - DAY
    place = place_row(old.place_id)
    if place is not None:
        group = db.session.scalars(_GROUP, {"group_id": place.group_id}).one()
        place.ends = on - DAY
        new.place_id = new_place(new, group, on).id
    db.session.add(new)
    db.session.flush()
    serve(new, tuple(row.id for row in db.session.execute(_SERVED, {"provision_id": old.id})))
    return new


def _match_group(provision: Provision) -> None:
    """A group of this pupil alone takes the new dose; one that others share keeps its own times."""
    place = place_row(provision.place_id)
    if place is None:
        return
    group = db.session.scalars(_GROUP, {"group_id": place.group_id}).one()
    if set(db.session.scalars(_PUPILS_IN, {"group_id": group.id})) <= {provision.pupil_id}:
        group.minutes, group.times_a_week = provision.minutes, provision.times_a_week


@writes("Provision of an agreed plan amended")
def amend_provision(
    provision_id: int,
    name: str,
    who: str,
    expected_impact: str,
    serves: tuple[int, ...],
    because: Because,
    version: int | None = None,
) -> int:
    """Change what a provision is called, who gives it, what is expected of it or which outcomes it is for."""
    provision = provision_row(provision_id)
    cycle = agreed(provision.cycle_id)
    check_version(provision, version)
    _must_run(provision)
    before = _provision_words(provision)
    provision.name, provision.who, provision.expected_impact = name.strip(), who.strip(), expected_impact.strip()
    serve(provision, serves)
    after = _provision_words(provision)
    changed = [part for part in before if before[part] != after[part]]
    if not changed:
        raise PlanRefused("Nothing in the provision was changed.")
    for part in changed:
        what = f"{before['name']}: {part}"
        _keep(cycle, AmendmentKind.PROVISION, what, before[part], after[part], because)
    return cycle.id


def _provision_words(provision: Provision) -> dict[str, str]:
    served = [row.statement for row in db.session.execute(_SERVED, {"provision_id": provision.id})]
    return {
        "name": provision.name,
        "who gives it": provision.who,
        "expected impact": provision.expected_impact,
        "outcomes it is for": "\n".join(served),
    }


@writes("Provision added to an agreed plan")
def take_up_provision(cycle_id: int, details: ProvisionDetails, because: Because) -> int:
    """Add provision to an agreed plan, from the day of the amendment. Gives the provision's id."""
    cycle = agreed(cycle_id)
    provision_id = new_provision(cycle, replace(details, starts=None), because.on)
    provision = provision_row(provision_id)
    put_on_rate_card([provision], because.on)
    _keep(cycle, AmendmentKind.PROVISION, f"{provision.name} added", "", provision_dose(provision), because)
    return provision_id


@writes("Provision of an agreed plan stopped")
def stop_provision(provision_id: int, because: Because) -> int:
    """Provision ends before the review; that day is its last. Gives the cycle's id."""
    provision = provision_row(provision_id)
    cycle = agreed(provision.cycle_id)
    _must_run(provision)
    _keep(cycle, AmendmentKind.PROVISION, f"{provision.name} stopped", provision_dose(provision), "Stopped", because)
    provision.stopped_on = max(because.on, provision.starts)
    if provision.place_id is not None:
        end_place(provision.place_id, provision.stopped_on)
    return cycle.id


@writes("Review date of an agreed plan amended")
def amend_review_date(cycle_id: int, review_due: date, because: Because, version: int | None = None) -> int:
    """Move the review date of an agreed plan."""
    cycle = agreed(cycle_id)
    check_version(cycle, version)
    if review_due <= cycle.starts:
        raise PlanRefused("The review date lies before the plan begins. Give a later one.")
    if cycle.review_due == review_due:
        raise PlanRefused("That is the review date already.")
    _keep(cycle, AmendmentKind.REVIEW_DATE, "Review date", _day(cycle.review_due), _day(review_due), because)
    cycle.review_due = review_due
    return cycle_id


def _day(day: date | None) -> str:
    return long_date(day) if day else "None"
