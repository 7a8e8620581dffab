"""Pages made for a bound pack: a picture on a sheet of A4, and a page in the place of what cannot be bound."""

from __future__ import annotations

import io
import warnings
import zlib
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Dictionary, Name, Stream
from PIL import Image, ImageOps
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Frame, Paragraph

from graduated.pack import fonts, typeset
from graduated.pack.fonts import Letters
from graduated.uploads.kinds import MOST_PIXELS

_MARGIN = 34.0
_MOST = 3508  # dots along A4 at 300 to the inch


def picture_sheet(pdf: pikepdf.Pdf, path: Path) -> None:
    """Add a sheet of A4, the way the picture lies, with the picture as large as it goes.

    The picture is made anew from its dots, upright, without the place, the camera and the comments in its file.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(path, formats=["JPEG", "PNG"]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError("too many dots")
            is_photograph = opened.format == "JPEG"
            opened.draft("RGB", (_MOST, _MOST))
            picture = _plain(opened)
    shown = _stream(pdf, picture, is_photograph)
    wide = picture.width > picture.height
    width, height = (A4[1], A4[0]) if wide else A4
    share = min((width - 2 * _MARGIN) / picture.width, (height - 2 * _MARGIN) / picture.height)
    across, up = picture.width * share, picture.height * share
    page = pdf.add_blank_page(page_size=(round(width, 2), round(height, 2)))
    page.obj.Resources = Dictionary(XObject=Dictionary(Picture=shown))
    placed = f"q {across:.2f} 0 0 {up:.2f} {(width - across) / 2:.2f} {(height - up) / 2:.2f} cm /Picture Do Q"
    page.obj.Contents = pdf.make_stream(placed.encode())


def _plain(opened: Image.Image) -> Image.Image:
    picture = ImageOps.exif_transpose(opened) or opened
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        picture = Image.new("RGB", seen.size, "white")
        picture.paste(seen, mask=seen.getchannel("A"))
    picture = picture.convert("L" if picture.mode in ("1", "L", "I;16") else "RGB")
    picture.thumbnail((_MOST, _MOST))
    return picture


def _stream(pdf: pikepdf.Pdf, picture: Image.Image, is_photograph: bool) -> Stream:
    if is_photograph:
        out = io.BytesIO()
        Image.frombytes(picture.mode, picture.size, picture.tobytes()).save(out, "JPEG", quality=88)
        packed, packing = out.getvalue(), Name.DCTDecode
    else:
        packed, packing = zlib.compress(picture.tobytes(), 6), Name.FlateDecode
    colours = Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB
    return Stream(
        pdf, packed, Type=Name.XObject, Subtype=Name.Image, Width=picture.width, Height=picture.height,
        ColorSpace=colours, BitsPerComponent=8, Filter=packing,
    )  # fmt: skip


def note_sheet(number: int, title: str, file_name: str, why_not: str) -> io.BytesIO:
    """One page that stands for a document: what it is, why it is not here, and where its file is."""
    letters = Letters(fonts.register())
    styles = typeset.styles()
    lines = (
        (f"Document {number}", styles.headings[0]),
        (title, styles.lead),
        (f"This document is not bound in here. {why_not}", styles.body),
        (f"Its file goes with the pack, in the folder “documents”: {file_name}", styles.body),
    )
    out = io.BytesIO()
    settings: Any = {"invariant": 1, "pageCompression": 1, "initialFontName": fonts.REGULAR}
    canvas = Canvas(out, pagesize=A4, **settings)
    frame = Frame(typeset.MARGIN, typeset.BOTTOM, typeset.WIDTH, typeset.FRAME_HEIGHT, 0, 0, 0, 0)
    frame.addFromList([Paragraph(escape(letters.clean(text)), style) for text, style in lines], canvas)
    canvas.showPage()
    canvas.save()
    out.seek(0)
    return out
