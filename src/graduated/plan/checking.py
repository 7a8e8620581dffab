"""What the plan checks say of what is being typed and is not saved yet.

An empty box says nothing while one writes something new: what is missing is told once it is saved. What cannot be
read yet (half a date, a word for a figure) says nothing either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from graduated.plan.board import Notes, facts_of, notes_from
from graduated.plan.forms import FrameForm, OutcomeForm
from graduated.plan.forms_provision import ProvisionForm
from graduated.plan.rows import OutcomeRow, Plan, ProvisionRow
from graduated.rules.plan_facts import OutcomeFacts, ProvisionFacts
from graduated.rules.progress import Value
from graduated.rules.reviews import REVIEWS_A_YEAR
from graduated.rules.vocabulary import Direction, Evidencing, ProvisionKind

NEW = "new"

# Beside which box a finding stands: the check's name of a field, and the form's.
OUTCOME_BOXES: Mapping[str, tuple[str, ...]] = {
    "statement": ("statement",),
    "criterion": ("success",),
    "by_when": ("by_when",),
    "baseline": ("baseline",),
    "baseline_on": ("baseline_on",),
    "target": ("target",),
    "tolerance": ("tolerance",),
}
PROVISION_BOXES: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "serves": ("serves",),
    "dose": ("minutes", "times_a_week", "group_size"),
    "expected_impact": ("expected_impact",),
}
FRAME_BOXES: Mapping[str, tuple[str, ...]] = {
    "review_due": ("review_due",),
    "lead_id": ("lead_id",),
    "assess_summary": ("assess_summary",),
}


def typed_outcome(plan: Plan, form: OutcomeForm, row: OutcomeRow | None) -> Notes:
    """What the checks say of an outcome as it stands in the form. The form was validated, whatever came of it."""
    details = form.details()
    measure = form.rows.get(form.measure_id.data or "")
    facts = OutcomeFacts(
        id=str(row.outcome_id) if row else NEW,
        statement=details.statement,
        area=details.area,
        criterion=details.success,
        by_when=details.by_when,
        measure=measure.name if measure else None,
        direction=measure.direction if measure else Direction.NONE,
        baseline=None if details.baseline is None else Value(details.baseline),
        baseline_on=details.baseline_on,
        target=None if details.target is None else Value(details.target),
        maintain=details.maintain,
        tolerance=details.tolerance,
        error=measure.error if measure else None,
        in_plain_words=details.in_plain_words,
    )
    whole = facts_of(plan)
    found = notes_from(replace(whole, outcomes=_with(whole.outcomes, facts))).get(facts.id, {})
    return _beside(found, form, OUTCOME_BOXES, told_all=row is not None)


def typed_provision(plan: Plan, form: ProvisionForm, row: ProvisionRow | None) -> Notes:
    """What the checks say of provision as it stands in the form."""
    details = form.details()
    staff = {str(one.value): str(one.label) for one in form.staff_id.choices}
    facts = ProvisionFacts(
        id=f"p{row.provision_id}" if row else NEW,
        name=details.name,
        serves=frozenset(str(one) for one in details.serves),
        minutes=details.minutes,
        times_a_week=details.times_a_week,
        group_size=details.group_size,
        who=details.who or (staff.get(str(details.staff_id), "") if details.staff_id else ""),
        expected_impact=details.expected_impact,
        in_class=details.kind is ProvisionKind.IN_CLASS,
        logged=details.evidencing is not Evidencing.NONE,
    )
    whole = facts_of(plan)
    found = notes_from(replace(whole, provisions=_with(whole.provisions, facts))).get(facts.id, {})
    return _beside(found, form, PROVISION_BOXES, told_all=row is not None)


def typed_frame(plan: Plan, form: FrameForm) -> Notes:
    """What the checks say of a plan's dates, lead and starting point as they stand in the form."""
    frame = form.frame()
    lead = {str(one.value): str(one.label) for one in form.lead_id.choices}
    facts = replace(
        facts_of(plan),
        plan_from=frame.starts,
        review_due=frame.review_due,
        reviews_a_year=REVIEWS_A_YEAR[frame.plan_type],
        lead=lead.get(str(frame.lead_id), "") if frame.lead_id else "",
        starting_point=frame.assess_summary,
    )
    return _beside(notes_from(facts).get(None, {}), form, FRAME_BOXES, told_all=True)


def _with(known: tuple[Any, ...], typed: Any) -> tuple[Any, ...]:
    if any(one.id == typed.id for one in known):
        return tuple(typed if one.id == typed.id else one for one in known)
    return (*known, typed)


def _beside(found: Notes, form: Any, boxes: Mapping[str, Iterable[str]], *, told_all: bool) -> Notes:
    """Every box with what is said beside it, silent ones too, so that what is mended falls silent."""
    return {name: found.get(name, ()) if _may_say(form, fields, told_all) else () for name, fields in boxes.items()}


def _may_say(form: Any, fields: Iterable[str], told_all: bool) -> bool:
    """Not where a box cannot be read yet, nor of an empty box while something new is written."""
    if any(form[field].errors for field in fields):
        return False
    return told_all or any(form[field].data for field in fields)
