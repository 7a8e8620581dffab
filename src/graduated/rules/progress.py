"""Progress towards a target, ratio gain, and what a change in a score may be called (design §5, domain §6).

Every function gives words with the figure, and where a figure would mislead it gives the reason in its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from graduated.rules.vocabulary import Censor, Direction, MeasureKind, Word

ON_COURSE_FROM = Decimal("0.5")
"""Share of the way from which an outcome is called on course; ours, not the Code's."""

ORDINAL = frozenset({MeasureKind.PERCENTILE, MeasureKind.SCALE})
"""Kinds whose steps are not of one size, so that no percentage of a distance means anything (domain §6)."""

LEAST_DAYS_APART = 56
LEAST_SCHOOL_WEEKS = 6
_DAYS_IN_A_MONTH = Decimal("30.4375")
_NUMBER = re.compile(r"-?[0-9]{1,7}(\.[0-9]{1,4})?")
_AGE = re.compile(r"([0-9]{1,2}):([0-9]{1,2})")


class ProgressState(Word):
    """What may be said of the way from baseline to target."""

    MET = "met", "Met"
    ON_COURSE = "on-course", "On course"
    LITTLE = "little", "Little change"
    NOT_REACHED = "not-reached", "Not reached"
    NO_CHANGE = "no-change", "No change"
    AWAY = "away", "Further away"
    TOWARDS = "towards", "Moved towards the target"
    WITHIN_ERROR = "within-error", "Within error"
    KEPT = "kept", "Kept"
    NOT_KEPT = "not-kept", "Not kept"
    UNKNOWN = "unknown", "Not known"


class NotAValue(ValueError):
    """What was typed cannot be read as a figure; the message says what is wrong and how to write it."""


@dataclass(frozen=True, slots=True)
class Value:
    """A figure on a measure. Ages are in months. A censor says that the true figure lies below or above it."""

    number: Decimal
    censor: Censor | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an outcome has come.

    `fraction` is (current - baseline) ÷ (target - baseline): 1 is the target, below 0 is the wrong way. Where it would
    mislead it is None and `reason_if_no_percent` says why. `words` always says the figures themselves.
    """

    fraction: Decimal | None
    words: str
    state: ProgressState
    reason_if_no_percent: str | None = None

    @property
    def percent(self) -> int | None:
        """The fraction in whole percent, rounded half up; 100 is never said before the target is reached."""
        if self.fraction is None:
            return None
        rounded = int((self.fraction * 100).quantize(Decimal(1), ROUND_HALF_UP))
        return 99 if rounded == 100 and self.fraction < 1 else rounded


@dataclass(frozen=True, slots=True)
class AgeTest:
    """One sitting of a test: `test` names test and edition (forms of one test are the same test)."""

    on: date
    value: Value
    test: str
    kind: MeasureKind = MeasureKind.AGE


@dataclass(frozen=True, slots=True)
class RatioGain:
    """Months gained for each month between the tests, to one decimal; never shown without the months themselves."""

    ratio: Decimal
    months_gained: int
    months_between: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class NoRatioGain:
    """Why a ratio gain would mislead here."""

    reason: str


def progress(
    kind: MeasureKind,
    direction: Direction,
    baseline: Value | None,
    target: Value | None,
    current: Value | None,
    error: Decimal | None = None,
    maintain_tolerance: Decimal | None = None,
) -> Progress:
    """How far from baseline to target (design §5, Progress); works for measures where lower is better too.

    `error` is the test's own error in its points or months, when known. With `maintain_tolerance` the outcome is to
    keep the baseline, not to move. No percentage within the error, on ordinal scales, to maintain, with a figure off
    the end of its scale, or when target and baseline are the same.
    """
    if baseline is None or current is None:
        which = "baseline" if baseline is None else "later figure"
        return _without(f"No {which} yet", ProgressState.UNKNOWN, f"There is no {which} yet.")
    if maintain_tolerance is not None:
        return _maintained(kind, direction, baseline, current, maintain_tolerance)
    words = f"From {format_value(baseline, kind)} to {format_value(current, kind)}"
    if target is None:
        return _without(words, ProgressState.UNKNOWN, "The outcome has no target on this measure.")
    words += f", aim {format_value(target, kind)}"
    refusal = _no_ladder(direction, baseline, target, current)
    if refusal:
        return _without(words, ProgressState.UNKNOWN, refusal)
    moved, whole = current.number - baseline.number, target.number - baseline.number
    if kind in ORDINAL:
        reason = f"A {kind.inside} has steps of unequal size, so a percentage would mean nothing."
        return _without(words, _steps(moved, whole), reason)
    if error is not None and abs(moved) <= error:
        reason = f"The change is within the test's error ({_plain(error)}), so it may be chance."
        return _without(words, ProgressState.WITHIN_ERROR, reason)
    fraction = moved / whole
    return Progress(fraction, words, _state(fraction))


def when_over(way: Progress) -> Progress:
    """What may be said once the cycle has ended or the target day is past: reached, or not reached and how far.

    Nothing is "on course" to a day that is gone (design §5, Progress).
    """
    if way.state not in (ProgressState.ON_COURSE, ProgressState.LITTLE):
        return way
    return replace(way, state=ProgressState.NOT_REACHED)


def ratio_gain(
    earlier: AgeTest, later: AgeTest, school_weeks: int, provision_from: date, provision_until: date | None
) -> RatioGain | NoRatioGain:
    """Months of age-equivalent gain ÷ months between the two test dates (design §5, Ratio gain; domain §6).

    `school_weeks` lie between the tests (calendar.school_weeks_between). Refused for other kinds of score, different
    tests, figures off the scale, under 8 weeks or 6 school weeks, and where the provision ran for less than 6 weeks of
    that time: a gain is not put down to what was not there.
    """
    reason = _no_ratio(earlier, later, school_weeks, provision_from, provision_until)
    if reason:
        return NoRatioGain(reason)
    gained = int(later.value.number - earlier.value.number)
    months = Decimal((later.on - earlier.on).days) / _DAYS_IN_A_MONTH
    ratio = (gained / months).quantize(Decimal("0.1"), ROUND_HALF_UP)
    between = months.quantize(Decimal("0.1"), ROUND_HALF_UP)
    unit = "month" if abs(gained) == 1 else "months"
    words = f"Ratio gain {ratio}: {gained} {unit} in {_plain(between)} months. 1.0 is the average pupil's pace."
    return RatioGain(ratio, gained, between, words)


def standard_score_words(earlier: Value, later: Value, error: Decimal | None) -> str:
    """What a change between two standardised scores may be called (domain §6).

    Unchanged means kept pace with others of the same age, not "no progress". `error` is how many points a change must
    pass before it counts, as the test prints it.
    """
    if earlier.censor or later.censor:
        return "A score is off the end of the scale, so no change can be worked out."
    change = later.number - earlier.number
    if change == 0:
        return "Unchanged: kept pace with others of the same age."
    points = f"{'Up' if change > 0 else 'Down'} {_plain(abs(change))} point{'' if abs(change) == 1 else 's'}"
    if error is None:
        return f"{points}. The test's error is not recorded, so this may be chance."
    if abs(change) <= error:
        return f"{points}, within error ({_plain(error)}): kept pace with others of the same age."
    pace = "gained on" if change > 0 else "fell behind"
    return f"{points}, beyond error ({_plain(error)}): {pace} others of the same age."


def parse_age(text: str) -> int:
    """Months from an age written years:months, so "8:03" is 99. Raises NotAValue with the reason, also for 8.3."""
    stripped = text.strip()
    match = _AGE.fullmatch(stripped)
    if match is None:
        if _NUMBER.fullmatch(stripped) and "." in stripped:
            raise NotAValue(
                f"{stripped} could be a decimal or years and months, and those differ. "
                "Write years:months, such as 8:03 for 8 years 3 months."
            )
        raise NotAValue(f"“{stripped}” is not an age. Write years:months, such as 8:03 for 8 years 3 months.")
    years, months = int(match[1]), int(match[2])
    if months > 11:
        raise NotAValue(f"{stripped} has {months} months; the months of an age go from 00 to 11.")
    return years * 12 + months


def format_age(months: int) -> str:
    """99 months as "8:03"."""
    return f"{months // 12}:{months % 12:02d}"


def parse_value(text: str, kind: MeasureKind) -> Value:
    """A figure as typed, such as "85", "8:03", "<5:00" or ">130". Raises NotAValue with a sentence for people."""
    stripped = text.strip().replace("−", "-")
    censor = {"<": Censor.BELOW, ">": Censor.ABOVE}.get(stripped[:1])
    if censor:
        stripped = stripped[1:].strip()
    if kind is MeasureKind.AGE:
        return Value(Decimal(parse_age(stripped)), censor)
    if not _NUMBER.fullmatch(stripped):
        raise NotAValue(f"“{stripped}” is not a figure. Write digits, such as 85, <70 or >130.")
    number = Decimal(stripped)
    if kind is MeasureKind.PERCENTILE and not 0 < number < 100:
        raise NotAValue("A percentile rank lies between 1 and 99.")
    if kind is MeasureKind.COUNT and (number < 0 or number != number.to_integral_value()):
        raise NotAValue("A count is a whole number, 0 or more.")
    return Value(number, censor)


def format_value(value: Value, kind: MeasureKind) -> str:
    """The figure as people write it; parse_value reads it back."""
    sign = {Censor.BELOW: "<", Censor.ABOVE: ">", None: ""}[value.censor]
    return sign + (format_age(int(value.number)) if kind is MeasureKind.AGE else _plain(value.number))


def _plain(number: Decimal) -> str:
    """A Decimal without needless noughts or exponents."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _without(words: str, state: ProgressState, reason: str) -> Progress:
    return Progress(None, words, state, reason)


def _no_ladder(direction: Direction, baseline: Value, target: Value, current: Value) -> str | None:
    """Why nothing at all can be said about the way from baseline to target, or None."""
    if baseline.censor or target.censor or current.censor:
        return "A figure is off the end of its scale, so the distance is not known."
    whole = target.number - baseline.number
    if whole == 0:
        return "Target and baseline are the same; to keep a level, mark the outcome “maintain”."
    if direction is Direction.NONE:
        return "This measure is not a ladder: it describes, it does not rank."
    if (whole > 0) is not (direction is Direction.UP):
        return f"The target lies on the worse side of the baseline: on this measure {direction.inside}."
    return None


def _maintained(
    kind: MeasureKind, direction: Direction, baseline: Value, current: Value, tolerance: Decimal
) -> Progress:
    """For "maintain": within tolerance or not; better than the level counts as kept (design §5)."""
    words = f"From {format_value(baseline, kind)} to {format_value(current, kind)}, to keep within {_plain(tolerance)}"
    if baseline.censor or current.censor:
        reason = "A figure is off the end of its scale, so the distance is not known."
        return _without(words, ProgressState.UNKNOWN, reason)
    change = current.number - baseline.number
    better = (direction is Direction.UP and change > 0) or (direction is Direction.DOWN and change < 0)
    state = ProgressState.KEPT if better or abs(change) <= tolerance else ProgressState.NOT_KEPT
    return _without(words, state, "The outcome is to keep a level: it is within tolerance or not.")


def _steps(moved: Decimal, whole: Decimal) -> ProgressState:
    """On an ordinal scale only the order counts."""
    if abs(moved) >= abs(whole) and moved * whole > 0:
        return ProgressState.MET
    if moved == 0:
        return ProgressState.NO_CHANGE
    return ProgressState.TOWARDS if moved * whole > 0 else ProgressState.AWAY


def _state(fraction: Decimal) -> ProgressState:
    if fraction >= 1:
        return ProgressState.MET
    if fraction >= ON_COURSE_FROM:
        return ProgressState.ON_COURSE
    if fraction > 0:
        return ProgressState.LITTLE
    return ProgressState.NO_CHANGE if fraction == 0 else ProgressState.AWAY


def _apart(days: int) -> str:
    """A distance in days as people say it: "5 weeks", "55 days"."""
    if days >= 14 and days % 7 == 0:
        return f"{days // 7} weeks"
    return f"{max(days, 0)} days"


def _no_ratio(
    earlier: AgeTest, later: AgeTest, school_weeks: int, provision_from: date, provision_until: date | None
) -> str | None:
    days = (later.on - earlier.on).days
    overlap = (min(provision_until or later.on, later.on) - max(provision_from, earlier.on)).days
    if {earlier.kind, later.kind} != {MeasureKind.AGE}:
        return "A ratio gain is worked out from age equivalents only."
    refusals = (
        (earlier.test != later.test, "The two results are of different tests."),
        (bool(earlier.value.censor or later.value.censor), "A figure is off the end of its scale."),
        (days < LEAST_DAYS_APART, f"The tests are {_apart(days)} apart; 8 weeks is the least that says anything."),
        (
            school_weeks < LEAST_SCHOOL_WEEKS,
            f"Only {school_weeks} school weeks lie between the tests; 6 is the least that says anything.",
        ),
        (overlap < LEAST_SCHOOL_WEEKS * 7, "The provision ran for less than 6 weeks between the two tests."),
    )
    return next((reason for refused, reason in refusals if refused), None)
