"""Papers of the demo school that are no PDF: a scan of a pupil's writing, and a letter typed in Word."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from flask import current_app
from PIL import Image, ImageDraw, ImageFont

from graduated.db.files import FileStore
from graduated.demo.lived import Life
from graduated.demo.stage import Stage
from graduated.pack import fonts
from graduated.pupils.services import NewPaper, PaperWords, add_document
from graduated.rules.vocabulary import DocumentKind, Visibility
from graduated.uploads.kinds import DOCX, JPEG

_WRITING = (
    "The otter",
    "The otter livs by the rivr. It has the thing for",
    "swiming betwen the tos. It eats fisch and crabs.",
    "In winter it dos not sleep like the hegehog.",
    "My gramdma saw one in the sea at Gdynia.",
    "It was holding the stone on the tumy to",
    "open the shel. I wuld like to see it to.",
)
_UNDER = (
    "Ms Vine: free writing, 20 minutes, no word cards. Zofia told me the whole story first, in order, with a drawing."
)
_SIZE, _PAPER, _RULE, _INK, _PENCIL = (1240, 1754), (250, 248, 241), (176, 200, 220), (43, 52, 110), (96, 96, 96)
_LETTER = (
    "Dear Mrs Legg,",
    "Thank you for asking us how it goes at home. Zofia reads the word cards to Fuks, our dog, and he never minds how "
    "long it takes. In Polish too she now says “to coś” (that thing) when she is tired.",
    "After school on Thursdays she is the most tired and does not want to talk before supper. On days with her reading "
    "graph she shows us the line and is proud.",
    "We would like somebody to find out why the words do not stay, in both languages. We agree that our letter goes "
    "to the authority with your papers.",
    "Anna Szymańska",
)
_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"\
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml"\
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"\
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"\
 Target="word/document.xml"/></Relationships>"""
_BODY = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>"""
_PARAGRAPH = '<w:p><w:r><w:t xml:space="preserve">{}</w:t></w:r></w:p>'


def tell(stage: Stage, life: Life) -> None:
    """A piece of Zofia's writing as it was scanned, and her mother's letter."""
    today = stage.calendar.on_or_before(stage.today)
    written, sent = stage.calendar.shifted(today, -24), stage.calendar.shifted(today, -17)
    scan = _kept(_scan(), JPEG, DocumentKind.WORK, "Writing: “The otter”, free writing, scanned", written, "Ms Vine")
    letter = _kept(_letter(), DOCX, DocumentKind.LETTER, "Letter from Mrs Szymańska: how it goes at home", sent,
                   "Mrs Anna Szymańska")  # fmt: skip
    with stage.act("vine", written, "Paper added", 15, 50):
        add_document(life.pupil_id, scan)
    with stage.act("legg", sent, "Paper added", 8, 35):
        add_document(life.pupil_id, letter)


def _kept(content: bytes, media_type: str, kind: DocumentKind, title: str, dated: date, author: str) -> NewPaper:
    store: FileStore = current_app.extensions["files"]
    stored = store.put([content])
    words = PaperWords(kind, title, dated, author, Visibility.FAMILY)
    if media_type != JPEG:
        return NewPaper(words, stored.sha256, stored.size, media_type)
    small = store.put([_preview(content)])
    return NewPaper(words, stored.sha256, stored.size, media_type, None, *_SIZE, "", small.sha256)


def _preview(content: bytes) -> bytes:
    """As an upload gets it; what we drew ourselves needs no process of its own."""
    from graduated.uploads.pictures import smaller

    with Image.open(io.BytesIO(content)) as picture:
        return smaller(picture)


def _scan() -> bytes:
    """A lined sheet with a child's words, laid a little crooked on the scanner."""
    sheet = Image.new("RGB", _SIZE, _PAPER)
    draw = ImageDraw.Draw(sheet)
    for y in range(300, _SIZE[1] - 80, 92):
        draw.line((0, y, _SIZE[0], y), _RULE, 2)
    draw.line((150, 0, 150, _SIZE[1]), (226, 160, 160), 2)
    pen, note = _font(fonts.ITALIC, 48), _font(fonts.REGULAR, 21)
    for number, line in enumerate(_WRITING):
        wobble = (number * 37) % 11 - 5
        draw.text((180 + wobble * 3, 300 + 92 * number + wobble), line, _INK, pen, anchor="ls")
    draw.text((60, _SIZE[1] - 40), _UNDER, _PENCIL, note, anchor="ls")
    out = io.BytesIO()
    laid = sheet.rotate(0.8, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    laid.save(out, "JPEG", quality=72, dpi=(150, 150))
    return out.getvalue()


def _font(name: str, size: int) -> Any:
    return ImageFont.truetype(str(Path(fonts.folder(), fonts.FILES[name])), size)


def _letter() -> bytes:
    out = io.BytesIO()
    body = _BODY.format("".join(_PARAGRAPH.format(escape(line)) for line in _LETTER))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, text in (
            ("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", body),
        ):  # fmt: skip
            parts.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return out.getvalue()
