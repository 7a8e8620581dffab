"""Restricted notes, and releasing a restricted paper or note by name: the safeguarding lead's pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Response, abort, request
from wtforms import RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from graduated.access.actions import RESTRICTED_WRITE
from graduated.access.guards import guard
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.people.queries import staff
from graduated.pupils import services_restricted as services
from graduated.pupils.forms import choices, day_of, not_in_future, strip
from graduated.pupils.queries import document
from graduated.pupils.queries_restricted import note_of
from graduated.pupils.views import around, bp, clashed
from graduated.rules.vocabulary import Visibility
from graduated.web.fields import DatePartsField
from graduated.web.filters import long_date
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page

_LEVELS = (Visibility.RESTRICTED, Visibility.KEPT)


class NoteForm(Form):
    """A note that only a few may read."""

    noted_on = DatePartsField(
        "Of which day is it?", [InputRequired("Enter the day"), not_in_future("The day")], noun="The day"
    )
    text = TextAreaField("The note", [InputRequired("Write the note"), Length(max=20_000)], filters=[strip])
    visibility = RadioField("Who may read it?", [InputRequired("Choose who may read it")], choices=choices(_LEVELS))


class LevelForm(Form):
    """Who may read a note."""

    visibility = RadioField("Who may read it?", [InputRequired("Choose who may read it")], choices=choices(_LEVELS))


class ReleaseForm(Form):
    """Whom something restricted is released to, why and until when."""

    user = SelectField("To whom?", [InputRequired("Choose who may read it")])
    reason = TextAreaField(
        "Why do they need it?", [InputRequired("Give the reason"), Length(max=2000)], filters=[strip]
    )
    ends = DatePartsField("Until when?", [InputRequired("Enter the last day")], noun="The last day")

    def offer(self) -> None:
        """Everybody on the staff; who does not work with the pupil still sees nothing of the pupil."""
        self.user.choices = [SelectChoice(str(one.user_id), f"{one.name}, {one.role_label}") for one in staff()]

    def validate_ends(self, field: DatePartsField) -> None:
        """From today on, and not for ever."""
        if field.data and not today() <= field.data <= today() + services.LONGEST:
            raise ValidationError(f"The last day is between today and {long_date(today() + services.LONGEST)}")


@bp.route("/pupils/<int:pupil_id>/notes/new", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def add_note(pupil_id: int) -> Response:
    """Write a note that only a few may read."""
    form = open_form(NoteForm, {"noted_on": today(), "visibility": Visibility.RESTRICTED.value})
    if request.method == "POST" and form.validate():
        services.add_note(pupil_id, day_of(form.noted_on), form.text.data or "", Visibility(form.visibility.data))
        return done("pupils.papers", "The note is kept.", pupil_id=pupil_id)
    return _form(pupil_id, form, "Write a restricted note", "Keep the note")


@bp.route("/pupils/<int:pupil_id>/notes/<int:restricted_note_id>", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def change_note(pupil_id: int, restricted_note_id: int) -> Response:
    """Change who may read a note; its words stay."""
    note = note_of(pupil_id, restricted_note_id)
    form = open_form(LevelForm, {"visibility": note.visibility.value}, version=note.version)
    if request.method == "POST" and form.validate():
        try:
            services.change_note(restricted_note_id, Visibility(form.visibility.data), form.sent_version)
        except Clash as clash:
            version = note_of(pupil_id, restricted_note_id).version
            context = around(pupil_id, "pupils.papers") | {"title": "Who may read a note", "words": note.text}
            return clashed("pupils/restricted.html", form, clash.current, version, save="Save", **context)
        return done("pupils.papers", "It is changed who may read the note.", pupil_id=pupil_id)
    return _form(pupil_id, form, "Who may read a note", "Save", note.text)


@bp.route("/pupils/<int:pupil_id>/papers/<int:document_id>/release-to", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def release_paper(pupil_id: int, document_id: int) -> Response:
    """Let one member of staff read one restricted paper."""
    paper = document(document_id)
    if paper.is_gone:
        abort(404)
    return _release(pupil_id, paper.title, lambda form: _let(form, document_id=document_id))


@bp.route("/pupils/<int:pupil_id>/notes/<int:restricted_note_id>/release-to", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def release_note(pupil_id: int, restricted_note_id: int) -> Response:
    """Let one member of staff read one restricted note."""
    text = note_of(pupil_id, restricted_note_id).text
    return _release(pupil_id, text, lambda form: _let(form, note_id=restricted_note_id))


def _let(form: ReleaseForm, **what: int) -> int:
    return services.release(int(form.user.data or 0), form.reason.data or "", day_of(form.ends), **what)


def _release(pupil_id: int, words: str, act: Callable[[ReleaseForm], int]) -> Response:
    form = open_form(ReleaseForm, {"ends": today() + timedelta(days=14)})
    form.offer()
    if request.method == "POST" and form.validate():
        act(form)
        return done("pupils.papers", "It is released. It ends by itself.", pupil_id=pupil_id)
    return _form(pupil_id, form, "Release by name", "Release it", words)


@bp.post("/pupils/<int:pupil_id>/releases/<int:restricted_release_id>/end")
@guard(RESTRICTED_WRITE)
def end_release(pupil_id: int, restricted_release_id: int) -> Response:
    """Take a release back at once."""
    services.end_release(restricted_release_id)
    return done("pupils.papers", "The release is ended.", pupil_id=pupil_id)


def _form(pupil_id: int, form: Form, title: str, save: str, words: str = "") -> Response:
    return page(
        "pupils/restricted.html",
        status=422 if form.errors else 200,
        form=form,
        title=title,
        save=save,
        words=words,
        theirs=[],
        **around(pupil_id, "pupils.papers"),
    )
