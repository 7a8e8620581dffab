"""Concerns before SEN support, one for each place where a concern may stand, told through the services of its pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from graduated.assess.models import ConcernAction
from graduated.assess.services_concerns import (
    Agreed,
    Ending,
    Meeting,
    NewConcern,
    add_to_concern,
    do_concern_action,
    end_concern,
    meet_about,
    raise_concern,
)
from graduated.db.session import db
from graduated.demo.people import BY_KEY as PEOPLE
from graduated.demo.stage import Stage
from graduated.rules.vocabulary import ConcernBy, ConcernNoteKind, ConcernStatus, NeedArea


@dataclass(frozen=True, slots=True)
class Met:
    """The meeting of a story: school days from the concern, who was there, what was said; who does what, until when and
    what came of it ("" is not done yet); after how many school days it is looked at again."""

    after: int
    who: str
    said: str
    actions: tuple[tuple[str, str, int, str], ...]
    again: int


@dataclass(frozen=True, slots=True)
class End:
    """How a story ends: school days before today, why, and for one that is watched how many days to go."""

    back: int
    status: ConcernStatus
    why: str
    days_to_go: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """One concern: whose, in whose hand, how many school days ago, and what became of it."""

    pupil: str
    hand: str
    whose: ConcernBy
    name: str
    back: int
    area: NeedArea | None
    text: str
    evidence: str
    tried: str
    later: tuple[tuple[int, ConcernNoteKind, str, str], ...] = ()
    met: Met | None = None
    end: End | None = None


_NEW = Told(
    "Orla Guppy", "fry", ConcernBy.TEACHER, "", 6, NeedArea.COGNITION,
    "Reads the same line twice and rubs her eyes, most days after lunch. Loses her place when she copies.",
    "Three pieces of copied work from this half-term, lines missing in each.",
    "A line guide and a seat at the front for two weeks: fewer lines lost, the eyes as before.",
    later=((4, ConcernNoteKind.SAID, "Mrs Guppy", "She has not had her eyes tested since Reception. She will ring the "
            "optician this week."),),
)  # fmt: skip
_LATE = Told(
    "Rhys Roper", "meech", ConcernBy.PARENT, "Gemma Roper", 17, NeedArea.COMMUNICATION,
    "At home only we understand him. His cousins are younger and talk more clearly. He gets cross and stops.",
    "Mr Meech’s list of 20 words: a stranger understood 8.",
    "Adults say the word back to him and wait; picture choices at snack.",
)  # fmt: skip
_AGREED = Told(
    "Caleb Hallett", "marsh", ConcernBy.TEACHER, "", 22, NeedArea.SEMH,
    "Leaves the room without asking two or three times a day, mostly when he is to begin to write.",
    "Tally of three weeks: 34 times, 29 of them in the first ten minutes of writing.",
    "First sentence given, a timer, a place near the door. The timer made him hurry and leave.",
    later=((2, ConcernNoteKind.EVIDENCE, "Mrs Rowsell", "Watched on a Tuesday morning: he stays when somebody asks him "
            "to tell his idea before he writes."),),
    met=Met(
        6, "Mrs Marsh, Mrs Legg, Leanne Hallett (mother)",
        "Mrs Hallett: he says that his hand hurts and that he cannot think of what comes first. At home he tells long "
        "stories. Caleb, asked before by Mrs Marsh: “I know it in my head.”",
        (
            ("He tells his first sentence to Mrs Tuck, who writes it for him to copy", "Mrs Tuck", 10,
             "Left the room 9 times in two weeks; before it was 22."),
            ("Pencil grip and sitting looked at with the occupational therapy checklist", "Mrs Legg", 25, ""),
            ("One story a week told at home and brought in", "Leanne Hallett", 30, ""),
        ),
        30,
    ),
)  # fmt: skip
_DUE = Told(
    "Lottie Toop", "pugh", ConcernBy.PUPIL, "Lottie Toop", 40, NeedArea.SEMH,
    "My tummy hurts on Mondays and I don’t want to come in. It is too loud in the hall.",
    "Late on five of the last six Mondays.",
    "A job to do with Miss Pugh before the register.",
    met=Met(
        5, "Miss Pugh, Mrs Legg, Dan Toop (father)",
        "Mr Toop: Sundays are hard; she is well by Tuesday. Lottie wants to come in by the side door, with Wren.",
        (
            ("In by the side door at 8.40 with Wren", "Miss Pugh", 3, "On time on four Mondays of six."),
            ("A note to home on Fridays: what Monday will bring", "Mr Bell", 8, "Mr Toop: Sundays are calmer."),
        ),
        32,
    ),
)  # fmt: skip
_NOTHING = Told(
    "Stanley Legg", "begum", ConcernBy.TEACHER, "", 42, None,
    "Slow to start in the mornings and often tired; work that others finish is half done.",
    "Work of the first lesson on ten mornings beside that of the afternoon.",
    "A drink and a short walk first.",
    met=Met(
        5, "Mrs Begum, Mrs Legg, both parents",
        "He sleeps late since the new baby came. In the afternoon he does as much as the others.",
        (("Bedtime moved back by an hour", "His parents", 10, "He starts with the others on most mornings."),),
        32,
    ),
    end=End(7, ConcernStatus.NOTHING_FURTHER, "He starts with the others and finishes; his parents are content."),
)  # fmt: skip
STORIES = (_NOTHING, _DUE, _AGREED, _LATE, _NEW)


def tell(stage: Stage) -> None:
    """All of them, oldest first; a pupil who is not on the roll this year is passed over."""
    for told in STORIES:
        child = stage.children.get(told.pupil)
        if child is not None:
            tell_one(stage, child.pupil_id, told)


def tell_one(stage: Stage, pupil_id: int, told: Told) -> None:
    """One concern, each act on its day in the hand of the one who acted."""
    raised = _days_on(stage, stage.calendar.on_or_before(stage.today), -told.back)
    new = NewConcern(
        told.whose, told.name, raised, told.text, told.area, told.evidence, told.tried
    )  # fmt: skip
    with stage.act(told.hand, raised, "Concern raised", 16, 0):
        concern_id = raise_concern(pupil_id, new)
    for after, kind, who, text in told.later:
        day = _days_on(stage, raised, after)
        with stage.act(told.hand, day, "Added to a concern", 15, 50):
            add_to_concern(concern_id, kind, day, who, text)
    if told.met is not None:
        _meet(stage, concern_id, told.met, _days_on(stage, raised, told.met.after))
    if told.end is not None:
        _end(stage, concern_id, told.end)


def _meet(stage: Stage, concern_id: int, met: Met, day: date) -> None:
    agreed = tuple(Agreed(what, who, _days_on(stage, day, by)) for what, who, by, _came in met.actions)
    with stage.act("legg", day, "Meeting about a concern recorded", 16, 10):
        meet_about(concern_id, Meeting(day, met.who, met.said, _days_on(stage, day, met.again), agreed))
    for action_id, (_what, _who, by, came) in zip(_action_ids(stage, concern_id), met.actions, strict=True):
        done = _days_on(stage, day, by)
        if came and done <= stage.today:
            with stage.act("legg", done, "Action of a concern done", 15, 40):
                do_concern_action(action_id, done, came)


def _action_ids(stage: Stage, concern_id: int) -> list[int]:
    with stage.system():
        rows = select(ConcernAction.id).where(ConcernAction.concern_id == concern_id).order_by(ConcernAction.id)
        return list(db.session.scalars(rows))


def _end(stage: Stage, concern_id: int, end: End) -> None:
    day = _days_on(stage, stage.calendar.on_or_before(stage.today), -end.back)
    until = stage.today + timedelta(days=end.days_to_go) if end.days_to_go else None
    with stage.act("legg", day, "Concern ended", 16, 20):
        end_concern(concern_id, Ending(end.status, day, end.why, until))


def _days_on(stage: Stage, day: date, by: int) -> date:
    return stage.calendar.shifted(day, by)


ARRIVED = Told(
    "Danylo Kovalenko", "fry", ConcernBy.TEACHER, "", 12, NeedArea.SEMH,
    "Danylo hides under the table when aircraft pass, and has not eaten lunch in two weeks. Learning a new language is "
    "not a special educational need; this may be.",
    f"Lunch notes of ten days; three observations by {PEOPLE['fry'].called}.",
    "A seat away from the windows; a picture timetable with Ukrainian words.",
    met=Met(
        4, "Mr Fry, Mrs Legg, Olena Kovalenko (mother), an interpreter by telephone",
        "He slept in a cellar for months, and wakes at night. He eats when he is not watched. His mother asks that "
        "nobody questions him about the war.",
        (
            ("Lunch with one friend in the library", "Mrs Tuck", 2, "He eats his bread and fruit on most days."),
            ("A quiet place for when aircraft pass", "Mr Fry", 3, "Used twice; he came back by himself."),
            ("A look again, with an interpreter", "Mrs Legg", 20, ""),
        ),
        20,
    ),
    end=End(2, ConcernStatus.WATCHING, "Lunch goes better; the nights are as before. Too early to say more.", 14),
)  # fmt: skip
"""The boy from Ukraine, who came three weeks ago."""
