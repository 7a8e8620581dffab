"""Writing reviews: starting one, keeping what is said at the sitting, ticking actions, adding to a sealed one.

The sealing itself stands in `services_seal`. A sealed review is refused here and, beneath, by the database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import flag_modified

from graduated.access.identity import require_actor
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.plan.models import Cycle
from graduated.review.deciding import Decision
from graduated.review.errors import ReviewRefused
from graduated.review.models import (
    ActionItem,
    Addendum,
    Attendee,
    OutcomeJudgement,
    ProvisionJudgement,
    Review,
)
from graduated.review.rows import ReviewRecord
from graduated.review.services_seal import seal_review
from graduated.review.sitting import prefilled_views
from graduated.rules.vocabulary import CycleStatus, Judgement, ProvisionVerdict, ReviewStatus

__all__ = [
    "Attending",
    "Promise",
    "ReviewRefused",
    "Sitting",
    "add_addendum",
    "save_review",
    "seal_review",
    "start_review",
    "tick_action",
]

_CYCLE = select(Cycle).where(Cycle.id == bindparam("cycle_id"))
_REVIEW = select(Review).where(Review.id == bindparam("review_id"))
_OPEN = select(Review.id).where(Review.cycle_id == bindparam("cycle_id"), Review.status == ReviewStatus.OPEN)
_ATTENDEES = select(Attendee).where(Attendee.review_id == bindparam("review_id")).order_by(Attendee.id)
_JUDGEMENTS = select(OutcomeJudgement).where(OutcomeJudgement.review_id == bindparam("review_id"))
_VERDICTS = select(ProvisionJudgement).where(ProvisionJudgement.review_id == bindparam("review_id"))
_ACTIONS = select(ActionItem).where(ActionItem.review_id == bindparam("review_id")).order_by(ActionItem.id)
_ACTION = select(ActionItem).where(ActionItem.id == bindparam("action_id"))


UNDECIDED = Decision()


@dataclass(frozen=True, slots=True)
class Attending:
    """Somebody who came: of the family (`adult_id`), of the staff (`user_id`), or another."""

    name: str
    role: str = ""
    adult_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that somebody will do. `action_id` is set for one that stands already."""

    what: str
    who: str = ""
    by_when: date | None = None
    action_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """All that is said at a review, as far as it has got. `done` says of earlier actions whether they are done."""

    held_on: date | None = None
    with_parent: bool | None = None
    pupil_present: bool = False
    attempts: str = ""
    others_present: str = ""
    pupil_views: str = ""
    parent_views: str = ""
    summary: str = ""
    attending: tuple[Attending, ...] = ()
    judgements: tuple[tuple[int, Judgement | None, str], ...] = ()
    verdicts: tuple[tuple[int, ProvisionVerdict | None, str], ...] = ()
    promises: tuple[Promise, ...] = ()
    done: tuple[tuple[int, bool], ...] = ()
    decision: Decision = UNDECIDED


_TEXTS = ("attempts", "others_present", "pupil_views", "parent_views", "summary")


@writes("Review started")
def start_review(cycle_id: int, interim: bool = False, held_on: date | None = None) -> int:
    """Start the review of an agreed plan, filled with the views recorded since it began. Gives the review's id.

    A cycle has one open review at a time: starting again gives the same one. An interim review can be held at any
    time. Raises ReviewRefused while the plan is not agreed, or once it is closed.
    """
    cycle = db.session.scalars(_CYCLE, {"cycle_id": cycle_id}).one()
    there = db.session.scalar(_OPEN, {"cycle_id": cycle_id})
    if there is not None:
        return int(there)
    if cycle.status is not CycleStatus.AGREED:
        raise ReviewRefused(
            f"The plan of cycle {cycle.number} is “{cycle.status.inside}”. "
            "A review looks back on an agreed plan: agree it first."
            if cycle.status.is_open
            else f"Cycle {cycle.number} is closed already."
        )
    row = Review(
        pupil_id=cycle.pupil_id,
        cycle_id=cycle_id,
        interim=interim,
        held_on=held_on,
        **prefilled_views(cycle.pupil_id, cycle.starts),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def open_review(review_id: int) -> Review:
    """The review to be written, in scope. Raises ReviewRefused when it is sealed."""
    row = db.session.scalars(_REVIEW, {"review_id": review_id}).one()
    if row.status is ReviewStatus.SEALED:
        raise ReviewRefused("This review is sealed. What is missing can be added, but nothing can be changed.")
    return row


@writes("Review written")
def save_review(
    review_id: int,
    sitting: Sitting,
    version: int | None = None,
    ready: bool | None = None,
    there: ReviewRecord | None = None,
) -> int:
    """Keep what is said so far; with `ready` also whether whoever seals may do so now.

    `there` is the review as it was read at that version: what it has none of is not looked for again.

    Who said that it is ready may go on mending it; once somebody else changes it, it is ready no more.
    Raises Clash when somebody else saved the review since it was opened.
    """
    row = open_review(review_id)
    check_version(row, version, {"review_id": review_id})
    for name in ("held_on", "with_parent", "pupil_present"):
        setattr(row, name, getattr(sitting, name))
    for name in _TEXTS:
        setattr(row, name, getattr(sitting, name).strip())
    # A word without its judgement has no row of its own yet; it must not be lost.
    row.decision = replace(
        sitting.decision,
        reasons=tuple((key, why) for key, said, why in sitting.judgements if said is None and why.strip()),
        whys=tuple((key, why) for key, said, why in sitting.verdicts if said is None and why.strip()),
    ).kept()
    row.saved_by, row.saved_at = require_actor().name, now()
    if ready is None and is_ready_no_more(row.ready_by, row.saved_by):
        ready = False
    if ready is not None:
        row.ready_by, row.ready_at = (row.saved_by, row.saved_at) if ready else ("", None)
    flag_modified(row, "decision")  # so that the version moves whatever was changed below
    if there is not None and there.version != version:
        there = None
    _save_attending(row, sitting.attending, _found(_ATTENDEES, row, there is None or there.attendees))
    _save_judgements(row, sitting, _found(_JUDGEMENTS, row, there is None or there.judgements))
    _save_verdicts(row, sitting, _found(_VERDICTS, row, there is None or there.verdicts))
    _save_promises(row, sitting.promises, _found(_ACTIONS, row, there is None or there.actions))
    for action_id, is_done in sitting.done:
        _tick(db.session.scalars(_ACTION, {"action_id": action_id}).one(), is_done, sitting.held_on, row.pupil_id)
    db.session.flush()
    return review_id


def is_ready_no_more(ready_by: str, saved_by: str) -> bool:
    """Whether a save takes back that the review is ready: somebody else vouched for what stood there before."""
    return bool(ready_by) and ready_by != saved_by


def _found(statement: Any, review: Review, are_there: object) -> list[Any]:
    """The rows of a review, where there are any."""
    return list(db.session.scalars(statement, {"review_id": review.id})) if are_there else []


def _save_attending(review: Review, attending: tuple[Attending, ...], there: list[Attendee]) -> None:
    wanted = {(one.adult_id, one.user_id, one.name.strip(), one.role.strip()): one for one in attending}
    for row in there:
        if wanted.pop((row.adult_id, row.user_id, row.name, row.role), None) is None:
            db.session.delete(row)
    for adult_id, user_id, name, role in wanted:
        db.session.add(
            Attendee(
                pupil_id=review.pupil_id, review_id=review.id, adult_id=adult_id, user_id=user_id, name=name, role=role
            )
        )


def _save_judgements(review: Review, sitting: Sitting, there: list[OutcomeJudgement]) -> None:
    judged = {row.outcome_id: row for row in there}
    for outcome_id, said, why in sitting.judgements:
        row = judged.get(outcome_id)
        if said is None:
            if row is not None:
                db.session.delete(row)
        elif row is None:
            db.session.add(
                OutcomeJudgement(
                    pupil_id=review.pupil_id,
                    review_id=review.id,
                    outcome_id=outcome_id,
                    judgement=said,
                    reason=why.strip(),
                )
            )
        else:
            row.judgement, row.reason = said, why.strip()


def _save_verdicts(review: Review, sitting: Sitting, there: list[ProvisionJudgement]) -> None:
    stand = {row.provision_id: row for row in there}
    for provision_id, verdict, why in sitting.verdicts:
        line = stand.get(provision_id)
        if verdict is None:
            if line is not None:
                db.session.delete(line)
        elif line is None:
            db.session.add(
                ProvisionJudgement(
                    pupil_id=review.pupil_id,
                    review_id=review.id,
                    provision_id=provision_id,
                    verdict=verdict,
                    why=why.strip(),
                )
            )
        else:
            line.verdict, line.why = verdict, why.strip()


def _save_promises(review: Review, promises: tuple[Promise, ...], there: list[ActionItem]) -> None:
    stand = {row.id: row for row in there}
    kept = set()
    for one in promises:
        if not one.what.strip():
            continue
        row = stand.get(one.action_id or 0)
        if row is None:
            row = ActionItem(pupil_id=review.pupil_id, review_id=review.id)
            db.session.add(row)
        else:
            kept.add(row.id)
        row.what, row.who, row.by_when = one.what.strip(), one.who.strip(), one.by_when
    for key, row in stand.items():
        if key not in kept:
            db.session.delete(row)


@writes("Action ticked")
def tick_action(action_id: int, is_done: bool, on: date | None = None) -> int:
    """Say that something promised is done (today unless said), or that it is not after all."""
    row = db.session.scalars(_ACTION, {"action_id": action_id}).one()
    _tick(row, is_done, on, row.pupil_id)
    return action_id


def _tick(row: ActionItem, is_done: bool, on: date | None, pupil_id: int) -> None:
    if row.pupil_id != pupil_id:
        raise ReviewRefused("The action belongs to another pupil.")
    if is_done != (row.done_on is not None):
        row.done_on = min(on or today(), today()) if is_done else None


@writes("Addendum added to a sealed review")
def add_addendum(review_id: int, text: str, why: str) -> int:
    """Add a text to a sealed review, by name and date; the review itself stays as it was."""
    row = db.session.scalars(_REVIEW, {"review_id": review_id}).one()
    if row.status is not ReviewStatus.SEALED:
        raise ReviewRefused("This review is still being written: write it there.")
    added = Addendum(pupil_id=row.pupil_id, review_id=review_id, text=text.strip(), why=why.strip())
    db.session.add(added)
    db.session.flush()
    return added.id
