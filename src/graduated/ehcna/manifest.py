"""The manifest: every record that a pack was made from, each with the hash of its row (design §8).

The hash of the manifest stands on every page of the pack; `graduated verify` holds both against what is stored.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import time
from functools import cache
from typing import Any

from sqlalchemy import bindparam, or_, select

from graduated import __version__
from graduated.assess.models import Advice, AdviceAction, Concern, Involvement, Measurement, Observation, View
from graduated.assess.queries_restricted import closed_entries
from graduated.db.base import Base
from graduated.db.session import db
from graduated.do.models import DeliveredSession, Presence, WeeklyTick
from graduated.ehcna.models import Narrative, NarrativeGiven
from graduated.ehcna.models_papers import PaperChosen
from graduated.ehcna.record_names import name_of_record
from graduated.ehcna.records import Records
from graduated.people.models import Membership, User
from graduated.plan.models import (
    Agreement,
    AgreementAdult,
    Amendment,
    Cycle,
    Group,
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
from graduated.rules.references import RefKind, ids_of
from graduated.rules.seals import canonical
from graduated.rules.vocabulary import Role
from graduated.school.authorities import AuthorityProfile
from graduated.school.models import Measure, Rate, RateCard, School, Term

FORMAT = 3
_OF_PUPIL: tuple[Any, ...] = (
    SenStatusSpell, Need, Profile, FamilyLink, Attendance, PartTime, Suspension, SuspensionStruck, Health, HealthStruck,
    Measurement, View, Observation, Involvement, Advice, AdviceAction, Concern, Place, Agreement, AgreementAdult,
    Consent, AssessmentRequest, Presence, WeeklyTick,
)  # fmt: skip
_OF_CYCLES: tuple[Any, ...] = (Outcome, Strategy, Provision, Responsibility, Amendment)
_OF_REVIEWS: tuple[Any, ...] = (
    Attendee, OutcomeJudgement, ProvisionJudgement, NextStepTaken, ActionItem, Seal, Addendum,
)  # fmt: skip
_SCHOOLWIDE: tuple[Any, ...] = (School, Term, RateCard, Rate)
_SIGNERS = (Role.HEAD, Role.SENCO)


READ_NOT_SAID = {
    "assignment": "who leads a pupil's support decides what they may do, and is not printed",
    "authority_file": "the profile stands in the manifest by its code and version",
    "bar": "who may see a pupil is never printed",
    "restriction": "entries that are marked stay out of the pack, and nothing tells of them",
    "contribution": "what colleagues wrote for a plan stands in the plan, where it was taken up",
}
"""Tables that are read for a pack and of which nothing is said in it."""


def _columns(model: Any) -> Any:
    return select(*(getattr(model, column.key) for column in model.__mapper__.column_attrs)).order_by(model.id)


_IDS: Any = bindparam("ids", expanding=True)
_BY_PUPIL = {model: _columns(model).where(model.pupil_id == bindparam("pupil_id")) for model in _OF_PUPIL}
_BY_CYCLE = {model: _columns(model).where(model.cycle_id.in_(_IDS)) for model in _OF_CYCLES}
_BY_REVIEW = {model: _columns(model).where(model.review_id.in_(_IDS)) for model in _OF_REVIEWS}
_ALL = {model: _columns(model) for model in _SCHOOLWIDE}
_BY_ID = {
    model: _columns(model).where(model.id.in_(_IDS))
    for model in (Pupil, Adult, Document, PaperChosen, Cycle, Review, Measure)
}
_NARRATIVE = _columns(Narrative).where(Narrative.id.in_(_IDS))
_DECLARED = _columns(Declaration).where(
    Declaration.pupil_id == bindparam("pupil_id"), Declaration.kind == bindparam("kind")
)
_GIVEN = _columns(NarrativeGiven).where(NarrativeGiven.id.in_(_IDS))
_SERVES = _columns(ProvisionOutcome).where(ProvisionOutcome.pupil_id == bindparam("pupil_id"))
_SESSIONS = _columns(DeliveredSession).where(
    DeliveredSession.group_id.in_(select(Place.group_id).where(Place.pupil_id == bindparam("pupil_id")))
)
_GROUPS = _columns(Group).where(Group.id.in_(select(Place.group_id).where(Place.pupil_id == bindparam("pupil_id"))))
_STANDING = _columns(Membership).where(
    Membership.role.in_(_SIGNERS),
    Membership.starts <= bindparam("day"),
    or_(Membership.ends.is_(None), Membership.ends >= bindparam("day")),
)
_PEOPLE = select(User.id, User.name).where(User.id.in_(_IDS)).order_by(User.id)
"""Of an account only the name is said anywhere, and so only the name is listed."""


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
    """Every record behind a pack, in a fixed order: table, id, name and hash. A restricted paper is among them only
    beside the decision that released it."""
    gathered = _gathered(records)
    request, school = records.request, records.school
    return {
        "format": FORMAT,
        "kind": records.kind.value,
        "school": school.urn,
        "pupil": records.head.pupil_id,
        "request": request.request_id if request else None,
        "authority": records.profile_of_authority.code,
        "authority_version": request.authority_version if request else school.authority_version,
        "authority_sha256": _profile_sha256(records.profile_of_authority),
        "program": f"Graduated {__version__}",
        "records": sorted(gathered.found, key=lambda one: (one["table"], one["id"])),
    }


def _profile_sha256(profile: AuthorityProfile) -> str:
    """The hash of a profile as it was read: one that was mended since is told from the one of a pack."""
    return hashlib.sha256(json.dumps(asdict(profile), default=str, sort_keys=True).encode()).hexdigest()


def _gathered(records: Records) -> _Gathered:
    pupil = {"pupil_id": records.head.pupil_id}
    cycles = {"ids": [plan.cycle.cycle_id for plan in records.evidence_plans]}
    reviews = {"ids": [review.review_id for review in records.reviews]}
    gathered = _Gathered(frozenset(closed_entries(records.head.pupil_id)))
    for statements, given in ((_BY_PUPIL, pupil), (_BY_CYCLE, cycles), (_BY_REVIEW, reviews), (_ALL, {})):
        for model, statement in statements.items():
            gathered.add(model, statement, given)
    by_id: dict[Any, list[int]] = {
        Pupil: [records.head.pupil_id],
        Adult: [one.adult_id for one in records.adults],
        Document: [one.document_id for one in records.papers],
        PaperChosen: list(records.released),
        Cycle: cycles["ids"],
        Review: reviews["ids"],
        Measure: sorted({line.scale.measure_id for line in records.series}),
    }
    for model, ids in by_id.items():
        gathered.add(model, _BY_ID[model], {"ids": ids})
    gathered.add(Narrative, _NARRATIVE, {"ids": [one.narrative_id for one in records.narratives]})
    gathered.add(Declaration, _DECLARED, {**pupil, "kind": records.kind})
    gathered.add(NarrativeGiven, _GIVEN, {"ids": _taken_over(records)})
    gathered.add(ProvisionOutcome, _SERVES, pupil)
    gathered.add(DeliveredSession, _SESSIONS, pupil)
    gathered.add(Group, _GROUPS, pupil)
    gathered.add(Membership, _STANDING, {"day": records.on})
    gathered.add(User, _PEOPLE, {"ids": sorted(gathered.people)})
    return gathered


def _taken_over(records: Records) -> list[int]:
    """What colleagues handed in and is named as a source; what was not taken over is not said in the pack."""
    return sorted({one for row in records.narratives for one in ids_of(row.typed, RefKind.GIVEN)})


@dataclass
class _Gathered:
    """The records found so far, and the ids of the people whom they name. What is closed is not among them."""

    closed: frozenset[tuple[str, int]]
    found: list[dict[str, Any]] = field(default_factory=list)
    people: set[int] = field(default_factory=set)

    def add(self, model: type[Base], statement: Any, given: Mapping[str, Any]) -> None:
        """List what a statement finds."""
        table, people = model.__tablename__, _columns_of_people(model)
        for row in db.session.execute(statement, dict(given)).mappings():
            if (table, row["id"]) in self.closed:
                continue
            name, fingerprint = name_of_record(table, row), row_sha256(dict(row))
            self.found.append({"table": table, "id": row["id"], "name": name, "sha256": fingerprint})
            self.people.update(row[one] for one in people if row.get(one))


@cache
def _columns_of_people(model: type[Base]) -> tuple[str, ...]:
    attributes = model.__mapper__.column_attrs
    return tuple(
        one.key for one in attributes if any(key.column.table.name == "user" for key in one.columns[0].foreign_keys)
    )


def manifest_bytes(manifest: dict[str, Any]) -> bytes:
    """The list as its own file: the very bytes whose hash is printed on every page."""
    return canonical(manifest)


def manifest_sha256(manifest: dict[str, Any]) -> str:
    """The hash that is printed on every page."""
    return hashlib.sha256(manifest_bytes(manifest)).hexdigest()
