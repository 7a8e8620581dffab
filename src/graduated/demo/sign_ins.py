"""In the demo school the staff have signed in lately, each on some day of the last two weeks; one has not for long."""

from __future__ import annotations

from graduated.access import entry
from graduated.access.policy import Hat
from graduated.demo.stage import Stage, chance
from graduated.people.sign_in import end, enter

LONG_AGO = ("bell",)
"""Has not signed in for more than a school term, so that the list of joiners, movers and leavers has a line."""


def tell(stage: Stage) -> None:
    """One sign-in of each, ended the same afternoon."""
    for key in sorted(stage.cast.users):
        days = -75 if key in LONG_AGO else -chance("signed in", key).randint(1, 8)
        day = stage.calendar.shifted(stage.calendar.on_or_before(stage.today), days)
        with stage.on(day, 8, chance("minute", key).randint(5, 40)):
            doors = [one for one in entry.doors(stage.cast.users[key]) if one.hat is Hat.STAFF]
            entered = [enter(stage.cast.users[key], one, address="", device="A school computer") for one in doors[:1]]
        with stage.on(day, 16, 5):
            for one in entered:
                end(one.session_id)
