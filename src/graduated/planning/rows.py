"""Planning meetings as finished values: a meeting, a pupil on its agenda, what the family said, what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from graduated.rules.vocabulary import (
    AgendaGroup,
    ConsentAnswer,
    Decided,
    Naming,
    PlanningStatus,
    SignedHow,
    YearGroup,
    inside,
)


@dataclass(frozen=True, slots=True)
class Guest:
    """Who comes from outside: the service, and the person by name where that is known."""

    service: str
    person: str = ""

    @property
    def words(self) -> str:
        """As it is said: "Dr Priya Nair, educational psychology"."""
        return f"{self.person}, {inside(self.service)}" if self.person else self.service


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting. `pupils` counts who is on the agenda and in the reader’s sight; `term` may be empty."""

    meeting_id: int
    guests: tuple[Guest, ...]
    on: date
    status: PlanningStatus
    school_ask: str
    present: str
    school_notes: str
    version: int
    term: str
    pupils: int = 0

    @property
    def services(self) -> tuple[str, ...]:
        """The services that come."""
        return tuple(one.service for one in self.guests)

    @property
    def name(self) -> str:
        """What the meeting is called in a list; one that came with a record from elsewhere may name nobody."""
        if not self.services:
            return "Services not named"
        return " and ".join(filter(None, [", ".join(self.services[:-1]), inside(self.services[-1])]))

    @property
    def term_name(self) -> str:
        """The term as it is said: "Autumn term"; empty where none is entered."""
        return self.term if not self.term or self.term.casefold().endswith("term") else f"{self.term} term"

    @property
    def is_held(self) -> bool:
        """Whether it has taken place and its agenda stands."""
        return self.status is PlanningStatus.HELD

    @property
    def is_planned(self) -> bool:
        """Whether it is still to be held."""
        return self.status is PlanningStatus.PLANNED


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What one person said to the pupil being named; `who` is an adult's name, or the young person's own."""

    item_id: int
    adult_id: int | None
    who: str
    answer: ConsentAnswer
    signed_how: SignedHow | None
    given_on: date


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision for one pupil; `done_on` once it was carried out, `is_replaced` once it was corrected."""

    decision_id: int
    item_id: int
    meeting_id: int
    pupil_id: int
    decided: Decided
    decided_on: date
    service: str
    note: str
    who: str
    by_when: date | None
    by_name: bool
    shared_with_family: bool
    involvement_id: int | None
    replaces_id: int | None
    why_replaced: str
    recorded_by: str
    recorded_at: datetime
    done_on: date | None
    done_text: str
    is_replaced: bool = False

    @property
    def can_be_done(self) -> bool:
        """Whether somebody is to do something that is not recorded as done."""
        return self.decided not in (Decided.WAIT, Decided.CLOSE) and self.done_on is None and not self.is_replaced


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A pupil on an agenda: why, what the school asks, whether by name, and what was decided (corrected ones too)."""

    item_id: int
    meeting_id: int
    pupil_id: int
    pupil_name: str
    names: tuple[str, ...]
    year_group: YearGroup
    registration_group: str
    on_agenda: bool
    group: AgendaGroup
    reasons: tuple[str, ...]
    question: str
    version: int
    naming: Naming
    rights_passed: bool
    answers: tuple[AnswerRow, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()

    @property
    def standing(self) -> tuple[DecisionRow, ...]:
        """The decisions that hold."""
        return tuple(one for one in self.decisions if not one.is_replaced)

    @property
    def by_name(self) -> bool:
        """Whether the pupil may be named to somebody from outside."""
        return self.naming is Naming.AGREED


@dataclass(frozen=True, slots=True)
class OwedRow:
    """A decision for a pupil that nobody has recorded as done."""

    decision_id: int
    pupil_id: int
    pupil_name: str
    meeting_id: int
    decided: Decided
    service: str
    who: str
    decided_on: date
    by_when: date | None
