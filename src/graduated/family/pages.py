"""The family's page put together: finished sentences for the template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from graduated.assess.queries import views_of
from graduated.db.clock import local, now
from graduated.do.queries import doses_of_cycle
from graduated.family import queries, words
from graduated.family.picture import Picture, picture
from graduated.family.queries import Child, Figure, OutcomeFacts, PlanHead, ProvisionFacts, RequestFacts
from graduated.family.words import Going, Help
from graduated.review.gathered import gathered
from graduated.review.rows import ReviewRecord
from graduated.rules.dosage import Dose
from graduated.rules.vocabulary import CycleStatus, NeedArea, Responsible, ViewOf
from graduated.web.languages import say_date

_EDGES = {
    NeedArea.COGNITION: "plan",
    NeedArea.COMMUNICATION: "assess",
    NeedArea.SEMH: "do",
    NeedArea.SENSORY: "review",
}


@dataclass(frozen=True, slots=True)
class WorkingOn:
    """One outcome as the family reads it."""

    title: str
    detail: str
    edge: str
    going: Going
    at_school: tuple[Help, ...]
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class PlanCard:
    """One plan as the family reads it."""

    head: PlanHead
    agreed_on: date | None
    is_sent: bool
    is_over: bool
    working_on: tuple[WorkingOn, ...]
    other_help: tuple[Help, ...]
    school_does: tuple[str, ...]
    home_does: tuple[str, ...]
    pupil_does: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestCard:
    """Where a request stands, and its dates in words."""

    said: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """When the family is next expected, where and with whom."""

    cycle_id: int
    at: datetime
    on: date
    place: str
    lead_name: str
    interpreter: str


def plan_cards(child: Child) -> tuple[PlanCard, ...]:
    """The plan that runs; also one that was sent and waits to be agreed; else the last one."""
    heads = queries.plans_sent(child.pupil_id)
    going_on = [one for one in heads if one.status is CycleStatus.AGREED]
    waiting = [one for one in heads if one.status in (CycleStatus.SENT, CycleStatus.DRAFT)]
    chosen = [*going_on, *waiting] or list(heads[-1:])
    figures = queries.figures_of(child.pupil_id) if chosen else {}
    return tuple(_card(head, figures) for head in chosen)


def next_meeting(child: Child, cards: tuple[PlanCard, ...]) -> NextMeeting | None:
    """The earliest meeting that lies ahead."""
    ahead = [card.head for card in cards if card.head.meeting_at and card.head.meeting_at >= now()]
    head = min(ahead, key=lambda one: one.meeting_at or now(), default=None)
    if head is None or head.meeting_at is None:
        return None
    return NextMeeting(
        head.cycle_id,
        head.meeting_at,
        local(head.meeting_at).date(),
        head.meeting_place,
        head.lead_name,
        child.interpreter,
    )


def said_in(record: ReviewRecord) -> tuple[str, str]:
    """How and when the words of pupil and parents in a review were said; "" where there are none."""
    views = views_of(record.pupil_id, with_replaced=True)
    pupil, parents = (
        words.said_line(text, gathered(text, whose, record, views))
        for text, whose in ((record.pupil_views, ViewOf.PUPIL), (record.parent_views, ViewOf.PARENT))
    )
    return pupil, parents


def request_cards(made: tuple[RequestFacts, ...]) -> tuple[RequestCard, ...]:
    """Requests that have left the school, each with its dates."""
    return tuple(RequestCard(words.request_words(one), words.request_dates(one)) for one in made)


def _card(head: PlanHead, figures: dict[int, tuple[Figure, ...]]) -> PlanCard:
    outcomes = queries.outcome_facts(head.cycle_id)
    provisions = queries.provision_facts(head.cycle_id)
    is_over = not head.status.is_open
    doses = doses_of_cycle(head.cycle_id) if head.status is CycleStatus.AGREED or is_over else {}
    parts = queries.parts_of(head.cycle_id)
    known = {one.outcome_id for one in outcomes}
    return PlanCard(
        head=head,
        agreed_on=queries.agreed_on(head.cycle_id) or head.agreed_on,
        is_sent=head.status in (CycleStatus.SENT, CycleStatus.DRAFT),
        is_over=is_over,
        working_on=tuple(_working_on(one, provisions, doses, figures) for one in outcomes),
        other_help=tuple(
            words.at_school(one, doses.get(one.provision_id))
            for one in provisions
            if not known.intersection(one.serves)
        ),
        school_does=tuple(text for who, text in parts if who is Responsible.SCHOOL),
        home_does=tuple(text for who, text in parts if who is Responsible.PARENT),
        pupil_does=tuple(text for who, text in parts if who is Responsible.PUPIL),
    )


def _working_on(
    outcome: OutcomeFacts,
    provisions: tuple[ProvisionFacts, ...],
    doses: dict[int, Dose],
    figures: dict[int, tuple[Figure, ...]],
) -> WorkingOn:
    mine = figures.get(outcome.measure_id, ()) if outcome.measure_id else ()
    title = outcome.in_plain_words or outcome.statement
    how = words.going(outcome, mine, say_date(outcome.by_when))
    return WorkingOn(
        title=title,
        detail=outcome.statement if outcome.in_plain_words else "",
        edge=_EDGES[outcome.area],
        going=how,
        at_school=tuple(
            words.at_school(one, doses.get(one.provision_id)) for one in provisions if outcome.outcome_id in one.serves
        ),
        picture=picture(outcome, mine, title, how.sentence),
    )
