"""What stands on the pages of a finished PDF, mark by mark: text runs, lines and shapes where they are, nothing else.

`read` gives the marks of each page, `redraw` draws them again with ReportLab's bare canvas. Both know what the packs
use: simple fonts with a list of their letters, straight lines, curves, plain colours.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from reportlab.pdfgen.canvas import Canvas

Point = tuple[float, float]
Colour = tuple[float, ...]
_PAIR = re.compile(r"<(..)> <([0-9A-F]+)>")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters in a row, from a point on the page; `number` is their place in the structure, -1 for furniture."""

    text: str
    font: str
    size: float
    colour: Colour
    at: Point
    number: int


@dataclass(frozen=True, slots=True)
class Shape:
    """Segments (the operator and its points), how they are drawn, and their place in the structure."""

    segments: tuple[tuple[str, tuple[Point, ...]], ...]
    stroke: Colour | None
    fill: Colour | None
    width: float
    dash: tuple[float, ...]
    number: int


@dataclass(frozen=True, slots=True)
class _State:
    matrix: pikepdf.Matrix = field(default_factory=pikepdf.Matrix)
    fill: Colour = (0.0,)
    stroke: Colour = (0.0,)
    width: float = 1.0
    dash: tuple[float, ...] = ()


def read(pdf: bytes) -> list[list[Run | Shape]]:
    """The marks of every page, in the order in which they were drawn."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [list(_marks(page)) for page in document.pages]


def _letters(fonts: Any) -> dict[str, tuple[str, dict[int, str]]]:
    out = {}
    for name, font in fonts.items():
        listed = font.ToUnicode.read_bytes().decode() if "/ToUnicode" in font else ""
        face = str(font.BaseFont).split("+")[-1]
        pairs = _PAIR.findall(listed[listed.find("endcodespacerange") :])
        out[name] = face, {int(code, 16): bytes.fromhex(to).decode("utf-16-be") for code, to in pairs}
    return out


def _marks(page: pikepdf.Page) -> Iterator[Run | Shape]:  # noqa: C901, PLR0915 - one branch for each operator
    fonts = _letters(page.resources.Font)
    state, kept, numbers = _State(), [], [-1]  # type: _State, list[_State], list[int]
    start, leading, name, size = (0.0, 0.0), 0.0, "", 0.0
    path: list[tuple[str, tuple[Point, ...]]] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        word, values = str(operator), list(operands)
        if word == "q":
            kept.append(state)
        elif word == "Q":
            state = kept.pop()
        elif word == "cm":
            state = replace(state, matrix=pikepdf.Matrix(*map(float, values)) @ state.matrix)
        elif word in ("rg", "g"):
            state = replace(state, fill=tuple(map(float, values)))
        elif word in ("RG", "G"):
            state = replace(state, stroke=tuple(map(float, values)))
        elif word == "w":
            state = replace(state, width=float(values[0]))
        elif word == "d":
            state = replace(state, dash=tuple(map(float, values[0])))
        elif word == "BDC":
            numbers.append(int(values[1].get("/MCID", -1)))
        elif word == "BMC":
            numbers.append(-1)
        elif word == "EMC":
            numbers.pop()
        elif word == "Tm":
            start = float(values[4]), float(values[5])
        elif word == "Td":
            start = start[0] + float(values[0]), start[1] + float(values[1])
        elif word == "TL":
            leading = float(values[0])
        elif word == "T*":
            start = start[0], start[1] - leading
        elif word == "Tf":
            name, size = str(values[0]), float(values[1])
        elif word == "Tj":
            face, letters = fonts[name]
            text = "".join(letters.get(code, " ") for code in bytes(values[0]))
            yield Run(text, face, size, state.fill, _at(state, start), numbers[-1])
        elif word in ("m", "l", "c"):
            flat = list(map(float, values))
            points = tuple(_at(state, (flat[i], flat[i + 1])) for i in range(0, len(flat), 2))
            path.append((word, points))
        elif word == "re":
            x, y, w, h = map(float, values)
            path.append((word, (_at(state, (x, y)), (w, h))))
        elif word == "h":
            path.append((word, ()))
        elif word in ("S", "s", "f", "f*", "B", "B*", "b", "n"):
            stroke, fill = state.stroke if word in "SsBB*b" else None, state.fill if word in "ff*BB*b" else None
            if path and word != "n":
                yield Shape(tuple(path), stroke, fill, state.width, state.dash, numbers[-1])
            path = []


def _at(state: _State, point: Point) -> Point:
    x, y = state.matrix.transform(point)
    return round(x, 2), round(y, 2)


def redraw(pages: list[list[Run | Shape]], faces: dict[str, str], size: Point) -> bytes:
    """The same marks on as many pages by the bare canvas, as one who knows where each goes would write it.

    `faces` are the registered fonts by their names in the file.
    """
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1, pageCompression=1)
    for marks in pages:
        font: tuple[str, float] = ("", 0.0)
        fill: Colour | None = None
        for mark in marks:
            if isinstance(mark, Shape):
                fill = _shape(canvas, mark, fill)
                continue
            if font != (mark.font, mark.size):
                font = mark.font, mark.size
                canvas.setFont(faces[mark.font], mark.size)
            if fill != mark.colour:
                fill = mark.colour
                canvas.setFillColorRGB(*_rgb(fill))
            canvas.drawString(*mark.at, mark.text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _rgb(colour: Colour) -> Colour:
    return colour if len(colour) == 3 else colour * 3


def _shape(canvas: Canvas, mark: Shape, fill: Colour | None) -> Colour | None:
    if mark.fill and mark.fill != fill:
        fill = mark.fill
        canvas.setFillColorRGB(*_rgb(fill))
    if mark.stroke:
        canvas.setStrokeColorRGB(*_rgb(mark.stroke))
        canvas.setLineWidth(mark.width)
        canvas.setDash(list(mark.dash))
    words = [word for word, _ in mark.segments]
    if words == ["m", "l"] and not mark.fill:
        canvas.line(*mark.segments[0][1][0], *mark.segments[1][1][0])
        return fill
    if words == ["re"]:
        (x, y), (w, h) = mark.segments[0][1]
        canvas.rect(x, y, w, h, stroke=int(mark.stroke is not None), fill=int(mark.fill is not None))
        return fill
    path = canvas.beginPath()
    for word, points in mark.segments:
        flat = [edge for point in points for edge in point]
        if word == "re":
            path.rect(*flat)
        elif word == "h":
            path.close()
        else:
            {"m": path.moveTo, "l": path.lineTo, "c": path.curveTo}[word](*flat)
    canvas.drawPath(path, stroke=int(mark.stroke is not None), fill=int(mark.fill is not None))
    return fill
