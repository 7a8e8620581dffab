"""Reading for the narrative: which record followed which, ids that lists elsewhere do not need, versions kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from graduated.assess.models import Advice, View
from graduated.db.clock import local
from graduated.db.session import db
from graduated.ehcna.models import Narrative, NarrativeVersion
from graduated.people.models import User
from graduated.pupils.models import Attendance
from graduated.review.models import OutcomeJudgement
from graduated.rules.advice import Brought, kind_of
from graduated.rules.declarations import words_digest
from graduated.rules.references import Source
from graduated.rules.vocabulary import BuildKind

_PUPIL: Any = bindparam("pupil_id")
_NARRATIVES = (
    select(
        Narrative.id,
        Narrative.section,
        Narrative.text,
        Narrative.sources,
        Narrative.brought,
        User.name,
        Narrative.recorded_at,
        Narrative.version,
    )
    .outerjoin(User, User.id == Narrative.recorded_by_id)
    .where(Narrative.assessment_request_id == bindparam("request_id"))
    .order_by(Narrative.id)
)
_FOLLOWED = {
    model: select(model.replaces_id, model.id).where(model.pupil_id == _PUPIL, model.replaces_id.is_not(None))
    for model in (View, Advice, Attendance)
}
_JUDGED = select(OutcomeJudgement.review_id, OutcomeJudgement.outcome_id, OutcomeJudgement.id).where(
    OutcomeJudgement.pupil_id == _PUPIL
)
_VERSIONS = (
    select(
        NarrativeVersion.number,
        NarrativeVersion.text,
        NarrativeVersion.sources,
        NarrativeVersion.recorded_at,
        User.name,
    )
    .outerjoin(User, User.id == NarrativeVersion.recorded_by_id)
    .where(
        NarrativeVersion.assessment_request_id == bindparam("request_id"),
        NarrativeVersion.section == bindparam("section"),
    )
    .order_by(NarrativeVersion.number.desc())
)
_DAYS = (
    select(NarrativeVersion.section, NarrativeVersion.number, NarrativeVersion.recorded_at)
    .where(NarrativeVersion.assessment_request_id == bindparam("request_id"))
    .order_by(NarrativeVersion.id)
)


@dataclass(frozen=True, slots=True)
class NarrativeRow:
    """One section's words, who last wrote them and when.

    `typed` has its references as marks, for whoever writes; `text` is what it reads today, for everybody else.
    """

    narrative_id: int
    section: str
    text: str
    typed: str
    sources: tuple[Source, ...]
    by: str
    recorded_at: datetime
    version: int
    brought: tuple[Brought, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One section as it was saved once: the words as typed, by whom and when; the newest version comes first."""

    number: int
    text: str
    sources: tuple[Source, ...]
    saved_at: datetime
    by: str


def sources_of(kept: list[dict[str, Any]]) -> tuple[Source, ...]:
    """What a row keeps of its references."""
    return tuple(Source(one["ref"], one["digest"], date.fromisoformat(one["on"])) for one in kept)


def kept_of(sources: tuple[Source, ...]) -> list[dict[str, Any]]:
    """References as a row keeps them."""
    return [{"ref": one.ref, "digest": one.digest, "on": one.on.isoformat()} for one in sources]


def brought_of(kept: list[dict[str, Any]]) -> tuple[Brought, ...]:
    """What a row keeps of the words that were brought over."""
    return tuple(Brought(one["section"], one["version"], date.fromisoformat(one["on"])) for one in kept)


def brought_kept(brought: tuple[Brought, ...]) -> list[dict[str, Any]]:
    """Words that were brought over, as a row keeps them."""
    return [{"section": one.section, "version": one.version, "on": one.on.isoformat()} for one in brought]


def narratives_of(request_id: int, kind: BuildKind = BuildKind.REQUEST) -> tuple[NarrativeRow, ...]:
    """What was written for the sections of a request's pack, or of its educational advice."""
    rows = db.session.execute(_NARRATIVES, {"request_id": request_id})
    return tuple(
        NarrativeRow(
            row.id,
            row.section,
            row.text,
            row.text,
            sources_of(row.sources),
            row.name or "",
            row.recorded_at,
            row.version,
            brought_of(row.brought),
        )
        for row in rows
        if kind_of(row.section) is kind
    )


def advice_digest(request_id: int) -> str:
    """What tells the words of the advice, as they were typed, from others."""
    rows = sorted(narratives_of(request_id, BuildKind.ADVICE), key=lambda row: row.section)
    return words_digest(*(text for row in rows for text in (row.section, row.typed)))


def followers_of(pupil_id: int) -> dict[str, dict[int, int]]:
    """By table: which row was put in the place of which, for views, advice and attendance."""
    return {
        model.__tablename__: {
            old: new for old, new in db.session.execute(statement, {"pupil_id": pupil_id}) if old is not None
        }
        for model, statement in _FOLLOWED.items()
    }


def judgement_ids(pupil_id: int) -> dict[tuple[int, int], int]:
    """The id of each judgement by its review and outcome."""
    return {(row[0], row[1]): row[2] for row in db.session.execute(_JUDGED, {"pupil_id": pupil_id})}


def version_days(request_id: int) -> dict[tuple[str, int], date]:
    """By section and number: the day on which a version was saved."""
    rows = db.session.execute(_DAYS, {"request_id": request_id})
    return {(row.section, row.number): local(row.recorded_at).date() for row in rows}


def versions_of(request_id: int, section: str) -> tuple[VersionRow, ...]:
    """Every version of a section that was saved, the newest first."""
    rows = db.session.execute(_VERSIONS, {"request_id": request_id, "section": section})
    return tuple(
        VersionRow(row.number, row.text, sources_of(row.sources), row.recorded_at, row.name or "") for row in rows
    )
