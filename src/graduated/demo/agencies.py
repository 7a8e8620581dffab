"""Professionals: who was asked, what they found and advised, and what became of it, with the report as a paper."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from graduated.assess.models import Involvement
from graduated.assess.services import (
    DoneWithAdvice,
    InvolvementDetails,
    act_on_advice,
    add_advice,
    add_involvement,
    change_involvement,
)
from graduated.db.session import db
from graduated.demo.lived import Life
from graduated.demo.papers import Paper, store
from graduated.demo.people import BY_KEY as PEOPLE
from graduated.demo.stage import Stage
from graduated.demo.stories import Agency
from graduated.pupils.services import add_document
from graduated.rules.vocabulary import AdviceStatus, DocumentKind, Visibility

_TO_REPORT = 22
"""School days from the review that asked until the report."""
_DIAGNOSES = {"Community paediatrics"}
"""Whose letters say what a child has, and do not age."""
_SINCE_ACTION = 15
"""School days since it was last looked at what had become of advice."""


def tell(stage: Stage, life: Life) -> None:
    """Every service of a story, dated by the cycle in which it was asked."""
    for agency in life.course.story.agencies:
        _tell(stage, life, agency)


def _tell(stage: Stage, life: Life, agency: Agency) -> None:
    cycle = next((one for one in life.course.cycles if one.told == agency.cycle), life.course.cycles[0])
    asked = cycle.ends or cycle.starts
    today = stage.calendar.on_or_before(stage.today)
    seen, reported = stage.calendar.shifted(asked, _TO_REPORT - 8), stage.calendar.shifted(asked, _TO_REPORT)
    if reported > today:
        seen = reported = None  # type: ignore[assignment]
    # A status-only involvement has no report; what it says is for the safeguarding lead alone.
    with_report = bool(agency.advice) and reported is not None
    stored = store(_report(life, agency, reported)) if with_report else None
    review_id = life.reviews.get(agency.cycle)
    day = min(reported or today, today)
    with stage.act("legg", max(day, stage.begun), "Professional’s report taken up", 9, 45):
        document_id = add_document(life.pupil_id, stored) if stored is not None else None
        details = InvolvementDetails(
            service=agency.service, person=agency.person, question=agency.question, who_refers=PEOPLE["legg"].name,
            refer_by=stage.calendar.shifted(asked, 10) if review_id else None,
            referred_on=stage.calendar.shifted(asked, 3) if stage.calendar.shifted(asked, 3) <= today else None,
            seen_on=seen, reported_on=reported if with_report else None, parents_agree=True,
            outcome_words=agency.found, document_id=document_id, review_id=review_id,
        )  # fmt: skip
        known = _opened_by_review(review_id, agency.service)
        involvement_id = (
            add_involvement(life.pupil_id, details) if known is None else change_involvement(known, details)
        )
        if not with_report:
            return
        told = [(add_advice(involvement_id, what, reported), said, words) for what, said, words in agency.advice]
    acted = max(stage.calendar.shifted(today, -_SINCE_ACTION), day)
    with stage.act("legg", acted, "What was done with advice recorded", 15, 10):
        for advice_id, said, words in told:
            _acted_on(advice_id, AdviceStatus(said), words, acted)


def _opened_by_review(review_id: int | None, service: str) -> int | None:
    if review_id is None:
        return None
    return db.session.scalar(
        select(Involvement.id).where(Involvement.review_id == review_id, Involvement.service == service)
    )


def _acted_on(advice_id: int, status: AdviceStatus, words: str, on: date) -> None:
    if status is AdviceStatus.OPEN:
        return
    text, effect = ("Taken into the plan.", words) if status is AdviceStatus.DONE else (words, "")
    act_on_advice(advice_id, DoneWithAdvice(status, on, "Class team", text=text, effect=effect))


def _report(life: Life, agency: Agency, dated: date) -> Paper:
    return Paper(
        DocumentKind.DIAGNOSIS if agency.service in _DIAGNOSES else DocumentKind.REPORT,
        f"{agency.service}: report on {life.course.story.name}",
        agency.person,
        dated,
        (f"Question: {agency.question}", agency.found, *(f"Advice: {what}" for what, _status, _words in agency.advice)),
        Visibility.FAMILY,
    )
