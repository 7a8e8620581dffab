"""Files as people send them, and as those do who mean harm: each made here, none kept in the repository."""

from __future__ import annotations

import random
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

WORD = ("[Content_Types].xml", "word/document.xml")
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
RELATION = '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}" TargetMode="External"/>'  # fmt: skip # noqa: E501

AS_MADE = {"stream_decode_level": pikepdf.StreamDecodeLevel.none, "compress_streams": False}


def pdf(pages: int = 1, change: Callable[[pikepdf.Pdf], object] = lambda _: None, **saved: Any) -> bytes:
    """A PDF of blank A4 pages, changed."""
    out = BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(595, 842))
        change(made)
        made.save(out, **saved)
    return out.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **saved: Any) -> bytes:
    """A white picture."""
    out = BytesIO()
    Image.new(mode, size, "white").save(out, form, **saved)
    return out.getvalue()


def word(parts: Mapping[str, str | bytes] | None = None, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A Word document with these parts besides those that every one has."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", packed) as made:
        for name, content in (dict.fromkeys(WORD, "<x/>") | dict(parts or {})).items():
            made.writestr(name, content)
    return out.getvalue()


def linked(kind: str, target: str) -> bytes:
    """A Word document with one link that leads out of it."""
    return word({"word/_rels/settings.xml.rels": RELATIONS.format(RELATION.format(kind, target))})


def fill(made: pikepdf.Pdf, size: int, layers: int = 1) -> None:
    """Give the first page so many bytes of nothing."""
    packer = zlib.compressobj(9)
    nought = bytes(1024 * 1024)
    data = b"".join(packer.compress(nought) for _ in range(size // len(nought))) + packer.flush()
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    filters = Array([Name.FlateDecode] * layers)
    made.pages[0].obj.Contents = made.make_indirect(pikepdf.Stream(made, data, Filter=filters))


def bomb(size: int = 1024 * 1024 * 1024, layers: int = 1) -> bytes:
    """A PDF whose one page unpacks to so many bytes."""
    return pdf(1, lambda made: fill(made, size, layers), **AS_MADE)


def many_pages(count: int = 100_000) -> bytes:
    """A PDF that has one page so many times."""

    def grow(made: pikepdf.Pdf) -> None:
        sheet = made.pages[0].obj
        made.Root.Pages.Kids = Array([sheet] * count)
        made.Root.Pages.Count = count

    return pdf(1, grow)


def deep_tree(levels: int = 20_000) -> bytes:
    """A PDF whose pages lie in a tree as deep as that, written by hand: no library would."""
    rows = ["<< /Type /Catalog /Pages 2 0 R >>"]
    rows += [f"<< /Type /Pages /Kids [{number + 1} 0 R] /Count 1 >>" for number in range(2, levels + 2)]
    rows += [f"<< /Type /Page /Parent {levels + 1} 0 R /MediaBox [0 0 595 842] >>"]
    return written(rows)


def written(rows: list[str]) -> bytes:
    """A PDF of these objects, the first of them its root."""
    out, places = BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, row in enumerate(rows, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj {row} endobj\n".encode())
    start = out.tell()
    out.write(f"xref\n0 {len(rows) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{place:010} 00000 n \n".encode() for place in places)
    out.write(f"trailer << /Size {len(rows) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def opens_with(action: Dictionary) -> bytes:
    """A PDF that acts when it is opened."""
    return pdf(1, lambda made: made.Root.__setattr__("OpenAction", action))


def scripted() -> bytes:
    """A PDF with a script."""
    return opens_with(Dictionary(S=Name.JavaScript, JS=String("app.alert('hello')")))


def launching() -> bytes:
    """A PDF that starts a program."""
    return opens_with(Dictionary(S=Name.Launch, F=String("cmd.exe")))


def carrying() -> bytes:
    """A PDF that carries another file."""
    return pdf(1, lambda made: made.attachments.__setitem__("notes.exe", b"MZ"))


def locked(user: str = "secret", owner: str = "secret") -> bytes:
    """A PDF with a password; with none for the reader, anybody may read it."""
    return pdf(encryption=pikepdf.Encryption(owner=owner, user=user))


def noise(size: int = 50_000) -> bytes:
    """Bytes that mean nothing, the same each time."""
    return random.Random(7).randbytes(size)


def with_places(size: tuple[int, int] = (400, 300)) -> bytes:
    """A photograph on its side, with the place where it was taken and who took it."""
    notes = Image.Exif()
    notes[0x0112] = 6  # turned to the right
    notes[0x013B] = "Anna Kowalska"
    notes.get_ifd(0x8825)[2] = (50.0, 43.0, 12.0)
    return picture("JPEG", size, exif=notes, comment=b"<html>taken at home</html>")
