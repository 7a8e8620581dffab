"""The checks of every PDF find what is wrong; and a packed stream never ends in the sign that ends a line."""

from __future__ import annotations

import io
import re
import zlib
from pathlib import Path

import pikepdf
import pytest

from graduated.pack import finishing, scene
from graduated.pack.content import Contact
from graduated.pack.evidence_pack import render_pack
from graduated.pack.paint import _alike
from graduated.pack.ways import Mail, mail

from .accessible import assert_accessible, faults_of
from .builders import BUILDER, HASH, MOMENT, content


def test_the_checks_find_a_picture_without_words_and_a_lost_language(tmp_path: Path) -> None:
    whole = render_pack(content(), MOMENT, BUILDER, HASH).pdf
    broken = io.BytesIO()
    with pikepdf.open(io.BytesIO(whole)) as document:
        del document.Root.Lang
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name.Figure:
                del item["/Alt"]
        document.save(broken)
    told = "\n".join(faults_of(broken.getvalue(), tmp_path))
    assert "outloud: FIG-001" in told and "PDF_UA_1" in told


def test_the_checks_find_a_head_that_is_read_aloud(tmp_path: Path) -> None:
    whole = render_pack(content(), MOMENT, BUILDER, HASH).pdf
    broken = io.BytesIO()
    with pikepdf.open(io.BytesIO(whole)) as document:
        sheet = document.pages[0]
        sheet.Contents.write(sheet.Contents.read_bytes().replace(b"/Subtype /Header", b"/Subtype /Other"))
        document.save(broken)
    assert any("page 1: its head and foot" in one for one in faults_of(broken.getvalue(), tmp_path))


@pytest.mark.parametrize("size", range(0, 1000, 200))
def test_no_packed_stream_ends_in_a_carriage_return(size: int) -> None:
    """Its last byte is that of the sum of what is packed; every sum comes up within so many pages of text."""
    document = pikepdf.new()
    for number in range(size, size + 200):
        sheet = document.add_blank_page()
        sheet.Contents = document.make_stream(b"q " * number + b"%" + bytes([65 + number % 50]))
    finishing._mend_ends(document)
    out = finishing._saved(document)
    assert not re.search(rb"\r\nendstream", out)
    with pikepdf.open(io.BytesIO(out)) as again:
        assert [zlib.adler32(sheet.Contents.read_bytes()) & 255 == 13 for sheet in again.pages].count(True) == 0


def test_a_font_that_gets_a_byte_more_says_so() -> None:
    document = pikepdf.new()
    data = next(bytes([n]) * 3 for n in range(256) if zlib.adler32(bytes([n]) * 3) & 255 == 13)
    font = document.make_stream(data, Length1=3)
    document.Root.Font = font
    finishing._mend_ends(document)
    assert (font.read_bytes(), int(font.Length1)) == (data + b"\0", 4)


def test_lines_of_a_grid_are_one_path_below_what_is_drawn_after_them() -> None:
    level = [scene.Path(((0, y), (100, y)), stroke="#ffffff") for y in (0, 10, 20)]
    slanted = scene.Path(((0, 0), (9, 9)), stroke="#ffffff")
    dot = scene.Circle(5, 5, 2, "#000000")
    assert _alike([level[0], dot, level[1], slanted, level[2]]) == [level, [dot], [slanted]]


def test_an_e_mail_address_can_be_clicked_and_what_is_none_stays_text(tmp_path: Path) -> None:
    assert isinstance(mail("anna.szymanska@family.example"), Mail)
    for other in ("", "anna at home", "anna@", 'a"@b.example'):
        assert not isinstance(mail(other), Mail)
    contact = Contact(name="Anna Szymańska", email="anna.szymanska@family.example")
    pdf = render_pack(content(contacts=(contact,)), MOMENT, BUILDER, HASH).pdf
    with pikepdf.open(io.BytesIO(pdf)) as document:
        notes = [note for sheet in document.pages for note in sheet.get("/Annots", [])]
        mails = {str(note.A.URI): str(note.Contents) for note in notes if "/A" in note and "/URI" in note.A}
        assert mails[f"mailto:{contact.email}"] == f"Write to {contact.email}"
    assert_accessible(pdf, tmp_path)
