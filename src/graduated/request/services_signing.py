"""Signing the declaration: each in their own name, with the exact words that they declared."""

from __future__ import annotations

from sqlalchemy import select

from graduated.access.identity import require_actor
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import Clash, writes
from graduated.request.models import AssessmentRequest, Declaration
from graduated.rules.declarations import words_digest
from graduated.rules.vocabulary import BuildKind, Role


@writes("Request signed")
def sign(request_id: int, statement: str, words_read: str | None = None) -> int:
    """Sign the declaration in one's own name, as the head or as the SENCO, whichever one is.

    `statement` is what was read and signed; it is kept as it was, also when the authority's words change later.
    `words_read` is the digest of the request's own words as they were shown; raises Clash when they read otherwise now.
    """
    row = db.session.scalars(select(AssessmentRequest).where(AssessmentRequest.id == request_id)).one()
    digest = words_digest(row.reason, row.more_needed, row.outcomes_sought)
    if words_read is not None and words_read != digest:
        raise Clash({})
    actor, on = require_actor(), today()
    if Role.HEAD in actor.roles:
        row.head_signed_by, row.head_signed_on = actor.name, on
    if Role.SENCO in actor.roles:
        row.senco_signed_by, row.senco_signed_on = actor.name, on
    for role in signs_as():
        keep_declaration(row, role, statement, digest)
    return row.id


def signs_as() -> tuple[Role, ...]:
    """As what whoever acts signs: as the head, as the SENCO, or as both."""
    roles = require_actor().roles
    return tuple(role for role in (Role.HEAD, Role.SENCO) if role in roles)


def keep_declaration(
    row: AssessmentRequest, role: Role, statement: str, digest: str, kind: BuildKind = BuildKind.REQUEST
) -> None:
    """Keep one signature with what was declared, within a write: of the request, or of its educational advice."""
    db.session.add(
        Declaration(
            pupil_id=row.pupil_id,
            assessment_request_id=row.id,
            role=role,
            signer_name=require_actor().name,
            signed_at=now(),
            statement=statement,
            words_digest=digest,
            kind=kind,
        )
    )
