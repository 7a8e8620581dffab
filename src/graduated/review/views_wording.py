"""School, Letters to parents: the words of each kind of letter, changed, tried on a made-up pupil, and put back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from graduated.access.actions import SCHOOL_READ, SCHOOL_WRITE
from graduated.access.guards import guard, may
from graduated.db.writing import Clash
from graduated.request.rights import rights
from graduated.review import services_wording as services
from graduated.review.errors import ReviewRefused
from graduated.review.forms_wording import WordingForm
from graduated.review.letters import EXAMPLE_PUPIL, example, letter_bytes
from graduated.review.queries_wording import Wording, wording, wordings, wordings_of
from graduated.rules.letters import LONGEST, faults, gaps, left_out
from graduated.rules.vocabulary import LetterKind
from graduated.school.panels import offer_link
from graduated.web.forms import open_form
from graduated.web.headers import download
from graduated.web.page import done, page, wants_fragment

letters_bp = Blueprint("letters", __name__)
_MEANWHILE = "Somebody saved other words while this page was open, and they stand. Read them before you choose others."
offer_link(25, "Letters to parents, in your wording", "review.letters.letters")


@letters_bp.get("/school/letters")
@guard(SCHOOL_READ)
def letters() -> Response:
    """Every kind of letter, with whose words it is written in."""
    rows = [(one, left_out(one.kind, one.text)) for one in wordings()]
    return page("review/letters.html", title="Letters to parents", rows=rows, can_edit=may(SCHOOL_WRITE))


@letters_bp.get("/school/letters/<letter>")
@guard(SCHOOL_READ)
def letter(letter: str) -> Response:
    """One kind: how it reads now, and every wording that was saved before."""
    return _letter_page(_kind(letter))


def _letter_page(kind: LetterKind, status: int = 200, refused: str = "") -> Response:
    now = wording(kind)
    return page(
        "review/letter_wording.html",
        status=status,
        title=kind.label,
        now=now,
        earlier=[one for one in wordings_of(kind) if one.number != now.number],
        refused=refused,
        can_edit=may(SCHOOL_WRITE),
        **_preview(kind, now.text),
    )


@letters_bp.route("/school/letters/<letter>/edit", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def edit(letter: str) -> Response:
    """Change the words of a kind of letter; those that stood before stay in the list."""
    kind = _kind(letter)
    now = wording(kind)
    form = open_form(WordingForm, {"text": now.text}, version=now.number)
    form.kind = kind
    if request.method != "POST" or not form.validate():
        return _edit_page(kind, form, now, 422 if request.method == "POST" else 200)
    try:
        services.keep_wording(kind, form.text.data, form.sent_version)
    except Clash:
        theirs = wording(kind)
        form.version.process_data(str(theirs.number))
        return _edit_page(kind, form, theirs, 409, theirs=theirs)
    words = "Your wording is saved. Letters written from now on begin with it."
    return done("review.letters.letter", words, letter=kind.value)


def _edit_page(
    kind: LetterKind,
    form: WordingForm,
    now: Wording,
    status: int = 200,
    *,
    theirs: Wording | None = None,
    fragment: str | None = None,
) -> Response:
    return page(
        "review/letter_edit.html",
        fragment,
        status,
        title=f"Change the letter: {kind.label}",
        form=form,
        now=now,
        theirs=theirs,
        gaps=gaps(kind),
        asked_whom=rights().asked_whom,
        **_preview(kind, form.text.data),
    )


@letters_bp.post("/school/letters/<letter>/preview")
@guard(SCHOOL_WRITE)
def preview(letter: str) -> Response:
    """The words as typed and not yet saved, filled in for a pupil who does not exist; as text, or as the page."""
    kind = _kind(letter)
    form = WordingForm()
    form.kind = kind
    is_right = form.validate()
    if is_right and "pdf" in request.form:
        return _paper(kind, form.text.data)
    status = 200 if is_right or wants_fragment() else 422
    return _edit_page(kind, form, wording(kind), status, fragment="review/_letter_preview.html")


@letters_bp.get("/school/letters/<letter>/pdf")
@guard(SCHOOL_READ)
def pdf(letter: str) -> Response:
    """The words in force on paper, filled in for a pupil who does not exist."""
    kind = _kind(letter)
    return _paper(kind, wording(kind).text)


@letters_bp.post("/school/letters/<letter>/again")
@guard(SCHOOL_WRITE)
def put_back(letter: str) -> Response:
    """Write this kind of letter with an earlier wording again, the school's or ours; all that was saved stays."""
    kind = _kind(letter)
    number = request.form.get("words", 0, type=int)
    again = next((one for one in wordings_of(kind) if one.number == number), None) or abort(404)
    opened_with = request.form.get("number", type=int)
    try:
        if again.is_ours:
            services.go_back(kind, opened_with)
        else:
            services.keep_wording(kind, again.text, opened_with)
    except Clash:
        return _letter_page(kind, 409, _MEANWHILE)
    except ReviewRefused as refused:  # a gap that an earlier version of the program filled
        return _letter_page(kind, 422, f"Those words cannot be used as they are. {refused}")
    words = (
        f"Letters written from now on begin with {'our wording' if again.is_ours else 'these words of yours'} again."
    )
    return done("review.letters.letter", words, letter=kind.value)


def _kind(letter: str) -> LetterKind:
    found = next((kind for kind in LetterKind if kind.value == letter), None)
    return found or abort(404)


def _preview(kind: LetterKind, text: str) -> dict[str, Any]:
    text = text[:LONGEST]
    return {
        "lines": example(kind, text).splitlines(),
        "said": [*faults(kind, text), *left_out(kind, text)],
        "pupil": EXAMPLE_PUPIL,
        "preview_href": url_for("review.letters.preview", letter=kind.value),
    }


def _paper(kind: LetterKind, text: str) -> Response:
    name = f"{kind.label} - example.pdf"
    return download(letter_bytes(kind, example(kind, text)), "application/pdf", name)
