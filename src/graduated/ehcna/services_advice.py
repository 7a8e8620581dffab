"""Giving the educational advice in one's own name: the head, or the SENCO on the head's behalf (reg 6(1)(b))."""

from __future__ import annotations

from sqlalchemy import select

from graduated.access.identity import require_actor
from graduated.db.session import db
from graduated.db.writing import Clash, writes
from graduated.ehcna.queries_narrative import advice_digest
from graduated.request.models import AssessmentRequest
from graduated.request.services_signing import keep_declaration, signs_as
from graduated.rules.advice import statement
from graduated.rules.vocabulary import BuildKind, Role


def signing_role() -> Role:
    """As what whoever acts gives the advice: who is head and SENCO gives it as the head."""
    return Role.HEAD if Role.HEAD in require_actor().roles else Role.SENCO


@writes("Educational advice signed")
def sign_advice(request_id: int, words_read: str) -> int:
    """Sign the advice as it stands; what was declared is kept with the signature.

    `words_read` is the digest of the words as they were shown; raises Clash when they read otherwise now.
    """
    row = db.session.scalars(select(AssessmentRequest).where(AssessmentRequest.id == request_id)).one()
    digest = advice_digest(request_id)
    if digest != words_read:
        raise Clash({})
    role = signing_role()
    if role in signs_as():
        keep_declaration(row, role, statement(role), digest, BuildKind.ADVICE)
    return row.id
