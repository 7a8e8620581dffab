"""From a pupil's records to what an authority's list is held against, and to what is planned."""

from __future__ import annotations

from graduated.ehcna.facts import parents_on
from graduated.ehcna.records import Records
from graduated.request.queries import standing_consents
from graduated.rules.calendar import last_school_day_of_term
from graduated.rules.readiness_asks import Held
from graduated.rules.readiness_when import Ahead
from graduated.rules.reviews import due_date
from graduated.rules.vocabulary import ConsentAnswer, ConsentKind
from graduated.school.queries import bank_holidays, terms


def held_of(records: Records) -> Held:
    """What is on record besides the lines of evidence."""
    return Held(
        details=_details(records),
        papers=tuple((one.kind, one.dated) for one in records.papers),
        answers=_answers(records),
        parents={} if records.has_rights else {kind: parents_on(records, kind) for kind in ConsentKind},
        services=tuple(f"{one.service} {one.person}".strip() for one in records.involvements),
    )


def _details(records: Records) -> frozenset[str]:
    row = records.details
    told = {
        "upn": row.upn,
        "born": row.born_on,
        "year": row.year_group,
        "address": row.address,
        "nhs-number": row.nhs_number,
        "ethnicity": row.ethnicity,
        "religion": row.religion,
        "first-language": row.first_language,
        "care": row.in_care is not None,
        "service-family": row.service_family is not None,
        "admitted": row.admitted_on,
        "previous-schools": row.previous_schools,
    }
    return frozenset(name for name, value in told.items() if value)


def _answers(records: Records) -> dict[ConsentKind, ConsentAnswer]:
    """The answer that stands to each question: a refusal is never hidden behind another's yes."""
    found: dict[ConsentKind, ConsentAnswer] = {}
    standing = [one for one in standing_consents(records.consents) if one.by_pupil is records.has_rights]
    for answer in (ConsentAnswer.ASKED, ConsentAnswer.GIVEN, ConsentAnswer.REFUSED):
        found |= {one.kind: answer for one in standing if one.answer is answer}
    return found


def ahead_of(records: Records) -> Ahead:
    """What is planned: the running cycle's review, the ends of the terms that are entered, the day of admission."""
    running = next((plan.cycle for plan in reversed(records.plans) if plan.cycle.is_agreed), None)
    calendar, holidays = terms(), bank_holidays()
    ends = (last_school_day_of_term(term, holidays) for term in calendar)
    return Ahead(
        is_running=running is not None,
        review_due=due_date(running.review_due, running.starts, calendar, holidays) if running else None,
        terms_end=tuple(sorted(day for day in ends if day >= records.on)),
        admitted=records.details.admitted_on,
    )
