"""The ribbon: a pupil's cycles as bars with the next step of each review, provision beneath, agencies as dots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from graduated.pack import scene, wording
from graduated.pack.axes import DateScale
from graduated.pack.measured import Span
from graduated.pack.scene import Chart, Circle, Label, Mark, Path, Placer, Rect
from graduated.rules.vocabulary import NextStep

_HEADINGS = ("What", "From", "To", "Next step or note")
_LANES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RibbonCycle:
    """A cycle on the ribbon. Without an end it runs to the ribbon's end; `step` only picks the colour."""

    name: str
    start: date
    end: date | None = None
    words: str = ""
    step: NextStep | None = None
    from_paper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """An agency seen on a day, or a step of a request."""

    on: date
    name: str


def ribbon(
    cycles: Sequence[RibbonCycle],
    provisions: Sequence[Span],
    agencies: Sequence[Dot],
    start: date,
    end: date,
    width: float = 482.0,
    size: float = 9.0,
    requests: Sequence[Dot] = (),
) -> Chart:
    """The ribbon from `start` to `end`, which is the day it is drawn for; its height follows from what it holds."""
    if end <= start:
        end = date.fromordinal(start.toordinal() + 1)
    drawing = _Ribbon(DateScale(start, end, 2.0, width - 4.0), width, size)
    marks = [
        *drawing.cycles(cycles),
        *drawing.provisions(provisions),
        *drawing.dots(agencies, scene.REVIEW, "chart-agency"),
    ]
    marks += drawing.dots(requests, scene.WARN, "chart-request")
    height = drawing.y + size * 0.4
    marks = [*drawing.months(height), *marks]
    words = f"{wording.plural(len(cycles), 'cycle')} from {wording.day(start)} to {wording.day(end)}."
    if not cycles:
        words = "No cycle is recorded."
    rows = tuple(_rows(cycles, provisions, agencies, requests))
    return Chart(width, height, "Cycles, provision and agencies over time", words, tuple(marks), _HEADINGS, rows)


def _rows(
    cycles: Iterable[RibbonCycle], provisions: Iterable[Span], agencies: Iterable[Dot], requests: Iterable[Dot]
) -> Iterator[tuple[str, ...]]:
    for cycle in cycles:
        name = f"{cycle.name}, brought forward from paper" if cycle.from_paper else cycle.name
        yield name, wording.day(cycle.start), wording.day(cycle.end) if cycle.end else "", cycle.words
    for item in provisions:
        yield item.name, wording.day(item.start), wording.day(item.end) if item.end else "", "Provision"
    for dot in agencies:
        yield dot.name, wording.day(dot.on), "", "Agency"
    for dot in requests:
        yield dot.name, wording.day(dot.on), "", "Request"


class _Ribbon:
    """Draws downwards; `y` is where the next row begins."""

    def __init__(self, dates: DateScale, width: float, size: float) -> None:
        self.dates, self.width, self.size = dates, width, size
        self.y = size * 1.9

    def months(self, height: float) -> Iterator[Mark]:
        """Month lines behind everything, their names above."""
        for x, label in self.dates.months(self.size):
            if x + scene.text_width(label, self.size) <= self.width:
                yield Path(((x, self.size * 1.4), (x, height)), stroke=scene.LINE_SOFT, css="chart-grid")
                yield Label(x, self.size * 0.9, label, self.size)

    def cycles(self, cycles: Sequence[RibbonCycle]) -> Iterator[Mark]:
        """Bars with the words of the next step under the end they belong to."""
        size, tall = self.size, self.size * 2.3
        placer = Placer((0, 0, self.width, self.y + tall + size * 4.2))
        lowest = self.y + tall
        for cycle in cycles:
            yield from self._bar(cycle, tall)
            x1 = self.dates.x(cycle.start)
            label = placer.put(self._step_places(cycle.words, x1, self.y + tall))
            if label:
                lowest = max(lowest, label.y + size * 0.3)
                yield label
        self.y = lowest + size * 0.7

    def _bar(self, cycle: RibbonCycle, tall: float) -> Iterator[Mark]:
        size = self.size
        colour = _colour(cycle)
        x1 = self.dates.x(cycle.start)
        x2 = max(x1 + 2, (self.dates.x(cycle.end) if cycle.end else self.dates.right) - 2.5)
        fill, ink = (scene.WHITE, colour) if cycle.from_paper else (colour, scene.WHITE)
        dash = (4.0, 2.0) if cycle.from_paper else ()
        yield Rect(x1, self.y, x2 - x1, tall, fill, colour, 1.2, 3, dash, css="chart-cycle")
        short = cycle.name.removeprefix("Cycle ")
        words = next((w for w in (cycle.name, short) if scene.text_width(w, size, True) <= x2 - x1 - 2), "")
        pad = min(6.0, (x2 - x1 - scene.text_width(words, size, True)) / 2)
        yield Label(x1 + pad, self.y + tall / 2 + size * 0.35, words, size, ink, bold=True, css="chart-cycle-name")
        if cycle.end and cycle.words:
            yield Path(((x2, self.y - 3), (x2, self.y + tall + 3)), stroke=colour, width=2.4, css="chart-review")

    def _step_places(self, words: str, x: float, below: float) -> Iterator[Label]:
        room = self.width - x
        for row in range(3):
            y = below + self.size * (1.15 + row * 1.2)
            if scene.text_width(words, self.size) <= room:
                yield Label(x, y, words, self.size)
            else:
                yield Label(self.width, y, scene.shortened(words, self.width, self.size), self.size, anchor="end")

    def provisions(self, provisions: Sequence[Span]) -> Iterator[Mark]:
        """Bars in lanes, each name inside its bar or after it."""
        size, pitch = self.size, self.size * 1.75
        lanes: list[float] = []
        left_out = 0
        for item in sorted(provisions, key=lambda p: (p.start, p.name)):
            x1 = self.dates.x(item.start)
            x2 = max(x1 + 3, self.dates.x(item.end) if item.end else self.dates.right)
            name, at, reach = self._name_place(item.name, x1, x2)
            begin = min(x1, at)
            lane = next((i for i, taken in enumerate(lanes) if taken + 3 <= begin), len(lanes))
            if lane >= _LANES:
                left_out += 1
                continue
            lanes[lane:] = [reach, *lanes[lane + 1 :]]
            y = self.y + lane * pitch
            yield Rect(x1, y, x2 - x1, size * 1.45, scene.DO_SOFT, scene.AMBER, 0.8, 2, css="chart-provision")
            yield Label(at, y + size * 1.03, name, size, scene.INK)
        self.y += len(lanes) * pitch
        if left_out:
            self.y += size
            yield Label(2, self.y, f"and {left_out} more, in the table", size)
            self.y += size * 0.5

    def _name_place(self, name: str, x1: float, x2: float) -> tuple[str, float, float]:
        """The name as drawn, where it starts, and how far bar and name reach."""
        wide = scene.text_width(name, self.size)
        if wide <= x2 - x1 - 6:
            return name, x1 + 4, x2
        if x2 + 4 + wide <= self.width:
            return name, x2 + 4, x2 + 4 + wide
        if x1 - 4 - wide >= 0:
            return name, x1 - 4 - wide, x2
        return scene.shortened(name, x2 - x1 - 6, self.size), x1 + 4, x2

    def dots(self, dots: Sequence[Dot], colour: str, css: str) -> Iterator[Mark]:
        """Dots in time, each with its name and day, in as many rows as they need."""
        size = self.size
        known = [dot for dot in sorted(dots, key=lambda d: (d.on, d.name)) if self.dates.covers(dot.on)]
        if not known:
            return
        placer = Placer((0, self.y, self.width, self.y + len(known) * size * 1.6 + size))
        lowest = self.y
        for dot in known:
            x, words = self.dates.x(dot.on), f"{dot.name}, {wording.short_day(dot.on)}"
            wide = scene.text_width(words, size)
            fits_right = x + 7 + wide <= self.width
            for row in range(len(known)):
                y = self.y + size * (1.0 + row * 1.5)
                label = Label(x + 7, y + size * 0.35, words, size)
                if not fits_right:
                    words = scene.shortened(words, x - 8, size)
                    label = Label(x - 7, y + size * 0.35, words, size, anchor="end")
                box = scene.label_box(label)
                whole = (min(box[0], x - 5), y - 6, max(box[2], x + 5), y + 6)
                if placer.free((max(0.0, whole[0]), max(self.y, whole[1]), min(self.width, whole[2]), whole[3])):
                    placer.block(whole)
                    lowest = max(lowest, y + size)
                    yield Circle(x, y, 4, colour, css=css)
                    yield label
                    break
        self.y = lowest


def _colour(cycle: RibbonCycle) -> str:
    if cycle.step in (NextStep.SPECIALIST, NextStep.CONSIDER_EHCNA):
        return scene.WARN
    return scene.PLAN if cycle.step else scene.BRAND
