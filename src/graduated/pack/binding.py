"""The pack with its documents bound in: numbered, bookmarked, stamped on every page, and unable to act by themselves.

Each document goes in as it is: its pages keep their size and are copied packed, as they lie in its file. What would
act (scripts, forms, links, sound) stays behind; what was filled in or drawn on a page becomes part of the page. A
document that cannot be bound has a page in its place that says so. The same files and moment give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import AccessMode, Array, Dictionary, Name, ObjectStreamMode, OutlineItem, StreamDecodeLevel, String

from graduated.pack import typeset
from graduated.pack.bound_sheets import note_sheet, picture_sheet
from graduated.pack.stamping import Sheet, check_stampable, stamp, stamps_of
from graduated.pack.wording import moment as moment_words
from graduated.uploads.kinds import PDF, PICTURES

ANCHOR = "document-{}"
"""Where the list of documents in a pack names the place of a document's line."""
_KEPT = frozenset({"/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group"})
_GONE = ("/AA", "/AF", "/EF", "/JS", "/OPI", "/Ref", "/Metadata", "/PieceInfo", "/StructParent", "/StructParents")
_LINE = 15.0
_UNIT = 0.1


class CannotBind(Exception):
    """A document that is not bound; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Bindable:
    """One document: its number in the list of the pack, its title, and its file. `why_not`: it is not to be bound."""

    number: int
    title: str
    media_type: str
    path: Path
    file_name: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands on every bound page beside its number: whose it is, when it was built, from which list of records."""

    name: str
    moment: datetime
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Bound:
    """What came of it: pages in all, the first page of each document, and a sentence for each that is not bound."""

    pages: int
    first_pages: dict[int, int]
    notes: tuple[str, ...]


def bind(pack: Path, out: Path, documents: Sequence[Bindable], about: Stamp) -> Bound:
    """Write the pack followed by its documents; the files are read as they are needed and never whole."""
    sheets: list[Sheet] = []
    notes: list[str] = []
    first: dict[int, int] = {}
    with ExitStack() as open_files:
        pdf = open_files.enter_context(pikepdf.open(pack))
        own = len(pdf.pages)
        for one in documents:
            first[one.number] = len(pdf.pages) + 1
            why_not = _append(pdf, one, open_files)
            if why_not:
                notes.append(f"Document {one.number}, “{one.title}”, is not bound in: {why_not}")
            last = len(pdf.pages)
            sheets += [
                Sheet(f"Document {one.number}, page {number} of {last + 1 - first[one.number]}", at)
                for number, at in enumerate(range(first[one.number] - 1, last), start=1)
            ]
        _stamp(pdf, sheets, about)
        _link(pdf, first, own)
        _bookmark(pdf, documents, first)
        _rename(pdf)
        pages = len(pdf.pages)
        pdf.save(
            out,
            object_stream_mode=ObjectStreamMode.generate,
            stream_decode_level=StreamDecodeLevel.none,  # what strangers packed with deflate is never unpacked here
            deterministic_id=True,
        )
    return Bound(pages, first, tuple(notes))


def _append(pdf: pikepdf.Pdf, one: Bindable, open_files: ExitStack) -> str:
    """Put a document's pages, or a page in their place, at the end; why it is not bound, if it is not."""
    before = len(pdf.pages)
    try:
        if one.why_not:
            raise CannotBind(one.why_not)
        if one.media_type in PICTURES:
            picture_sheet(pdf, one.path)
        elif one.media_type == PDF:
            source = open_files.enter_context(pikepdf.open(one.path, access_mode=AccessMode.stream))
            _make_harmless(source)
            pdf.pages.extend(source.pages)
        else:
            raise CannotBind("This kind of file cannot be printed here.")
        check_stampable(pdf.pages[before:])
    except MemoryError:
        raise
    except Exception as error:
        del pdf.pages[before:]
        why_not = str(error) if isinstance(error, CannotBind) else "Its file is damaged."
        note = open_files.enter_context(pikepdf.open(note_sheet(one.number, one.title, one.file_name, why_not)))
        pdf.pages.extend(note.pages)
        return why_not
    return ""


def _make_harmless(source: pikepdf.Pdf) -> None:
    """Keep of each page what is printed, and nothing that acts."""
    if _may_hide(source):
        raise CannotBind("It has hidden layers, which would be seen.")
    if source.Root.get("/AcroForm", Dictionary()).get("/NeedAppearances", False):
        source.generate_appearance_streams()
    if any("/Annots" in page.obj for page in source.pages):
        source.flatten_annotations("all")
    for item in source.objects:
        if isinstance(item, Dictionary | pikepdf.Stream):
            for name in _GONE:
                if name in item:
                    del item[name]
    for page in source.pages:
        for key in [str(key) for key in page.obj.keys() if key not in _KEPT and key != "/Parent"]:  # noqa: SIM118
            del page.obj[key]


def _may_hide(source: pikepdf.Pdf) -> bool:
    """Whether any layer may be hidden: at first, by a rule of its own (OCMD), or by what the reader does with it (AS).

    Whether a rule hides anything is for a reader to work out; here a rule is enough.
    """
    layers = source.Root.get("/OCProperties", Dictionary()).get("/D", Dictionary())
    if any(len(layers.get(key, Array())) for key in ("/OFF", "/AS")) or layers.get("/BaseState") == Name.OFF:
        return True
    return any(b"/OCMD" in _written(item) for item in source.objects)


def _written(item: Any) -> bytes:
    """An object as it is written in a file, with all that lies directly in it; of a stream what is said of it."""
    if isinstance(item, pikepdf.Stream):
        return item.stream_dict.unparse()
    return item.unparse(resolved=True) if isinstance(item, Dictionary | Array) else b""


def _stamp(pdf: pikepdf.Pdf, sheets: Sequence[Sheet], about: Stamp) -> None:
    if not sheets:
        return
    words = f"{about.name} · Confidential · Built {moment_words(about.moment)} · manifest {about.fingerprint[:12]}"
    pages = [pdf.pages[sheet.at] for sheet in sheets]
    with pikepdf.open(
        stamps_of([(f"{sheet.words} · {words}", page) for sheet, page in zip(sheets, pages, strict=True)])
    ) as made:
        for page, drawn in zip(pages, made.pages, strict=True):
            stamp(pdf, page, pdf.copy_foreign(drawn.as_form_xobject()))


def _link(pdf: pikepdf.Pdf, first: dict[int, int], own: int) -> None:
    """Each line of the pack's list of documents leads to the document."""
    places = pdf.Root.get("/Dests", Dictionary())
    for number, page_number in first.items():
        place = places.get(f"/{ANCHOR.format(number)}")
        if place is None:
            continue
        sheet, top = place[0], float(place[3] if place[1] == Name.XYZ else place[2])
        target = pdf.pages[page_number - 1].obj
        link = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array(
                    [round(edge, 2) for edge in (typeset.MARGIN, top - _LINE, typeset.PAGE_WIDTH - typeset.MARGIN, top)]
                ),
                Border=Array([0, 0, 0]),
                F=4,
                Contents=String(f"Go to document {number}"),
                Dest=Array([target, Name.Fit]),
            )
        )
        if "/Annots" not in sheet:
            sheet.Annots = Array()
        sheet.Annots.append(link)


def _bookmark(pdf: pikepdf.Pdf, documents: Sequence[Bindable], first: dict[int, int]) -> None:
    if not documents:
        return
    with pdf.open_outline() as outline:
        above = OutlineItem("Documents", first[documents[0].number] - 1)
        above.children.extend(OutlineItem(f"{one.number}. {one.title}", first[one.number] - 1) for one in documents)
        outline.root.append(above)


def _rename(pdf: pikepdf.Pdf) -> None:
    """The title says that documents are in; strangers' pages keep no promise of being accessible, so none is made."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        for claim in ("pdfuaid:part", "pdfaid:part", "pdfaid:conformance"):
            meta.pop(claim, None)
        title = f"{meta.get('dc:title', 'SEN evidence pack')}, with documents"
        meta["dc:title"] = title
    pdf.docinfo["/Title"] = String(title)
