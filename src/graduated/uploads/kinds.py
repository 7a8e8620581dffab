"""The kinds of files that are kept, what is found out about one, and the limits. Standard library only."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png", DOCX: "docx"}
PICTURES = frozenset({JPEG, PNG})
ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx"

MOST_BYTES = 25 * 1024 * 1024
MOST_PAGES = 1000
MOST_PIXELS = 40_000_000
"""A page of A4 scanned at 600 dots an inch has 35 million; asked before a picture is unpacked."""
MOST_UNPACKED = 150 * 1024 * 1024
"""Of all parts of a Word document together, as declared and as counted."""
MOST_PARTS = 5000
MOST_STREAM = 256 * 1024 * 1024
"""Of one stream of a PDF: a page in colour at 600 dots an inch has 105 MB."""
PREVIEW = 480
"""Pixels of the longer side of a preview."""

HARMLESS_COPY = "Print it to PDF, and add that copy."
TOO_HEAVY = f"This file asks for more time or memory than a document needs. {HARMLESS_COPY}"
DAMAGED = "This file is damaged. Open it, save it again and try once more."
NOT_KEPT = "This is not a PDF, a JPEG or PNG picture, or a Word document (.docx). Save it as one of these."


class WrongFile(ValueError):
    """A file that is not kept; the sentence says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a file is. `pages` of a PDF; `width` and `height` in pixels of a picture, the way up it is looked at.

    `active` names what a PDF would do by itself; it is left out when the paper is bound into a pack.
    """

    media_type: str
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    active: tuple[str, ...] = ()
    has_preview: bool = False

    def as_json(self) -> str:
        """As the process that looks says it to the one that asked."""
        return json.dumps(asdict(self))


def finding_of(said: str) -> Finding:
    """The finding in an answer of the process that looked. Raises WrongFile for a file that is not kept."""
    values = json.loads(said)
    if "refused" in values:
        raise WrongFile(str(values["refused"]))
    return Finding(**{**values, "active": tuple(values["active"])})


def refusal(reason: str) -> str:
    """As the process that looks says why a file is not kept."""
    return json.dumps({"refused": reason})
