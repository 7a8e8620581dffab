"""The pack with its documents bound in, made by the worker: every document is looked at and bound outside of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graduated.db.files import FileStore, pieces
from graduated.ehcna.attachments import Attachment
from graduated.ehcna.bundle import Drawn
from graduated.ehcna.services_build import BesidePack
from graduated.pack.bind_apart import bind_apart
from graduated.pack.binding import Bindable, Stamp
from graduated.rules.vocabulary import PackFileKind
from graduated.uploads.converting import as_pdf, office
from graduated.uploads.kinds import DOCX, PDF, PICTURES, WrongFile
from graduated.uploads.limits import Crashed, TookTooMuch
from graduated.uploads.outside import look_at
from graduated.uploads.scratch import scratch

_MEND = "Its file is in the ZIP; add it as a PDF that prints to have it bound in."
_NOT_MADE = (
    "The pack with its documents could not be put together: they ask for more time or memory than there is. "
    "The documents are in the ZIP, each by itself."
)
_CRASHED = (
    "The pack with its documents could not be put together: the program that binds them stopped at an error. "
    "The documents are in the ZIP, each by itself."
)


@dataclass(frozen=True, slots=True)
class Together:
    """What came of it: the file, unless there was nothing to bind or it could not be done, and what to know of it."""

    file: BesidePack | None
    notes: tuple[str, ...]


def bound(store: FileStore, drawn: Drawn, beat: Callable[[], None]) -> Together:
    """Bind the papers behind the pack, in the order of its list; `beat` is a sign of life after each step."""
    if not drawn.attachments:
        return Together(None, ())
    with scratch() as folder:
        pack, out = folder / "pack.pdf", folder / "bound.pdf"
        pack.write_bytes(drawn.pdf)
        documents = []
        for one in drawn.attachments:
            documents.append(_bindable(store, one, folder / f"{one.number}.pdf", beat))
            beat()
        try:
            made = bind_apart(pack, out, documents, Stamp(drawn.name, drawn.moment, drawn.manifest_sha256))
        except Crashed:
            return Together(None, (_CRASHED,))
        except TookTooMuch:
            return Together(None, (_NOT_MADE,))
        beat()
        notes = tuple(f"{note} {_MEND}" for note in made.notes)
        with out.open("rb") as whole:
            staged = store.stage_chunks(pieces(whole))
    return Together(BesidePack(PackFileKind.WITH_DOCUMENTS, staged, PDF, made.pages), notes)


def _bindable(store: FileStore, one: Attachment, converted: Path, beat: Callable[[], None]) -> Bindable:
    """A paper as it goes to be bound: looked at once more, for it may have been kept before anybody did.

    Each step has a time of its own; together they may take longer than a worker may be silent.
    """
    path, kind, why_not = store.path(one.sha256), one.media_type, ""
    try:
        kind = look_at(path).media_type
        beat()
        if kind == DOCX:
            is_converted = as_pdf(path, converted)
            beat()
            if is_converted:
                path, kind = converted, look_at(converted).media_type
            else:
                why_not = "It is a Word document that could not be turned into a PDF." if office() else _WORD
        elif kind not in {PDF, *PICTURES}:
            why_not = "This kind of file cannot be printed here."
    except WrongFile as wrong:
        why_not = _reason(str(wrong))
    return Bindable(one.number, one.title, kind, path, one.file_name, why_not)


_WORD = "It is a Word document, which is not printed here."


def _reason(said: str) -> str:
    """Why, without how to mend it: whoever reads the pack cannot."""
    return said.split(". ")[0].rstrip(".") + "."
