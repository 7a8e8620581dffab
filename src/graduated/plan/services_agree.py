"""Sending a draft to the family and agreeing it. From then on only amendments change the plan."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.plan.details import AgreementDetails, PlanRefused
from graduated.plan.models import Agreement, AgreementAdult, Cycle, Outcome, Provision
from graduated.plan.services_draft import draft
from graduated.plan.services_provision import DAY, end_place
from graduated.plan.services_rates import put_on_rate_card
from graduated.pupils import services as pupils
from graduated.rules.vocabulary import CycleStatus, SenStatus, StatusSource

_PROVISIONS = select(Provision).where(Provision.cycle_id == bindparam("cycle_id")).order_by(Provision.id)


@writes("Draft plan sent to the family")
def send_to_family(cycle_id: int, on: date) -> int:
    """The family may now read the draft; it stays a draft."""
    cycle = draft(cycle_id)
    cycle.status, cycle.sent_on = CycleStatus.SENT, on
    return cycle_id


@writes("Plan agreed")
def agree(cycle_id: int, details: AgreementDetails, version: int | None = None) -> int:
    """The plan is agreed: who agreed, who was asked and did not answer. Gives the agreement's id.

    What ran on from the cycle before now runs under this plan. SEN support starts only when somebody said so. Raises
    PlanRefused for a plan without outcomes, a date still to come, or nobody who was asked.
    """
    cycle = draft(cycle_id)
    check_version(cycle, version)
    _check(cycle, details)
    agreement = Agreement(
        pupil_id=cycle.pupil_id,
        cycle_id=cycle_id,
        agreed_on=details.agreed_on,
        method=details.method,
        pupil_took_part=details.pupil_took_part,
        note=details.note.strip(),
    )
    db.session.add(agreement)
    db.session.flush()
    for adult_id in dict.fromkeys((*details.agreed_ids, *details.no_answer_ids)):
        db.session.add(
            AgreementAdult(
                pupil_id=cycle.pupil_id,
                agreement_id=agreement.id,
                adult_id=adult_id,
                answered=adult_id in details.agreed_ids,
            )
        )
    cycle.status, cycle.agreed_on = CycleStatus.AGREED, details.agreed_on
    provisions = db.session.scalars(_PROVISIONS, {"cycle_id": cycle_id}).all()
    put_on_rate_card(list(provisions), details.agreed_on)
    if cycle.previous_id is not None:
        _take_over(cycle.previous_id, frozenset(one.place_id for one in provisions), details.agreed_on)
    db.session.flush()
    if details.sen_support_from is not None:
        _start_support(cycle, details.sen_support_from, details)
    return agreement.id


def _check(cycle: Cycle, details: AgreementDetails) -> None:
    if details.agreed_on > today():
        raise PlanRefused("The plan cannot have been agreed on a day that is still to come.")
    if not details.agreed_ids and not details.no_answer_ids:
        raise PlanRefused("Say which adults agreed, or who was asked and did not answer.")
    if set(details.agreed_ids) & set(details.no_answer_ids):
        raise PlanRefused("One adult cannot both have agreed and not have answered. Tick one of the two.")
    if db.session.scalar(select(Outcome.id).where(Outcome.cycle_id == cycle.id).limit(1)) is None:
        raise PlanRefused("The plan has no outcome yet. Add one before it is agreed.")


def _take_over(previous_id: int, places: frozenset[int | None], agreed_on: date) -> None:
    """Groups of the cycle before that are not in this plan end the day before it begins to count."""
    for provision in db.session.scalars(_PROVISIONS, {"cycle_id": previous_id}).all():
        if provision.place_id is not None and provision.place_id not in places:
            end_place(provision.place_id, agreed_on - DAY)


def _start_support(cycle: Cycle, starts: date, details: AgreementDetails) -> None:
    reason = f"Plan of cycle {cycle.number} agreed with the family"
    told = pupils.ParentsTold(f"The plan was agreed with them: {details.method.inside}", details.agreed_on)
    pupils.set_status(cycle.pupil_id, SenStatus.SUPPORT, starts, StatusSource.HAND, reason, told=told)
