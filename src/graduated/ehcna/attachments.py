"""The papers that may go with a pack, with their stored files: numbered once, for the index, the ZIP and the binding.

What does not go never gets here: `Records.papers` holds only open papers that were not left out, and restricted ones
that were released by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from graduated.ehcna.records import Records
from graduated.pupils.queries_papers import Paper

_NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Attachment:
    """One paper of the pack: its number in the list of documents, and the file that is kept of it."""

    number: int
    document_id: int
    title: str
    sha256: str
    size: int
    media_type: str

    @property
    def file_name(self) -> str:
        """What its file is called beside the pack: by its number and title, fit for every system."""
        stem = _NOT_IN_A_NAME.sub(" ", self.title)
        stem = re.sub(r"\s+", " ", stem)[:_LONGEST].strip(" .")
        return f"{self.number:02d} {stem}".strip() + _ENDINGS.get(self.media_type, ".bin")


def in_order(records: Records) -> tuple[tuple[int, Paper], ...]:
    """The papers that go, with their numbers: by date, those without one at the end."""
    papers = sorted(records.papers, key=lambda one: (one.dated is None, one.dated, one.document_id))
    return tuple(enumerate(papers, start=1))


def attachments_of(records: Records) -> tuple[Attachment, ...]:
    """Every paper that goes and of which a file is kept."""
    return tuple(
        Attachment(number, one.document_id, one.title, one.sha256, one.size, one.media_type)
        for number, one in in_order(records)
        if one.sha256
    )
