"""A pupil's papers: kept, described, and only ever given out as an attachment; of one that is gone it says so."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from flask import Response, abort, request, url_for
from wtforms import SelectChoice

from graduated.access.actions import ASSESS_CONTRIBUTE, ASSESS_READ, ASSESS_WRITE, RESTRICTED_READ, RESTRICTED_WRITE
from graduated.access.guards import guard, may, may_open
from graduated.access.policy import Area, Subject
from graduated.db.writing import Clash
from graduated.pupils import services
from graduated.pupils.forms_papers import ACCEPT, MOST_BYTES, PaperForm, PaperWordsForm
from graduated.pupils.queries import Paper, document, documents_of
from graduated.pupils.queries_papers import latest_first
from graduated.pupils.queries_restricted import Note, Release, notes_of, releases_of
from graduated.pupils.tabs import offer_tab
from graduated.pupils.views import around, bp, clashed
from graduated.rules.vocabulary import DocumentKind, Visibility
from graduated.uploads.kinds import ENDINGS
from graduated.web.filters import long_date
from graduated.web.forms import open_form
from graduated.web.headers import shown_picture, stored_download
from graduated.web.page import done, page

offer_tab(50, "Papers", "pupils.papers", ASSESS_READ)
_OPEN = (Visibility.STAFF, Visibility.FAMILY)
_CLOSED = (Visibility.RESTRICTED, Visibility.KEPT)


@bp.get("/pupils/<int:pupil_id>/papers")
@guard(ASSESS_READ)
def papers(pupil_id: int) -> Response:
    """The papers that the person may see, the latest first."""
    found = latest_first(documents_of(pupil_id))
    notes, writes = notes_of(pupil_id), may(RESTRICTED_WRITE, Subject(pupil_id))
    reads = may(RESTRICTED_READ, Subject(pupil_id))
    return page(
        "pupils/papers.html",
        papers=[paper for paper in found if not paper.is_restricted],
        restricted=[paper for paper in found if paper.is_restricted],
        can_add=may(ASSESS_CONTRIBUTE),
        can_edit=may(ASSESS_WRITE),
        can_erase=may_open("erasure.ask_paper"),
        # Somebody else sees the part only when something in it was released to them by name.
        can_read_restricted=reads or bool(notes) or any(paper.is_restricted for paper in found),
        released_only=not reads,
        can_restrict=writes,
        notes=notes,
        releases=_releases(pupil_id, found, notes) if reads else (),
        family=Visibility.FAMILY,
        known_href=url_for("assess.known", pupil_id=pupil_id),
        title="Papers",
        **around(pupil_id),
    )


def _releases(pupil_id: int, papers: Sequence[Paper], notes: Sequence[Note]) -> list[tuple[Release, str]]:
    """What is released to whom, of things that the person may read themselves."""
    called = {("paper", one.document_id): one.title for one in papers}
    called |= {("note", one.note_id): f"Note of {long_date(one.noted_on)}" for one in notes}
    keyed = (
        (one, ("paper", one.document_id) if one.document_id is not None else ("note", one.note_id or 0))
        for one in releases_of(pupil_id)
    )
    return [(one, called[key]) for one, key in keyed if key in called]


@bp.route("/pupils/<int:pupil_id>/papers/add", methods=["GET", "POST"])
@guard(ASSESS_CONTRIBUTE)
def add_paper(pupil_id: int) -> Response:
    """Keep a paper that staff who work with the pupil may read; who writes the record may open it to the family."""
    return _add(pupil_id, _OPEN if may(ASSESS_WRITE) else (Visibility.STAFF,))


@bp.route("/pupils/<int:pupil_id>/papers/restricted", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def add_restricted(pupil_id: int) -> Response:
    """Keep a paper that only a few may read."""
    return _add(pupil_id, _CLOSED)


def _choices(levels: tuple[Visibility, ...]) -> list[SelectChoice]:
    return [SelectChoice(level.value, level.label) for level in levels]


def _add(pupil_id: int, levels: tuple[Visibility, ...]) -> Response:
    form = open_form(PaperForm, {"visibility": levels[0].value, "kind": DocumentKind.REPORT.value})
    form.visibility.choices = _choices(levels)
    if request.method == "POST" and form.validate():
        try:
            services.add_document(pupil_id, form.as_paper(_words(form)))
        finally:
            form.let_go()  # of a form that was sent before nothing is kept
        is_order = form.kind.data == DocumentKind.ORDER.value
        said = "The order is kept, and restricted: SENCO, headteacher and safeguarding lead read it."
        return done("pupils.papers", said if is_order else "The paper is kept.", pupil_id=pupil_id)
    context: dict[str, Any] = {"accept": ACCEPT, "most": MOST_BYTES, **around(pupil_id, "pupils.papers")}
    return page("pupils/paper_add.html", status=422 if form.errors else 200, form=form, title="Add a paper", **context)


def _words(form: PaperWordsForm) -> services.PaperWords:
    kind, chosen = DocumentKind(form.kind.data), Visibility(form.visibility.data)
    # What an order alleges of a parent is no reading for everybody who works with the child, nor for the family.
    reader = Visibility.RESTRICTED if kind is DocumentKind.ORDER and chosen in _OPEN else chosen
    return services.PaperWords(kind, form.title.data or "", form.dated.data, form.author.data or "", reader)


@bp.route("/pupils/<int:pupil_id>/papers/<int:document_id>", methods=["GET", "POST"])
@guard(ASSESS_WRITE)
def edit_paper(pupil_id: int, document_id: int) -> Response:
    """Change what is said of a paper, or who may read it; the file stays what it is.

    A restricted paper answers to its own row of the access table, for reading and for opening it to others.
    """
    paper = document(document_id)
    if paper.is_restricted and not may(RESTRICTED_READ, Subject(pupil_id, area=Area.RESTRICTED)):
        abort(404)  # released to them to be read, and for nothing else
    levels = _OPEN + _CLOSED if may(RESTRICTED_WRITE, Subject(pupil_id, area=Area.RESTRICTED)) else _OPEN
    data = {name: getattr(paper, name) for name in ("title", "dated", "author")}
    data |= {"kind": paper.kind.value, "visibility": paper.visibility.value}
    form = open_form(PaperWordsForm, data, version=paper.version)
    form.visibility.choices = _choices(levels)
    context: dict[str, Any] = {**around(pupil_id, "pupils.papers"), "paper": paper, "title": "Details of a paper"}
    context |= {"can_erase": may_open("erasure.ask_paper") and not paper.is_gone}
    if request.method == "GET":
        return page("pupils/paper_edit.html", form=form, theirs=[], **context)
    if not form.validate():
        return page("pupils/paper_edit.html", status=422, form=form, theirs=[], **context)
    try:
        services.edit_document(document_id, _words(form), form.sent_version)
    except Clash as clash:
        return clashed("pupils/paper_edit.html", form, clash.current, document(document_id).version, **context)
    return done("pupils.papers", "The details are saved.", pupil_id=pupil_id)


@bp.get("/pupils/<int:pupil_id>/papers/<int:document_id>/file")
@guard(ASSESS_READ)
def paper_file(pupil_id: int, document_id: int) -> Response:
    """The file itself: always as an attachment, never run or shown inside the site; one that is gone says so (410)."""
    paper = document(document_id)
    if paper.is_gone:
        return page("pupils/paper_gone.html", status=410, paper=paper, title="Not kept any more", **around(pupil_id))
    return sent_file(paper)


@bp.get("/pupils/<int:pupil_id>/papers/<int:document_id>/preview")
@guard(ASSESS_READ)
def paper_preview(pupil_id: int, document_id: int) -> Response:
    """A small picture of a paper that is a picture: made by us, without what its camera knew."""
    paper = document(document_id)
    if not paper.has_preview:
        abort(404)
    return shown_picture(paper.preview_sha256)


def sent_file(paper: Paper) -> Response:
    """A stored paper as a download that no browser will run; one that is missing or damaged is not given out."""
    return stored_download(paper.sha256, paper.media_type, file_name(paper))


def file_name(paper: Paper) -> str:
    """A name for the download that every system can write: the title without what a path would mind."""
    plain = unicodedata.normalize("NFC", paper.title)
    kept = "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in plain)
    return f"{' '.join(kept.split())[:80] or 'paper'}.{ENDINGS.get(paper.media_type, 'bin')}"
