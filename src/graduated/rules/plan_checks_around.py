"""Plan checks of what surrounds outcomes and provision: the needs they start from, the review, the people."""

from __future__ import annotations

from datetime import date

from graduated.rules.calendar import academic_year, is_school_day, plain_date, school_day_on_or_before, term_of_or_after
from graduated.rules.plan_check import Check, Found, with_plan
from graduated.rules.plan_facts import PlanFacts
from graduated.rules.vocabulary import NeedArea, Responsible

SEVERAL = 2
"""From how many reviews a year on the review belongs into this term or the next."""


def _no_need(plan: PlanFacts) -> Found:
    if not plan.has_needs:
        yield None, "needs", "No need is on record. Add what the pupil finds hard, as far as it is known."


def _no_outcome_for_area(plan: PlanFacts) -> Found:
    covered = {outcome.area for outcome in plan.outcomes}
    for area in NeedArea:
        if area in plan.areas_of_need - covered:
            yield None, "outcomes", f"No outcome is about {area.inside}, an area of need on record."


def _no_starting_point(plan: PlanFacts) -> Found:
    if not plan.starting_point.strip():
        yield None, "assess_summary", "Say what is known now: what goes well, what is hard, what was tried."


def _no_review_date(plan: PlanFacts) -> Found:
    if plan.review_due is None:
        yield None, "review_due", "Set the review date."
    elif plan.review_due <= plan.plan_from:
        yield None, "review_due", "The review date lies before the plan begins; give a later one."


def _review_out_of_term(plan: PlanFacts) -> Found:
    due = plan.review_due
    if due is None or academic_year(due) not in {term.academic_year for term in plan.terms}:
        return
    if not is_school_day(due, plan.terms, plan.bank_holidays):
        before = plain_date(school_day_on_or_before(due, plan.terms, plan.bank_holidays))
        yield None, "review_due", f"{plain_date(due)} is not a school day. The school day before it is {before}."


def _review_late(plan: PlanFacts) -> Found:
    first = term_of_or_after(plan.plan_from, plan.terms)
    if plan.review_due is None or plan.reviews_a_year < SEVERAL or first is None:
        return
    later = sorted((term for term in plan.terms if term.starts > first.ends), key=lambda term: term.starts)
    if later and plan.review_due > later[0].ends:
        sentence = f"That is after the end of the next term, {plain_date(later[0].ends)}. Review it sooner."
        yield None, "review_due", sentence


def _no_lead(plan: PlanFacts) -> Found:
    if not plan.lead.strip():
        yield None, "lead_id", "Say which teacher leads: one who knows the pupil well."


def _no_pupil_views(plan: PlanFacts) -> Found:
    if not plan.pupil_views:
        yield None, "views", "Add the pupil's views, or the attempts made to gather them."


def _no_parent_views(plan: PlanFacts) -> Found:
    if not plan.parent_views:
        yield None, "views", "Add the parents' views, or the attempts made to gather them."


def _nobody_does(plan: PlanFacts) -> Found:
    for who in (Responsible.SCHOOL, Responsible.PARENT):
        if who not in plan.responsibilities:
            yield None, "responsibilities", f"Say what is agreed for: {who.inside}."


OF_NEEDS: tuple[Check, ...] = (
    Check(
        "need-on-record",
        "A need is on record",
        "The thread starts at the need: without one nobody can say what the plan answers.",
        "Code 6.44, 6.45 to 6.47",
        _no_need,
        "No need on record",
        with_plan(has_needs=False, areas_of_need=frozenset()),
        "A specific learning difficulty on record",
    ),
    Check(
        "need-has-outcome",
        "Each area of need has an outcome",
        "An area of need on record without an outcome is left to chance.",
        "Code 6.44, 6.48 to 6.51",
        _no_outcome_for_area,
        "Needs in all four areas, and one outcome, for cognition and learning",
        with_plan(areas_of_need=frozenset(NeedArea)),
        "A need in cognition and learning, and an outcome for it",
    ),
    Check(
        "starting-point",
        "The plan says where it starts",
        "The plan rests on an analysis of need: what is known, what was tried, how the pupil compares.",
        "Code 6.45 to 6.47",
        _no_starting_point,
        "“What we know now” left empty",
        with_plan(starting_point=""),
        "“Reads by guessing from the first letter; enjoys being read to.”",
    ),
)
OF_REVIEW: tuple[Check, ...] = (
    Check(
        "review-date",
        "The plan has a review date",
        "A clear date for review is agreed with the plan.",
        "Code 6.48 to 6.51",
        _no_review_date,
        "No review date",
        with_plan(review_due=None),
        "24 November 2026, for a plan from 14 September",
    ),
    Check(
        "review-in-term",
        "The review falls on a school day",
        "A review needs the teacher, the family and the pupil; in the holidays it is put off and then forgotten.",
        "Code 6.53 to 6.56",
        _review_out_of_term,
        "28 October 2026, in half-term",
        with_plan(review_due=date(2026, 10, 28)),
        "24 November 2026, a school day",
    ),
    Check(
        "review-by-next-term",
        "The review comes by the end of the next term",
        "Schools meet parents at least three times a year, so no plan waits longer than two terms.",
        "Code 6.64 to 6.71",
        _review_late,
        "20 July 2027, for a plan from 14 September 2026",
        with_plan(review_due=date(2027, 7, 20)),
        "24 November 2026, for a plan from 14 September",
    ),
)
OF_PEOPLE: tuple[Check, ...] = (
    Check(
        "lead-teacher",
        "A teacher who knows the pupil leads",
        "Meetings are led by a teacher who knows the pupil well, with the SENCO's support.",
        "Code 6.52, 6.64 to 6.71",
        _no_lead,
        "Nobody named as lead",
        with_plan(lead=""),
        "Miss Vine leads",
    ),
    Check(
        "pupil-views",
        "The pupil's views are on record",
        "What the pupil says is part of assessing and of the meeting.",
        "Code 6.45 to 6.47, 6.64 to 6.71",
        _no_pupil_views,
        "No views of the pupil in the half year before the plan",
        with_plan(pupil_views=False),
        "The pupil's views, or the attempts made to gather them, in that half year",
    ),
    Check(
        "parent-views",
        "The parents' views are on record",
        "The plan is agreed with parents, and starts from what they know.",
        "Code 6.45 to 6.51",
        _no_parent_views,
        "No views of a parent in the half year before the plan",
        with_plan(parent_views=False),
        "A parent's views, or the attempts made to gather them, in that half year",
    ),
    Check(
        "who-does-what",
        "School and home each have a part",
        "Meetings agree who does what, and parents are told what to reinforce at home.",
        "Code 6.48 to 6.51, 6.64 to 6.71",
        _nobody_does,
        "The school's part is written, the parents' is not",
        with_plan(responsibilities=frozenset({Responsible.SCHOOL})),
        "A part for the school and one for the parents",
    ),
)
