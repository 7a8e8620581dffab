"""In the demo school one pupil has left and the next school's receipt is awaited; one record is held, one destroyed."""

from __future__ import annotations

from datetime import date, timedelta

from graduated.access.identity import acting
from graduated.assess.models import Observation, View
from graduated.db.session import db
from graduated.demo.lived import Life
from graduated.demo.stage import Stage
from graduated.pupils.models import Need, Profile, Pupil, SenStatusSpell
from graduated.retention.services import ask, carry_out, hold
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
from graduated.transfer.services import Receipt, record_receipt

HELD = "Her parents have complained to the governors about how her hours were cut. Kept until that is settled."


def tell(stage: Stage, lives: dict[str, Life]) -> None:
    """Rosie Appleby moved away in September; Maisie's record is held."""
    left_on = stage.calendar.shifted(stage.today, -55)
    sent_on = stage.calendar.shifted(left_on, 6)
    toby = _toby(stage)
    with stage.act("rowsell", stage.calendar.shifted(left_on, -7), "Pupil who left entered", 9, 40):
        pupil_id = _rosie(stage, left_on)
    with stage.on(sent_on, 15, 50), acting(stage.cast.actor("legg")):
        make(pupil_id, "Lytchett Heath Primary", "Hannah Legg")
    name = next(one for one in sorted(lives) if one != "Zofia Szymańska")
    with stage.on(stage.calendar.shifted(stage.today, -20), 16, 10), acting(stage.cast.actor("ansell")):
        hold(lives[name].pupil_id, HELD, None)
    _destroy(stage, *toby)


def _toby(stage: Stage) -> tuple[int, date]:
    """Toby Marlow left before; his number, and when."""
    left_on = stage.calendar.shifted(stage.today, -110)
    born = date(stage.today.year - 10, 3, 2)
    with stage.act("rowsell", stage.calendar.shifted(left_on, -3), "Pupil who left entered", 9, 20):
        pupil = Pupil(legal_surname="Marlow", legal_forename="Toby", born_on=born, sex=Sex.MALE, left_on=left_on,
                      year_group=YearGroup.Y5, rights_pass_on=end_of_compulsory_school_age(born))  # fmt: skip
        db.session.add(pupil)
        db.session.flush()
        pupil_id = pupil.id
        db.session.add_all(
            [
                SenStatusSpell(pupil_id=pupil_id, status=SenStatus.SUPPORT, starts=stage.begun, ends=left_on,
                               source=StatusSource.PAPER),
                Observation(pupil_id=pupil_id, kind=ObservationKind.STRENGTH, area=NeedArea.SEMH, seen_on=stage.begun,
                            text="Patient with younger children.", source="Mrs Marsh"),
            ]
        )  # fmt: skip
        db.session.flush()
    return pupil_id, left_on


def _destroy(stage: Stage, pupil_id: int, left_on: date) -> None:
    """The next school has the record, and thirty days later two people destroy ours."""
    with stage.on(stage.calendar.shifted(left_on, 4), 15, 50), acting(stage.cast.actor("legg")):
        out = make(pupil_id, "Bere Heath Junior", "Hannah Legg")
    received = stage.calendar.shifted(left_on, 9)
    with stage.on(received, 9, 15), acting(stage.cast.actor("rowsell")):
        record_receipt(out, Receipt("Ines Talbot", "Bere Heath Junior", received))
    asked_on = stage.calendar.on_or_before(max(received, left_on) + timedelta(days=45))
    with stage.on(asked_on, 16, 0), acting(stage.cast.actor("legg")):
        order_id = ask(pupil_id)
    with stage.on(stage.calendar.shifted(asked_on, 1), 8, 30), acting(stage.cast.actor("ansell")):
        carry_out(order_id)


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
