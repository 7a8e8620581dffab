"""The chart of one measure: points in time, baseline, target, usual range, reviews, what was provided meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from graduated.pack import scene, wording
from graduated.pack.axes import DateScale, date_scale, value_scale
from graduated.pack.measured import MeasureSeries, Point, Span
from graduated.pack.scene import Chart, Circle, Label, Mark, Path, Placer, Rect
from graduated.rules.vocabulary import Censor, Direction

_HEADINGS = ("Date", "Figure", "Form", "By whom", "Note")
LANES, LANE = 4, 14.0  # at most so many interventions are drawn, each so high; the notes name all


def measure_chart(series: MeasureSeries, width: float, height: float, size: float = 9.0) -> Chart:
    """The chart of a measure. Width and height in points, `size` the size of its text.

    A figure off the end of the scale ("<5:00") is an open triangle that points where it lies. The axis is not turned
    round when lower is better; a note says so. What has no room for a label stands in the table.
    """
    points = tuple(sorted(series.points, key=lambda point: point.on))
    rows = tuple((wording.day(p.on), _figure(p), p.form, p.who, p.note) for p in points)
    words = _story(series, points)
    if not points:
        text = Label(0, size * 1.4, "No measurement is recorded.", size)
        return Chart(width, size * 2, series.name, words, (text,), _HEADINGS, (), _notes(series))
    plot = _Plot(series, points, width, height, size)
    return Chart(width, height, series.name, words, tuple(plot.draw()), _HEADINGS, rows, _notes(series))


def _figure(point: Point) -> str:
    """What was recorded, with its sign when it lies off the scale."""
    if point.censor is None or point.text[:1] in "<>":
        return point.text
    return ("<" if point.censor is Censor.BELOW else ">") + point.text


def _story(series: MeasureSeries, points: tuple[Point, ...]) -> str:
    """The line told as somebody would who describes it over the telephone; every figure stands in the table."""
    if not points:
        return "No measurement is recorded."
    first, last = points[0], points[-1]
    words = f"There is one figure, {_figure(first)}, of {wording.day(first.on)}."
    if len(points) > 1:
        words = (
            f"The line goes from {_figure(first)} on {wording.day(first.on)} to {_figure(last)} on "
            f"{wording.day(last.on)}, and {wording.plural(len(points), 'measurement')} stand on it."
        )
    return " ".join((words, *(f"{note}." for note in about(series))))


def about(series: MeasureSeries) -> tuple[str, ...]:
    """What the figures are: their scale, where they began and should lead, what is usual."""
    notes = [series.scale, series.direction.label if series.direction is not Direction.UP else ""]
    notes.append(f"Baseline {_line_text(series.baseline, series.baseline_text, series.ages)}".strip())
    notes.append(f"Target {_line_text(series.target, series.target_text, series.ages)}".strip())
    notes.append(_usual_words(series))
    return tuple(note for note in notes if note and note not in ("Baseline", "Target"))


def _notes(series: MeasureSeries) -> tuple[str, ...]:
    """What the table has no column for: what the figures are, and what went on meanwhile."""
    notes = list(about(series))
    if series.reviews:
        notes.append("Reviews: " + ", ".join(wording.short_day(when) for when in series.reviews))
    if series.cycles:
        notes.append(", ".join(f"{one.name} from {wording.short_day(one.on)}" for one in series.cycles))
    notes += [f"{s.name}: {wording.span(s.start, s.end)}" for s in series.interventions]
    return tuple(notes)


def _line_text(value: float | None, text: str, ages: bool) -> str:
    if text or value is None:
        return text
    return wording.years_months(value) if ages else f"{value:g}"


def _usual_words(series: MeasureSeries) -> str:
    if series.usual is None:
        return ""
    low, high = (_line_text(value, "", series.ages) for value in series.usual)
    return f"Usual range {series.usual_text or f'{low} to {high}'}"


class _Plot:
    """One drawing in the making: scales, labels placed, marks in painting order."""

    def __init__(self, series: MeasureSeries, points: tuple[Point, ...], width: float, height: float, size: float):
        self.series, self.points, self.size, self.width = series, points, size, width
        self.spans = self._spans(series.interventions)
        lanes = min(len(self.spans), LANES)
        self.left, self.right = size * 4.0, width - size * 1.2
        self.top, self.bottom = size * 2.2, height - size * 2.0 - lanes * size * 1.5
        self.dates = date_scale([p.on for p in points], self.left, self.right)
        self.values = value_scale(self._figures(), self.top, self.bottom, ages=series.ages)
        self.placer = Placer((self.left - size * 2.5, self.top - size * 1.1, width, self.bottom))

    def _spans(self, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        scale = date_scale([p.on for p in self.points], 0, 1)
        return tuple(s for s in spans if s.start <= scale.end and (s.end is None or s.end >= scale.start))

    def _figures(self) -> list[float]:
        """All figures that the axis has to hold; of the usual range only the nearer edge."""
        figures = [p.value for p in self.points]
        figures += [value for value in (self.series.baseline, self.series.target) if value is not None]
        if self.series.usual:
            low, high = self.series.usual
            if max(figures) < low:
                figures.append(low)
            elif min(figures) > high:
                figures.append(high)
        return figures

    def draw(self) -> Iterator[Mark]:
        yield from self._ground()
        spots = [(self.dates.x(p.on), self.values.y(p.value)) for p in self.points]
        self.placer.block_path(spots)
        for x, y in spots:
            self.placer.block((x - 4.5, y - 4.5, x + 4.5, y + 4.5))
        for level in (self.series.baseline, self.series.target):
            if level is not None:
                y = self.values.y(level)
                self.placer.block((self.left, y - 1, self.right, y + 1))
        yield from self._levels()
        yield from self._cycles()
        yield from self._curve(spots)
        yield from self._point_labels(spots)
        yield from self._band_label()
        yield from self._provided()

    def _ground(self) -> Iterator[Mark]:
        size = self.size
        if self.series.usual:
            high, low = self.values.y(self.series.usual[1]), self.values.y(self.series.usual[0])
            if low > high:
                yield Rect(self.left, high, self.right - self.left, low - high, fill=scene.GO_SOFT, css="chart-usual")
        for y, label in self.values.ticks():
            yield Path(((self.left, y), (self.right, y)), stroke=scene.LINE_SOFT, css="chart-grid")
            name = Label(self.left - size * 0.6, y + size * 0.35, label, size, anchor="end")
            self.placer.block(scene.label_box(name))
            yield name
        yield from self._header()
        yield from self._date_axis(self.dates)
        for when in self.series.reviews:
            if self.dates.covers(when):
                x = self.dates.x(when)
                yield Path(((x, self.top), (x, self.bottom)), stroke=scene.LINE, dash=(1, 3), css="chart-review-line")
                yield self._review_tick(x, self.bottom)

    def _cycles(self) -> Iterator[Mark]:
        """A line where each cycle begins; its name at the top where there is room for it."""
        for cycle in self.series.cycles:
            if not self.dates.covers(cycle.on):
                continue
            x = self.dates.x(cycle.on)
            yield Path(((x, self.top), (x, self.bottom)), stroke=scene.LINE, css="chart-cycle")
            label = self.placer.put(
                Label(x + 4, y, cycle.name, self.size) for y in (self.top + self.size * 0.9, self.bottom - 4)
            )
            if label:
                yield label

    def _review_tick(self, x: float, y: float) -> Mark:
        return Path(((x, y - 5), (x, y + 4)), stroke=scene.REVIEW, width=2.4, css="chart-review")

    def _header(self) -> Iterator[Mark]:
        size, baseline = self.size, self.size * 0.9
        direction = self.series.direction
        words = [self.series.scale, direction.inside if direction is not Direction.UP else ""]
        reviewed = any(self.dates.covers(when) for when in self.series.reviews)
        key = scene.text_width("review", size) + size if reviewed else 0.0
        text = " · ".join(word for word in words if word)
        yield Label(0, baseline, scene.shortened(text, self.right - key - size, size), size)
        if reviewed:
            yield self._review_tick(self.right - key + size * 0.4, baseline + 0.5)
            yield Label(self.right, baseline, "review", size, anchor="end")

    def _date_axis(self, dates: DateScale) -> Iterator[Mark]:
        size, y = self.size, self.bottom + self.size * 1.4
        yield Path(((self.left, self.bottom), (self.right, self.bottom)), stroke=scene.LINE, css="chart-axis")
        ticks = [t for t in dates.months(size) if self._fits(t[0], t[1])]
        if len(ticks) < 2:
            ticks = [(dates.x(self.points[0].on), wording.short_day(self.points[0].on))]
        for x, label in ticks:
            yield Path(((x, self.bottom), (x, self.bottom + 3)), stroke=scene.LINE, css="chart-axis")
            yield Label(x, y, label, size, anchor="middle")

    def _fits(self, x: float, label: str) -> bool:
        half = scene.text_width(label, self.size) / 2
        return x - half >= 0 and x + half <= self.width

    def _levels(self) -> Iterator[Mark]:
        series = self.series
        levels = (
            (series.baseline, series.baseline_text, "baseline", scene.SOFT, (2.0, 3.0)),
            (series.target, series.target_text, "target", scene.GO, (7.0, 5.0)),
        )
        for value, text, name, colour, dash in levels:
            if value is None:
                continue
            y = self.values.y(value)
            yield Path(((self.left, y), (self.right, y)), stroke=colour, width=1.5, dash=dash, css=f"chart-{name}")
            words = f"{name} {_line_text(value, text, series.ages)}"
            label = self.placer.put(self._along(words, y, colour))
            if label:
                yield label

    def _along(self, words: str, y: float, colour: str) -> Iterator[Label]:
        """Places beside a level line: right, left, then between, above before below."""
        words = scene.shortened(words, (self.right - self.left) * 0.6, self.size, bold=True)
        for part in (1.0, 0.0, 0.5, 0.25, 0.75):
            x = self.left + 4 + part * (self.right - self.left - 8)
            anchor: scene.Anchor = "end" if part == 1.0 else "start" if part == 0.0 else "middle"
            for at in (y - 3.5, y + self.size * 0.8 + 2.5):
                yield Label(x, at, words, self.size, colour, anchor, bold=True)

    def _curve(self, spots: list[tuple[float, float]]) -> Iterator[Mark]:
        pairs = zip(spots, spots[1:], self.points, self.points[1:], strict=False)
        for start, end, one, two in pairs:
            dash = (3.0, 3.0) if one.censor or two.censor else ()
            yield Path((start, end), stroke=scene.BRAND_UP, width=2, dash=dash, css="chart-line")
        for (x, y), point in zip(spots, self.points, strict=True):
            if point.censor is None:
                yield Circle(x, y, 3.4, scene.WHITE, scene.BRAND_UP, 2, css="chart-point")
                continue
            way = 4.5 if point.censor is Censor.BELOW else -4.5
            corners = ((x - 4.5, y - way * 0.7), (x + 4.5, y - way * 0.7), (x, y + way))
            yield Path(corners, scene.BRAND_UP, 1.8, fill=scene.WHITE, closed=True, css="chart-censored")

    def _point_labels(self, spots: list[tuple[float, float]]) -> Iterator[Mark]:
        """Figures at the points: last and first before the others, above before below; none lies on another."""
        order = sorted(range(len(spots)), key=lambda i: (i != len(spots) - 1, i != 0, i))
        for i in order:
            (x, y), words = spots[i], _figure(self.points[i])
            places = ((x, y - 7, "middle"), (x, y + self.size + 5, "middle"), (x - 7, y + 3, "end"), (x + 7, y + 3, ""))
            label = self.placer.put(
                Label(px, py, words, self.size, scene.INK, "end" if a == "end" else "middle" if a else "start", True)
                for px, py, a in places
            )
            if label:
                yield label

    def _band_label(self) -> Iterator[Mark]:
        if self.series.usual is None:
            return
        words = _usual_words(self.series).lower()
        high, low = self.values.y(self.series.usual[1]), self.values.y(self.series.usual[0])
        spots = [(self.left + 4, "start"), (self.right - 4, "end")]
        candidates = (
            Label(x, y, words, self.size, scene.GO, "start" if anchor == "start" else "end")
            for y in (high + self.size, low - 4, low + self.size)
            for x, anchor in spots
        )
        label = self.placer.put(candidates)
        if label:
            yield label

    def _provided(self) -> Iterator[Mark]:
        """Interventions that ran meanwhile, as bars under the dates."""
        size, drawn = self.size, self.spans[:LANES]
        for lane, item in enumerate(drawn):
            y = self.bottom + size * 2.1 + lane * size * 1.5
            x1, x2 = self.dates.x(item.start), self.dates.x(item.end) if item.end else self.right
            x2 = max(x2, x1 + 3)
            yield Rect(x1, y, x2 - x1, size * 1.25, scene.DO_SOFT, scene.AMBER, 0.8, 2, css="chart-provision")
            more = len(self.spans) - LANES
            words = item.name if lane < LANES - 1 or more <= 0 else f"{item.name} (and {more} more)"
            inside = scene.text_width(words, size) <= x2 - x1 - 6
            left_room, right_room = x1 - 4, self.width - x2 - 4
            if inside or max(left_room, right_room) < x2 - x1 - 6:
                yield Label(x1 + 4, y + size * 0.95, scene.shortened(words, x2 - x1 - 6, size), size, scene.INK)
            elif right_room >= left_room:
                yield Label(x2 + 4, y + size * 0.95, scene.shortened(words, right_room, size), size, scene.INK)
            else:
                words = scene.shortened(words, left_room, size)
                yield Label(x1 - 4, y + size * 0.95, words, size, scene.INK, "end")
