"""From a story to the bytes of a PDF, with page numbers known, furniture on every page and nothing left to chance."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from graduated.pack import fonts, scene, tagging, typeset
from graduated.pack.finishing import finished
from graduated.pack.flow import Flow, Place
from graduated.pack.fonts import Letters
from graduated.pack.tagging import Marks, artifact

_PASSES = 6


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished document: its bytes, what a person should know before sending it, and its number of pages."""

    pdf: bytes
    warnings: tuple[str, ...]
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """What stands on every page and in the properties of the file. `moment` sets the file's dates."""

    title: str
    author: str
    subject: str
    running: str
    mark: str
    foot: str
    moment: datetime
    fingerprint: str = ""


def press(furniture: Furniture, write: Callable[[Flow], None], scale: float = 1.0) -> Rendered:
    """Write the story again and again until every page number in it is true, then give the bytes.

    `write` fills a Flow, whose `pages` and `places` hold what the pass before found. What is written first is only
    looked through for its headings, so that the contents has its lines; the first pass draws nothing and finds the
    pages; the second mostly finds the same. The same story, furniture and lock file give the same bytes.
    """
    letters = Letters(fonts.register())
    styles = typeset.styles(scale)
    places, total = _written(Flow(letters, styles), write).headings(), 0
    for number in range(_PASSES):
        flow, marks, blank = _written(Flow(letters, styles, places), write), Marks(), number == 0
        pdf, found, pages = _print(furniture, flow, letters, marks, total, blank=blank)
        if found == places and pages == total and not blank:
            flow.story.clear()  # a long pack is much in memory
            pdf = finished(pdf, marks.root, letters.clean(furniture.title), places=marks.places)
            return Rendered(pdf, (*letters.warnings(), *dict.fromkeys(flow.warnings)), pages)
        places, total = found, pages
        del flow, marks
    raise RuntimeError("The page numbers of the document did not settle.")  # pragma: no cover


def _written(flow: Flow, write: Callable[[Flow], None]) -> Flow:
    write(flow)
    return flow


def _print(
    furniture: Furniture, flow: Flow, letters: Letters, marks: Marks, total: int, *, blank: bool
) -> tuple[bytes, tuple[Place, ...], int]:
    out = io.BytesIO()
    document = _Document(out, furniture, letters, total)
    document.build(flow.finished(), canvasmaker=partial(_Blank if blank else _Sheet, furniture, marks))
    return out.getvalue(), tuple(flow.found), document.page


class _Sheet(Canvas):
    """A canvas in our font, whose dates and identity come from the furniture and never from the clock."""

    blank = False

    def __init__(self, furniture: Furniture, marks: Marks, *args: Any, **settings: Any) -> None:
        self.marks = marks
        settings["initialFontName"] = fonts.REGULAR
        super().__init__(*args, **settings)
        stamp = furniture.moment.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'")
        self.setDateFormatter(lambda *_: stamp)
        self.setViewerPreference("DisplayDocTitle", "true")
        seed = "\n".join((furniture.title, furniture.fingerprint, stamp))
        tagging.identify(self, seed)

    def save(self) -> None:
        """Write the file, and let go of what it was made of at once: canvas and document hold each other."""
        super().save()
        self._doc = None


class _Blank(_Sheet):
    """A canvas on which nothing is drawn; what is laid out on it still learns its page."""

    blank = True

    def saveState(self) -> None:
        """Nothing changes the state."""

    restoreState = saveState

    def translate(self, dx: float, dy: float) -> None:
        """Nothing is anywhere."""

    def save(self) -> None:
        """Nobody reads it."""


class _Document(BaseDocTemplate):
    def __init__(self, out: io.BytesIO, furniture: Furniture, letters: Letters, total: int) -> None:
        super().__init__(
            out,
            pagesize=(typeset.PAGE_WIDTH, typeset.PAGE_HEIGHT),
            title=letters.clean(furniture.title),
            author=letters.clean(furniture.author),
            subject=letters.clean(furniture.subject),
            creator="Graduated",
            lang="en-GB",
            invariant=1,
            pageCompression=1,
        )
        self.furniture, self.letters, self.total = furniture, letters, total
        frame = Frame(
            typeset.MARGIN,
            typeset.BOTTOM,
            typeset.WIDTH,
            typeset.FRAME_HEIGHT,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )
        self.addPageTemplates([PageTemplate("page", [frame], onPage=self._head, onPageEnd=self._foot)])

    def _head(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        if tagging.is_blank(canvas):
            return
        y = typeset.HEAD_LINE
        room = typeset.WIDTH - canvas.stringWidth(self.furniture.mark, fonts.BOLD, 9) - 12
        running = scene.shortened(self.letters.clean(self.furniture.running), room, 9)
        with artifact(canvas, "Header"):
            self._line(canvas, y, running, self.furniture.mark, bold_right=True)
            canvas.setStrokeColor(typeset.LINE)
            canvas.setLineWidth(0.6)
            canvas.line(typeset.MARGIN, y - 5, typeset.PAGE_WIDTH - typeset.MARGIN, y - 5)

    def _foot(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        if tagging.is_blank(canvas):
            return
        number = f"Page {canvas.getPageNumber()} of {self.total or 1}"
        room = typeset.WIDTH - canvas.stringWidth(number, fonts.REGULAR, 9) - 12
        foot = scene.shortened(self.letters.clean(self.furniture.foot), room, 9)
        with artifact(canvas, "Footer"):
            self._line(canvas, typeset.FOOT_LINE, foot, number)

    def _line(self, canvas: Canvas, y: float, left: str, right: str, bold_right: bool = False) -> None:
        canvas.setFillColor(typeset.SOFT)
        canvas.setFont(fonts.REGULAR, 9)
        canvas.drawString(typeset.MARGIN, y, left)
        canvas.setFont(fonts.BOLD if bold_right else fonts.REGULAR, 9)
        canvas.drawRightString(typeset.PAGE_WIDTH - typeset.MARGIN, y, right)
