"""A picture as a few plain shapes, drawn as SVG for a page; `pack.paint` draws the same shapes into a PDF.

Units are points (or CSS pixels), the origin is the top left corner, y grows downwards. The SVG holds presentation
attributes and classes only, no style, so it passes a strict content security policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

INK, SOFT, LINE, LINE_SOFT, QUIET, WHITE = "#1c2733", "#4a5764", "#d9d6cc", "#ebe8e0", "#eeece5", "#ffffff"
BRAND, BRAND_UP = "#17324d", "#24506f"
GO, GO_SOFT, WARN, AMBER, AMBER_SOFT = "#0b6b4f", "#e1f2ea", "#8a4b00", "#d9a441", "#f1cf8e"
PLAN, PLAN_SOFT, DO, DO_SOFT, REVIEW = "#0b6b6b", "#e2f1f0", "#96500a", "#fbeedd", "#93205a"

Anchor = Literal["start", "middle", "end"]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points, or a closed shape when filled."""

    points: tuple[tuple[float, float], ...]
    stroke: str | None = INK
    width: float = 1.0
    dash: tuple[float, ...] = ()
    fill: str | None = None
    closed: bool = False
    css: str = ""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle, perhaps with round corners."""

    x: float
    y: float
    w: float
    h: float
    fill: str | None = None
    stroke: str | None = None
    width: float = 1.0
    radius: float = 0.0
    dash: tuple[float, ...] = ()
    css: str = ""


@dataclass(frozen=True, slots=True)
class Circle:
    """A dot."""

    x: float
    y: float
    r: float
    fill: str
    stroke: str | None = None
    width: float = 1.0
    css: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text; y is its baseline."""

    x: float
    y: float
    text: str
    size: float = 9.0
    fill: str = SOFT
    anchor: Anchor = "start"
    bold: bool = False
    css: str = ""


Mark = Path | Rect | Circle | Label


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with a name, a description and its figures as a table; `notes` holds what the table cannot."""

    width: float
    height: float
    title: str
    description: str
    marks: tuple[Mark, ...]
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = field(default=())

    def svg(self) -> str:
        """The picture for a page; safe to put into HTML as it is."""
        body = "".join(_svg_of(mark) for mark in self.marks)
        size = f'width="{_num(self.width)}" height="{_num(self.height)}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label={_attr(self.title)} '
            f'viewBox="0 0 {_num(self.width)} {_num(self.height)}" {size} '
            'font-family="Atkinson Hyperlegible Next, sans-serif">'
            f"<title>{_text(self.title)}</title><desc>{_text(self.description)}</desc>{body}</svg>"
        )

    def __html__(self) -> str:
        """What a template prints."""
        return self.svg()


def hatched(x: float, y: float, w: float, h: float, *, fill: str, line: str, gap: float = 5.0) -> Iterator[Mark]:
    """A rectangle filled with slanted lines, each cut at its edges, so that no clip or pattern is needed."""
    yield Rect(x, y, w, h, fill=fill, css="chart-hatch")
    offset = gap
    while offset < w + h:
        x1, y1 = (x + offset, y) if offset <= w else (x + w, y + offset - w)
        x2, y2 = (x, y + offset) if offset <= h else (x + offset - h, y + h)
        yield Path(((x1, y1), (x2, y2)), stroke=line, width=1.6, css="chart-hatch-line")
        offset += gap


# -- text as wide as it will be ----------------------------------------------------------------------------------

_NARROW, _WIDE, _MIDDLE = frozenset("ijl!'|.,:;I1[]()-ft r/"), frozenset("mwMW@%"), frozenset("ABCDEGHKNOPQRSTUVXYZ&")


def text_width(text: str, size: float, bold: bool = False) -> float:
    """About how wide a text is; a little too wide rather than too narrow, and the same with or without the fonts."""
    units = 0.0
    for char in text:
        units += 0.36 if char in _NARROW else 0.9 if char in _WIDE else 0.68 if char in _MIDDLE else 0.56
    return units * size * (1.05 if bold else 1.0)


def shortened(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text, cut with an ellipsis when it is wider than the room; the full words stand in the table."""
    if text_width(text, size, bold) <= room:
        return text
    while text and text_width(text + "…", size, bold) > room:
        text = text[:-1]
    return text.rstrip(" ,;") + "…" if text.strip() else ""


class Placer:
    """Keeps labels from lying on each other and on what is drawn."""

    def __init__(self, bounds: Box) -> None:
        self.bounds = bounds
        self.taken: list[Box] = []

    def block(self, box: Box) -> None:
        """Mark a place as taken."""
        self.taken.append(box)

    def block_path(self, points: Iterable[tuple[float, float]], half: float = 2.0) -> None:
        """Mark a drawn line as taken, in short steps."""
        trail = list(points)
        for (x1, y1), (x2, y2) in pairwise(trail):
            steps = max(1, int(max(abs(x2 - x1), abs(y2 - y1)) // 4))
            for i in range(steps + 1):
                x, y = x1 + (x2 - x1) * i / steps, y1 + (y2 - y1) * i / steps
                self.block((x - half, y - half, x + half, y + half))

    def free(self, box: Box) -> bool:
        """Whether a box lies inside the bounds and touches nothing."""
        left, top, right, bottom = self.bounds
        if box[0] < left or box[1] < top or box[2] > right or box[3] > bottom:
            return False
        return all(box[2] <= b[0] or b[2] <= box[0] or box[3] <= b[1] or b[3] <= box[1] for b in self.taken)

    def put(self, candidates: Iterable[Label]) -> Label | None:
        """The first label that finds room, or none."""
        for label in candidates:
            box = label_box(label)
            if self.free(box):
                self.block(box)
                return label
        return None


def label_box(label: Label) -> Box:
    """The room that a label takes."""
    wide = text_width(label.text, label.size, label.bold)
    left = label.x - {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
    return left, label.y - label.size * 0.8, left + wide, label.y + label.size * 0.22


# -- SVG -----------------------------------------------------------------------------------------------------------

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # characters that XML may not hold


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text))


def _attr(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("", text))


def _num(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _paint(mark: Path | Rect | Circle) -> str:
    parts = [f'fill="{mark.fill or "none"}"']
    if mark.stroke:
        parts.append(f'stroke="{mark.stroke}" stroke-width="{_num(mark.width)}"')
    dash = () if isinstance(mark, Circle) else mark.dash
    if dash:
        parts.append(f'stroke-dasharray="{" ".join(map(_num, dash))}"')
    if mark.css:
        parts.append(f"class={_attr(mark.css)}")
    return " ".join(parts)


def _svg_of(mark: Mark) -> str:
    if isinstance(mark, Label):
        weight = ' font-weight="700"' if mark.bold else ""
        return (
            f'<text x="{_num(mark.x)}" y="{_num(mark.y)}" font-size="{_num(mark.size)}" fill="{mark.fill}" '
            f'text-anchor="{mark.anchor}" class={_attr(mark.css or "chart-label")}{weight}>{_text(mark.text)}</text>'
        )
    if isinstance(mark, Circle):
        return f'<circle cx="{_num(mark.x)}" cy="{_num(mark.y)}" r="{_num(mark.r)}" {_paint(mark)}/>'
    if isinstance(mark, Rect):
        place = f'x="{_num(mark.x)}" y="{_num(mark.y)}" width="{_num(mark.w)}" height="{_num(mark.h)}"'
        return f'<rect {place} rx="{_num(mark.radius)}" {_paint(mark)}/>'
    path = "M" + " L".join(f"{_num(x)} {_num(y)}" for x, y in mark.points) + ("Z" if mark.closed else "")
    return f'<path d="{path}" {_paint(mark)}/>'
