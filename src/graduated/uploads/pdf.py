"""Looking at a PDF: its pages, how far it unpacks, and what it would do by itself."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from graduated.uploads.kinds import HARMLESS_COPY, MOST_PAGES, MOST_STREAM, PDF, TOO_HEAVY, Finding, WrongFile

_DAMAGED = "This PDF is damaged. Open it, save it again and try once more."
_CUT_SHORT = "This PDF is damaged or not whole. Open it, save it again and try once more."
_CHUNK = 1024 * 1024
_TAIL = 2048
_MOST_OBJECTS = 400_000
_ACTS = {
    Name.JavaScript: "a script",
    Name.SubmitForm: "a form that sends itself",
    Name.ImportData: "a form that fetches data",
    Name.Rendition: "sound or film",
    Name.Movie: "sound or film",
    Name.Sound: "sound or film",
    Name.GoToR: "a link to another file",
    Name.GoToE: "a link to another file",
}
_PLAYS = frozenset({Name.RichMedia, Name.Screen, Name.Movie, Name.Sound, Name("/3D")})
_PLAIN = frozenset({Name.FlateDecode, Name.Fl})
_UNPACKED_BY_QPDF = frozenset({Name.LZWDecode, Name.LZW, Name.ASCIIHexDecode, Name.AHx, Name.ASCII85Decode, Name.A85,
                               Name.RunLengthDecode, Name.RL})  # fmt: skip


def look(path: Path) -> Finding:
    """A PDF. Raises WrongFile."""
    try:
        with pikepdf.open(path) as pdf:
            pages = _pages(pdf)
            if not _ends(path):
                raise WrongFile(_CUT_SHORT)
            if bool(pdf.Root.get("/NeedsRendering", False)):
                raise WrongFile(f"This PDF is a form that shows itself in Acrobat only. {HARMLESS_COPY}")
            return Finding(PDF, pages=pages, active=_walk(pdf))
    except (WrongFile, MemoryError):
        raise
    except pikepdf.PasswordError as error:
        raise WrongFile("This PDF needs a password. Save a copy without one.") from error
    except Exception as error:
        raise WrongFile(_DAMAGED) from error


def _pages(pdf: pikepdf.Pdf) -> int:
    said = pdf.Root.Pages.get("/Count", 0)
    pages = max(int(said), 0) if said > MOST_PAGES else len(pdf.pages)  # not walked when it says that they are many
    if not pages:
        raise WrongFile("This PDF has no pages. Open it, save it again and try once more.")
    if pages > MOST_PAGES:
        raise WrongFile(
            f"This PDF has {pages:,} pages; up to {MOST_PAGES:,} are taken. Split it, or add the pages that matter."
        )
    for page in pdf.pages:
        if not isinstance(page.obj, Dictionary) or not _is_sheet(page):
            raise WrongFile(_DAMAGED)
    return pages


def _is_sheet(page: pikepdf.Page) -> bool:
    """Whether it is as large as paper is: from a stamp to a sheet of five metres."""
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return 9 <= abs(right - left) <= 14_400 and 9 <= abs(top - bottom) <= 14_400


def _ends(path: Path) -> bool:
    """Whether the file reaches its end; qpdf brings half of one together without a word."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        return b"%%EOF" in file.read()


def _walk(pdf: pikepdf.Pdf) -> tuple[str, ...]:
    """Everything in the file, reachable or not: what acts by itself is named, what goes too far is refused."""
    found: set[str] = set()
    for count, item in enumerate(pdf.objects):
        if count > _MOST_OBJECTS:
            raise WrongFile(TOO_HEAVY)
        if isinstance(item, Stream):
            _measure(item)
        for part in _parts(item):
            found |= _acts(part)
    return tuple(sorted(found))


def _parts(item: Object) -> Iterator[Any]:
    """The dictionaries in one object; what is written elsewhere comes by itself."""
    waiting = [item]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Array):
            waiting += [kid for kid in one.as_list() if _is_within(kid)]
        elif isinstance(one, Dictionary | Stream):
            yield one
            waiting += [kid for _, kid in one.items() if _is_within(kid)]


def _is_within(kid: Any) -> bool:
    return isinstance(kid, Dictionary | Array) and not kid.is_indirect


def _acts(part: Any) -> set[str]:
    act, kind = part.get("/S"), part.get("/Subtype")
    if act == Name.Launch:
        raise WrongFile(f"This PDF has a part that starts a program. {HARMLESS_COPY}")
    if "/EF" in part or "/EmbeddedFiles" in part or kind == Name.FileAttachment or "/Collection" in part:
        raise WrongFile(
            "This PDF carries other files inside it. Save those as papers of their own, then print this one to PDF and "
            "add that copy."
        )
    found = {_ACTS[act]} if isinstance(act, Name) and act in _ACTS else set()
    if "/JS" in part:
        found.add(_ACTS[Name.JavaScript])
    if kind in _PLAYS:
        found.add("sound or film")
    if "/XFA" in part:
        found.add("a form of Acrobat’s own")
    return found


def _measure(stream: Any) -> None:
    """How far a stream unpacks, without ever holding it. What only qpdf unpacks meets the limit of the process."""
    named = stream.get("/Filter", Array())
    filters = list(named.as_list()) if isinstance(named, Array) else [named]
    depth = 0
    while depth < len(filters) and filters[depth] in _PLAIN:
        depth += 1
    if depth and _unpacked(stream.read_raw_bytes(), depth) > MOST_STREAM:
        raise WrongFile(f"This PDF unpacks to far more than a document needs. {HARMLESS_COPY}")
    if any(one in _UNPACKED_BY_QPDF for one in filters[depth:]):
        try:
            stream.read_bytes(pikepdf.StreamDecodeLevel.generalized)
        except pikepdf.PdfError:
            return  # a reader will not unpack it either


def _unpacked(packed: bytes, depth: int) -> int:
    """How many bytes come out of so many layers of deflate; stops a little above the limit."""
    layers = [zlib.decompressobj() for _ in range(depth)]
    total = 0
    for at in range(0, len(packed), _CHUNK):
        for chunk in _through(layers, packed[at : at + _CHUNK]):
            total += len(chunk)
            if total > MOST_STREAM:
                return total
    return total


def _through(layers: list[Any], chunk: bytes) -> Iterator[bytes]:
    if not layers:
        yield chunk
        return
    layer, deeper = layers[0], layers[1:]
    while chunk and not layer.eof:
        try:
            out = layer.decompress(chunk, _CHUNK)
        except zlib.error:
            return  # damaged from here on; no reader gets more out of it
        chunk = layer.unconsumed_tail
        yield from _through(deeper, out)
        if not out and not chunk:
            return
