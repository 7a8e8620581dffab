"""Before the reviews of these days: who was asked, what colleagues wrote, and what has not come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.demo.lived import Life
from graduated.demo.stage import Stage
from graduated.plan.models import Asked, Cycle
from graduated.review import services_asking as asking
from graduated.rules.vocabulary import CycleStatus, Judgement, ViewOf

_ASKED = select(Asked.id).where(Asked.cycle_id == bindparam("cycle_id"), Asked.user_id == bindparam("user_id"))
_RUNNING = select(Cycle.id).where(Cycle.pupil_id == bindparam("pupil_id"), Cycle.status == CycleStatus.AGREED)


@dataclass(frozen=True, slots=True)
class Told:
    """What one colleague wrote: a judgement and words for each outcome in order, then what works and what does not."""

    outcomes: tuple[tuple[Judgement | None, str], ...]
    works: str
    does_not_work: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One colleague asked for one review, `back` school days ago; the answer came two school days after, if one did."""

    pupil: str
    who: str
    back: int
    told: Told | None = None
    reminded: bool = False


CALLS = (
    Call("Zofia Szymańska", "tuck", 6),
    Call(
        "Zofia Szymańska",
        "bell",
        6,
        Told(
            (
                (None, ""),
                (Judgement.EXPECTED, "Asks in the talk group without waiting for me, twice in most sessions."),
            ),
            "Starting in the classroom: what she practises with us she then says to Ms Vine.",
            "Thursdays after swimming, when she is tired and nods instead.",
        ),
    ),
    Call(
        "Jago Okafor",
        "tuck",
        12,
        Told(
            (
                (Judgement.EXPECTED, "Told me a whole film on Friday, in order, with two strips left in the box."),
                (Judgement.MORE, "Plays the wolf as if he meant it and looks ahead for the full stops."),
            ),
            "Plays rather than stories, and the same partner each week.",
            "News of the weekend, when there is nothing to point at.",
        ),
    ),
    Call("Leo Bartlett", "bell", 9, reminded=True),
    Call(
        "Oscar Bartlett",
        "hiscock",
        8,
        Told(
            (
                (Judgement.MORE, "Two tricks ready; he wants to do the scarf one with his back to the board."),
                (Judgement.EXPECTED, "Told the new lunchtime helper himself, in his own words."),
            ),
            "Fifteen minutes straight after register, before the day has got loud.",
        ),
    ),
    Call("Reuben Meech", "tuck", 3),
)
"""Colleagues who work with the pupil and do not lead the review."""

FAMILY = (
    ("Zofia Szymańska", True, 8),
    ("Zofia Szymańska", False, 8),
    ("Freya Cluett", False, 2),
    ("Declan Foot", True, 2),
)
"""Pupil, whether a parent (else the pupil) was asked, and how many school days ago; the last two have not come."""


def tell(stage: Stage, lives: dict[str, Life]) -> None:
    """All of it, oldest first, for the pupils whose plan runs."""
    for call in sorted(CALLS, key=lambda one: -one.back):
        _call(stage, lives[call.pupil], call)
    for name, parent, back in FAMILY:
        _family(stage, lives[name], parent, back)


def _day(stage: Stage, life: Life, back: int) -> date:
    """So many school days ago, but not before the plan was agreed."""
    day = stage.calendar.shifted(stage.calendar.on_or_before(stage.today), -back)
    return max(day, life.course.cycles[-1].agreed or day)


def _by(life: Life, asked_on: date) -> date:
    """The day to answer by: the day before the review, as the form proposes."""
    return max(asked_on, life.course.cycles[-1].due - timedelta(days=1))


def _call(stage: Stage, life: Life, call: Call) -> None:
    cycle_id, user_id = _cycle(stage, life), stage.cast.users[call.who]
    day = _day(stage, life, call.back)
    with stage.act("legg", day, "Contributions asked for", 8, 20):
        asking.ask_staff([(cycle_id, user_id)], _by(life, day))
    if call.told is not None:
        seen = {
            outcome_id: asking.Seen(judgement, words)
            for outcome_id, (judgement, words) in zip(life.outcomes.values(), call.told.outcomes, strict=True)
        }
        said = asking.Said(seen, call.told.works, call.told.does_not_work)
        with stage.act(call.who, stage.calendar.shifted(day, 2), "Contribution to a review", 15, 50):
            asking.contribute(cycle_id, said)
    if call.reminded:
        with stage.act("legg", stage.calendar.shifted(day, 5), "Reminder of a contribution", 8, 25):
            asked_id = db.session.scalars(_ASKED, {"cycle_id": cycle_id, "user_id": user_id}).one()
            asking.remind(asked_id)


def _family(stage: Stage, life: Life, parent: bool, back: int) -> None:
    coming = life.family.coming
    day = _day(stage, life, back)
    adult_id = coming[0] if parent and coming is not None else None
    with stage.act("legg", day, "Views asked for", 15, 15):
        asking.ask_family(_cycle(stage, life), ViewOf.PARENT if parent else ViewOf.PUPIL, adult_id, _by(life, day))


def _cycle(stage: Stage, life: Life) -> int:
    with stage.system():
        return db.session.scalars(_RUNNING, {"pupil_id": life.pupil_id}).one()
