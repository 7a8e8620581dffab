"""Looking at a Word document: a ZIP of parts, counted before and while it is unpacked, that fetches nothing."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import unquote
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from graduated.uploads.kinds import DOCX, MOST_PARTS, MOST_UNPACKED, Finding, WrongFile

_BEFORE_MARKUP = b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n"
_CHUNK = 256 * 1024
_AS_PDF = "Save it as a PDF."
_DAMAGED = "This file is damaged. Open it, save it again and try once more."
_TOO_MUCH = f"This document unpacks to far more than a document needs. {_AS_PDF}"
_OWN = re.compile(r"word/embeddings/[^/]+\.(xlsx|docx|pptx)", re.IGNORECASE)  # the figures behind a chart
_RUNS = re.compile(r"(vbaproject\.bin|(^|/)activex/.*|word/embeddings/.*\.bin|.*\.(exe|dll|js|vbs|bat|cmd|scr|ps1))$")
_ON_A_DRIVE = re.compile(r"\s*(file:[\\/]{0,3})?[a-z]:[\\/](?!.*\.\.)", re.IGNORECASE)
_INCLUDES = re.compile(r"INCLUDE(TEXT|PICTURE)|(^|\n)\s*(INCLUDE|IMPORT)\b", re.IGNORECASE)
_ELSEWHERE = f"This document fetches a part of itself from elsewhere. {_AS_PDF}"


def look(path: Path) -> Finding:
    """A Word document (.docx). Raises WrongFile."""
    try:
        with zipfile.ZipFile(path) as parts:
            _check_names(parts.infolist())
            _unpack(parts)
            _check_links(parts)
            _check_fields(parts)
            _read(parts, "word/document.xml")
    except (WrongFile, MemoryError):
        raise
    except DefusedXmlException as error:
        raise WrongFile(f"This document has parts that no Word document has. {_AS_PDF}") from error
    except Exception as error:
        raise WrongFile(_DAMAGED) from error
    return Finding(DOCX)


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    names = {one.filename for one in entries}
    if "word/document.xml" not in names or "[Content_Types].xml" not in names:
        raise WrongFile("This is not a Word document (.docx). Save it as a PDF or a .docx.")
    if len(entries) > MOST_PARTS:
        raise WrongFile(f"This document has {len(entries):,} parts, far more than a document needs. {_AS_PDF}")
    if sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise WrongFile(_TOO_MUCH)
    for one in entries:
        name = one.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or re.match("[A-Za-z]:", name):
            raise WrongFile(f"This document has a part that would be put outside it. {_AS_PDF}")
        if one.flag_bits & 1:
            raise WrongFile("This document needs a password. Save a copy without one.")
        if name.lower().endswith("vbaproject.bin"):
            raise WrongFile("This document has macros in it. Save it as a PDF or as a .docx without macros.")
        if _RUNS.search(name.lower()):
            raise WrongFile(f"This document carries another file or a program inside it. {_AS_PDF}")


def _unpack(parts: zipfile.ZipFile) -> None:
    """Every part to its end, whatever it declares, with its check sum; nothing is kept."""
    total = 0
    for one in parts.infolist():
        with parts.open(one) as part:
            start = part.read(_CHUNK)
            if start.startswith(b"PK\x03\x04") and not _OWN.fullmatch(one.filename):
                raise WrongFile(f"This document carries another file inside it. {_AS_PDF}")
            total += len(start) + sum(map(len, _rest(part)))
            if total > MOST_UNPACKED:  # each part ends where it declares to
                raise WrongFile(_TOO_MUCH)


def _rest(part: IO[bytes]) -> Iterator[bytes]:
    while chunk := part.read(_CHUNK):
        yield chunk


def _check_links(parts: zipfile.ZipFile) -> None:
    """A link that a reader clicks may lead out; nothing else may be fetched from elsewhere, nor from this machine.

    A template on a drive of the writer's own machine is in half of all letters of an authority and fetches nothing.
    """
    for name in parts.namelist():
        if name.lower().endswith(".rels"):
            for kind, target in _read(parts, name):
                on_a_drive = kind.endswith("/attachedTemplate") and _ON_A_DRIVE.match(unquote(target))
                if not kind.endswith("/hyperlink") and not on_a_drive:
                    raise WrongFile(_ELSEWHERE)


def _check_fields(parts: zipfile.ZipFile) -> None:
    """No field of the text may put another file in its place; what a part is called does not count."""
    for name in parts.namelist():
        with parts.open(name) as part:
            is_markup = part.read(64).lstrip(_BEFORE_MARKUP).startswith(b"<")
        if not is_markup:
            continue
        try:
            asked = _field_words(parts, name)
        except (ParseError, DefusedXmlException):
            if name.lower().endswith(".xml"):
                raise
            continue  # a drawing or a page of the web; Word reads no fields in it
        if _INCLUDES.search(asked.replace("\n", "")) or _INCLUDES.search(asked):
            raise WrongFile(_ELSEWHERE)


def _field_words(parts: zipfile.ZipFile, name: str) -> str:
    """What the fields of a part ask for, each on a line: the words of one may be strewn over many pieces."""
    said = []
    with parts.open(name) as part:
        for _, element in iterparse(part, events=("end",), forbid_dtd=True):
            kind = str(element.tag).rpartition("}")[2]
            if kind == "fldChar":
                said.append("\n")
            elif kind == "instrText":
                said.append(" ".join((element.text or "").split("\n")))
            elif kind == "fldSimple":
                said += ["\n", *(each for key, each in element.items() if key.rpartition("}")[2] == "instr"), "\n"]
            element.clear()
    return "".join(said)


def _read(parts: zipfile.ZipFile, name: str) -> list[tuple[str, str]]:
    """Read a part as XML without its entities; the kind and target of what it fetches from outside."""
    found = []
    with parts.open(name) as part:
        for _, element in iterparse(part, events=("end",), forbid_dtd=True):
            if element.get("TargetMode", "").lower() == "external":
                found.append((element.get("Type", ""), element.get("Target", "")))
            element.clear()
    return found
