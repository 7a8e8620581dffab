"""Ending the sign-ins of somebody else."""

from __future__ import annotations

from graduated.access.identity import require_actor
from graduated.db.clock import now
from graduated.db.writing import writes
from graduated.people import sign_in as signing


@writes("Somebody signed out")
def end_here(user_id: int) -> int:
    """End every sign-in of a person into this school at once; those into another school are that school's. Their id."""
    school_id = require_actor().school_id
    for row in signing.open_of(user_id):
        if row.school_id == school_id:
            row.ended_at = now()
    return user_id
