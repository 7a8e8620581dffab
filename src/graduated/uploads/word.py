"""Looking at a Word document: a ZIP of parts, counted before and while it is unpacked, that fetches nothing."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO
from urllib.parse import unquote
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from graduated.uploads.kinds import DOCX, MOST_PARTS, MOST_UNPACKED, Finding, WrongFile
from graduated.uploads.word_fields import AS_PDF, ELSEWHERE, Fields

_BEFORE_MARKUP = b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n"
_CHUNK = 256 * 1024
_DAMAGED = "This file is damaged. Open it, save it again and try once more."
_TOO_MUCH = f"This document unpacks to far more than a document needs. {AS_PDF}"
_OWN = re.compile(r"word/embeddings/[^/]+\.(xlsx|docx|pptx)", re.IGNORECASE)  # the figures behind a chart
_RUNS = re.compile(
    r"(vbaproject\.bin|(^|/)activex/.*|word/embeddings/.*\.bin|.*\.(exe|dll|js|vbs|bat|cmd|scr|ps1)|.*\.piece)$"
)
_PROGRAMS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ", b"\x7fELF")
"""An object of the old Office kind, which may hold anything, and programs: whatever they are called."""
_A_ZIP = (b"PK\x05\x06", b"PK\x01\x02")  # near its end, whatever comes before it
_TAIL = 66 * 1024
_ON_A_DRIVE = re.compile(r"\s*(file:[\\/]{0,3})?[a-z]:[\\/](?!.*\.\.)", re.IGNORECASE)
_MACROS = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
_WITH_PARTS = ("/afchunk", "/vbaproject", "/wordvbadata", "/attachedtoolbars", "/control", "/externallink",
               "/oleobject", "/subdocument", "/attachedtemplate")  # fmt: skip
"""Relations that bring in another document, macros or controls, also from within the file itself."""
_HAS_MACROS = "This document has macros in it. Save it as a PDF or as a .docx without macros."
_CARRIES = f"This document carries another document or a control inside it. {AS_PDF}"
_CARRIES_FILE = f"This document carries another file inside it. {AS_PDF}"


def look(path: Path) -> Finding:
    """A Word document (.docx). Raises WrongFile."""
    try:
        with zipfile.ZipFile(path) as parts:
            _check_names(parts.infolist())
            _unpack(parts)
            _check_kinds(parts)
            _check_links(parts)
            _check_fields(parts)
            _read(parts, "word/document.xml")
    except (WrongFile, MemoryError):
        raise
    except DefusedXmlException as error:
        raise WrongFile(f"This document has parts that no Word document has. {AS_PDF}") from error
    except Exception as error:
        raise WrongFile(_DAMAGED) from error
    return Finding(DOCX)


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    names = {one.filename for one in entries}
    if "word/document.xml" not in names or "[Content_Types].xml" not in names:
        raise WrongFile("This is not a Word document (.docx). Save it as a PDF or a .docx.")
    if len(entries) > MOST_PARTS:
        raise WrongFile(f"This document has {len(entries):,} parts, far more than a document needs. {AS_PDF}")
    if sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise WrongFile(_TOO_MUCH)
    _check_once(entries)
    for one in entries:
        name = one.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or re.match("[A-Za-z]:", name):
            raise WrongFile(f"This document has a part that would be put outside it. {AS_PDF}")
        if one.flag_bits & 1:
            raise WrongFile("This document needs a password. Save a copy without one.")
        if name.lower().endswith("vbaproject.bin"):
            raise WrongFile(_HAS_MACROS)
        if _RUNS.search(name.lower()):
            raise WrongFile(f"This document carries another file or a program inside it. {AS_PDF}")


def _check_once(entries: list[zipfile.ZipInfo]) -> None:
    """Readers differ in which of two parts of one name they take, and in what stands before the first."""
    called = {one.filename.replace("\\", "/").lower() for one in entries}
    if len(called) < len(entries):
        raise WrongFile(f"This document has two parts of one name. {AS_PDF}")
    if min(one.header_offset for one in entries):
        raise WrongFile(f"This document has something before its beginning. {AS_PDF}")


def _unpack(parts: zipfile.ZipFile) -> None:
    """Every part to its end, whatever it declares, with its check sum; nothing is kept."""
    total = 0
    for one in parts.infolist():
        with parts.open(one) as part:
            start = part.read(_CHUNK)
            if start.startswith(_PROGRAMS):
                raise WrongFile(_CARRIES_FILE)
            tail, total = start[-_TAIL:], total + len(start)
            for chunk in _rest(part):
                tail, total = (tail + chunk)[-_TAIL:], total + len(chunk)
            is_zip = start.startswith(b"PK\x03\x04") or all(mark in tail for mark in _A_ZIP)
            if is_zip and not _OWN.fullmatch(one.filename):
                raise WrongFile(_CARRIES_FILE)
            if total > MOST_UNPACKED:  # each part ends where it declares to
                raise WrongFile(_TOO_MUCH)


def _rest(part: IO[bytes]) -> Iterator[bytes]:
    while chunk := part.read(_CHUNK):
        yield chunk


def _check_kinds(parts: zipfile.ZipFile) -> None:
    """No part may be declared as macros, whatever it is called; the same for the documents that lie inside this one."""
    if _MACROS.search(parts.read("[Content_Types].xml")):
        raise WrongFile(_HAS_MACROS)
    for one in parts.infolist():
        if _OWN.fullmatch(one.filename):
            with zipfile.ZipFile(BytesIO(parts.read(one))) as inner:
                _check_inner(inner)


def _check_inner(inner: zipfile.ZipFile) -> None:
    """What lies behind a chart, or a document within the document: read like this one, with nothing inside it again."""
    entries = inner.infolist()
    if sum(each.file_size for each in entries) > MOST_UNPACKED or len(entries) > MOST_PARTS:
        raise WrongFile(_TOO_MUCH)
    _check_once(entries)
    for name in inner.namelist():
        if "externallinks/" in name.lower():
            raise WrongFile(ELSEWHERE)
        if _RUNS.search(name.lower()) or _MACROS.search(name.encode()):
            raise WrongFile(_CARRIES)
    if "[Content_Types].xml" in inner.namelist() and _MACROS.search(inner.read("[Content_Types].xml")):
        raise WrongFile(_HAS_MACROS)
    for each in entries:
        with inner.open(each) as part:
            if part.read(8).startswith((*_PROGRAMS, b"PK\x03\x04")):
                raise WrongFile(_CARRIES)
    _check_links(inner)
    _check_fields(inner)


def _check_links(parts: zipfile.ZipFile) -> None:
    """A link that a reader clicks may lead out; nothing else may be fetched from elsewhere, nor from this machine.

    A template on a drive of the writer's own machine is in half of all letters of an authority and fetches nothing.
    """
    for name in parts.namelist():
        if name.lower().endswith(".rels"):
            for kind, target, is_outside in _read(parts, name):
                on_a_drive = kind.endswith("/attachedTemplate") and _ON_A_DRIVE.match(unquote(target))
                if is_outside and on_a_drive:
                    continue
                if is_outside and not kind.endswith("/hyperlink"):
                    raise WrongFile(ELSEWHERE)
                if kind.lower().strip().endswith(_WITH_PARTS):
                    raise WrongFile(_CARRIES)


def _check_fields(parts: zipfile.ZipFile) -> None:
    """No field of the text may put another file in its place; what a part is called, or begins with, does not count."""
    declared = _declared(parts)
    for name in parts.namelist():
        lower = name.lower().replace("\\", "/")
        is_xml = lower.endswith((".xml", ".rels")) or declared(lower).endswith("xml")
        if not is_xml and not _is_markup(parts, name):
            continue
        is_drawing = lower.endswith(".svg") and declared(lower) in {"", "image/svg+xml"}
        fields = Fields()
        try:
            with parts.open(name) as part:
                # A drawing may say of which kind it is; no entity may stand in it all the same.
                for event, element in iterparse(part, events=("start", "end"), forbid_dtd=not is_drawing):
                    fields.take(event, element)
                    if event == "end":
                        element.clear()
        except ParseError:
            fields.finish()
            if is_xml and not is_drawing:
                raise
            continue  # a drawing or a page of the web; Word reads no fields in it
        fields.finish()


def _is_markup(parts: zipfile.ZipFile, name: str) -> bool:
    """Whether the first byte that is no blank begins an element, however many blanks there are."""
    with parts.open(name) as part:
        while chunk := part.read(_CHUNK):
            if begun := chunk.lstrip(_BEFORE_MARKUP):
                return begun.startswith(b"<")
    return False


def _declared(parts: zipfile.ZipFile) -> Callable[[str], str]:
    """The kind that the document declares for a part, by its name in small letters; "" for none."""
    by_name, by_ending = {}, {}
    if "[Content_Types].xml" in parts.namelist():
        with parts.open("[Content_Types].xml") as part:
            for _, element in iterparse(part, events=("end",), forbid_dtd=True):
                kind = element.get("ContentType", "").strip().lower()
                if element.get("PartName"):
                    by_name[unquote(element.get("PartName")).strip("/").lower()] = kind
                if element.get("Extension"):
                    by_ending[element.get("Extension").lower()] = kind
    return lambda name: by_name.get(name) or by_ending.get(name.rpartition(".")[2]) or ""


def _read(parts: zipfile.ZipFile, name: str) -> list[tuple[str, str, bool]]:
    """Read a part as XML without its entities; of each relation its kind, its target, and whether that lies outside."""
    found = []
    with parts.open(name) as part:
        for _, element in iterparse(part, events=("end",), forbid_dtd=True):
            is_outside = element.get("TargetMode", "").strip().lower() == "external"
            if is_outside or str(element.tag).endswith("}Relationship"):
                found.append((element.get("Type", ""), element.get("Target", ""), is_outside))
            element.clear()
    return found
