"""In the demo school the safeguarding lead has restricted one entry, and released it to one teacher by name."""

from __future__ import annotations

from datetime import timedelta

from graduated.access.identity import acting
from graduated.assess.services import NewObservation, record_observation
from graduated.assess.services_restricted import Entry, mark, release_entry
from graduated.demo.lived import Life
from graduated.demo.stage import Stage
from graduated.rules.vocabulary import NeedArea, ObservationKind, Visibility

SEEN = "Hides food in her bag on Fridays. She said that nobody shops at the weekend."


def tell(stage: Stage, lives: dict[str, Life]) -> None:
    """Seen by Mrs Legg, restricted the next morning, released for a meeting."""
    pupil_id = lives["Maisie Gale"].pupil_id
    seen = stage.calendar.shifted(stage.today, -9)
    with stage.on(seen, 15, 45), acting(stage.cast.actor("legg")):
        entry = Entry(
            "observation",
            record_observation(
                pupil_id, NewObservation(ObservationKind.DIFFICULTY, NeedArea.SEMH, SEEN, "Mrs Legg", seen)
            ),
        )
    with stage.on(stage.calendar.shifted(seen, 1), 8, 20), acting(stage.cast.actor("hargreave")):
        mark(pupil_id, entry, Visibility.RESTRICTED)
        release_entry(
            pupil_id, entry, stage.cast.users["whitcombe"], "He comes to the meeting with the family.",
            stage.today + timedelta(days=14),
        )  # fmt: skip
