"""Reading declarations: who signed what, and whether the words have changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.request.models import Declaration
from graduated.request.queries import RequestRow
from graduated.rules.declarations import words_digest
from graduated.rules.vocabulary import BuildKind, Role

_OF_REQUEST = (
    select(
        Declaration.role,
        Declaration.signer_name,
        Declaration.signed_at,
        Declaration.statement,
        Declaration.words_digest,
        Declaration.recorded_by_id,
    )
    .where(Declaration.assessment_request_id == bindparam("request_id"), Declaration.kind == bindparam("kind"))
    .order_by(Declaration.id)
)


@dataclass(frozen=True, slots=True)
class DeclarationRow:
    """One signature: as what, by whom, when, under which words; the digest is of the request's own words that day."""

    role: Role
    signer_name: str
    signed_at: datetime
    statement: str
    words_digest: str
    signer_id: int | None


def declarations_of(request_id: int, kind: BuildKind = BuildKind.REQUEST) -> tuple[DeclarationRow, ...]:
    """Every signature under a request or its advice, oldest first: a later one of the same role is a new row."""
    rows = db.session.execute(_OF_REQUEST, {"request_id": request_id, "kind": kind})
    return tuple(DeclarationRow(*row) for row in rows)


def digest_of(row: RequestRow) -> str:
    """The request's own words as they stand, for a comparison with what was signed."""
    return words_digest(row.reason, row.more_needed, row.outcomes_sought)
