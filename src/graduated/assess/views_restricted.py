"""Restricting a strength, a difficulty or a concern, and releasing it by name: the safeguarding lead's pages."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from graduated.access.actions import RESTRICTED_READ, RESTRICTED_WRITE
from graduated.access.guards import guard, may
from graduated.access.policy import Subject
from graduated.assess import services_restricted as services
from graduated.assess.queries_concerns import concern_of
from graduated.assess.queries_one import observation_of
from graduated.assess.services_restricted import Entry
from graduated.assess.views import bp
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.pupils.forms import day_of
from graduated.pupils.queries_restricted import Mark, Release, marks_of, releases_of
from graduated.pupils.views import around, clashed
from graduated.pupils.views_restricted import ReleaseForm
from graduated.rules.vocabulary import Visibility
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page

_NOT_RESTRICTED = Mark(Visibility.STAFF, 0)
_LEVELS = [
    SelectChoice(Visibility.RESTRICTED.value, "Restricted: the SENCO, the headteacher and the safeguarding lead"),
    SelectChoice(Visibility.KEPT.value, Visibility.KEPT.label),
    SelectChoice(Visibility.STAFF.value, "Not restricted: who reads any other entry of this kind"),
]


class RestrictForm(Form):
    """Who may read an entry."""

    visibility = RadioField("Who may read it?", [InputRequired("Choose who may read it")], choices=_LEVELS)


Marked = tuple[dict[int, Mark], dict[int, list[Release]], bool]


def marked(pupil_id: int, table: str) -> Marked:
    """By number the entries of a table that are restricted; who else may read each, and whether the person decides."""
    found = {row_id: one for (kind, row_id), one in marks_of(pupil_id).items() if kind == table and one.is_closed}
    released: dict[int, list[Release]] = {}
    for one in releases_of(pupil_id) if may(RESTRICTED_READ, Subject(pupil_id)) else ():
        row_id = one.observation_id if table == "observation" else one.concern_id
        if row_id in found:
            released.setdefault(row_id, []).append(one)
    return found, released, may(RESTRICTED_WRITE, Subject(pupil_id))


@bp.route("/observations/<int:observation_id>/restrict", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def restrict_observation(observation_id: int) -> Response:
    """Say who may read a strength or a difficulty."""
    row = observation_of(observation_id)
    return _restrict(row.pupil_id, Entry("observation", observation_id), row.text)


@bp.route("/observations/<int:observation_id>/release-to", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def release_observation(observation_id: int) -> Response:
    """Let one member of staff read a restricted strength or difficulty."""
    row = observation_of(observation_id)
    return _release(row.pupil_id, Entry("observation", observation_id), row.text)


@bp.route("/concerns/<int:concern_id>/restrict", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def restrict_concern(concern_id: int) -> Response:
    """Say who may read a concern, with its history."""
    row = concern_of(concern_id)
    return _restrict(row.pupil_id, Entry("concern", concern_id), row.text)


@bp.route("/concerns/<int:concern_id>/release-to", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def release_concern(concern_id: int) -> Response:
    """Let one member of staff read a restricted concern."""
    row = concern_of(concern_id)
    return _release(row.pupil_id, Entry("concern", concern_id), row.text)


def _restrict(pupil_id: int, entry: Entry, words: str) -> Response:
    mark = marks_of(pupil_id).get((entry.table, entry.row_id), _NOT_RESTRICTED)
    form = open_form(RestrictForm, {"visibility": mark.level.value}, version=mark.version)
    if request.method == "POST" and form.validate():
        try:
            services.mark(pupil_id, entry, Visibility(form.visibility.data), form.sent_version)
        except Clash as clash:
            version = marks_of(pupil_id)[entry.table, entry.row_id].version
            context = around(pupil_id, _TAB[entry.table]) | {"title": "Who may read it", "words": words, "tells": True}
            return clashed("assess/restricted.html", form, clash.current, version, save="Save", **context)
        return _back(pupil_id, entry, "It is changed who may read it.")
    return _form(pupil_id, entry, form, "Who may read it", "Save", words)


def _release(pupil_id: int, entry: Entry, words: str) -> Response:
    form = open_form(ReleaseForm, {"ends": today() + timedelta(days=14)})
    form.offer()
    mark = marks_of(pupil_id).get((entry.table, entry.row_id), _NOT_RESTRICTED)
    if request.method == "POST" and form.validate():
        if not mark.is_closed:
            form.user.errors = ["This is not restricted: whoever works with the pupil reads it"]
            return _form(pupil_id, entry, form, "Release by name", "Release it", words)
        services.release_entry(pupil_id, entry, int(form.user.data or 0), form.reason.data or "", day_of(form.ends))
        return _back(pupil_id, entry, "It is released. It ends by itself.")
    return _form(pupil_id, entry, form, "Release by name", "Release it", words)


_TAB = {"observation": "assess.known", "concern": "assess.pupil_concerns"}


def _back(pupil_id: int, entry: Entry, words: str) -> Response:
    if entry.table == "observation":
        return done("assess.known", words, pupil_id=pupil_id)
    return done("assess.concern", words, concern_id=entry.row_id)


def _form(pupil_id: int, entry: Entry, form: Form, title: str, save: str, words: str) -> Response:
    return page(
        "assess/restricted.html",
        status=422 if form.errors else 200,
        form=form,
        title=title,
        save=save,
        words=words,
        tells=isinstance(form, RestrictForm),
        theirs=[],
        **around(pupil_id, _TAB[entry.table]),
    )
