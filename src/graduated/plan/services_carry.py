"""The next cycle after a review: unmet outcomes and what was said of each provision go with the pupil."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import bindparam, select

from graduated.assess import queries as assess
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.plan.details import Carried, CycleFrame, OutcomeDetails
from graduated.plan.models import (
    Contribution,
    Cycle,
    Group,
    Outcome,
    Provision,
    ProvisionOutcome,
    Responsibility,
    Strategy,
)
from graduated.plan.services_draft import cycle_row, new_outcome, open_cycle, release
from graduated.plan.services_provision import DAY, end_place, new_place, place_row, serve
from graduated.rules.vocabulary import AssignmentSource, ProvisionVerdict

_OUTCOMES = select(Outcome).where(Outcome.cycle_id == bindparam("cycle_id")).order_by(Outcome.position, Outcome.id)
_PROVISIONS = (
    select(Provision)
    .where(Provision.cycle_id == bindparam("cycle_id"), Provision.stopped_on.is_(None))
    .order_by(Provision.position, Provision.id)
)
_SERVES = select(ProvisionOutcome.outcome_id).where(ProvisionOutcome.provision_id == bindparam("provision_id"))
_STRATEGIES = (
    select(Strategy).where(Strategy.cycle_id == bindparam("cycle_id")).order_by(Strategy.position, Strategy.id)
)
_PARTS = (
    select(Responsibility)
    .where(Responsibility.cycle_id == bindparam("cycle_id"))
    .order_by(Responsibility.position, Responsibility.id)
)
_GROUP = select(Group).where(Group.id == bindparam("group_id"))
_COPIED = (
    "intervention_id", "kind", "name", "who", "staff_role", "minutes", "times_a_week", "weeks", "group_size",
    "expected_impact", "evidencing", "agency_pence",
)  # fmt: skip


@writes("Next cycle opened")
def carry_over(
    previous_cycle_id: int,
    unmet_outcome_ids: Collection[int],
    provisions: Mapping[int, Carried],
    frame: CycleFrame,
) -> int:
    """Open the next cycle as a draft after a review. Gives its id.

    Unmet outcomes continue with the newest figure as their baseline. Provision judged "continue" keeps its place, so
    that it runs on; "change" is copied with a place of its own from the new start, to be edited; "stop" is not copied.
    What was said of each provision stands beside the new draft. Strategies and who does what are copied.
    """
    previous = cycle_row(previous_cycle_id)
    if frame.lead_id is None:
        frame = replace(frame, lead_id=previous.lead_id)
    cycle = cycle_row(open_cycle(previous.pupil_id, replace(frame, plan_type=previous.plan_type), previous.id))
    release(previous.pupil_id, AssignmentSource.LEAD, f"Cycle {previous.number}")
    moved = _outcomes(previous, cycle, unmet_outcome_ids)
    for old in db.session.scalars(_PROVISIONS, {"cycle_id": previous.id}).all():
        said = provisions.get(old.id)
        if said is not None:
            _provision(old, cycle, said, moved)
    _copy_words(previous, cycle)
    db.session.flush()
    return cycle.id


def _outcomes(previous: Cycle, cycle: Cycle, unmet: Collection[int]) -> dict[int, int]:
    """The new outcome of each old one."""
    series = assess.series_of(previous.pupil_id)
    moved: dict[int, int] = {}
    for old in db.session.scalars(_OUTCOMES, {"cycle_id": previous.id}).all():
        if old.id not in unmet or old.dropped_on is not None:
            continue
        line = assess.line_for(series, old.measure_id) if old.measure_id is not None else None
        latest = line.latest if line is not None else None
        baseline, baseline_on = old.baseline, old.baseline_on
        # What was off the end of its scale is no figure to start from; to keep a level is to keep the first one.
        if latest is not None and latest.value.censor is None and not old.maintain:
            baseline, baseline_on = latest.value.number, latest.taken_on
        details = OutcomeDetails(
            area=old.area,
            statement=old.statement,
            success=old.success,
            in_plain_words=old.in_plain_words,
            measure_id=old.measure_id,
            baseline=baseline,
            baseline_on=baseline_on,
            target=old.target,
            maintain=old.maintain,
            tolerance=old.tolerance,
            by_when=old.by_when if old.by_when is not None and old.by_when > cycle.starts else None,
        )
        moved[old.id] = new_outcome(cycle, details, old.id)
    return moved


def _provision(old: Provision, cycle: Cycle, said: Carried, moved: dict[int, int]) -> None:
    new = None
    if said.verdict is not ProvisionVerdict.STOP:
        new = Provision(pupil_id=cycle.pupil_id, cycle_id=cycle.id, position=old.position, starts=cycle.starts)
        for name in _COPIED:
            setattr(new, name, getattr(old, name))
        new.place_id = _place_for(old, new, said.verdict)
        db.session.add(new)
        db.session.flush()
        serves = db.session.scalars(_SERVES, {"provision_id": old.id}).all()
        serve(new, tuple(moved[one] for one in serves if one in moved))
    elif old.place_id is not None:
        end_place(old.place_id, cycle.starts)
    db.session.add(
        Contribution(
            pupil_id=cycle.pupil_id,
            cycle_id=cycle.id,
            text=f"{old.name}: {said.verdict.inside}. {said.why}".strip(),
            details={
                "carried": said.verdict.value,
                "name": old.name,
                "why": said.why,
                "provision_id": new.id if new is not None else None,
            },
        )
    )


def _place_for(old: Provision, new: Provision, verdict: ProvisionVerdict) -> int | None:
    """What goes on keeps its place; what changes gets a new one, so that its sessions are counted apart."""
    if old.place_id is None or verdict is ProvisionVerdict.CONTINUE:
        return old.place_id
    place = place_row(old.place_id)
    assert place is not None  # noqa: S101  # the id was just read
    group = db.session.scalars(_GROUP, {"group_id": place.group_id}).one()
    place.ends = max(place.starts, new.starts - DAY)
    return new_place(new, group).id


def _copy_words(previous: Cycle, cycle: Cycle) -> None:
    for old in db.session.scalars(_STRATEGIES, {"cycle_id": previous.id}).all():
        db.session.add(
            Strategy(
                pupil_id=cycle.pupil_id, cycle_id=cycle.id, kind=old.kind, text=old.text, who=old.who,
                position=old.position,
            )
        )  # fmt: skip
    for part in db.session.scalars(_PARTS, {"cycle_id": previous.id}).all():
        db.session.add(
            Responsibility(
                pupil_id=cycle.pupil_id, cycle_id=cycle.id, who=part.who, text=part.text, position=part.position
            )
        )
