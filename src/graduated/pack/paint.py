"""The shapes of a chart, drawn into a PDF; `pack.scene` draws the same ones as SVG."""

from __future__ import annotations

from collections.abc import Callable

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from graduated.pack.fonts import BOLD, REGULAR
from graduated.pack.scene import Chart, Circle, Label, Mark, Path, Rect


def paint(canvas: Canvas, chart: Chart, clean: Callable[[str], str]) -> None:
    """Draw a chart with its lower left corner at the canvas's origin; `clean` fits text to the font."""
    canvas.saveState()
    canvas.setLineJoin(1)
    for mark in chart.marks:
        if isinstance(mark, Label):
            _label(canvas, mark, chart.height, clean)
        else:
            _shape(canvas, mark, chart.height)
    canvas.restoreState()


def _label(canvas: Canvas, mark: Label, height: float, clean: Callable[[str], str]) -> None:
    canvas.setFont(BOLD if mark.bold else REGULAR, mark.size)
    canvas.setFillColor(HexColor(mark.fill))
    draw = {"start": canvas.drawString, "middle": canvas.drawCentredString, "end": canvas.drawRightString}
    draw[mark.anchor](mark.x, height - mark.y, clean(mark.text))


def _shape(canvas: Canvas, mark: Mark, height: float) -> None:
    if isinstance(mark, Label):  # pragma: no cover - labels are drawn above
        return
    fill, stroke = int(mark.fill is not None), int(mark.stroke is not None)
    if mark.fill:
        canvas.setFillColor(HexColor(mark.fill))
    if mark.stroke:
        canvas.setStrokeColor(HexColor(mark.stroke))
        canvas.setLineWidth(mark.width)
        canvas.setDash([] if isinstance(mark, Circle) else list(mark.dash))
    if isinstance(mark, Circle):
        canvas.circle(mark.x, height - mark.y, mark.r, stroke=stroke, fill=fill)
    elif isinstance(mark, Rect):
        canvas.roundRect(mark.x, height - mark.y - mark.h, mark.w, mark.h, mark.radius, stroke=stroke, fill=fill)
    else:
        _path(canvas, mark, height, stroke, fill)


def _path(canvas: Canvas, mark: Path, height: float, stroke: int, fill: int) -> None:
    path = canvas.beginPath()
    (x, y), *rest = mark.points
    path.moveTo(x, height - y)
    for x, y in rest:
        path.lineTo(x, height - y)
    if mark.closed:
        path.close()
    canvas.drawPath(path, stroke=stroke, fill=fill)
