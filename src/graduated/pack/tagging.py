"""Structure for readers that speak: which words are a heading, a cell, a figure, and in what order all is read.

This is the one module that touches ReportLab's private parts (`_code`, `_annotationrefs`, `_doc`), because the open
source ReportLab writes no structure tree. `tests/pack/test_tagging.py` holds it to the version in the lock file. Each
piece of content gets a mark while it is drawn (`Marks`); `pack.finishing` then writes the tree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from reportlab.lib.enums import TA_RIGHT
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from graduated.pack.lines import Line

PROVED_WITH = "5.1.0"
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """Marked content `number` of a page, counted from 0 and from 1."""

    page: int
    number: int


@dataclass(frozen=True, slots=True)
class Clickable:
    """The n-th annotation of a page, and where it leads in words."""

    page: int
    number: int
    words: str


@dataclass(slots=True, eq=False)
class Element:
    """A node of the structure tree, in the order of reading."""

    tag: str
    kids: list[Element | Piece | Clickable] = field(default_factory=list)
    alternative: str = ""
    scope: str = ""
    box: Box | None = None

    def child(self, tag: str, **more: Any) -> Element:
        """A further node beneath this one."""
        made = Element(tag, **more)
        self.kids.append(made)
        return made


UNREAD = "NonStruct"
"""The tag of what is drawn as furniture: heads of a table that are said again on its next page."""


class Marks:
    """The structure of one document while it is drawn; `places` are named spots: page, and height above its foot."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self.places: dict[str, tuple[int, float]] = {}
        self._above = [self.root]
        self._numbers: dict[int, int] = {}

    @property
    def here(self) -> Element:
        """The node that new ones go beneath."""
        return self._above[-1]

    def go_into(self, element: Element) -> None:
        """Put what follows beneath an element, until `come_out`."""
        self._above.append(element)

    def come_out(self) -> None:
        """Go back to where one was."""
        self._above.pop()

    @contextmanager
    def content(self, canvas: Canvas, element: Element) -> Iterator[None]:
        """What is drawn meanwhile belongs to the element; so do the links in it. In furniture nothing is marked."""
        if self.here.tag == UNREAD:
            yield
            return
        page, inner = canvas.getPageNumber(), _private(canvas)
        number = self._numbers.get(page, 0)
        self._numbers[page] = number + 1
        element.kids.append(Piece(page, number))
        inner._code.append(f"/{element.tag} <</MCID {number}>> BDC")
        yield
        inner._code.append("EMC")

    def links_since(self, canvas: Canvas, before: int, element: Element, words: Sequence[str]) -> None:
        """Note the links drawn after `before` of them stood on the page; the last of `words` is for all the rest."""
        for number in range(before, links_of(canvas)):
            said = words[min(number - before, len(words) - 1)]
            element.kids.append(Clickable(canvas.getPageNumber(), number, said))


def _private(canvas: Canvas) -> Any:
    return canvas


def is_blank(canvas: Any) -> bool:
    """Whether the press only wants to know where everything goes."""
    found: bool = canvas.blank
    return found


def marks_of(canvas: Any) -> Marks:
    """The structure that a canvas of the press builds."""
    found: Marks = canvas.marks
    return found


def links_of(canvas: Canvas) -> int:
    """How many links the page has so far."""
    return len(_private(canvas)._annotationrefs)


def identify(canvas: Canvas, seed: str) -> None:
    """Give the file an identity that comes from its content, not from chance."""
    _private(canvas)._doc.signature = hashlib.md5(seed.encode(), usedforsecurity=False)


@contextmanager
def artifact(canvas: Canvas, kind: str = "") -> Iterator[None]:
    """What is drawn meanwhile is furniture, and is not read aloud; `kind` is Header or Footer."""
    code: list[str] = _private(canvas)._code
    code.append(f"/Artifact <</Type /Pagination /Subtype /{kind}>> BDC" if kind else "/Artifact BMC")
    yield
    code.append("EMC")


class Marked:
    """What is read has a place in the structure; its parts on two pages are read as one."""

    pack_role = "P"
    pack_whole: Any = None
    pack_continues = False
    element: Element | None = None

    def element_in(self, marks: Marks) -> Element:
        """The node of the whole, which the first of its parts makes."""
        whole = self.pack_whole or self
        if whole.element is None:
            whole.element = whole._placed(marks)
        found: Element = whole.element
        return found

    def _placed(self, marks: Marks) -> Element:
        return marks.here if marks.here.tag == "Link" else marks.here.child(self.pack_role)


class Told(Marked, Flowable):
    """A text of one font, with its place in the structure."""

    bullet = ""

    def __init__(self, text: str, style: Any) -> None:
        super().__init__()
        self.text, self.style = text, style
        self.lines: tuple[Line, ...] = ()
        self.broken_for = -1.0

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        if aW != self.broken_for:
            self.lines = self.style.face.lines(self.text, aW - self.style.leftIndent)
            self.broken_for = self.width = aW
            self.height = len(self.lines) * self.style.leading
        return aW, self.height

    def split(self, aW: float, aH: float) -> list[Any]:
        """In two where the height ends, so that no line is alone on either side."""
        self.wrap(aW, aH)
        fits, whole = int(aH / self.style.leading), len(self.lines)
        if fits <= 1:
            return []
        if whole <= fits:
            return [self]
        if whole == fits + 1:
            if whole <= 3:
                return []
            fits -= 1
        return [self._part(self.lines[:fits], self.bullet), self._part(self.lines[fits:], "")]

    def _part(self, lines: tuple[Line, ...], bullet: str) -> Told:
        part = self._alike(" ".join(line.text for line in lines))
        part.lines, part.bullet, part.broken_for = lines, bullet, self.broken_for
        part.width, part.height = self.width, len(lines) * self.style.leading
        part.pack_role, part.pack_whole = self.pack_role, self.pack_whole or self
        return part

    def _alike(self, text: str) -> Told:
        return type(self)(text, self.style)

    def draw(self) -> None:
        self.draw_at(self.canv, 0, 0)

    def draw_at(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw it with its lower left corner there."""
        if is_blank(canvas):
            return
        marks = marks_of(canvas)
        with marks.content(canvas, self.element_in(marks)):
            self._put(canvas, x, y)

    def _put(self, canvas: Canvas, x: float, y: float) -> None:
        style = self.style
        y += self.height - style.fontSize
        if self.bullet and self.lines:
            bullet = canvas.beginText(x, y)
            bullet.setFont(style.bulletFontName, style.bulletFontSize)
            bullet.setFillColor(style.textColor)
            bullet.textOut(self.bullet)
            canvas.drawText(bullet)
        x += style.leftIndent
        text = canvas.beginText(x, y)
        text.setFont(style.fontName, style.fontSize, style.leading)
        text.setFillColor(style.textColor)
        for number, line in enumerate(self.lines):
            if style.alignment == TA_RIGHT:
                text.setTextOrigin(x + max(line.rest, 0.0), y - number * style.leading)
            closer = line.closer
            if closer:
                text.setWordSpace(closer)
            text.textLine(line.text)
            if closer:
                text.setWordSpace(0)
        canvas.drawText(text)


class Ways(Marked, Paragraph):
    """A paragraph that is nothing but ways to other places: ReportLab's own, as only that knows links."""

    pack_role = "Link"
    ways: tuple[str, ...] = ()
    """Where its links lead, in their order, when that is not what it says."""

    def split(self, aW: float, aH: float) -> list[Any]:
        parts = list(super().split(aW, aH))
        part: Any
        for part in parts:
            part.pack_role, part.pack_whole = self.pack_role, self.pack_whole or self
        return parts

    def draw(self) -> None:
        if is_blank(self.canv):
            return
        marks, before = marks_of(self.canv), links_of(self.canv)
        element = self.element_in(marks)
        with marks.content(self.canv, element):
            super().draw()
        said = (self.pack_whole or self).ways or (self.getPlainText(identify=True),)
        marks.links_since(self.canv, before, element, said)

    def draw_at(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw it with its lower left corner there."""
        self.drawOn(canvas, x, y)


@dataclass(slots=True)
class Points:
    """What the points of one list have in common."""

    element: Element | None = None


class Point(Told):
    """One point of a list."""

    bullet = "•"

    def __init__(self, text: str, style: Any, points: Points) -> None:
        super().__init__(text, style)
        self.pack_points = points

    def _alike(self, text: str) -> Told:
        return Point(text, self.style, self.pack_points)

    def _placed(self, marks: Marks) -> Element:
        if self.pack_points.element is None:
            self.pack_points.element = marks.here.child("L")
        return self.pack_points.element.child("LI").child("LBody")


class Drawn(Flowable):
    """A picture, which is read as the words of its `alternative`."""

    alternative = ""

    def draw(self) -> None:
        if is_blank(self.canv):
            return
        marks = marks_of(self.canv)
        x, y = self.canv.absolutePosition(0, 0)
        box = (x, y, x + self.width, y + self.height)
        with marks.content(self.canv, marks.here.child("Figure", alternative=self.alternative, box=box)):
            self.picture(self.canv)

    def picture(self, canvas: Canvas) -> None:
        """Draw it with its lower left corner at the canvas's origin."""
        raise NotImplementedError


class Read(Protocol):
    """What a `Grid` tells whoever marks it, in the order of drawing."""

    def start(self, canvas: Canvas) -> None:
        """A table, or its part on a page, begins."""

    def row(self, cells: Sequence[Sequence[Any]], *, head: bool) -> None:
        """A row begins."""

    def cell(self, canvas: Canvas, column: int) -> AbstractContextManager[None]:
        """What is drawn meanwhile is in that cell of the row."""
        ...


class Rows:
    """A table of rows and cells; `heads` says whether the first row, or each row's first cell, names the others."""

    def __init__(self, heads: str) -> None:
        self.heads, self.table = heads, None  # type: str, Element | None
        self.line, self.cells = Element("TR"), {}  # type: Element, dict[int, Element]
        self.again = self.is_head = False

    def start(self, canvas: Canvas) -> None:
        """A head that stood on an earlier page is furniture on this one."""
        self.again = self.table is not None
        if self.table is None:
            self.table = marks_of(canvas).here.child("Table")

    def row(self, cells: Sequence[Sequence[Any]], *, head: bool) -> None:
        """A row, or what goes on of the row before."""
        self.is_head = head and self.heads == "Column"
        if self.table is not None and not (self.is_head and self.again) and not _continues(cells):
            self.line, self.cells = self.table.child("TR"), {}

    @contextmanager
    def cell(self, canvas: Canvas, column: int) -> Iterator[None]:
        """A cell; what stands in a head that is said again is not read."""
        marks = marks_of(canvas)
        if self.is_head and self.again:
            marks.go_into(Element(UNREAD))
            with artifact(canvas):
                yield
        else:
            marks.go_into(self._cell(column))
            yield
        marks.come_out()

    def _cell(self, column: int) -> Element:
        if column not in self.cells:
            head = self.is_head or (self.heads == "Row" and column == 0)
            self.cells[column] = self.line.child("TH" if head else "TD", scope=self.heads if head else "")
        return self.cells[column]


class Lines:
    """A table that only lays out: its cells are read one after the other, beneath `tag` when there is one."""

    def __init__(self, tag: str = "") -> None:
        self.tag, self.whole = tag, None  # type: str, Element | None

    def start(self, canvas: Canvas) -> None:
        """The whole is made once."""
        if self.whole is None:
            here = marks_of(canvas).here
            self.whole = here.child(self.tag) if self.tag else here

    def row(self, cells: Sequence[Sequence[Any]], *, head: bool) -> None:
        """Nothing: rows are only for the eye."""

    @contextmanager
    def cell(self, canvas: Canvas, column: int) -> Iterator[None]:
        """A cell."""
        marks = marks_of(canvas)
        marks.go_into(self.goes_into())
        yield
        marks.come_out()

    def goes_into(self) -> Element:
        """The node that the cells belong to."""
        return self.whole or Element(UNREAD)


class Contents(Lines):
    """A list of contents: each line is one link, its words before its page number."""

    def row(self, cells: Sequence[Sequence[Any]], *, head: bool) -> None:
        """A line."""
        self.line = super().goes_into().child("TOCI").child("Reference").child("Link")

    def goes_into(self) -> Element:
        """The line."""
        return self.line


def _continues(row: Any) -> bool:
    return any(getattr(one, "pack_continues", False) for cell in row if isinstance(cell, list | tuple) for one in cell)
