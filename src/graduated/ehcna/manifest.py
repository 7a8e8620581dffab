"""The manifest: every record that a pack was made from, each with the hash of its row (design §8).

The hash of the manifest stands on every page of the pack; `graduated verify` holds both against what is stored.
"""

from __future__ import annotations

import hashlib
import json
from datetime import time
from typing import Any

from sqlalchemy import bindparam, select

from graduated.assess.models import Advice, AdviceAction, Concern, Involvement, Measurement, Observation, View
from graduated.db.base import Base
from graduated.db.session import db
from graduated.do.models import DeliveredSession, Presence, WeeklyTick
from graduated.ehcna.models import Narrative
from graduated.ehcna.record_names import name_of_record
from graduated.ehcna.records import OPEN_TO_THE_PACK, Records
from graduated.plan.models import (
    Agreement,
    AgreementAdult,
    Amendment,
    Cycle,
    Outcome,
    Place,
    Provision,
    ProvisionOutcome,
    Responsibility,
    Strategy,
)
from graduated.pupils.models import (
    Adult,
    Attendance,
    Document,
    FamilyLink,
    Health,
    HealthStruck,
    Need,
    PartTime,
    Profile,
    Pupil,
    SenStatusSpell,
    Suspension,
    SuspensionStruck,
)
from graduated.request.models import AssessmentRequest, Consent, Declaration
from graduated.review.models import (
    ActionItem,
    Addendum,
    Attendee,
    NextStepTaken,
    OutcomeJudgement,
    ProvisionJudgement,
    Review,
    Seal,
)
from graduated.rules.seals import canonical
from graduated.school.models import Measure, Rate, RateCard, School

FORMAT = 2
_OF_PUPIL: tuple[Any, ...] = (
    SenStatusSpell, Need, Profile, FamilyLink, Attendance, PartTime, Suspension, SuspensionStruck, Health, HealthStruck,
    Measurement, View, Observation, Involvement, Advice, AdviceAction, Concern, Place, Agreement, AgreementAdult,
    Consent, AssessmentRequest, Declaration, Presence, WeeklyTick,
)  # fmt: skip
_OF_CYCLES: tuple[Any, ...] = (Outcome, Strategy, Provision, Responsibility, Amendment)
_OF_REVIEWS: tuple[Any, ...] = (
    Attendee, OutcomeJudgement, ProvisionJudgement, NextStepTaken, ActionItem, Seal, Addendum,
)  # fmt: skip
_SCHOOLWIDE: tuple[Any, ...] = (School, RateCard, Rate)


def _columns(model: Any) -> Any:
    return select(*(getattr(model, column.key) for column in model.__mapper__.column_attrs)).order_by(model.id)


_IDS: Any = bindparam("ids", expanding=True)
_BY_PUPIL = {model: _columns(model).where(model.pupil_id == bindparam("pupil_id")) for model in _OF_PUPIL}
_BY_CYCLE = {model: _columns(model).where(model.cycle_id.in_(_IDS)) for model in _OF_CYCLES}
_BY_REVIEW = {model: _columns(model).where(model.review_id.in_(_IDS)) for model in _OF_REVIEWS}
_ALL = {model: _columns(model) for model in _SCHOOLWIDE}
_BY_ID = {
    model: _columns(model).where(model.id.in_(_IDS)) for model in (Pupil, Adult, Document, Cycle, Review, Measure)
}
_NARRATIVE = _columns(Narrative).where(Narrative.assessment_request_id.in_(_IDS))
_SERVES = _columns(ProvisionOutcome).where(ProvisionOutcome.pupil_id == bindparam("pupil_id"))
_SESSIONS = _columns(DeliveredSession).where(
    DeliveredSession.group_id.in_(select(Place.group_id).where(Place.pupil_id == bindparam("pupil_id")))
)


def row_sha256(values: dict[str, Any]) -> str:
    """The hash of one row in its canonical form."""
    return hashlib.sha256(canonical({name: _plain(value) for name, value in values.items()})).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return value


def manifest_of(records: Records) -> dict[str, Any]:
    """Every record behind a pack, in a fixed order: table, id, name and hash. Restricted papers are not among them."""
    pupil_id = records.head.pupil_id
    cycles = [plan.cycle.cycle_id for plan in records.evidence_plans]
    reviews = [review.review_id for review in records.reviews]
    request_ids = [records.request.request_id] if records.request else []
    pupil = {"pupil_id": pupil_id}
    found: list[dict[str, Any]] = []
    for model, statement in _BY_PUPIL.items():
        found += _hashed(model, statement, pupil)
    for model, statement in _BY_CYCLE.items():
        found += _hashed(model, statement, {"ids": cycles})
    for model, statement in _BY_REVIEW.items():
        found += _hashed(model, statement, {"ids": reviews})
    for model, statement in _ALL.items():
        found += _hashed(model, statement, {})
    by_id: dict[Any, list[int]] = {
        Pupil: [pupil_id],
        Adult: [one.adult_id for one in records.adults],
        Document: [one.document_id for one in records.papers if one.visibility in OPEN_TO_THE_PACK],
        Cycle: cycles,
        Review: reviews,
        Measure: sorted({line.scale.measure_id for line in records.series}),
    }
    for model, ids in by_id.items():
        found += _hashed(model, _BY_ID[model], {"ids": ids})
    found += _hashed(Narrative, _NARRATIVE, {"ids": request_ids})
    found += _hashed(ProvisionOutcome, _SERVES, pupil)
    found += _hashed(DeliveredSession, _SESSIONS, pupil)
    return {
        "format": FORMAT,
        "school": records.school.urn,
        "pupil": pupil_id,
        "request": request_ids[0] if request_ids else None,
        "authority": records.profile_of_authority.code,
        "records": sorted(found, key=lambda one: (one["table"], one["id"])),
    }


def _hashed(model: type[Base], statement: Any, given: dict[str, Any]) -> list[dict[str, Any]]:
    table = model.__tablename__
    return [
        {"table": table, "id": row["id"], "name": name_of_record(table, row), "sha256": row_sha256(dict(row))}
        for row in db.session.execute(statement, given).mappings()
    ]


def manifest_bytes(manifest: dict[str, Any]) -> bytes:
    """The list as its own file: the very bytes whose hash is printed on every page."""
    return canonical(manifest)


def manifest_sha256(manifest: dict[str, Any]) -> str:
    """The hash that is printed on every page."""
    return hashlib.sha256(manifest_bytes(manifest)).hexdigest()
