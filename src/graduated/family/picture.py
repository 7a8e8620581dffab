"""How an outcome is going, as a small picture: where it began, each figure since, and what is hoped for.

Drawn small enough for a phone; its figures stand beside it as a table and its words as a sentence, so that nobody needs
the picture. It runs from left to right in every language, as the dates do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from graduated.family.queries import Figure, OutcomeFacts
from graduated.family.words import counted, say_value
from graduated.pack import scene
from graduated.pack.scene import Chart, Circle, Label, Mark, Path
from graduated.rules.progress import Value
from graduated.web.languages import gettext as _
from graduated.web.languages import say_date

_WIDE, _HIGH = 340.0, 150.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 22.0, 318.0, 34.0, 112.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what the figure is, when it was taken, the figure."""

    what: str
    on: str
    figure: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing, if there is something to draw, and the figures as a table."""

    chart: Chart | None
    rows: tuple[Row, ...]


def picture(outcome: OutcomeFacts, figures: tuple[Figure, ...], title: str, words: str) -> Picture | None:
    """The picture of one outcome; None for one that is not measured."""
    if outcome.kind is None or outcome.baseline is None:
        return None
    kind, start = outcome.kind, Value(outcome.baseline)
    later = counted(outcome, figures)
    rows = [Row(_("At the start"), say_date(outcome.baseline_on), say_value(start, kind))]
    for one in later:
        what = _("Now") if one is later[-1] else _("Since then")
        rows.append(Row(what, say_date(one.taken_on), say_value(one.value, kind)))
    if outcome.target is not None and not outcome.maintain:
        rows.append(Row(_("What we hope for"), say_date(outcome.by_when), say_value(Value(outcome.target), kind)))
    if not later or outcome.baseline_on is None:
        return Picture(None, tuple(rows))
    return Picture(_chart(outcome, (outcome.baseline_on, outcome.baseline), later, rows, title, words), tuple(rows))


def _chart(
    outcome: OutcomeFacts, began: tuple[date, Decimal], later: tuple[Figure, ...], rows: list[Row], title: str,
    words: str,
) -> Chart:  # fmt: skip
    points = [began, *((one.taken_on, one.value.number) for one in later)]
    hope = None if outcome.maintain else outcome.target
    end = outcome.by_when if hope is not None and outcome.by_when else points[-1][0]
    levels = [number for _day, number in points] + ([hope] if hope is not None else [])
    low, high = min(levels), max(levels)
    first, last = points[0][0], max(end, points[-1][0])

    def place(day: date, number: Decimal) -> tuple[float, float]:
        along = (day - first).days / max(1, (last - first).days)
        up = float((number - low) / (high - low)) if high > low else 0.5
        return _LEFT + along * (_RIGHT - _LEFT), _BOTTOM - up * (_BOTTOM - _TOP)

    dots = [place(*point) for point in points]
    marks: list[Mark] = []
    if hope is not None:
        x, y = place(last, hope)
        marks.append(Path(((_LEFT, y), (_RIGHT, y)), scene.DO, 1.5, (5, 4), css="family-hope"))
        marks.append(_said(x, y, rows[-1].what, rows[-1].figure, above=y <= dots[-1][1]))
    marks.append(Path(tuple(dots), scene.GO, 3, css="family-line"))
    marks.extend(Circle(x, y, 5, scene.GO, scene.WHITE, 1.5) for x, y in dots)
    marks.append(_said(*dots[0], rows[0].what, rows[0].figure, above=dots[0][1] <= dots[-1][1]))
    number = len(points) - 1
    if not (hope is not None and abs(dots[-1][0] - _RIGHT) < 60 and abs(dots[-1][1] - place(last, hope)[1]) < 24):
        marks.append(_said(*dots[-1], rows[number].what, rows[number].figure, above=dots[-1][1] < dots[0][1]))
    return Chart(_WIDE, _HIGH, title, words, tuple(marks))


def _said(x: float, y: float, what: str, figure: str, *, above: bool) -> Label:
    """A figure with its word, within the picture."""
    text = f"{what}: {figure}"
    half = scene.text_width(text, 13, bold=True) / 2
    middle = min(max(x, half + 4), _WIDE - half - 4)
    return Label(middle, y - 12 if above else y + 22, text, 13, scene.INK, "middle", bold=True)
