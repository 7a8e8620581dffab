"""The story of a document as it is written: headings, texts, facts, tables, figures.

Everything that lands on a page goes through `Flow._add` with its role in the document's structure (`pack.tagging`).
All text is cleaned for the font and escaped here, so no other module can let markup of a user through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, HRFlowable, PageBreak, Spacer

from graduated.pack import typeset
from graduated.pack.fonts import Letters
from graduated.pack.grid import Cell, Grid, Look
from graduated.pack.paint import paint
from graduated.pack.scene import Chart
from graduated.pack.tagging import Contents, Drawn, Lines, Point, Points, Rows, Told, Ways, artifact, marks_of
from graduated.pack.typeset import Styles
from graduated.pack.ways import Pages
from graduated.pack.wording import NOT_RECORDED

_LONGEST_HEADING = 160
_KEPT_LINES = 8  # a text of up to so many lines is never split over two pages
_SECTION_ROOM = 0.34  # of a page: with less a section begins on the next
_KEPT_HEIGHT = 230.0  # so is a small table
_ROW_LIMIT, _PIECE = 190.0, 130.0  # a table row taller than the one is laid out in pieces of the other


@dataclass(frozen=True, slots=True)
class Place:
    """Where a heading landed."""

    level: int
    title: str
    anchor: str
    page: int
    listed: bool


class Named(str):
    """Typed text whose place in the file has a name, for whoever binds something behind the document."""

    anchor: str

    def __new__(cls, text: str, anchor: str) -> Named:
        made = super().__new__(cls, text)
        made.anchor = anchor
        return made


class Text(Told):
    """A paragraph that stays on one page when it is short; one with an anchor names its place in the file."""

    anchor = ""

    def draw_at(self, canvas: Canvas, x: float, y: float) -> None:
        super().draw_at(canvas, x, y)
        if self.anchor:
            top = canvas.absolutePosition(x, y + self.height)[1]
            marks_of(canvas).places.setdefault(self.anchor, (canvas.getPageNumber(), round(top, 2)))

    def split(self, aW: float, aH: float) -> list[Any]:
        self.wrap(aW, aH)
        return [] if len(self.lines) <= _KEPT_LINES else super().split(aW, aH)


class Heading(Told):
    """A heading that marks its place in the outline and tells the press its page."""

    def __init__(self, style: Any, level: int, plain: str, anchor: str, listed: bool, found: list[Place]) -> None:
        super().__init__(plain, style)
        self.level, self.plain, self.anchor, self.listed, self.found = level, plain, anchor, listed, found

    def split(self, aW: float, aH: float) -> list[Any]:
        return []

    def draw(self) -> None:
        super().draw()
        canvas = self.canv
        canvas.bookmarkHorizontal(self.anchor, 0, self.height + 6)
        if self.listed:
            canvas.addOutlineEntry(self.plain, self.anchor, self.level, closed=self.level > 0)
        self.found.append(Place(self.level, self.plain, self.anchor, canvas.getPageNumber(), self.listed))


class Rule(HRFlowable):
    """A line to write on by hand."""

    def draw(self) -> None:
        with artifact(self.canv):
            super().draw()


class Figure(Drawn):
    """A chart on the page, with its name and description for a reader that speaks."""

    def __init__(self, chart: Chart, letters: Letters) -> None:
        super().__init__()
        self.chart, self.letters = chart, letters
        self.width, self.height = chart.width, chart.height
        self.alternative = f"{chart.title}. {chart.description}"

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        return self.width, self.height

    def picture(self, canvas: Canvas) -> None:
        paint(canvas, self.chart, self.letters.clean)


@dataclass
class Flow:
    """A document being written. `pages` is what an earlier pass found: the page of each anchor."""

    letters: Letters
    styles: Styles
    places: Sequence[Place] = ()
    warnings: list[str] = field(default_factory=list)
    story: list[Flowable] = field(default_factory=list)
    found: list[Place] = field(default_factory=list)
    _anchors: int = 0
    _told: int = 0

    def __post_init__(self) -> None:
        self.pages: Mapping[str, int] = {place.anchor: place.page for place in self.places}

    # -- building blocks ----------------------------------------------------------------------------------------

    def _add(self, flowable: Any, role: str) -> None:
        """Put something on the page; `role` is what it is (H1, P, Table, Figure, Artifact)."""
        flowable.pack_role = role
        self.story.append(flowable)

    def paragraphs(self, text: str, style: Any) -> list[Any]:
        """Typed text as paragraphs, one for each line that was typed."""
        if isinstance(text, Pages):
            return text.paragraphs(style)
        lines = [line.strip() for line in self.letters.clean(text).split("\n")]
        found = [Text(line, style) for line in lines if line]
        if found and isinstance(text, Named):
            found[0].anchor = text.anchor
        return found

    def heading(self, level: int, text: str, anchor: str = "", *, listed: bool = True) -> None:
        """A heading of level 1 to 3, in outline and contents unless not listed; an over-long one goes on as text."""
        self._anchors += 1
        plain = " ".join(self.letters.clean(text).split())
        short = plain if len(plain) <= _LONGEST_HEADING else plain[:_LONGEST_HEADING] + "…"
        style, target = self.styles.headings[level - 1], anchor or f"h{self._anchors}"
        self._told = min(level, self._told + 1)  # a reader that speaks is told no level that skips one
        self._add(Heading(style, level - 1, short, target, listed, self.found), f"H{self._told}")
        if short != plain:
            self.text(plain)

    def title(self, text: str) -> None:
        """The name of the whole document on its cover: a heading for a reader that speaks, none of the contents."""
        self._told = 1
        for paragraph in self.paragraphs(text, self.styles.title):
            self._add(paragraph, "H1")

    def points(self, texts: Iterable[str]) -> None:
        """Texts as a list with bullets."""
        style, whole = typeset.indented(self.styles.body, 14), Points()
        for text in texts:
            for line in filter(None, map(str.strip, self.letters.clean(text).split("\n"))):
                self._add(Point(line, style, whole), "LBody")

    def section(self, title: str, anchor: str, level: int = 1) -> None:
        """A heading that starts a new page unless much of this one is free."""
        if self.story and not isinstance(self.story[-1], PageBreak):
            self.gap(16)
            self._add(CondPageBreak(typeset.FRAME_HEIGHT * _SECTION_ROOM), "Artifact")
        self.heading(level, title, anchor)

    def text(self, text: str, style: Any = None) -> None:
        """A text as typed."""
        for paragraph in self.paragraphs(text, style or self.styles.body):
            self._add(paragraph, "P")

    def small(self, text: str, *, leads: bool = False) -> None:
        """A line in small grey type: where something comes from, when, by whom; `leads` keeps it with what follows."""
        for paragraph in self.paragraphs(text, self.styles.small):
            paragraph.pack_leads = leads
            self._add(paragraph, "P")

    def labelled(self, label: str, text: str, *, quiet: bool = False) -> None:
        """A label and beneath it a text of any length; `quiet` leaves both out when there is no text."""
        if quiet and not text.strip():
            return
        self._add(Text(self.letters.clean(label), self.styles.label), "P")
        self.text(text if text.strip() else NOT_RECORDED)

    def quote(self, text: str, source: str, colour: Color = typeset.LINE) -> None:
        """What somebody said or wrote, with a line at the left, and its source beneath."""
        if text.strip():
            self.bar(self.paragraphs(text, self.styles.body), colour, "BlockQuote")
        self.small(source)

    def statement(self, text: str, colour: Color) -> None:
        """A text in bold with a coloured line at its left: an outcome, a next step."""
        self.bar(self.paragraphs(text or NOT_RECORDED, self.styles.strong), colour)
        last: Any = self.story[-2]
        last.pack_leads = len(text) < 400

    def bar(self, blocks: Iterable[Any], colour: Color, tag: str = "") -> None:
        """Paragraphs with a coloured line at their left; `tag` is what they are together (BlockQuote)."""
        rows = [[[block]] for block in _chopped(list(blocks), typeset.WIDTH - 14)]
        if rows:
            look = Look(left=11, right=0, top=1, bottom=1, bar=(2.5, colour))
            self._add(_table(rows, [typeset.WIDTH], look, Lines(tag)), tag or "P")
            self.gap(3)

    def facts(self, pairs: Iterable[Sequence[str]], share: float = 0.3) -> None:
        """Labels and short texts side by side, and pages if there are; an empty text reads "Not recorded"."""
        out: list[list[list[Any]]] = []
        for label, text, *pages in pairs:
            shown = self.paragraphs(text, self.styles.cell) or [Text(NOT_RECORDED, self.styles.cell)]
            where = [self.paragraphs(one, self.styles.cell_right) for one in pages]
            out.append([self.paragraphs(label, self.styles.head), shown, *where])
        if out:
            shares = (share, 1 - share) if len(out[0]) == 2 else (share, 0.92 - share, 0.08)
            widths = [typeset.WIDTH * one for one in shares]
            self._add(_table(self._pieces(out, widths), widths, _PLAIN, Rows("Row")), "Table")
            self.gap(6)

    def figures(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Short figures in a row, each beneath its label."""
        self.table([label for label, _ in pairs], [[text or NOT_RECORDED for _, text in pairs]], [1] * len(pairs))

    def table(
        self,
        headings: Sequence[str],
        rows: Iterable[Sequence[str]],
        shares: Sequence[float],
        right: Sequence[int] = (),
    ) -> None:
        """A table with repeated headings; `shares` are the widths as parts of a whole, `right` columns of figures."""
        whole = sum(shares)
        widths = [typeset.WIDTH * share / whole for share in shares]
        s = self.styles
        head = [self.paragraphs(h, s.head_right if i in right else s.head) for i, h in enumerate(headings)]
        cells = [
            [self.paragraphs(text, s.cell_right if i in right else s.cell) for i, text in enumerate(row)]
            for row in rows
        ]
        self._add(_table([head, *self._pieces(cells, widths)], widths, _HEADED, Rows("Column")), "Table")
        self.gap(6)

    def figure(self, chart: Chart) -> None:
        """A chart."""
        self._add(Figure(chart, self.letters), "Figure")
        self.gap(4)

    def signatures(self, people: Iterable[tuple[str, str]]) -> None:
        """Room to sign and date on paper."""
        s = self.styles
        head = [[Text(word, s.head)] for word in ("Name", "Signature", "Date")]
        rows = [[self.paragraphs(f"{name}\n{role}", s.cell), [], []] for role, name in people]
        widths = [typeset.WIDTH * share for share in (0.35, 0.4, 0.25)]
        look = replace(_HEADED, others=(0.8, typeset.SOFT), bottom_of_others=26)
        self._add(_table([head, *rows], widths, look, Rows("Column")), "Table")

    def lines_to_write(self, count: int = 1) -> None:
        """Ruled lines to write on by hand."""
        for _ in range(count):
            rule: Any = Rule("100%", 0.8, color=typeset.SOFT, spaceBefore=17 * self.styles.scale, spaceAfter=5)
            self._add(rule, "Artifact")

    def links(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """Lines of a contents list: title, anchor, depth; the number stands after the words, both can be clicked."""
        widths = [typeset.WIDTH - 40, 40]
        out: list[list[Any]] = []
        for title, anchor, depth in rows:
            target = escape(anchor, {'"': "&quot;"})
            style = self.styles.head if depth == 0 else self.styles.cell
            words, number = f'<a href="#{target}">{escape(self.letters.clean(title))}</a>', self.page(anchor)
            indented = typeset.indented(style, depth * 12)
            where = Ways(f'<a href="#{target}">{number}</a>', self.styles.cell_right)
            out.append([[Ways(words, indented)], [where]])
        if out:
            self._add(_table(out, widths, _PLAIN, Contents("TOC")), "TOC")

    def pages_of(self, anchors: Iterable[str]) -> str:
        """The pages of anchors, in order and once each; an anchor that is nowhere becomes a warning."""
        numbers: set[int] = set()
        for anchor in anchors:
            if anchor in self.pages:
                numbers.add(self.pages[anchor])
            elif self.places:
                self.warnings.append(f"The evidence index points to “{anchor}”, which is not in this document.")
        return ", ".join(map(str, sorted(numbers)))

    def page(self, anchor: str) -> str:
        """The page of an anchor as an earlier pass found it; a mark of equal width before that."""
        return str(self.pages.get(anchor, "000"))

    def gap(self, points: float) -> None:
        """A little room."""
        self._add(Spacer(1, points * self.styles.scale), "Artifact")

    def new_page(self) -> None:
        """Start a page."""
        self._add(PageBreak(), "Artifact")

    def _pieces(self, rows: list[list[list[Any]]], widths: list[float]) -> list[list[Any]]:
        """Rows as they fit on pages: a tall one goes on in further rows, so that no cell is ever higher than a page."""
        out: list[list[Any]] = []
        for row in rows:
            heights = [sum(p.wrap(w - _PAD * 2, 1e6)[1] for p in cell) for cell, w in zip(row, widths, strict=True)]
            if max(heights, default=0) <= _ROW_LIMIT:
                out.append(list(row))
                continue
            columns = [_chunks(_chopped(cell, w - _PAD * 2), w - _PAD * 2) for cell, w in zip(row, widths, strict=True)]
            for i in range(max(map(len, columns))):
                out.append([column[i] if i < len(column) else [] for column in columns])
                for paragraph in (one for cell in out[-1] for one in cell):
                    paragraph.pack_continues = i > 0
        return out

    def headings(self) -> tuple[Place, ...]:
        """The headings that were written; where none was laid out yet each has a page of its own."""
        found = [one for one in self.story if isinstance(one, Heading)]
        return tuple(Place(one.level, one.plain, one.anchor, i, one.listed) for i, one in enumerate(found, start=1))

    # -- the end ------------------------------------------------------------------------------------------------

    def finished(self) -> list[Flowable]:
        """The story with a page break wherever a heading would stand alone at the foot of a page."""
        out: list[Flowable] = []
        for i, flowable in enumerate(self.story):
            if _leads(flowable) and not self._led(i):
                out.append(CondPageBreak(_needed(self.story[i:])))
            out.append(flowable)
        return out

    def _led(self, i: int) -> bool:
        """Whether what stands before already keeps the following with it."""
        before = [flowable for flowable in self.story[max(0, i - 2) : i] if not isinstance(flowable, Spacer)]
        return bool(before) and _leads(before[-1])


_PAD = 4.0
_PLAIN = Look(left=_PAD, right=_PAD, top=3.5, bottom=4.5, below=(0.5, typeset.LINE_SOFT))
_HEADED = replace(_PLAIN, head=(1.2, typeset.LINE), ground=typeset.GROUND)


def _table(rows: Sequence[Sequence[Cell]], widths: list[float], look: Look, read: Rows | Lines) -> Grid:
    heads = isinstance(read, Rows) and read.heads == "Column"
    return Grid(rows, widths, look, read, heads, _KEPT_HEIGHT)


def _chopped(blocks: Sequence[Any], width: float) -> list[Any]:
    """Paragraphs cut so that none is taller than a piece."""
    out: list[Any] = []
    for block in blocks:
        rest = block
        while rest.wrap(width, 1e6)[1] > _PIECE:
            parts = Told.split(rest, width, _PIECE) if isinstance(rest, Told) else rest.split(width, _PIECE)
            if len(parts) < 2:
                break
            out.append(parts[0])
            rest = parts[1]
        out.append(rest)
    return out


def _chunks(blocks: Sequence[Any], width: float) -> list[list[Any]]:
    """Paragraphs in heaps, none much taller than a piece."""
    heaps: list[list[Any]] = []
    height = 0.0
    for block in blocks:
        tall = block.wrap(width, 1e6)[1]
        if not heaps or height + tall > _PIECE:
            heaps.append([])
            height = 0.0
        heaps[-1].append(block)
        height += tall
    return heaps or [[]]


def _leads(flowable: Flowable) -> bool:
    """Whether a thing must not stand last on a page."""
    if isinstance(flowable, Heading | Figure) or getattr(flowable, "pack_leads", False):
        return True
    return isinstance(flowable, Told) and flowable.style.name in ("label", "strong")


def _needed(story: Sequence[Flowable]) -> float:
    """The height of the headings at the start of a story and of the least that must follow them."""
    total = 0.0
    for flowable in story[:8]:
        if isinstance(flowable, Spacer):
            total += flowable.height
            continue
        height = flowable.wrap(typeset.WIDTH, 1e6)[1]
        if _leads(flowable):
            total += height + flowable.getSpaceBefore() + flowable.getSpaceAfter()
            continue
        if isinstance(flowable, Grid):
            height = height if height <= _KEPT_HEIGHT else sum(flowable.heights[: flowable.heads + 1])
        elif isinstance(flowable, Told | Ways):
            least = flowable.style.leading * (_KEPT_LINES if height <= flowable.style.leading * _KEPT_LINES else 3)
            height = min(height, least)
        total += height
        break
    return min(total + 4, typeset.FRAME_HEIGHT - 12)
