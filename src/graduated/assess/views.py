"""Pages of `assess`: figures, what is known, professionals; each in a file of its own."""

from __future__ import annotations

from flask import Blueprint, abort

from graduated.access.actions import ASSESS_WRITE
from graduated.access.guards import may
from graduated.access.identity import require_actor
from graduated.access.policy import Subject
from graduated.assess.queries import lead_of

bp = Blueprint("assess", __name__)


def may_write(pupil_id: int) -> bool:
    """Whether the person writes everything here: SENCO, SEN assistant, and the lead teacher of the open cycle."""
    return may(ASSESS_WRITE, Subject(pupil_id, lead_id=lead_of(pupil_id)))


def own_or_write(pupil_id: int, recorded_by_id: int | None) -> None:
    """Who only contributes may correct what they entered themselves, and nothing else (design §6)."""
    if recorded_by_id != require_actor().user_id and not may_write(pupil_id):
        abort(403)


from graduated.assess import views_concerns, views_known, views_measures, views_professionals, views_restricted  # noqa: E402, F401
