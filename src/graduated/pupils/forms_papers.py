"""Forms about a pupil's papers, and what a file really is."""

from __future__ import annotations

import warnings
import zipfile
from io import BytesIO
from typing import IO, Any

import pikepdf
from flask_wtf.file import FileField, FileRequired
from PIL import Image
from werkzeug.datastructures import FileStorage
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from graduated.pupils.forms import choices, not_in_future, strip
from graduated.rules.vocabulary import DocumentKind
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form

MOST_BYTES = 25 * 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx"
_MOST_PIXELS = 100_000_000


class WrongFile(ValueError):
    """A file that is not kept; the sentence says why and how to mend it."""


def media_type_of(stream: IO[bytes]) -> str:
    """What a file is by its content; its name counts for nothing. Raises WrongFile."""
    start = stream.read(8)
    stream.seek(0)
    readers = ((b"%PDF-", _pdf), (b"\xff\xd8\xff", _jpeg), (b"\x89PNG\r\n\x1a\n", _png), (b"PK\x03\x04", _docx))
    for signature, reader in readers:
        if start.startswith(signature):
            kind = reader(stream)
            stream.seek(0)
            return kind
    raise WrongFile("This is not a PDF, a JPEG or PNG picture, or a Word document (.docx). Save it as one of these.")


def _pdf(stream: IO[bytes]) -> str:
    try:
        with pikepdf.open(BytesIO(stream.read())) as pdf:
            if not len(pdf.pages):
                raise WrongFile("This PDF has no pages. Open it, save it again and try once more.")
    except pikepdf.PasswordError as error:
        raise WrongFile("This PDF needs a password. Save a copy without one.") from error
    except pikepdf.PdfError as error:
        raise WrongFile("This PDF is damaged. Open it, save it again and try once more.") from error
    return "application/pdf"


def _picture(stream: IO[bytes], form: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(stream, formats=[form]) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    raise WrongFile("This picture has too many pixels. Save a smaller copy.")
                picture.verify()
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise WrongFile("This picture is damaged. Open it, save it again and try once more.") from error


def _jpeg(stream: IO[bytes]) -> str:
    _picture(stream, "JPEG")
    return "image/jpeg"


def _png(stream: IO[bytes]) -> str:
    _picture(stream, "PNG")
    return "image/png"


def _docx(stream: IO[bytes]) -> str:
    try:
        with zipfile.ZipFile(stream) as parts:
            names = set(parts.namelist())
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise WrongFile("This file is damaged. Open it, save it again and try once more.") from error
    if "word/document.xml" not in names or "[Content_Types].xml" not in names:
        raise WrongFile("This is not a Word document (.docx). Save it as a PDF or a .docx.")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WrongFile("This document has macros in it. Save it as a PDF or as a .docx without macros.")
    return DOCX


class PaperWordsForm(Form):
    """What is said of a paper."""

    kind = SelectField("What is it?", choices=choices(DocumentKind))
    title = StringField("Title", [DataRequired("Enter a title"), Length(max=200)], filters=[strip])
    dated = DatePartsField("The date on it", [Optional(), not_in_future("The date on the paper")], noun="The date")
    author = StringField("Who wrote it", [Optional(), Length(max=120)], filters=[strip])
    visibility = RadioField("Who may read it?", [InputRequired("Choose who may read it")], choices=[])


class PaperForm(PaperWordsForm):
    """A paper to keep: its file and what is said of it. `media_type` is known after validation."""

    file = FileField("The file", [FileRequired("Choose the file")])
    media_type = ""

    def validate_file(self, field: Any) -> None:
        """Of a kind that is kept, by its content, and no larger than 25 MB."""
        upload: FileStorage = field.data
        size = upload.stream.seek(0, 2)
        upload.stream.seek(0)
        if not size:
            raise ValidationError("This file is empty. Choose another.")
        if size > MOST_BYTES:
            raise ValidationError("This file is larger than 25 MB. Scan it at a lower resolution, or split it.")
        try:
            self.media_type = media_type_of(upload.stream)
        except WrongFile as wrong:
            raise ValidationError(str(wrong)) from wrong
