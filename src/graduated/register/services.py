"""What the register writes: only that the school's information system was told."""

from __future__ import annotations

from graduated.pupils.services import mark_told_mis


def told_mis(spell_id: int) -> int:
    """Somebody has changed a status in the school's information system too. Gives the pupil's id."""
    return mark_told_mis(spell_id)
