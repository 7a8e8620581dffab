"""A document as plain text, to paste into somebody else's form: the same writers as the pack's, without the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graduated.pack import fonts, typeset
from graduated.pack.content import PackContent, section_of
from graduated.pack.flow import Flow
from graduated.pack.fonts import Letters
from graduated.pack.scene import Chart
from graduated.pack.wording import NOT_RECORDED


class PlainFlow(Flow):
    """Takes what a section writes and keeps its words as they were typed: no markup, no charts, no page numbers.

    `titles` are the headings of the sections by their anchors: an index points to those, as there are no pages.
    """

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__(Letters(fonts.register()), typeset.styles())
        self.titles, self.lines = titles, list[str]()

    def words(self) -> str:
        """Everything written so far, blank lines between its parts."""
        text = "\n".join(self.lines).strip("\n")
        while "\n\n\n" in text:
            text = text.replace("\n\n\n", "\n\n")
        return text

    def _say(self, text: str, *, apart: bool = False) -> None:
        self.lines += ["", text.strip()] if apart else [text.strip()]

    def heading(self, level: int, text: str, anchor: str = "", *, listed: bool = True) -> None:
        """A line of its own; the section's own heading is the question that is answered, and is left out."""
        if level > 1:
            self._say(text, apart=True)

    def points(self, texts: Iterable[str]) -> None:
        """Each with a dash."""
        for text in texts:
            self._say(f"- {text}")

    def text(self, text: str, style: Any = None) -> None:
        """As typed."""
        if text.strip():
            self._say(text, apart=True)

    def small(self, text: str, *, leads: bool = False) -> None:
        """Where something comes from, in brackets."""
        if text.strip():
            self._say(f"({text.strip()})")

    def labelled(self, label: str, text: str, *, quiet: bool = False) -> None:
        """A label, and what it says."""
        if text.strip() or not quiet:
            self._say(f"{label}: {text.strip() or NOT_RECORDED}", apart=True)

    def quote(self, text: str, source: str, colour: Any = None) -> None:
        """What somebody said, in quotation marks."""
        if text.strip():
            self._say(f"“{text.strip()}”")
        self.small(source)

    def statement(self, text: str, colour: Any) -> None:
        """A line of its own."""
        self._say(text or NOT_RECORDED, apart=True)

    def facts(self, pairs: Iterable[Sequence[str]], share: float = 0.3) -> None:
        """One fact in a line."""
        for label, text, *_pages in pairs:
            self._say(f"{_in_a_line(label)}: {_in_a_line(text) or NOT_RECORDED}")

    def figures(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Short figures in one line."""
        self._say("; ".join(f"{label}: {_in_a_line(text) or NOT_RECORDED}" for label, text in pairs))

    def table(
        self,
        headings: Sequence[str],
        rows: Iterable[Sequence[str]],
        shares: Sequence[float],
        right: Sequence[int] = (),
        anchors: Sequence[str] = (),
    ) -> None:
        """One row in a line, each figure after the heading of its column."""
        self.lines.append("")
        for row in rows:
            first, *others = map(_in_a_line, row)
            more = "; ".join(f"{head}: {cell}" for head, cell in zip(headings[1:], others, strict=False) if cell)
            apart = "" if not more else " " if first.endswith(".") else "; "
            self._say(f"- {first}{apart}{more}")

    def figure(self, chart: Chart) -> None:
        """Nothing: every figure of a chart stands in words beside it."""

    def signatures(self, people: Iterable[tuple[str, str]]) -> None:
        """Who is to sign on the form itself."""
        self.facts(people)

    def lines_to_write(self, count: int = 1) -> None:
        """Nothing: they are for a pen."""

    def pages_of(self, anchors: Iterable[str]) -> str:
        """The sections of the pack that anchors stand in, by their headings."""
        sections = map(section_of, anchors)
        return ", ".join(dict.fromkeys(self.titles[one] for one in sections if one in self.titles))

    def gap(self, points: float) -> None:
        """Nothing."""

    def new_page(self) -> None:
        """Nothing."""


def _in_a_line(text: str) -> str:
    return ", ".join(part.strip() for part in text.split("\n") if part.strip())


def titles_of(content: PackContent) -> dict[str, str]:
    """The headings of the pack's sections by their anchors."""
    return {entry.section.value: entry.title for entry in content.sections}
