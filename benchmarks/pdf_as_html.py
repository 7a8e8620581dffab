"""A tagged PDF as one page of HTML: the same words, headings, lists, tables and pictures, for another engine to print."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from html import escape, unescape
from typing import Any

import pikepdf
from pdf_marks import Colour, Run, Shape, read

_PLAIN = {"H1": "h1", "H2": "h2", "H3": "h3", "P": "p", "Table": "table", "TR": "tr", "TH": "th", "TD": "td"}
_TAGS = _PLAIN | {"L": "ul", "LI": "li", "BlockQuote": "blockquote", "TOC": "nav", "TOCI": "p", "Document": "main"}
_STYLE = """
@font-face { font-family: Face; src: url(REGULAR) }
@font-face { font-family: Face; font-weight: bold; src: url(BOLD) }
@page { size: A4; margin: 25mm 21mm 24mm; @top-left { content: "RUNNING"; font: 9pt Face }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 9pt Face } }
body { font: 10.5pt/15pt Face; color: #1c2733; margin: 0 } p { margin: 0 0 6pt; orphans: 2; widows: 2 }
h1 { font-size: 19pt; line-height: 24pt; margin: 0 0 9pt; break-after: avoid; break-before: page }
h2 { font-size: 14pt; line-height: 19pt; margin: 13pt 0 5pt; break-after: avoid }
h3 { font-size: 11.5pt; line-height: 16pt; margin: 10pt 0 3pt; break-after: avoid }
table { table-layout: fixed; width: 100%; border-collapse: collapse; font-size: 9pt; line-height: 12pt; margin: 0 0 6pt }
td, th { border-bottom: .5pt solid #ebe8e0; padding: 3.5pt 4pt 4.5pt; text-align: left; vertical-align: top }
td p, th p { margin: 0 } blockquote { border-left: 2.5pt solid #d9d6cc; margin: 0 0 3pt; padding-left: 11pt }
nav a::after { content: " " target-counter(attr(href), page) } svg { display: block; margin-bottom: 4pt }
"""


def as_html(pdf: bytes, title: str, regular: str, bold: str) -> str:
    """The document; `regular` and `bold` are the addresses of its faces."""
    style = _STYLE.replace("REGULAR", regular).replace("BOLD", bold).replace("RUNNING", title)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = {one.obj.objgen: i for i, one in enumerate(document.pages)}
        body = "".join(_element(document.Root.StructTreeRoot.K[0], _Pieces(page, pdf)))
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{style}</style>'
    return f'<!doctype html><html lang="en-GB"><head>{head}</head><body>{body}</body></html>'


class _Pieces:
    def __init__(self, pages: dict[Any, int], pdf: bytes) -> None:
        self.pages = pages
        self.marks: dict[tuple[int, int], list[Run | Shape]] = defaultdict(list)
        for i, marks in enumerate(read(pdf)):
            for mark in marks:
                self.marks[i, mark.number].append(mark)

    def of(self, element: Any) -> list[Run | Shape]:
        """What is drawn for an element and nothing beneath it."""
        out: list[Run | Shape] = []
        for kid in _kids(element):
            if isinstance(kid, int):
                out += self.marks[self.pages[element.Pg.objgen], kid]
            elif kid.get("/Type") == "/MCR":
                out += self.marks[self.pages[kid.Pg.objgen], int(kid.MCID)]
        return out


def _kids(element: Any) -> list[Any]:
    """What stands beneath an element; a single one needs no list."""
    return list(element.K) if isinstance(element.K, pikepdf.Array) else [element.K]


def _element(element: Any, pieces: _Pieces) -> Iterator[str]:
    tag = str(element.S)[1:]
    words = " ".join(mark.text for mark in pieces.of(element) if isinstance(mark, Run))
    if tag == "Figure":
        yield _picture(pieces.of(element), list(map(float, element.A.BBox)), str(element.Alt))
        return
    name = _TAGS.get(tag, "")
    inner = [escape(words)]
    for kid in _kids(element):
        if not isinstance(kid, int) and "/S" in kid:
            inner += _element(kid, pieces)
    whole, more = "".join(inner), ""
    if tag[1:].isdigit():
        more = f' id="{_anchor(words)}"'
    if tag == "TOCI":  # its last word is the number of a page, which the other engine finds itself
        whole = whole.rsplit(" ", 1)[0]
        whole = f'<a href="#{_anchor(unescape(whole))}">{whole}</a>'
    yield f"<{name}{more}>{whole}</{name}>" if name else whole


def _anchor(words: str) -> str:
    return re.sub(r"\W+", "-", words)


def _picture(marks: list[Run | Shape], box: list[float], said: str) -> str:
    left, low, right, high = box

    def point(x: float, y: float) -> str:
        return f"{x - left:.2f} {high - y:.2f}"

    out = []
    for mark in marks:
        if isinstance(mark, Run):
            x, y = point(*mark.at).split()
            weight = ' font-weight="bold"' if "Bold" in mark.font else ""
            out.append(f'<text x="{x}" y="{y}" font-size="{mark.size}"{weight}>{escape(mark.text)}</text>')
            continue
        parts = []
        for word, points in mark.segments:
            if word == "re":
                (x0, y0), (w, h) = points
                parts.append(f"M {point(x0, y0 + h)} h {w} v {h} h {-w} Z")
            else:
                parts.append({"h": "Z"}.get(word, word.upper()) + " " + " ".join(point(*one) for one in points))
        dash = f' stroke-dasharray="{" ".join(map(str, mark.dash))}"' if mark.dash else ""
        colours = f'fill="{_colour(mark.fill)}" stroke="{_colour(mark.stroke)}" stroke-width="{mark.width}"{dash}'
        out.append(f'<path d="{" ".join(parts)}" {colours}/>')
    size = f'width="{right - left}pt" height="{high - low}pt" viewBox="0 0 {right - left} {high - low}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(said)}" {size}>{"".join(out)}</svg>'


def _colour(colour: Colour | None) -> str:
    if colour is None:
        return "none"
    red, green, blue = (round(255 * one) for one in (colour if len(colour) == 3 else colour * 3))
    return f"#{red:02x}{green:02x}{blue:02x}"
