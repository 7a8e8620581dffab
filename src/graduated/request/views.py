"""The forms of a request. The page that shows it whole, with its gaps and packs, belongs to `ehcna`."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from graduated.access.actions import REQUEST_SIGN, REQUEST_WRITE
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.pupils.queries import adults_of, papers_kept, pupil_head
from graduated.request import services, services_signing
from graduated.request.forms import (
    ConsentForm,
    EarlierForm,
    ExceptionForm,
    LetterDaysForm,
    OpenForm,
    SignForm,
    StepForm,
    WordsForm,
    pairs,
)
from graduated.request.queries import RequestRow, request_of, running_request_of
from graduated.request.queries_signing import digest_of
from graduated.request.rights import rights
from graduated.request.steps import Step, StepRefused, possible_steps
from graduated.rules.clock import LimitException, LineId
from graduated.rules.declarations import words_digest
from graduated.rules.vocabulary import (
    ConsentAnswer,
    ConsentKind,
    DocumentKind,
    RequestBy,
    RequestStatus,
    SignedHow,
    Visibility,
)
from graduated.school.queries_authority import profile_for
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page

bp = Blueprint("request", __name__)
YOUNG_PERSON = "self"


def typed_day(typed: date | None) -> date:
    """A date that the form has made sure of."""
    if typed is None:
        raise ValueError("the form let an empty date through")
    return typed


def shown(name: str, form: Form, title: str, row: RequestRow | None = None, status: int = 200, **more: Any) -> Response:
    """A form's page, with whose it is and the family's right beside it."""
    pupil_id = row.pupil_id if row else more.pop("pupil_id")
    head = pupil_head(pupil_id)
    context = {"form": form, "title": title, "head": head, "row": row, "rights": rights(row), **more}
    return page(f"request/{name}.html", None, status, **context)


@bp.route("/pupils/<int:pupil_id>/requests/new", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def open_new(pupil_id: int) -> Response:
    """Open a request by hand, also when the family has asked the authority themselves."""
    form = open_form(OpenForm)
    running = running_request_of(pupil_id)
    if request.method == "POST":
        if form.validate_on_submit():
            opened = services.open_request(pupil_id, asked_by=RequestBy(form.asked_by.data))
            return done("ehcna.request", "The request is open.", request_id=opened)
        return shown("open", form, "Open a request", status=422, pupil_id=pupil_id, running=running)
    return shown("open", form, "Open a request", pupil_id=pupil_id, running=running)


@bp.route("/pupils/<int:pupil_id>/requests/earlier", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def earlier(pupil_id: int) -> Response:
    """Enter an earlier request from the papers."""
    form = open_form(EarlierForm)
    if request.method == "POST":
        if form.validate_on_submit():
            services.enter_earlier(
                pupil_id,
                services.Earlier(
                    RequestBy(form.asked_by.data),
                    RequestStatus(form.end.data),
                    typed_day(form.made_on.data),
                    form.decided_on.data,
                    form.words.data or "",
                ),
            )
            return done("ehcna.evidence", "The earlier request is entered.", pupil_id=pupil_id)
        return shown("earlier", form, "An earlier request", status=422, pupil_id=pupil_id)
    return shown("earlier", form, "An earlier request", pupil_id=pupil_id)


@bp.route("/requests/<int:request_id>/words", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def write(request_id: int) -> Response:
    """The school's own words: reason, what more is needed, outcomes sought."""
    row = request_of(request_id)
    now = {
        "asked_by": row.asked_by.value,
        "reason": row.reason,
        "more_needed": row.more_needed,
        "outcomes_sought": row.outcomes_sought,
        "none_earlier": row.none_earlier,
    }
    form = open_form(WordsForm, now, version=row.version)
    if request.method == "POST":
        if not form.validate_on_submit():
            return shown("words", form, "The request in words", row, 422, theirs=None)
        text = services.RequestText(
            RequestBy(form.asked_by.data),
            form.reason.data or "",
            form.more_needed.data or "",
            form.outcomes_sought.data or "",
            form.none_earlier.data,
        )
        try:
            services.write_request(request_id, text, form.sent_version)
        except Clash:
            return _clash(form, request_of(request_id))
        return done("ehcna.request", "The words are saved.", request_id=request_id)
    return shown("words", form, "The request in words", row, theirs=None)


def _clash(form: WordsForm, row: RequestRow) -> Response:
    """Both texts on one page; the next save is over the newer version, on purpose."""
    form.version.data = str(row.version)
    response = shown("words", form, "The request in words", row, 409, theirs=row)
    response.headers["HX-Retarget"] = "#main"
    return response


@bp.route("/requests/<int:request_id>/agreement", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def consent(request_id: int) -> Response:
    """Record what one person said to one question."""
    row = request_of(request_id)
    form = open_form(ConsentForm, {"given_on": today(), "who": request.args.get("who", "")})
    _people_and_papers(form, row)
    if request.method == "POST":
        if not form.validate_on_submit():
            return shown("consent", form, "Agreement", row, 422, own=_answers_alone(row))
        services.record_consent(
            request_id,
            services.Answered(
                None if form.who.data == YOUNG_PERSON else int(form.who.data),
                ConsentKind(form.kind.data),
                ConsentAnswer(form.answer.data),
                typed_day(form.given_on.data),
                SignedHow(form.signed_how.data) if form.signed_how.data else None,
                form.copies_to.data or "",
                form.not_shared_with.data or "",
                form.capacity.data or "",
                int(form.document.data) if form.document.data else None,
            ),
        )
        return done("ehcna.request", "The answer is recorded.", request_id=request_id)
    return shown("consent", form, "Agreement", row, own=_answers_alone(row))


def _answers_alone(row: RequestRow) -> bool:
    """Whether the rights are the young person's own."""
    return pupil_head(row.pupil_id).rights_pass_on <= today()


def _people_and_papers(form: ConsentForm, row: RequestRow) -> None:
    """Who can be asked, the young person first once the rights are theirs; and signed papers that are here."""
    head = pupil_head(row.pupil_id)
    passed = head.rights_pass_on <= today()
    counts = "; the answer is noted, and counts no more" if passed else ""
    people = [(str(one.adult_id), f"{one.name}, {one.relationship.inside}{counts}") for one in adults_of(row.pupil_id)]
    if passed:
        people.insert(0, (YOUNG_PERSON, f"{head.name}, who answers for themselves"))
    form.who.choices = pairs(people)
    readable = {Visibility.FAMILY, Visibility.STAFF}
    papers = [
        (str(one.document_id), one.title)
        for one in papers_kept(row.pupil_id)
        if one.kind is DocumentKind.CONSENT and one.visibility in readable
    ]
    form.document.choices = pairs([("", "None"), *papers])


@bp.route("/requests/<int:request_id>/sign", methods=["GET", "POST"])
@guard(REQUEST_SIGN)
def sign(request_id: int) -> Response:
    """Sign the declaration, as head or as SENCO: the words of the authority's profile, kept with the signature."""
    row = request_of(request_id)
    form = open_form(SignForm)
    statement, words = profile_for(row.authority, row.authority_version).declaration, digest_of(row)
    shown = words_digest(statement, words)
    status = form.sign_by(shown, lambda: services_signing.sign(request_id, statement, words))
    if status == 303:
        return done("ehcna.request", "The declaration is signed in your name.", request_id=request_id)
    return _sign_page(form, request_of(request_id), statement, status)


def _sign_page(form: SignForm, row: RequestRow, statement: str, status: int) -> Response:
    """What is declared, with what tells these words from others; words that are new have not been agreed to yet."""
    form.shown.data = words_digest(statement, digest_of(row))
    if status == 409:
        form.sure.data = False
    title, signer = "Sign the declaration", require_actor()
    lines, anew = statement.splitlines(), status == 409
    response = shown("sign", form, title, row, status, signer=signer, lines=lines, anew=anew)
    if anew:
        response.headers["HX-Retarget"] = "#main"
    return response


@bp.route("/requests/<int:request_id>/steps", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def steps(request_id: int) -> Response:
    """Record what happened to the request."""
    row = request_of(request_id)
    form = open_form(StepForm, {"on": today()}, version=row.version)
    form.offer(possible_steps(row.status))
    if request.method == "POST":
        if not form.validate_on_submit():
            return shown("steps", form, "What happened", row, 422)
        step = Step(form.step.data)
        try:
            on, words = typed_day(form.on.data), form.words.data or ""
            services.record_step(request_id, step, on, words, form.sent_version, form.days())
        except StepRefused as wrong:
            form.on.errors = [*form.on.errors, str(wrong)]
            return shown("steps", form, "What happened", row, 422)
        return done("ehcna.request", f"Recorded: {step.label}.", request_id=request_id)
    return shown("steps", form, "What happened", row)


@bp.route("/requests/<int:request_id>/letter-days", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def letter_days(request_id: int) -> Response:
    """Enter the last days that a refusal letter gives the family."""
    row = request_of(request_id)
    data = {"mediation_by": row.mediation_by, "appeal_by": row.appeal_by}
    form = open_form(LetterDaysForm, data, version=row.version)
    form.refused_on = row.decided_on
    title = "The days of the refusal letter"
    if request.method == "GET":
        return shown("letter_days", form, title, row)
    if not form.validate_on_submit():
        return shown("letter_days", form, title, row, 422)
    try:
        services.enter_letter_days(request_id, form.days(), form.sent_version)
    except StepRefused as wrong:
        form.appeal_by.errors = [str(wrong)]
        return shown("letter_days", form, title, row, 422)
    except Clash:
        row = request_of(request_id)
        form.version.data = str(row.version)
        return shown("letter_days", form, title, row, 409, theirs=row)
    return done("ehcna.request", "The days are entered. They stand on Today and in calendars.", request_id=request_id)


@bp.route("/requests/<int:request_id>/exceptions", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def exceptions(request_id: int) -> Response:
    """Note a lawful ground on which a limit may not apply."""
    row = request_of(request_id)
    asked = {name: request.args.get(name, "") for name in ("line", "exception")}
    form = open_form(ExceptionForm, {"on": today(), **asked})
    if request.method == "POST":
        if not form.validate_on_submit():
            return shown("exceptions", form, "An exception to a limit", row, 422)
        services.note_exception(
            request_id,
            LineId(form.line.data),
            LimitException(form.exception.data),
            form.text.data or "",
            typed_day(form.on.data),
        )
        return done("ehcna.request", "The exception is noted. No date has moved.", request_id=request_id)
    return shown("exceptions", form, "An exception to a limit", row)


from graduated.request import views_advice, views_follow  # noqa: E402, F401  # they hang their pages into the blueprint
