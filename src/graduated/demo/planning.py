"""Planning meetings with the link professionals: one held last term with its decisions, one ahead with its agenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graduated.demo.lived import Life
from graduated.demo.stage import Stage
from graduated.planning import services
from graduated.planning.facts import proposals_for
from graduated.planning.queries import agenda_of, decisions_of, meeting_of
from graduated.planning.rows import Guest
from graduated.planning.services import Answered, Chosen, Deciding, Held, NewMeeting
from graduated.rules.calendar import term_of_or_after
from graduated.rules.vocabulary import ConsentAnswer, Decided, SignedHow

_HALE = Guest("Educational psychology service", "Dr Imogen Hale")
_ELKINS = Guest("Specialist teaching service", "Fiona Elkins")
_KILBY = Guest("Speech and language therapy", "Marta Kilby")
_SCHOOL_DAYS_TO_ACT = 25


@dataclass(frozen=True, slots=True)
class _Told:
    """One pupil of last term’s meeting: why, what was asked, what was decided; `done` is what came of it, or ""."""

    pupil: str
    why: str
    question: str
    decided: Decided
    guest: Guest
    who: str
    note: str
    done: str = ""
    agreed: bool = True


_LAST_TERM = (
    _Told(
        "Maisie Fry", "Mondays are still half days by agreement.",
        "Tuesday to Friday hold. How do we go on to Monday without talking about Monday?", Decided.CONSULT, _HALE,
        "Dr Hale with Mr Bell", "Let her draw the week as it is; Monday joins it when she draws it herself.",
        "She drew a Monday morning with the hens in it. Mr Bell keeps the drawing.",
    ),
    _Told(
        "Declan Foot", "Fridays and ends of term are still hard.", "What can every adult of the year do on a Friday?",
        Decided.TRAIN, _HALE, "Dr Hale for the staff of Years 3 and 4",
        "One twilight on feeling safe in class: the plan of the day, who is in the building, repair after trouble.",
        "Held in the second week of term; eleven came. The plan of the day hangs in all four rooms.",
    ),
    _Told(
        "Ivy Stickland", "Reads well alone and loses the thread in class.", "Is it the noise, the pace or the page?",
        Decided.OBSERVE, _ELKINS, "Mrs Elkins in Ms Vine’s English lesson", "A morning with much reading aloud.",
    ),
    _Told(
        "Tomasz Adeyemi", "Ms Vine asked for an idea or two before we go further.",
        "A pupil who copies whole pages so as not to begin: what would you try first?", Decided.CONSULT, _ELKINS,
        "Mrs Elkins with Ms Vine", "A first line given, and a place to stop that can be seen.",
        "Tried for five weeks: begins within three minutes on most days.", agreed=False,
    ),
    _Told(
        "Priya Christopher", "The move to secondary school lies a year ahead.", "Is there anything to begin now?",
        Decided.WAIT, _HALE, "", "Her days go well. Bring her again when the new school is known.",
    ),
)  # fmt: skip
_QUESTIONS = {
    "Zofia Szymańska": "Her talk has grown and her sentences have not. Is that what the request should ask about?",
    "Oscar Bartlett": "He has found his own way of telling the class. Do we still ask him each half-term?",
    "Ralph Cornick": "The three steps work with Mr Bell. How do they come into the lessons of others?",
}


def tell(stage: Stage, lives: dict[str, Life]) -> None:
    """Both meetings."""
    _held(stage, lives)
    _ahead(stage, lives)


def _held(stage: Stage, lives: dict[str, Life]) -> None:
    """Last term's meeting, a fortnight before the holiday."""
    term = term_of_or_after(stage.today, stage.calendar.terms)
    before = [one for one in stage.calendar.terms if term is not None and one.ends < term.starts]
    day = max(stage.calendar.shifted(stage.calendar.on_or_before(before[-1].ends), -10), stage.begun)
    told = [one for one in _LAST_TERM if one.pupil in lives]
    with stage.act("legg", stage.calendar.shifted(day, -12), "Planning meeting arranged", 16, 5):
        meeting_id = services.start_meeting(
            NewMeeting((_HALE, _ELKINS), day, "Could there be a twilight for the staff of Years 3 and 4?")
        )
        services.put_on(meeting_id, [Chosen(lives[one.pupil].pupil_id, reasons=(one.why,)) for one in told])
        items = {item.pupil_name: item.item_id for item in agenda_of(meeting_of(meeting_id))}
        for one in told:
            item_id = items[one.pupil]
            services.ask(item_id, one.question)
            if one.agreed:
                _answered(lives[one.pupil], item_id, ConsentAnswer.GIVEN, stage.calendar.shifted(day, -12))
    with stage.act("legg", day, "Planning meeting held", 10, 40):
        for one in told:
            until = stage.calendar.shifted(day, _SCHOOL_DAYS_TO_ACT) if one.who else None
            services.decide(
                items[one.pupil],
                Deciding(one.decided, one.guest.service, one.note, one.who, until, shared_with_family=one.agreed),
            )
        present = "Dr Imogen Hale, educational psychology service\nFiona Elkins, specialist teaching service\nMrs Legg"
        services.hold(meeting_id, Held(day, present, "A twilight on feeling safe in class, in September or October."))
    acted = min(stage.calendar.shifted(day, _SCHOOL_DAYS_TO_ACT - 4), stage.calendar.on_or_before(stage.today))
    with stage.act("legg", acted, "Decisions of a planning meeting carried out", 15, 50):
        for one in told:
            if one.done:
                decision = decisions_of(lives[one.pupil].pupil_id)[0]
                services.carry_out(decision.decision_id, acted, one.done)


def _ahead(stage: Stage, lives: dict[str, Life]) -> None:
    """The meeting of this term, a good week from today; its agenda is what the records propose."""
    day = stage.calendar.shifted(stage.calendar.on_or_before(stage.today), 8)
    on = stage.calendar.on_or_before(stage.today)
    with stage.act("legg", on, "Planning meeting arranged", 8, 20):
        meeting_id = services.start_meeting(
            NewMeeting((_KILBY, _ELKINS), day, "Who can show Reception how to use picture timetables?")
        )
        proposed = proposals_for(meeting_of(meeting_id))
        services.put_on(meeting_id, [Chosen(one.pupil_id, one.group, one.words) for one in proposed])
        for item in agenda_of(meeting_of(meeting_id)):
            if item.pupil_name in _QUESTIONS:
                services.ask(item.item_id, _QUESTIONS[item.pupil_name])
            if item.pupil_name == "Zofia Szymańska":
                _answered(lives[item.pupil_name], item.item_id, ConsentAnswer.GIVEN, on)
            if item.pupil_name == "Oscar Bartlett":
                _answered(lives[item.pupil_name], item.item_id, ConsentAnswer.ASKED, on)


def _answered(life: Life, item_id: int, answer: ConsentAnswer, on: date) -> None:
    """The adult who comes to meetings answers."""
    family = life.family
    adult_id = family.coming[0] if family.coming else next(iter(family.adults.values()))
    services.record_answer(item_id, Answered(adult_id, answer, on, SignedHow.SPOKEN))
