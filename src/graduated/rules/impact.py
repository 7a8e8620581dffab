"""What pupils gained while an intervention ran: for each pupil, and for those of one intervention together.

Small numbers say little, and the page says so before it says anything else. Figures of one measure by one respondent
are put together and no others (domain §6); nothing is averaged, the middle pupil is named with the lowest and the
highest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from graduated.rules.progress import ORDINAL, AgeTest, RatioGain, ratio_gain
from graduated.rules.vocabulary import Direction, MeasureKind, Word

JUST_BEGUN, JUST_ENDED = timedelta(days=14), timedelta(days=28)
FEW = 5
"""Under so many pupils the page warns; ours, not the Code's."""
_WAYS = ("better", "much the same", "worse")
_WAYS_OF_SCORES = ("gained on others of their age", "kept pace", "fell behind")
_WAYS_BY_CHANCE = ("up", "unchanged", "down")


class Way(Word):
    """Which way one pupil's figure went, beyond the test's error where it is known."""

    BETTER = "better", "Better"
    SAME = "same", "No change to speak of"
    WORSE = "worse", "Worse"
    UNKNOWN = "unknown", "Cannot be said"


@dataclass(frozen=True, slots=True)
class Ran:
    """When the intervention ran for the pupil; no end while it still runs. `school_weeks` lie between the two tests."""

    starts: date
    ends: date | None
    school_weeks: int


@dataclass(frozen=True, slots=True)
class Moved:
    """One pupil's change. `figure` counts towards better, in points, or is a ratio gain for ages; none on a scale
    whose steps are of unequal size. `reason` says why nothing can be said."""

    pupil_id: int
    way: Way
    figure: Decimal | None = None
    months_gained: int = 0
    months_between: Decimal = Decimal(0)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """What the pupils of one intervention gained on one measure. `left_out` counts those of whom nothing can be said,
    by reason. `low`, `middle` and `high` are none where figures may not be put in order of size."""

    kind: MeasureKind
    pupils: int
    low: Decimal | None
    middle: Decimal | None
    high: Decimal | None
    better: int
    same: int
    worse: int
    months_gained: int
    months_between: Decimal
    left_out: tuple[tuple[str, int], ...] = ()
    error_known: bool = True

    @property
    def is_few(self) -> bool:
        """Whether there are too few pupils to say anything of the intervention."""
        return self.pupils < FEW

    @property
    def warning(self) -> str:
        """The warning that stands before the figures; nothing for five pupils or more."""
        return few_words(self.pupils)

    @property
    def spread(self) -> str:
        """Lowest, middle and highest: "0.8 · 1.9 · 3.1"; one for one pupil; nothing where none may be ordered."""
        if self.low is None or self.middle is None or self.high is None:
            return ""
        if self.pupils == 1:
            return self._signed(self.middle)
        return " · ".join(self._signed(one) for one in (self.low, self.middle, self.high))

    @property
    def unit(self) -> str:
        """What the figures of the spread are."""
        if self.kind is MeasureKind.AGE:
            return "ratio gain"
        return "points of standardised score" if self.kind is MeasureKind.STANDARD else "points towards better"

    @property
    def words(self) -> str:
        """The spread with the months themselves, or how many pupils went which way."""
        if not self.pupils:
            return "Nothing can be said."
        better, same, worse = self._names
        ways = f"{self.better} {better}, {self.same} {same}, {self.worse} {worse}"
        if self.kind is MeasureKind.AGE:
            between = _plain(self.months_between)
            return f"{ways}. Together {self.months_gained} months gained in {between} pupil months."
        return f"{ways}."

    @property
    def _names(self) -> tuple[str, str, str]:
        """What the three ways are called: a score whose error nobody knows only goes up or down."""
        if self.kind is not MeasureKind.STANDARD:
            return _WAYS
        return _WAYS_OF_SCORES if self.error_known else _WAYS_BY_CHANCE

    def _signed(self, number: Decimal) -> str:
        if self.kind is MeasureKind.AGE:
            return f"{number:.1f}"
        return _plain(number) if number <= 0 else f"+{_plain(number)}"


def ends_of(taken: Sequence[date], starts: date, ends: date | None, to: date) -> tuple[int, int] | None:
    """Which two of the figures, in order of date, tell what was gained while something ran: their places in the list.

    The first is the last one taken up to two weeks after it began, or else the first there is; the second is the last
    one taken up to four weeks after it ended, and never after `to`. None when there are no two. The two margins are
    ours.
    """
    known = [place for place, on in enumerate(taken) if on <= starts + JUST_BEGUN]
    first = known[-1] if known else 0
    until = min(to, ends + JUST_ENDED) if ends is not None else to
    later = [place for place, on in enumerate(taken) if place > first and taken[first] < on <= until]
    return (first, later[-1]) if later else None


def few_words(pupils: int) -> str:
    """The warning for a number of pupils; nothing for five or more."""
    if not 0 < pupils < FEW:
        return ""
    return f"{pupils} pupil{'' if pupils == 1 else 's'} only: too few to tell the intervention from chance."


def moved(pupil_id: int, direction: Direction, error: Decimal | None, first: AgeTest, last: AgeTest, ran: Ran) -> Moved:
    """What one pupil gained between the figure at the start of the intervention and the last of its time.

    An age gives a ratio gain where that is lawful (design §5) and nothing else; a standardised score that stays has
    kept pace; a change within the test's error counts as none.
    """
    if direction is Direction.NONE:
        return Moved(pupil_id, Way.UNKNOWN, reason="This measure describes; it does not rank.")
    if first.value.censor or last.value.censor:
        return Moved(pupil_id, Way.UNKNOWN, reason="A figure is off the end of its scale.")
    change = (last.value.number - first.value.number) * (1 if direction is Direction.UP else -1)
    way = _way(change, error)
    if first.kind in ORDINAL:
        return Moved(pupil_id, way)
    if first.kind is not MeasureKind.AGE:
        return Moved(pupil_id, way, change)
    gain = ratio_gain(first, last, ran.school_weeks, ran.starts, ran.ends)
    if not isinstance(gain, RatioGain):
        return Moved(pupil_id, Way.UNKNOWN, reason=gain.reason)
    return Moved(pupil_id, way, gain.ratio, gain.months_gained, gain.months_between)


def impact(kind: MeasureKind, moves: Iterable[Moved], *, error_known: bool = True) -> Impact:
    """The pupils of one intervention on one measure by one respondent, put together.

    `error_known` is whether the test's own error is: without it nobody can say that a score gained on others.
    """
    known = tuple(moves)
    said = [one for one in known if one.way is not Way.UNKNOWN]
    ways = Counter(one.way for one in said)
    figures = sorted(one.figure for one in said if one.figure is not None)
    reasons = Counter(one.reason for one in known if one.way is Way.UNKNOWN)
    return Impact(
        kind=kind,
        pupils=len({one.pupil_id for one in said}),
        low=figures[0] if figures else None,
        middle=_middle(figures),
        high=figures[-1] if figures else None,
        better=ways[Way.BETTER],
        same=ways[Way.SAME],
        worse=ways[Way.WORSE],
        months_gained=sum(one.months_gained for one in said),
        months_between=sum((one.months_between for one in said), Decimal(0)),
        left_out=tuple(sorted(reasons.items())),
        error_known=error_known,
    )


def _way(change: Decimal, error: Decimal | None) -> Way:
    if change == 0 or (error is not None and abs(change) <= error):
        return Way.SAME
    return Way.BETTER if change > 0 else Way.WORSE


def _middle(figures: Sequence[Decimal]) -> Decimal | None:
    """The middle one of figures in order; halfway between the two middle ones when they are even in number."""
    if not figures:
        return None
    half = len(figures) // 2
    if len(figures) % 2:
        return figures[half]
    return ((figures[half - 1] + figures[half]) / 2).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
