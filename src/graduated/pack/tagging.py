"""Structure for readers that speak: which words are a heading, a cell, a figure, and in what order all is read.

This is the one module that touches ReportLab's private parts (`_drawOn`, `_code`, `_annotationrefs`, `_cellvalues`,
`_doc`), because the open source ReportLab writes no structure tree. `tests/pack/test_tagging.py` holds it to the
version in the lock file. Each piece of content gets a mark while it is drawn (`Marks`); `pack.finishing` then writes
the tree.

On one core an evidence pack of 39 pages takes about 0.9 s of CPU with its structure, a plan of two 0.05 s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph
from reportlab.platypus.tables import TableRenderCB

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


def marks_of(canvas: Any) -> Marks:
    """The structure that a canvas of the press builds."""
    found: Marks = canvas.marks
    return found


def links_of(canvas: Canvas) -> int:
    """How many links the page has so far."""
    return len(_private(canvas)._annotationrefs)


def _draw(flowable: Any, canvas: Canvas) -> None:
    flowable._drawOn(canvas)


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


class Told(Paragraph):
    """A paragraph with its place in the structure; its parts on two pages are read as one."""

    pack_role = "P"
    pack_whole: Told | None = None
    pack_continues = False
    ways: tuple[str, ...] = ()
    """Where its links lead, in their order, when that is not what it says."""
    element: Element | None = None

    def split(self, aW: float, aH: float) -> list[Any]:
        parts = list(super().split(aW, aH))
        part: Any
        for part in parts:
            part.pack_role, part.pack_whole = self.pack_role, self.pack_whole or self
        return parts

    def _drawOn(self, canv: Canvas) -> None:
        marks, whole = marks_of(canv), self.pack_whole or self
        if whole.element is None:
            whole.element = whole._placed(marks)
        before = links_of(canv)
        with marks.content(canv, whole.element):
            _draw(super(), canv)
        marks.links_since(canv, before, whole.element, whole.ways or (self.getPlainText(identify=True),))

    def _placed(self, marks: Marks) -> Element:
        return marks.here if marks.here.tag == "Link" else marks.here.child(self.pack_role)


class Ways(Told):
    """A paragraph that is nothing but ways to other pages."""

    pack_role = "Link"


@dataclass(slots=True)
class Points:
    """What the points of one list have in common."""

    element: Element | None = None


class Point(Told):
    """One point of a list."""

    pack_points: Points

    def __init__(self, text: Any, style: Any, points: Points | None = None, **more: Any) -> None:
        super().__init__(text, style, **({"bulletText": "•"} if points else {}) | more)
        self.pack_points = points or Points()

    def _placed(self, marks: Marks) -> Element:
        if self.pack_points.element is None:
            self.pack_points.element = marks.here.child("L")
        return self.pack_points.element.child("LI").child("LBody")


class Drawn(Flowable):
    """A picture, which is read as the words of its `alternative`."""

    alternative = ""

    def _drawOn(self, canv: Canvas) -> None:
        marks = marks_of(canv)
        x, y = canv.absolutePosition(0, 0)
        box = (x, y, x + self.width, y + self.height)
        element = marks.here.child("Figure", alternative=self.alternative, box=box)
        with marks.content(canv, element):
            _draw(super(), canv)


class _Hook(TableRenderCB):
    """What ReportLab calls while it draws a table: lines and backgrounds are furniture."""

    def __call__(self, table: Any, command: str, *details: Any) -> None:
        getattr(self, command)(table, *details)

    def startTable(self, T: Any) -> None: ...

    def endTable(self, T: Any) -> None: ...

    def startBG(self, T: Any) -> None:
        self._furniture = artifact(T.canv)
        self._furniture.__enter__()

    def endBG(self, T: Any) -> None:
        self._furniture.__exit__(None, None, None)

    startLines, endLines = startBG, endBG

    def startRow(self, T: Any, rowNo: int) -> None: ...

    def endRow(self, T: Any) -> None: ...


class Rows(_Hook):
    """A table of rows and cells; `heads` says whether the first row, or each row's first cell, names the others."""

    def __init__(self, heads: str) -> None:
        self.heads, self.element = heads, None  # type: str, Element | None
        self.row, self.cells = Element("TR"), {}  # type: Element, dict[int, Element]
        self.skipped = False
        self.hidden: Any = None

    def startTable(self, T: Any) -> None:
        self.again = self.element is not None
        if self.element is None:
            self.element = marks_of(T.canv).here.child("Table")
        self.table = self.element

    def startRow(self, T: Any, rowNo: int) -> None:
        self.is_head = self.heads == "Column" and rowNo < (T.repeatRows or 0)
        self.skipped = self.is_head and self.again
        if self.skipped or _continues(T._cellvalues[rowNo]):
            return
        self.row, self.cells = self.table.child("TR"), {}

    def startCell(self, T: Any, rowNo: int, colNo: int, cellval: Any, *_: Any) -> None:
        marks = marks_of(T.canv)
        if self.skipped or not isinstance(cellval, list | tuple):
            self.hidden = artifact(T.canv)
            self.hidden.__enter__()
            if not self.skipped:
                self._cell(colNo)
            marks.go_into(Element(UNREAD))
            return
        marks.go_into(self._cell(colNo))
        self.hidden = None

    def _cell(self, column: int) -> Element:
        if column not in self.cells:
            head = self.is_head or (self.heads == "Row" and column == 0)
            self.cells[column] = self.row.child("TH" if head else "TD", scope=self.heads if head else "")
        return self.cells[column]

    def endCell(self, T: Any) -> None:
        marks_of(T.canv).come_out()
        if self.hidden is not None:
            self.hidden.__exit__(None, None, None)


class Lines(_Hook):
    """A table that only lays out: its cells are read one after the other, beneath `tag` when there is one."""

    def __init__(self, tag: str = "") -> None:
        self.tag, self.element = tag, None  # type: str, Element | None

    def startTable(self, T: Any) -> None:
        if self.element is None:
            here = marks_of(T.canv).here
            self.element = here.child(self.tag) if self.tag else here
        self.whole = self.element

    def startCell(self, T: Any, rowNo: int, colNo: int, cellval: Any, *_: Any) -> None:
        marks_of(T.canv).go_into(self.whole)

    def endCell(self, T: Any) -> None:
        marks_of(T.canv).come_out()


class Contents(Lines):
    """A list of contents: each line is one link, its words before its page number."""

    def startRow(self, T: Any, rowNo: int) -> None:
        self.line = self.whole.child("TOCI").child("Reference").child("Link")

    def startCell(self, T: Any, rowNo: int, colNo: int, cellval: Any, *_: Any) -> None:
        marks_of(T.canv).go_into(self.line)


def _continues(row: Any) -> bool:
    return any(getattr(one, "pack_continues", False) for cell in row if isinstance(cell, list) for one in cell)
