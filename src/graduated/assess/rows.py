"""What others read of assess: frozen, finished values. Figures are on the measure's own scale; ages are months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from graduated.rules.progress import Value, format_value
from graduated.rules.vocabulary import (
    AdviceStatus,
    Direction,
    DocumentKind,
    MeasureKind,
    NeedArea,
    ObservationKind,
    Respondent,
    ViewMethod,
    ViewOf,
)

PERSONAL = frozenset({"count", "scale-1-10"})
"""Measures of the library that mean nothing by themselves: the outcome says what is counted, or what 1 and 10 are."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What a measure is: its kind, which way is better, its range and its own error, in its points or in months."""

    measure_id: int
    code: str
    name: str
    kind: MeasureKind
    direction: Direction
    respondent: Respondent
    unit: str
    lowest: Decimal | None
    highest: Decimal | None
    usual_low: Decimal | None
    usual_high: Decimal | None
    error: Decimal | None
    note: str
    retired: bool

    @property
    def says(self) -> str:
        """The measure's name; nothing for one of which only the outcome says what is counted or rated."""
        return "" if self.code in PERSONAL else self.name

    def words(self, number: Decimal | None) -> str:
        """A figure of this measure as people write it; nothing for none."""
        return "" if number is None else format_value(Value(number), self.kind)


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure on one day. `text` is the figure as people write it, "8:03", "<5:00" or "85"."""

    measurement_id: int
    pupil_id: int
    scale: Scale
    taken_on: date
    value: Value
    form: str
    administered_by: str
    respondent: Respondent
    note: str
    from_paper: bool
    recorded_on: date
    recorded_by: str
    recorded_by_id: int | None
    replaces_id: int | None
    why_replaced: str
    replaced_by_id: int | None = None
    why_struck: str = ""

    @property
    def text(self) -> str:
        """The figure as people write it."""
        return format_value(self.value, self.scale.kind)


@dataclass(frozen=True, slots=True)
class Series:
    """One measure by one respondent over time, oldest first. Respondents are never mixed (domain §6).

    `points` are what counts, `struck` the rows that a correction followed.
    """

    scale: Scale
    respondent: Respondent
    points: tuple[Reading, ...]
    struck: tuple[Reading, ...] = ()

    @property
    def latest(self) -> Reading | None:
        """The newest figure that counts."""
        return self.points[-1] if self.points else None


@dataclass(frozen=True, slots=True)
class ViewRow:
    """What the pupil or one named parent said, or the attempts to ask when the method is ATTEMPTED."""

    view_id: int
    pupil_id: int
    whose: ViewOf
    adult_id: int | None
    adult_name: str
    method: ViewMethod
    text: str
    given_on: date
    gathered_by: str
    shared_with_family: bool
    from_paper: bool
    recorded_on: date
    recorded_by: str
    recorded_by_id: int | None
    is_replaced: bool = False

    @property
    def is_attempt(self) -> bool:
        """Whether nothing was said: the text then says what was tried."""
        return self.method is ViewMethod.ATTEMPTED


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """A strength or a difficulty in one area, with its source and date."""

    observation_id: int
    pupil_id: int
    kind: ObservationKind
    area: NeedArea
    text: str
    source: str
    seen_on: date
    from_paper: bool
    recorded_on: date
    recorded_by: str
    recorded_by_id: int | None
    withdrawn_on: date | None = None
    withdrawn_because: str = ""


@dataclass(frozen=True, slots=True)
class DoneRow:
    """What was done about a recommendation, when and to what effect."""

    status: AdviceStatus
    who: str
    by_when: date | None
    text: str
    effect: str
    on: date
    recorded_by: str


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """One recommendation with what was done about it, oldest first; the newest counts."""

    advice_id: int
    involvement_id: int
    recommendation: str
    given_on: date
    done: tuple[DoneRow, ...]

    @property
    def status(self) -> AdviceStatus:
        """Where it stands now."""
        return self.done[-1].status if self.done else AdviceStatus.OPEN


@dataclass(frozen=True, slots=True)
class InvolvementRow:
    """A service that was asked, came or reported, with its advice."""

    involvement_id: int
    pupil_id: int
    service: str
    person: str
    question: str
    who_refers: str
    refer_by: date | None
    referred_on: date | None
    seen_on: date | None
    reported_on: date | None
    closed_on: date | None
    parents_agree: bool | None
    outcome_words: str
    document_id: int | None
    document_kind: DocumentKind | None
    review_id: int | None
    version: int
    advice: tuple[AdviceRow, ...]

    @property
    def is_diagnosis(self) -> bool:
        """Whether its report is a diagnosis letter, which does not age (domain §2.5, line 19)."""
        return self.document_kind is DocumentKind.DIAGNOSIS
