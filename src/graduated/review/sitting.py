"""All that lies on the table at a review: the plan, what was delivered, what was said, and what is suggested.

Read in a fixed number of queries for the one page of the sitting, the check before sealing, and the sealing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from graduated.assess.queries import involvements_of, views_of
from graduated.db.clock import today
from graduated.db.session import db
from graduated.do.queries import ProvisionDose, provision_doses_of_pupils
from graduated.plan.queries import ContributionRow, OutcomeRow, Plan, ProvisionRow, plans_of
from graduated.pupils.queries import FamilyAdult, PupilHead, adults_of, pupil_head
from graduated.review.deciding import Decision, Missing, is_unmet, missing
from graduated.review.doses import counted_to, seen_by
from graduated.review.models import Review
from graduated.review.queries import ActionLine, ReviewRecord, records_of
from graduated.review.sheet import Whose, staff_there
from graduated.rules.dosage import Dose, together
from graduated.rules.next_step import CycleFacts, ReviewFacts, Suggestion, suggest
from graduated.rules.progress import ProgressState
from graduated.rules.vocabulary import AdviceStatus, Judgement, ReviewStatus, ViewOf

_DECISION = select(Review.decision).where(Review.id == bindparam("review_id"))
_GOOD = (ProgressState.MET, ProgressState.ON_COURSE, ProgressState.KEPT, ProgressState.TOWARDS)


@dataclass(frozen=True, slots=True)
class OutcomeOnTable:
    """An outcome with what is known of it: its figures in words, how far it came, and who said what."""

    row: OutcomeRow
    tag: str
    tag_kind: str
    figures: str
    remarks: tuple[ContributionRow, ...]


@dataclass(frozen=True, slots=True)
class ProvisionOnTable:
    """A provision with its dose to the day of the review."""

    row: ProvisionRow
    dose: Dose


@dataclass(frozen=True, slots=True)
class Decided:
    """What the seal asks of a review: what was said, what is decided, of which plan and whom."""

    record: ReviewRecord
    decision: Decision
    head: Whose
    plan: Plan
    next_number: int

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What still stands between the review and its seal."""
        return missing(
            self.record,
            self.decision,
            [(one.outcome_id, one.statement) for one in self.plan.outcomes if one.dropped_on is None],
            [(one.provision_id, one.name) for one in self.plan.running],
            self.head.status,
            today(),
        )

    @property
    def unmet(self) -> tuple[OutcomeRow, ...]:
        """The outcomes that go on into the next plan, by what is saved."""
        said = {one.outcome_id: one.judgement for one in self.record.judgements}
        held_on = self.record.held_on or today()
        return tuple(
            one
            for one in self.plan.outcomes
            if one.dropped_on is None and one.outcome_id in said and is_unmet(one, said[one.outcome_id], held_on)
        )


@dataclass(frozen=True, slots=True)
class Table(Decided):
    """Everything of one sitting."""

    head: PupilHead
    outcomes: tuple[OutcomeOnTable, ...]
    provisions: tuple[ProvisionOnTable, ...]
    remarks: tuple[ContributionRow, ...]
    adults: tuple[FamilyAdult, ...]
    staff: tuple[tuple[int, str], ...]
    earlier_actions: tuple[ActionLine, ...]
    previous: CycleFacts | None
    carried_twice: bool
    advice_acted_on: bool

    @property
    def lead_id(self) -> int | None:
        """Who leads the plan."""
        return self.plan.cycle.lead_id

    @property
    def judged(self) -> tuple[tuple[int, str], ...]:
        """(id, statement) of each outcome that is judged."""
        return tuple((one.row.outcome_id, one.row.statement) for one in self.outcomes)

    @property
    def supplied(self) -> tuple[tuple[int, str], ...]:
        """(id, name) of each provision of which it is said what becomes of it."""
        return tuple((one.row.provision_id, one.row.name) for one in self.provisions)

    def facts(self, judgements: Mapping[int, Judgement], decision: Decision) -> ReviewFacts:
        """What a suggestion rests on, with these judgements and these answers."""
        dose = together(one.dose for one in self.provisions)
        ids = [one.row.outcome_id for one in self.outcomes]
        return ReviewFacts(
            status=self.head.status,
            this=CycleFacts(
                tuple(judgements[key] for key in ids if key in judgements),
                dose.planned_to_date_minutes,
                dose.delivered_minutes,
            ),
            previous=self.previous,
            urgent=decision.urgent,
            carried_twice=self.carried_twice,
            need_remains=decision.need_remains,
            advice_acted_on=self.advice_acted_on,
        )

    @property
    def suggestion(self) -> Suggestion:
        """What the published table suggests of what is saved."""
        saved = {one.outcome_id: one.judgement for one in self.record.judgements}
        return suggest(self.facts(saved, self.decision))


def table_of(record: ReviewRecord) -> Table:
    """What lies on the table for this review."""
    pupil_id = record.pupil_id
    plans = plans_of(pupil_id)
    plan = next(one for one in plans if one.cycle.cycle_id == record.cycle_id)
    records = records_of(pupil_id)
    doses = provision_doses_of_pupils([pupil_id], counted_to(record), seen_by(record))
    by_id = {one.provision_id: one.dose for one in doses}
    advice = [one for involved in involvements_of(pupil_id) for one in involved.advice]
    return Table(
        record=record,
        decision=Decision.read(db.session.scalar(_DECISION, {"review_id": record.review_id}) or {}),
        head=pupil_head(pupil_id),
        plan=plan,
        outcomes=tuple(_outcome(one, plan) for one in plan.outcomes if one.dropped_on is None),
        provisions=tuple(ProvisionOnTable(one, by_id.get(one.provision_id, Dose())) for one in plan.running),
        remarks=tuple(
            one for one in plan.contributions if one.outcome_id is None and "carried" not in (one.details or {})
        ),
        adults=tuple(one for one in adults_of(pupil_id) if not one.barred),
        staff=staff_there(
            pupil_id,
            (plan.cycle.lead_id, plan.cycle.lead_name),
            ((one.staff_id, one.staff_name) for one in plan.provisions),
        ),
        earlier_actions=_earlier_actions(records, record),
        previous=_previous(plan, records, doses),
        carried_twice=_carried_twice(plan, plans),
        advice_acted_on=any(one.status in (AdviceStatus.PLANNED, AdviceStatus.DONE) for one in advice),
        next_number=max(one.cycle.number for one in plans) + 1,
    )


def _outcome(row: OutcomeRow, plan: Plan) -> OutcomeOnTable:
    tag, kind = "", ""
    if row.progress is not None:
        percent = row.progress.percent
        tag = f"{percent}% of the way" if percent is not None else row.progress.state.label
        known = row.progress.state is not ProgressState.UNKNOWN
        kind = ("good" if row.progress.state in _GOOD else "warn") if known else ""
    figures = row.progress.words if row.progress is not None else ""
    remarks = tuple(one for one in plan.contributions if one.outcome_id == row.outcome_id)
    return OutcomeOnTable(row, tag, kind, figures, remarks)


def _earlier_actions(records: tuple[ReviewRecord, ...], this: ReviewRecord) -> tuple[ActionLine, ...]:
    """What was promised at the last sealed review, and anything older that is still open."""
    sealed = [one for one in records if one.status is ReviewStatus.SEALED and one.review_id != this.review_id]
    last = max((one.held_on or date.min for one in sealed), default=date.min)
    return tuple(
        action
        for one in sealed
        for action in one.actions
        if action.done_on is None or (one.held_on or date.min) == last
    )


def _previous(plan: Plan, records: tuple[ReviewRecord, ...], doses: tuple[ProvisionDose, ...]) -> CycleFacts | None:
    """The cycle before, as its own review judged it."""
    before = plan.cycle.previous_id
    held = [one for one in records if one.cycle_id == before and one.status is ReviewStatus.SEALED and not one.interim]
    if before is None or not held:
        return None
    dose = together(one.dose for one in doses if one.cycle_id == before)
    return CycleFacts(
        tuple(line.judgement for line in held[-1].judgements), dose.planned_to_date_minutes, dose.delivered_minutes
    )


def _carried_twice(plan: Plan, plans: list[Plan]) -> bool:
    """Whether an outcome of this plan has been carried over twice already."""
    continues: dict[int, int | None] = {
        outcome.outcome_id: outcome.continues_id for one in plans for outcome in one.outcomes
    }

    def times(outcome_id: int | None) -> int:
        before = continues.get(outcome_id) if outcome_id is not None else None
        return 0 if before is None else 1 + times(before)

    return any(times(one.outcome_id) >= 2 for one in plan.outcomes if one.dropped_on is None)


def prefilled_views(pupil_id: int, since: date) -> dict[str, Any]:
    """The views recorded since the cycle began, as a first text for the review; only what may be shared."""

    pupil, parents = [], []
    for view in reversed(views_of(pupil_id)):
        if view.given_on < since or view.is_attempt:
            continue
        if view.whose is ViewOf.PUPIL:
            pupil.append(view.text)
        elif view.shared_with_family:
            parents.append(f"{view.adult_name}: {view.text}" if view.adult_name else view.text)
    return {"pupil_views": "\n\n".join(pupil), "parent_views": "\n\n".join(parents)}
