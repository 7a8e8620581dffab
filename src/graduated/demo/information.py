"""What parents of the demo school asked to be told: one request that was answered, and one whose month runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from graduated.access.identity import acting
from graduated.demo.lived import Life
from graduated.demo.stage import Stage
from graduated.disclosure.queries import request_of
from graduated.disclosure.services import Answer, NewRequest, answer, ask_back, hear_back, record_request
from graduated.disclosure.services_build import Choice, decide
from graduated.disclosure.weighing import weigh
from graduated.pupils.queries_family import adults_of
from graduated.rules.vocabulary import (
    DecidedOn,
    Disclosing,
    InformationBy,
    InformationHow,
    InformationKind,
    InformationOutcome,
)


@dataclass(frozen=True, slots=True)
class _Told:
    """Who asked, for whose record, how many days ago, and in which words."""

    pupil: str
    who: str
    ago: int
    how: InformationHow
    wish: str
    identity: str


_ANSWERED = _Told(
    "Declan Foot", "Kerry Foot", 64, InformationHow.SPOKEN,
    "Everything the school has on Declan since he started, because we are moving in the spring.",
    "Known to the office for four years; asked Mrs Samways at the gate, who wrote it down with her.",
)  # fmt: skip
_OPEN = _Told(
    "Zofia Szymańska", "Anna Szymańska", 18, InformationHow.EMAIL,
    "A copy of what is kept about Zofia.",
    "Wrote from the address that we hold for her; Mrs Legg rang her back on the number that we hold.",
)  # fmt: skip


def tell(stage: Stage, lives: dict[str, Life]) -> None:
    """Both requests, where the pupil is there and the parent among the adults."""
    given = _ask(stage, lives, _ANSWERED)
    if given is not None:
        _give(stage, given)
    waiting = _ask(stage, lives, _OPEN)
    if waiting is not None:
        day = stage.today - timedelta(days=_OPEN.ago)
        with stage.act("legg", day + timedelta(days=3), "Clarification asked", 15, 50):
            ask_back(waiting, day + timedelta(days=3), "Would you like the papers of the clinic too, or ours alone?")
        with stage.act("legg", day + timedelta(days=7), "Clarification received", 8, 40):
            hear_back(waiting, day + timedelta(days=7))


def _ask(stage: Stage, lives: dict[str, Life], told: _Told) -> int | None:
    life, day = lives.get(told.pupil), stage.today - timedelta(days=told.ago)
    if life is None:
        return None
    with stage.system():
        adults = {f"{one.forename} {one.surname}": one.adult_id for one in adults_of(life.pupil_id)}
    if told.who not in adults:
        return None
    asked = NewRequest(
        InformationKind.SUBJECT_ACCESS,
        day,
        told.how,
        InformationBy.PARENT,
        told.who,
        adults[told.who],
        told.wish,
        told.identity,
    )
    with stage.act("legg", day, "Request for information recorded", 16, 10):
        return record_request(life.pupil_id, asked)


def _give(stage: Stage, request_id: int) -> None:
    """Everything decided: papers for the family go, what is about others stays out; handed over within the month."""
    received = stage.today - timedelta(days=_ANSWERED.ago)
    with stage.on(received + timedelta(days=20), 16, 30), acting(stage.cast.actor("legg")):
        decide(request_id, _choices(request_id))
    given: date = received + timedelta(days=24)
    with stage.act("legg", given, "Request for information answered", 15, 35):
        answer(
            request_id,
            Answer(
                given,
                InformationOutcome.PART,
                "Handed to Ms Foot in a sealed envelope and as a file. What is about other children, and what is "
                "about Declan’s father, was left out.",
            ),
        )


def _choices(request_id: int) -> list[Choice]:
    weighed = weigh(request_of(request_id))
    choices = [
        Choice(
            DecidedOn.ITEM,
            one.key,
            Disclosing.LEFT_OUT if one.is_restricted or one.document_id is None else Disclosing.GOES,
            "It is about another adult" if one.is_restricted or one.document_id is None else "",
        )
        for one in weighed.items
    ]
    names = (place.key for group in weighed.others for place in group.places)
    return choices + [Choice(DecidedOn.NAME, key, Disclosing.LEFT_OUT) for key in names]
