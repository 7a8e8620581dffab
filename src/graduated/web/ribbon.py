"""The ribbon: a pupil's cycles as bars over time, provision beneath, agencies as dots; where each thing is drawn.

Pure geometry in SVG units (the picture is 760 wide): dates in, finished positions out,
for ``_components/pictures.html``.
Words that would not fit stay out of the drawing; the table beside it always has them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Band", "CycleBar", "Dot", "Ribbon", "Shape", "Tick", "draw"]

WIDTH = 760
_LEFT, _RIGHT = 14, WIDTH - 14
_CHARACTER = 6.6  # a character of 13-unit type, on average
_GAP = 4


@dataclass(frozen=True)
class CycleBar:
    """A cycle: ``label`` "Cycle 3", ``next_step`` in words ("" while it runs), ``ends`` the review's date or None.

    ``kind`` colours it: good | specialist | ehcna | now | paper | "" (another cycle).
    """

    starts: dt.date
    ends: dt.date | None
    label: str
    next_step: str = ""
    kind: str = ""
    href: str = ""


@dataclass(frozen=True)
class Band:
    """A provision that ran between two days (``ends`` None: it still runs)."""

    starts: dt.date
    ends: dt.date | None
    label: str


@dataclass(frozen=True)
class Dot:
    """Something on one day: a professional who saw the pupil."""

    on: dt.date
    label: str


@dataclass(frozen=True)
class Tick:
    """A line for a month, with its words at ``x``."""

    x: float
    label: str


@dataclass(frozen=True)
class Shape:
    """A bar, a band or a dot as drawn; ``shown`` and ``under`` are words that fit, ``end`` is a review's line."""

    x: float
    y: float
    width: float
    label: str
    shown: str = ""
    under: str = ""
    text_x: float = 0
    anchor: str = "start"
    kind: str = ""
    href: str = ""
    end: float | None = None


@dataclass(frozen=True)
class Ribbon:
    """A finished drawing, and the rows of the same story in words."""

    height: int
    ticks: tuple[Tick, ...]
    cycles: tuple[Shape, ...]
    bands: tuple[Shape, ...]
    dots: tuple[Shape, ...]
    today_x: float
    words: str
    rows: tuple[CycleBar, ...]


def draw(cycles: Sequence[CycleBar], bands: Sequence[Band], dots: Sequence[Dot], today: dt.date) -> Ribbon | None:
    """Places everything on one time line; None when the pupil has no cycle yet."""
    if not cycles:
        return None
    cycles = sorted(cycles, key=lambda c: c.starts)
    first = min([c.starts for c in cycles] + [b.starts for b in bands] + [d.on for d in dots]).replace(day=1)
    last = max([today] + [c.ends or today for c in cycles] + [b.ends or today for b in bands] + [d.on for d in dots])
    days = max((last - first).days, 120)

    def x(day: dt.date) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * (day - first).days / days, 1)

    bars = tuple(_bar(cycle, x(cycle.starts), x(max(cycle.ends or today, cycle.starts))) for cycle in cycles)
    shapes, below = _rows([(x(b.starts), x(max(b.ends or today, b.starts)), b.label) for b in bands], 98, 18)
    points, foot = _rows([(x(d.on) - 6, x(d.on) + 6, d.label) for d in dots], below + 4, 20, inside=False)
    running = sum(1 for c in cycles if c.ends is None)
    words = f"{len(cycles)} cycle{'' if len(cycles) == 1 else 's'} since {first:%B %Y}"
    return Ribbon(
        height=round(foot), ticks=_ticks(first, last, x), cycles=bars, bands=shapes, dots=points, today_x=x(today),
        words=words + ("; the last is under way" if running else ""), rows=tuple(cycles))


def _fits(words: str, room: float) -> bool:
    return len(words) * _CHARACTER + 2 * _GAP <= room


def _bar(cycle: CycleBar, left: float, right: float) -> Shape:
    width = max(right - left - _GAP, 10)
    number = cycle.label.rpartition(" ")[2]
    shown = cycle.label if _fits(cycle.label, width) else number if _fits(number, width) else ""
    under = cycle.next_step if _fits(cycle.next_step, width + _GAP) else ""
    return Shape(left, 40, width, cycle.label, shown, under, left + 8, kind=cycle.kind or ("" if cycle.ends else "now"),
                 href=cycle.href, end=left + width if cycle.ends else None)


def _rows(spans: Sequence[tuple[float, float, str]], top: float, step: float, *,
          inside: bool = True) -> tuple[tuple[Shape, ...], float]:
    """Puts spans on as few rows as their words allow; answers the shapes and the y beneath the last row."""
    ends: list[float] = []
    shapes = []
    for left, right, label in sorted(spans):
        width = max(right - left, 8)
        length = len(label) * _CHARACTER
        fits = inside and _fits(label, width)
        before = not fits and right + length > _RIGHT
        start = left - length - 2 * _GAP if before else left
        stop = right + (0 if fits or before else length + 2 * _GAP)
        row = next((n for n, end in enumerate(ends) if start >= end + _GAP), len(ends))
        ends[row:row + 1] = [stop]
        text_x = left + 6 if fits else left - _GAP if before else right + _GAP
        shapes.append(Shape(left, top + row * step, width, label, label if start >= 0 else "", "", round(text_x, 1),
                            "end" if before else "start"))
    return tuple(shapes), top + len(ends) * step


def _ticks(first: dt.date, last: dt.date, place: Callable[[dt.date], float]) -> tuple[Tick, ...]:
    """January, May and September: the school's three turns of the year, thinned when they would touch."""
    found: list[Tick] = []
    for year in range(first.year, last.year + 1):
        for month, name in ((1, "Jan"), (5, "May"), (9, "Sep")):
            day = dt.date(year, month, 1)
            if first <= day <= last:
                at = place(day)
                label = f"{name} {year}" if month != 5 else name
                if at + len(label) * _CHARACTER <= WIDTH and (not found or at - found[-1].x > 66):
                    found.append(Tick(at, label))
    return tuple(found)
