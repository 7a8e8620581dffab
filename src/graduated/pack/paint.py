"""The shapes of a chart, drawn into a PDF; `pack.scene` draws the same ones as SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from graduated.pack.fonts import BOLD, REGULAR
from graduated.pack.scene import Chart, Circle, Label, Mark, Path, Rect


def paint(canvas: Canvas, chart: Chart, clean: Callable[[str], str]) -> None:
    """Draw a chart with its lower left corner at the canvas's origin; `clean` fits text to the font."""
    canvas.saveState()
    canvas.setLineJoin(1)
    for alike in _alike(chart.marks):
        first = alike[0]
        if isinstance(first, Label):
            _label(canvas, first, chart.height, clean)
        else:
            _shape(canvas, first, chart.height, alike)
    canvas.restoreState()


def _alike(marks: Iterable[Mark]) -> list[list[Mark]]:
    """The marks in their order, the upright and level lines of one look together where the first of them stands.

    So a grid is one path: quicker to draw, and nobody who takes crossing lines for a table mistakes a picture for one.
    """
    out: list[list[Mark]] = []
    lines: dict[tuple[object, ...], list[Mark]] = {}
    for mark in marks:
        if isinstance(mark, Path) and _straight(mark):
            look = (mark.stroke, mark.width, mark.dash, mark.css)
            if look in lines:
                lines[look].append(mark)
                continue
            lines[look] = [mark]
            out.append(lines[look])
        else:
            out.append([mark])
    return out


def _straight(mark: Path) -> bool:
    if len(mark.points) != 2 or mark.fill:
        return False
    (x1, y1), (x2, y2) = mark.points
    return x1 == x2 or y1 == y2


def _label(canvas: Canvas, mark: Label, height: float, clean: Callable[[str], str]) -> None:
    canvas.setFont(BOLD if mark.bold else REGULAR, mark.size)
    canvas.setFillColor(HexColor(mark.fill))
    draw = {"start": canvas.drawString, "middle": canvas.drawCentredString, "end": canvas.drawRightString}
    draw[mark.anchor](mark.x, height - mark.y, clean(mark.text))


def _shape(canvas: Canvas, mark: Mark, height: float, alike: Sequence[Mark] = ()) -> None:
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
        _path(canvas, [one for one in alike if isinstance(one, Path)], height, stroke, fill)


def _path(canvas: Canvas, marks: Sequence[Path], height: float, stroke: int, fill: int) -> None:
    path = canvas.beginPath()
    for mark in marks:
        (x, y), *rest = mark.points
        path.moveTo(x, height - y)
        for x, y in rest:
            path.lineTo(x, height - y)
        if mark.closed:
            path.close()
    canvas.drawPath(path, stroke=stroke, fill=fill)
