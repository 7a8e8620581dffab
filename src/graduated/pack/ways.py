"""Page numbers that lead to their pages: in the summary, and in the evidence index."""

from __future__ import annotations

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


_QUOTE = {'"': "&quot;"}


def ways(flow: Flow, anchors: Iterable[str], none: str = "") -> str:
    """The pages of those anchors that the document has, in order and once each; `none` when there is none of them."""
    wanted = list(anchors)
    if not flow.places:
        return flow.pages_of(wanted) or ", ".join(_WIDE for _ in wanted)
    first = {flow.pages[anchor]: anchor for anchor in reversed(wanted) if anchor in flow.pages}
    return Pages(sorted(first.items())) if first else none
