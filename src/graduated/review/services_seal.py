"""Sealing a review: the decision and everything that follows from it, in one transaction, or not at all.

In order: what was promised by the step itself joins the actions; the next step is written down; the register changes
if it has to; a referral and a draft request are opened; the cycle closes and the next opens with what is not yet met;
provision that continues runs on; last the seal is set over the record as it stands, chained to the school's last.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from graduated.access.identity import acting, require_actor, system_actor
from graduated.assess.models import Involvement
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.plan.details import Carried, CycleFrame
from graduated.plan.models import Cycle, Provision
from graduated.plan.services import carry_over
from graduated.plan.services_provision import end_places
from graduated.pupils.services import set_status
from graduated.request.rights import rights
from graduated.request.services import open_request
from graduated.review.deciding import Decision, foreseen
from graduated.review.errors import ReviewRefused
from graduated.review.models import (
    ActionItem,
    NextStepTaken,
    OutcomeJudgement,
    ProvisionJudgement,
    Review,
    Seal,
    SealParts,
)
from graduated.review.queries import review_of
from graduated.review.queries_seals import sealed_record
from graduated.review.seal_parts import newly_salted
from graduated.review.sitting import Table, table_of
from graduated.review.telling import what_follows
from graduated.rules.next_step import Consequences
from graduated.rules.seals import FIRST, canonical, digest
from graduated.rules.vocabulary import (
    CycleStatus,
    NextStep,
    ProvisionVerdict,
    ReviewStatus,
    SenStatus,
    SpecialistPath,
    StatusSource,
)

_REVIEW = select(Review).where(Review.id == bindparam("review_id"))
_CYCLE = select(Cycle).where(Cycle.id == bindparam("cycle_id"))
_PROVISIONS = select(Provision).where(Provision.cycle_id == bindparam("cycle_id"))
_JUDGEMENTS = select(OutcomeJudgement).where(OutcomeJudgement.review_id == bindparam("review_id"))
_VERDICTS = select(ProvisionJudgement).where(ProvisionJudgement.review_id == bindparam("review_id"))
_LAST_SEAL = select(Seal.sequence, Seal.digest).order_by(Seal.sequence.desc()).limit(1)
_SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Opened:
    """Ids of what the step opened."""

    cycle_id: int | None = None
    involvement_id: int | None = None
    request_id: int | None = None


@writes("Review sealed")
def seal_review(review_id: int, version: int | None = None) -> int:
    """Seal a review with its next step and all that follows (design §5). Gives the review's id.

    Raises ReviewRefused, with the first thing that is missing, when it cannot be sealed as it stands or is sealed
    already, and Clash when somebody changed it since `version` was read.
    """
    review = db.session.scalars(_REVIEW, {"review_id": review_id}).one()
    if review.status is ReviewStatus.SEALED:
        raise ReviewRefused("This review is sealed already.")
    check_version(review, version, {"review_id": review_id})
    table = table_of(review_of(review_id))
    if table.missing:
        raise ReviewRefused(table.missing[0].words)
    decision, held_on = table.decision, review.held_on
    if decision.step is None or held_on is None:  # `missing` has said so; this tells the type checker
        raise ReviewRefused("Choose the next step.")
    then = foreseen(decision.step, table.head.status, decision, review.interim)
    told = what_follows(table, rights().asked_whom)
    _promise(review, table, decision.step, held_on)
    _take_step(review, table, decision.step)
    if then.register_change is not None:
        set_status(
            review.pupil_id, then.register_change, held_on, StatusSource.REVIEW, f"Review of cycle {_number(table)}"
        )
    opened = _Opened(
        involvement_id=_refer(review, decision) if then.referral else None,
        request_id=open_request(review.pupil_id, review_id) if then.opens_request else None,
        cycle_id=_turn_cycle(table, then, held_on),
    )
    _keep_wording(review.id, table)
    _seal(review, then, told, opened)
    return review_id


def _number(table: Table) -> int:
    return table.plan.cycle.number


def _promise(review: Review, table: Table, step: NextStep, held_on: date) -> None:
    """What the step itself asks somebody to do joins the actions, so that it is not forgotten."""
    decision, status = table.decision, table.head.status
    who, by_when = require_actor().name, None
    if step is NextStep.COME_OFF and status is SenStatus.SUPPORT:
        what = "Tell the parents in writing that SEN support has ended"
    elif step is NextStep.SPECIALIST and decision.specialist is SpecialistPath.REFER:
        what, who, by_when = f"Refer to {decision.service.strip()}", decision.who_refers.strip(), decision.refer_by
    elif step is NextStep.CONSIDER_EHCNA and status is SenStatus.PLAN:
        what = "Ask the authority for an early annual review of the EHC plan"
    else:
        return
    db.session.add(ActionItem(pupil_id=review.pupil_id, review_id=review.id, what=what, who=who, by_when=by_when))
    db.session.flush()


def _take_step(review: Review, table: Table, step: NextStep) -> None:
    decision, suggestion = table.decision, table.suggestion
    special, asks = step is NextStep.SPECIALIST, step is NextStep.CONSIDER_EHCNA
    with_plan = table.head.status is SenStatus.PLAN
    db.session.add(
        NextStepTaken(
            pupil_id=review.pupil_id,
            review_id=review.id,
            step=step,
            reason=decision.reason.strip(),
            suggested=suggestion.step,
            suggestion_reasons=list(suggestion.reasons),
            specialist=decision.specialist if special else None,
            specialist_words=decision.specialist_words.strip() if special else "",
            request=decision.request if asks and not with_plan else None,
            request_words=decision.request_words.strip() if asks and not with_plan else "",
            check_back_on=decision.check_back_on if step is NextStep.COME_OFF else None,
            signposted=decision.signposted if asks else False,
        )
    )
    db.session.flush()


def _refer(review: Review, decision: Decision) -> int:
    row = Involvement(
        pupil_id=review.pupil_id,
        service=decision.service.strip(),
        question=decision.question.strip(),
        who_refers=decision.who_refers.strip(),
        refer_by=decision.refer_by,
        parents_agree=decision.parents_agree,
        review_id=review.id,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def _turn_cycle(table: Table, then: Consequences, held_on: date) -> int | None:
    """Close the cycle and open the next; support that continues runs on in between. Gives the new cycle's id."""
    if not then.closes_cycle:
        return None
    cycle = db.session.scalars(_CYCLE, {"cycle_id": table.plan.cycle.cycle_id}).one()
    cycle.status, cycle.ends = CycleStatus.REVIEWED, held_on
    said = {one.provision_id: one for one in table.record.verdicts}
    if not then.opens_cycle:
        db.session.flush()
        end_places(cycle.id, held_on)
        return None
    for provision in db.session.scalars(_PROVISIONS, {"cycle_id": cycle.id}).all():
        line = said.get(provision.id)
        provision.runs_on = line is not None and line.verdict is ProvisionVerdict.CONTINUE
    db.session.flush()
    return carry_over(
        cycle.id,
        [one.outcome_id for one in table.unmet],
        {key: Carried(one.verdict, one.why) for key, one in said.items()},
        CycleFrame(starts=held_on, lead_id=cycle.lead_id),
    )


def _keep_wording(review_id: int, table: Table) -> None:
    """What is judged stays in the record as it is worded now, however the running plan is amended later."""
    statements = {one.outcome_id: one.statement for one in table.plan.outcomes}
    names = {one.provision_id: one.name for one in table.plan.provisions}
    for judged in db.session.scalars(_JUDGEMENTS, {"review_id": review_id}):
        judged.stood_as = statements.get(judged.outcome_id, "")
    for verdict in db.session.scalars(_VERDICTS, {"review_id": review_id}):
        verdict.stood_as = names.get(verdict.provision_id, "")
    db.session.flush()


def _seal(review: Review, then: Consequences, told: list[str], opened: _Opened) -> None:
    actor, at = require_actor(), now()
    review.status = ReviewStatus.SEALED
    db.session.flush()
    details: dict[str, Any] = {
        "told": told,
        "register": then.register_change.value if then.register_change else None,
        "next_cycle_id": opened.cycle_id,
        "involvement_id": opened.involvement_id,
        "request_id": opened.request_id,
    }
    set_seal(review.id, actor.user_id, actor.name, at, details)


def set_seal(review_id: int, signer_id: int | None, signer: str, at: datetime, details: dict[str, Any]) -> None:
    """Set the seal over a sealed review as it stands, at the end of the school's chain."""
    sequence, previous = _last_seal()
    parts: dict[str, str] = {}
    record = review_of(review_id)
    held = sealed_record(record, sequence + 1, signer, at, newly_salted(parts))
    salt = secrets.token_bytes(_SALT_BYTES)
    db.session.add(
        Seal(
            pupil_id=record.pupil_id,
            review_id=review_id,
            sequence=sequence + 1,
            salt=salt.hex(),
            digest=digest(canonical(held), salt, previous),
            previous_digest=previous,
            signer_id=signer_id,
            signer_name=signer,
            sealed_at=at,
            details=details,
        )
    )
    db.session.add(SealParts(pupil_id=record.pupil_id, review_id=review_id, part_salts=parts))
    db.session.flush()


def _last_seal() -> tuple[int, str]:
    """The school's last seal. The chain runs through all pupils, also one that the signer may not see."""
    actor = require_actor()
    with acting(system_actor(actor.school_id, actor.name)):
        row = db.session.execute(_LAST_SEAL).first()
    return (row.sequence, row.digest) if row else (0, FIRST)
