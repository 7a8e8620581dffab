"""Taking a file of attendance or of suspensions: entries like those made by hand, by the same rules."""

from __future__ import annotations

from graduated.imports.compare_background import BackgroundPlan
from graduated.pupils import services_background as background
from graduated.pupils.services_background import NewSuspension

_WHY = "Imported again from the school’s information system with other figures."


def apply_background(plan: BackgroundPlan) -> None:
    """Write what the dry run showed. Inside one write()."""
    for one in plan.periods:
        if one.replaces is None:
            background.record_attendance(one.pupil_id, one.period)
        else:
            background.correct_attendance(one.replaces, one.period, _WHY)
    for entry in plan.suspensions:
        new = NewSuspension(entry.suspended, entry.reason)
        if entry.replaces is None:
            background.record_suspension(entry.pupil_id, new)
        else:
            background.correct_suspension(entry.replaces, new, _WHY)
