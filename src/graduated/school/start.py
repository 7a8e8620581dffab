"""What a new school starts from: the measure library and the intervention library."""

from __future__ import annotations

from decimal import Decimal

from graduated.db.session import db
from graduated.school.intervention_library import START_INTERVENTIONS
from graduated.school.measure_library import START_MEASURES
from graduated.school.models import Intervention, Measure


def fill(school_id: int) -> None:
    """Put the libraries in, inside the act that makes the school. Terms are the school's own to enter."""
    measures = {}
    for start in START_MEASURES:
        measures[start.code] = Measure(
            school_id=school_id,
            code=start.code,
            name=start.name,
            kind=start.kind,
            direction=start.direction,
            respondent=start.respondent,
            unit=start.unit,
            lowest=_exact(start.lowest),
            highest=_exact(start.highest),
            usual_low=_exact(start.usual_low),
            usual_high=_exact(start.usual_high),
            error=_exact(start.error),
            note=start.note,
        )
    db.session.add_all(measures.values())
    db.session.flush()
    for kind in START_INTERVENTIONS:
        db.session.add(
            Intervention(
                school_id=school_id,
                name=kind.name,
                purpose=kind.purpose,
                areas=[area.value for area in kind.areas],
                evidence_source=kind.evidence,
                usual_minutes=kind.minutes,
                usual_times_a_week=kind.times_a_week,
                usual_weeks=kind.weeks,
                usual_group_size=kind.group_size,
                staff_role=kind.role,
                measure_id=measures[kind.measure].id,
            )
        )
    db.session.flush()


def _exact(figure: int | None) -> Decimal | None:
    return None if figure is None else Decimal(figure)
