"""A line at the foot of a page that somebody else made, the right way up, whatever way the page lies."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary
from reportlab.lib.colors import Color
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from graduated.pack import fonts, typeset
from graduated.pack.fonts import Letters

_SIZE, _LEAST = 7.5, 4.5
_EDGE, _FOOT, _PAD = 14.0, 8.0, 2.5
_WHITE = Color(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page to stamp: its words, and its place in the document from 0."""

    words: str
    at: int


def stamps_of(lines: Sequence[tuple[str, pikepdf.Page]]) -> io.BytesIO:
    """One page for each line, as large as the page that it is for is seen."""
    letters = Letters(fonts.register())
    out = io.BytesIO()
    settings: Any = {"invariant": 1, "pageCompression": 1, "initialFontName": fonts.REGULAR}
    canvas = Canvas(out, **settings)
    for words, page in lines:
        width, height = seen_size(page)
        canvas.setPageSize((width, height))
        text = letters.clean(words)
        room = width - 2 * _EDGE
        size = max(_LEAST, min(_SIZE, _SIZE * room / stringWidth(text, fonts.REGULAR, _SIZE)))
        long = stringWidth(text, fonts.REGULAR, size)
        left = max(_PAD, (width - long) / 2)
        canvas.setFillColor(_WHITE)
        canvas.rect(left - _PAD, _FOOT - _PAD, long + 2 * _PAD, size + 2 * _PAD, stroke=0, fill=1)
        canvas.setFillColor(typeset.INK)
        canvas.setFont(fonts.REGULAR, size)
        canvas.drawString(left, _FOOT, text)
        canvas.showPage()
    canvas.save()
    out.seek(0)
    return out


def stamp(pdf: pikepdf.Pdf, page: pikepdf.Page, drawn: Any) -> None:
    """Draw it over the page, whose own marks are shut in, so that nothing they leave behind turns or hides it."""
    resources = _copied(page.obj, "/Resources")
    shapes = _copied(resources, "/XObject")
    name = "/GraduatedStamp"
    while name in shapes:  # a document may itself be a bound pack
        name += "x"
    shapes[name] = drawn
    resources.XObject = shapes
    page.obj.Resources = resources
    placed = " ".join(f"{number:.4f}".rstrip("0").rstrip(".") for number in _placing(page))
    written: Any = page.obj.get("/Contents", Array())
    own = list(written.as_list()) if isinstance(written, Array) else [written]
    after = f"\nQ q {placed} cm {name} Do Q\n".encode()
    page.obj.Contents = Array([pdf.make_stream(b"q\n"), *own, pdf.make_stream(after)])


def check_stampable(pages: Sequence[pikepdf.Page]) -> None:
    """Do on a document's pages all that a stamp will read of them; whatever is odd about them raises here."""
    stamps_of([("Document", page) for page in pages])
    for page in pages:
        _placing(page)
        _copied(_copied(page.obj, "/Resources"), "/XObject")


def _copied(above: Any, name: str) -> Any:
    """A dictionary of this page alone: many pages may share theirs."""
    found: Any = above.get(name)
    return Dictionary(found) if found is not None else Dictionary()


def _box(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """What is seen of a page: its crop, as far as it lies within the sheet."""
    sheet, crop = (_upright(box) for box in (page.mediabox, page.cropbox))
    left, bottom = max(sheet[0], crop[0]), max(sheet[1], crop[1])
    right, top = min(sheet[2], crop[2]), min(sheet[3], crop[3])
    return (left, bottom, right, top) if right > left and top > bottom else sheet


def _upright(box: Any) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(edge) for edge in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _turn(page: pikepdf.Page) -> int:
    return int(page.obj.get("/Rotate", 0)) // 90 * 90 % 360


def _unit(page: pikepdf.Page) -> float:
    return float(page.obj.get("/UserUnit", 1)) or 1.0


def seen_size(page: pikepdf.Page) -> tuple[float, float]:
    """Width and height in points as a reader sees the page."""
    left, bottom, right, top = _box(page)
    width, height = (right - left) * _unit(page), (top - bottom) * _unit(page)
    return (height, width) if _turn(page) in (90, 270) else (width, height)


def _placing(page: pikepdf.Page) -> tuple[float, ...]:
    """From the page as it is seen, its foot below, to the page as it is written."""
    left, bottom, right, top = _box(page)
    small = 1 / _unit(page)
    return {
        0: (small, 0, 0, small, left, bottom),
        90: (0, small, -small, 0, right, bottom),
        180: (-small, 0, 0, -small, right, top),
        270: (0, -small, small, 0, left, top),
    }[_turn(page)]
