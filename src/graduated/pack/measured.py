"""Figures over time and minutes of provision, as charts and tables take them (design §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graduated.rules.vocabulary import Censor, Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One measurement. `value` is where it is drawn (ages in months), `text` what was recorded ("8:03", "<5:00")."""

    on: date
    value: float
    text: str
    form: str = ""
    who: str = ""
    censor: Censor | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Something that ran for a time; no end means it still runs."""

    name: str
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """Where a cycle begins: "Cycle 3"."""

    name: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSeries:
    """One measure by one respondent over time. `ages` makes the axis read years:months."""

    key: str
    name: str
    scale: str = ""
    direction: Direction = Direction.UP
    respondent: str = ""
    ages: bool = False
    normed: bool = False  # on a scale with national norms: a standardised score, a percentile, an age
    points: tuple[Point, ...] = ()
    baseline: float | None = None
    baseline_text: str = ""
    target: float | None = None
    target_text: str = ""
    usual: tuple[float, float] | None = None
    usual_text: str = ""
    reviews: tuple[date, ...] = ()
    cycles: tuple[Boundary, ...] = ()
    interventions: tuple[Span, ...] = ()
    remarks: tuple[str, ...] = ()  # what the rules say of it: "within error", "kept pace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Minutes that did not happen, and why."""

    reason: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """Minutes planned to date = delivered + missed + not recorded; `to_come` lies after the date of the document.

    When `logged` is False only the planned minutes are known, and the pack says so. `words` are the finished figures
    as every page says them; `sentence` is a remark beside them.
    """

    planned: int
    delivered: int = 0
    missed: tuple[Missed, ...] = ()
    not_recorded: int = 0
    to_come: int = 0
    logged: bool = True
    sentence: str = ""
    words: str = ""

    @property
    def missed_minutes(self) -> int:
        """Minutes missed with a reason."""
        return sum(entry.minutes for entry in self.missed)
