"""Words of a cell that can be clicked: page numbers that lead to their pages, and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from graduated.pack.tagging import Ways

if TYPE_CHECKING:
    from graduated.pack.flow import Flow

_WIDE = "000"


class Pages(str):
    """The text of a cell that names pages, each of which can be clicked; `places` are (page, anchor)."""

    places: tuple[tuple[int, str], ...]

    def __new__(cls, places: Iterable[tuple[int, str]]) -> Pages:
        known = tuple(places)
        made = super().__new__(cls, ", ".join(str(page) for page, _anchor in known))
        made.places = known
        return made

    def paragraphs(self, style: Any) -> list[Any]:
        """The cell as it is laid out."""
        shown = ", ".join(f'<a href="#{escape(anchor, _QUOTE)}">{page}</a>' for page, anchor in self.places)
        made = Ways(shown, style)
        made.ways = tuple(f"page {page}" for page, _anchor in self.places)
        return [made]


class Mail(Pages):
    """An e-mail address that can be clicked."""

    def __new__(cls, address: str) -> Mail:
        made = str.__new__(cls, address)
        made.places = ()
        return made

    def paragraphs(self, style: Any) -> list[Any]:
        """The cell as it is laid out."""
        made = Ways(f'<a href="mailto:{escape(self, _QUOTE)}">{escape(self)}</a>', style)
        made.ways = (str(self),)
        return [made]


def mail(address: str) -> str:
    """An address as something to click; what is no plain address stays the words that it is."""
    return Mail(address) if _ADDRESS.fullmatch(address) else address


_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_QUOTE = {'"': "&quot;"}


def ways(flow: Flow, anchors: Iterable[str], none: str = "") -> str:
    """The pages of those anchors that the document has, in order and once each; `none` when there is none of them."""
    wanted = list(anchors)
    if not flow.places:
        return flow.pages_of(wanted) or ", ".join(_WIDE for _ in wanted)
    first = {flow.pages[anchor]: anchor for anchor in reversed(wanted) if anchor in flow.pages}
    return Pages(sorted(first.items())) if first else none
