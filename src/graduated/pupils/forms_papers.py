"""Forms about a pupil's papers, and the file that comes with one: taken in, looked at, and kept or let go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from graduated.db.files import FileStore, Staged, TooLarge, pieces
from graduated.pupils.forms import choices, not_in_future, strip
from graduated.pupils.services_papers import NewPaper, PaperWords
from graduated.rules.vocabulary import DocumentKind
from graduated.uploads.kinds import ACCEPT, MOST_BYTES, Finding, WrongFile
from graduated.uploads.outside import take_in
from graduated.uploads.scratch import scratch
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form

__all__ = ["ACCEPT", "MOST_BYTES", "PaperForm", "PaperWordsForm", "TakesAFile", "WrongFile"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that came in whole, was looked at and found fit; it lies aside until it is kept or let go."""

    file: Staged
    preview: Staged | None
    found: Finding

    def drop(self) -> None:
        """Let it go, with its preview."""
        for one in (self.file, self.preview):
            if one:
                one.drop()

    def paper(self, words: PaperWords) -> NewPaper:
        """What is said of it makes it a paper, with whose record it comes into the store."""
        file, found = self.file, self.found
        small, staged = (self.preview.sha256, (file, self.preview)) if self.preview else ("", (file,))
        return NewPaper(words, file.sha256, file.size, found.media_type, found.pages, found.width, found.height,
                        ", ".join(found.active), small, staged)  # fmt: skip


def take(upload: FileStorage) -> Taken:
    """Take an upload in, piece by piece, and have it looked at. Raises WrongFile, and then nothing of it is left."""
    store: FileStore = current_app.extensions["files"]
    upload.stream.seek(0)
    try:
        file = store.stage_chunks(pieces(upload.stream), MOST_BYTES)
    except TooLarge as error:
        raise WrongFile("This file is larger than 25 MB. Scan it at a lower resolution, or split it.") from error
    try:
        with scratch() as folder:
            small = folder / "preview"
            found = take_in(file.aside, small)
            content = small.read_bytes() if found.has_preview else b""
        return Taken(file, store.stage_chunks([content]) if content else None, found)
    except BaseException:
        file.drop()
        raise


class TakesAFile(Form):
    """A form with a file. After a validation that went well, `taken` is the file; else nothing of it is left."""

    taken: Taken | None = None

    def take(self, upload: FileStorage) -> None:
        """Take what was chosen. Raises ValidationError with the reason why it is not kept."""
        try:
            self.taken = take(upload)
        except WrongFile as wrong:
            raise ValidationError(str(wrong)) from wrong

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is in order; a file that came with mistakes elsewhere is let go."""
        try:
            is_valid = bool(super().validate(extra_validators))
        except BaseException:
            self.let_go()
            raise
        if not is_valid:
            self.let_go()
        return is_valid

    def as_paper(self, words: PaperWords) -> NewPaper:
        """The file that validation took, as a paper of which this is said."""
        if self.taken is None:
            raise LookupError("there is no file")
        return self.taken.paper(words)

    def let_go(self) -> None:
        """Forget the file; harmless once it is kept."""
        if self.taken:
            self.taken.drop()
            self.taken = None


class PaperWordsForm(Form):
    """What is said of a paper."""

    kind = SelectField("What is it?", choices=choices(DocumentKind))
    title = StringField("Title", [DataRequired("Enter a title"), Length(max=200)], filters=[strip])
    dated = DatePartsField("The date on it", [Optional(), not_in_future("The date on the paper")], noun="The date")
    author = StringField("Who wrote it", [Optional(), Length(max=120)], filters=[strip])
    visibility = RadioField("Who may read it?", [InputRequired("Choose who may read it")], choices=[])


class PaperForm(TakesAFile, PaperWordsForm):
    """A paper to keep: its file and what is said of it."""

    file = FileField("The file", [FileRequired("Choose the file")])

    def validate_file(self, field: Any) -> None:
        """Of a kind that is kept, by its content, and no larger than 25 MB."""
        self.take(field.data)
