"""Tables of a document: cells of texts, lines between rows, a head that is said again on the next page.

ReportLab's own tables can do far more and cost many times as much; a pack has some hundred of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from graduated.pack.tagging import Read, artifact, is_blank

Cell = Sequence[Any]
Stroke = tuple[float, Color]
_ROUND = 1  # the ends of lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Room around texts in points; lines beneath every row, the head, and the others; a bar at the left."""

    left: float
    right: float
    top: float
    bottom: float
    below: Stroke | None = None
    head: Stroke | None = None
    ground: Color | None = None
    others: Stroke | None = None
    bottom_of_others: float | None = None
    bar: Stroke | None = None


class Grid(Flowable):
    """A table; its first row is a head when `heads`. One of at most `kept` points stays on one page."""

    def __init__(
        self, rows: Sequence[Sequence[Cell]], widths: Sequence[float], look: Look, read: Read, heads: bool, kept: float
    ) -> None:
        super().__init__()
        self.goes_on = False
        self.rows, self.widths, self.look, self.read, self.heads, self.kept = rows, widths, look, read, heads, kept
        self.width = sum(widths)
        self.heights = [self._height(row, head=heads and not i) for i, row in enumerate(rows)]
        self.height = sum(self.heights)

    def _height(self, row: Sequence[Cell], *, head: bool) -> float:
        look = self.look
        inner = [
            _tall(cell, width - look.left - look.right) for cell, width in zip(row, self.widths, strict=True) if cell
        ]
        return max(inner, default=0.0) + look.top + self._bottom(head=head)

    def _bottom(self, *, head: bool) -> float:
        other = self.look.bottom_of_others
        return self.look.bottom if head or other is None else other

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        return self.width, self.height

    def split(self, aW: float, aH: float) -> list[Any]:
        if self.height <= self.kept:
            return []
        taken, fits = 0.0, 0
        for height in self.heights:
            if taken + height > aH:
                break
            taken += height
            fits += 1
        if fits <= self.heads:
            return []
        if fits == len(self.rows):
            return [self]
        head = self.rows[: int(self.heads)]
        first, then = self._part(self.rows[:fits]), self._part([*head, *self.rows[fits:]])
        first.goes_on, then.goes_on = self.goes_on, True
        return [first, then]

    def _part(self, rows: Sequence[Sequence[Cell]]) -> Grid:
        return type(self)(rows, self.widths, self.look, self.read, self.heads, self.kept)

    def draw(self) -> None:
        if is_blank(self.canv):
            return
        canvas = self.canv
        self.read.start(canvas)
        if self.heads and self.look.ground:
            with artifact(canvas):
                canvas.setFillColor(self.look.ground)
                canvas.rect(0, self.height, self.width, -self.heights[0], stroke=0, fill=1)
        top = self.height
        for number, (row, height) in enumerate(zip(self.rows, self.heights, strict=True)):
            self._row(canvas, row, top, height, head=self.heads and number == 0)
            top -= height
        self._lines(canvas)

    def _row(self, canvas: Canvas, row: Sequence[Cell], top: float, height: float, *, head: bool) -> None:
        self.read.row(row, head=head)
        x, look = 0.0, self.look
        for column, (cell, width) in enumerate(zip(row, self.widths, strict=True)):
            with self.read.cell(canvas, column):
                y = top - look.top
                if head and cell:
                    y = top - height + look.bottom + _tall(cell, width - look.left - look.right)
                self._cell(canvas, cell, x + look.left, y)
            x += width

    def _cell(self, canvas: Canvas, cell: Cell, x: float, y: float) -> None:
        for number, text in enumerate(cell):
            y -= text.height + (text.getSpaceBefore() if number else 0)
            text.draw_at(canvas, x, y)
            y -= text.getSpaceAfter()

    def _lines(self, canvas: Canvas) -> None:
        look, edges, y = self.look, list[float](), self.height
        for height in self.heights:
            y -= height
            edges.append(y)
        with artifact(canvas):
            canvas.saveState()
            canvas.setLineCap(_ROUND)
            first = edges[:1] if self.heads else []
            if self.goes_on and not self.heads:
                edges.insert(0, self.height)
            others = edges[1:] if self.heads else []
            for stroke, found in ((look.below, edges), (look.head, first), (look.others, others)):
                if stroke and found:
                    _set(canvas, stroke)
                    canvas.lines([(0, edge, self.width, edge) for edge in found])
            if look.bar:
                _set(canvas, look.bar)
                canvas.line(0, self.height, 0, 0)
            canvas.restoreState()


def _set(canvas: Canvas, stroke: Stroke) -> None:
    canvas.setLineWidth(stroke[0])
    canvas.setStrokeColor(stroke[1])


def _tall(cell: Cell, room: float) -> float:
    """How high the texts of a cell are together, without the room before the first and after the last."""
    total = sum(text.wrap(room, 1e6)[1] + text.getSpaceBefore() + text.getSpaceAfter() for text in cell)
    return float(total - cell[0].getSpaceBefore() - cell[-1].getSpaceAfter())
