"""In the demo school one pupil has left and the next school's receipt is awaited; one other record is held."""

from __future__ import annotations

from datetime import date

from graduated.access.identity import acting
from graduated.assess.models import Observation, View
from graduated.db.session import db
from graduated.demo.lived import Life
from graduated.demo.stage import Stage
from graduated.pupils.models import Need, Profile, Pupil, SenStatusSpell
from graduated.retention.services import hold
from graduated.rules.calendar import end_of_compulsory_school_age
from graduated.rules.vocabulary import (
    NeedArea,
    NeedType,
    ObservationKind,
    SenStatus,
    Sex,
    StatusSource,
    ViewMethod,
    ViewOf,
    YearGroup,
)
from graduated.transfer.making import make

HELD = "Her parents have complained to the governors about how her hours were cut. Kept until that is settled."


def tell(stage: Stage, lives: dict[str, Life]) -> None:
    """Rosie Appleby moved away in September; Maisie's record is held."""
    left_on = stage.calendar.shifted(stage.today, -55)
    sent_on = stage.calendar.shifted(left_on, 6)
    with stage.act("rowsell", stage.calendar.shifted(left_on, -7), "Pupil who left entered", 9, 40):
        pupil_id = _rosie(stage, left_on)
    with stage.on(sent_on, 15, 50), acting(stage.cast.actor("legg")):
        make(pupil_id, "Lytchett Heath Primary", "Hannah Legg")
    name = next(one for one in sorted(lives) if one != "Zofia Szymańska")
    with stage.on(stage.calendar.shifted(stage.today, -20), 16, 10), acting(stage.cast.actor("ansell")):
        hold(lives[name].pupil_id, HELD, None)


def _rosie(stage: Stage, left_on: date) -> int:
    born = date(stage.today.year - 9, 5, 14)
    pupil = Pupil(
        upn="Z838340121098", legal_surname="Appleby", legal_forename="Rosie", known_as="Rosie", born_on=born,
        sex=Sex.FEMALE,
        year_group=YearGroup.Y4, left_on=left_on, rights_pass_on=end_of_compulsory_school_age(born),
    )  # fmt: skip
    db.session.add(pupil)
    db.session.flush()
    since = stage.calendar.shifted(left_on, -400)
    seen = stage.calendar.shifted(left_on, -60)
    for row in (
        SenStatusSpell(pupil_id=pupil.id, status=SenStatus.SUPPORT, starts=since, ends=left_on,
                       source=StatusSource.PAPER),
        Need(pupil_id=pupil.id, type=NeedType.SLCN, rank=1, starts=since),
        Profile(pupil_id=pupil.id, number=1, good_at="I look after the guinea pigs. I know all of their names.",
                helps_me="Tell me one thing at a time.\nShow me a picture of it.", written_on=seen),
        Observation(pupil_id=pupil.id, kind=ObservationKind.STRENGTH, area=NeedArea.COMMUNICATION, seen_on=seen,
                    text="Tells a story well when there are pictures to go by.", source="Mr Fry"),
        View(pupil_id=pupil.id, whose=ViewOf.PUPIL, method=ViewMethod.CONVERSATION, given_on=seen,
             text="I like it when it is quiet. Then I can think what to say."),
    ):  # fmt: skip
        db.session.add(row)
        db.session.flush()
    return pupil.id
