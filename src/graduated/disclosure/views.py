"""Pages of requests for information: the register, one request, and each step of it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, request

from graduated.access.actions import AUDIT_READ, DISCLOSE, DISCLOSE_DECIDE, REGISTER_READ
from graduated.access.guards import guard, may
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.disclosure import services
from graduated.disclosure.barred import bars_in_force
from graduated.disclosure.forms import AnswerForm, DayForm, ExtendForm, IdentityForm, NewRequestForm, QuestionForm
from graduated.disclosure.giving import before_giving
from graduated.disclosure.queries import RequestRow, pupils_like, register, request_of, requests_of_pupil
from graduated.disclosure.queries_build import bundles_of
from graduated.disclosure.services import Answer, InformationRefused
from graduated.pupils.forms import day_of
from graduated.pupils.queries import pupil_head
from graduated.pupils.queries_family import FamilyAdult, adults_of
from graduated.pupils.tabs import name_pages, tabs_of
from graduated.rules.vocabulary import InformationKind, InformationOutcome
from graduated.school.panels import offer_link
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page

bp = Blueprint("disclosure", __name__)
offer_link(72, "Requests for information about a pupil", "disclosure.register")
name_pages(
    {
        "disclosure.one": "A request for information",
        "disclosure.of_pupil": "Requests for information",
        "disclosure.review": "What goes into a bundle",
        "disclosure.download": "The bundle for who asked for information",
    }
)


@bp.get("/information", endpoint="register")
@guard(AUDIT_READ)
def all_requests() -> Response:
    """The register of requests for information. A data protection officer sees dates and kinds, and no pupil."""
    rows = register()
    can_add, sought = may(DISCLOSE, Subject()), request.args.get("pupil", "").strip()[:120]
    return page(
        "disclosure/register.html",
        title="Requests for information",
        waiting=sorted(
            (one for one in rows if one.is_open), key=lambda one: (one.limit.due or today(), one.request_id)
        ),
        answered=[one for one in rows if not one.is_open],
        on=today(),
        names_pupils=may(REGISTER_READ, Subject()),
        can_add=can_add,
        sought=sought,
        found=pupils_like(sought) if can_add else (),
    )


@bp.get("/pupils/<int:pupil_id>/information")
@guard(AUDIT_READ)
def of_pupil(pupil_id: int) -> Response:
    """Requests about one pupil."""
    return page(
        "disclosure/of_pupil.html",
        title="Requests for information",
        head=pupil_head(pupil_id),
        tabs=tabs_of(pupil_id, "register.who_looked"),
        rows=requests_of_pupil(pupil_id),
        on=today(),
        can_add=may(DISCLOSE),
    )


@bp.route("/pupils/<int:pupil_id>/information/new", methods=["GET", "POST"])
@guard(DISCLOSE)
def new(pupil_id: int) -> Response:
    """Put a request into the register."""
    head = pupil_head(pupil_id)
    form = open_form(NewRequestForm, {"received_on": today()})
    form.offer([(one.adult_id, _asker(one)) for one in adults_of(pupil_id)], head.name)
    if request.method == "POST" and form.validate():
        request_id = services.record_request(pupil_id, form.request())
        return done("disclosure.one", "The request is in the register.", information_id=request_id)
    return page(
        "disclosure/new.html",
        status=422 if form.errors else 200,
        title="A request for information",
        head=head,
        tabs=tabs_of(pupil_id, "register.who_looked"),
        form=form,
        bars=bars_in_force([pupil_id]),
    )


def _asker(adult: FamilyAdult) -> str:
    return f"{adult.name}, {adult.relationship.inside}{': barred from the record' if adult.barred else ''}"


@bp.get("/information/<int:information_id>")
@guard(AUDIT_READ)
def one(information_id: int) -> Response:
    """One request: who asks, by when it is due, and what happened."""
    row = request_of(information_id)
    can_change = may(DISCLOSE) and row.is_open
    return page(
        "disclosure/one.html",
        title=row.kind.label,
        head=pupil_head(row.pupil_id),
        row=row,
        on=today(),
        can_change=can_change,
        bundles=bundles_of(information_id),
        can_decide=may(DISCLOSE_DECIDE) and row.is_open and row.has_bundle,
        is_access=row.kind is InformationKind.SUBJECT_ACCESS,
        is_record=row.kind is InformationKind.RECORD,
        is_complaint=row.kind is InformationKind.COMPLAINT,
    )


def _step(
    row: RequestRow, form: Form, question: str, save: str, note: str, act: Callable[[], int], words: str
) -> Response:
    """A page with one form about a request: shown, sent, refused or done."""
    if not row.is_open:
        abort(404)
    refused = ""
    if request.method == "POST" and form.validate():
        try:
            act()
            return done("disclosure.one", words, information_id=row.request_id)
        except InformationRefused as error:
            refused = str(error)
        except Clash:
            refused = "Somebody else changed this request meanwhile. Look at it again before you save."
    return page(
        "disclosure/step.html",
        warnings=before_giving(row) if request.endpoint == "disclosure.answer" else (),
        status=409 if refused else 422 if form.errors else 200,
        title=question,
        head=pupil_head(row.pupil_id),
        row=row,
        form=form,
        save=save,
        note=note,
        refused=refused,
    )


@bp.route("/information/<int:information_id>/identity", methods=["GET", "POST"])
@guard(DISCLOSE)
def identity(information_id: int) -> Response:
    """How the school knows who asks, and that they may."""
    row = request_of(information_id)
    form = open_form(IdentityForm, {"identity": row.identity}, version=row.version)
    return _step(
        row, form, "Who asks, and may they?", "Save",
        "A parent in education law may ask, and so may the pupil. Somebody who acts for them shows that they may. "
        "Look whether a court order says otherwise.",
        lambda: services.note_identity(information_id, form.identity.data or "", form.sent_version), "It is noted.",
    )  # fmt: skip


@bp.route("/information/<int:information_id>/question", methods=["GET", "POST"])
@guard(DISCLOSE)
def question(information_id: int) -> Response:
    """A question to who asked, which stops the clock."""
    row = request_of(information_id)
    form = open_form(QuestionForm, {"asked_on": today()})
    return _step(
        row, form, "Ask what exactly is meant", "Stop the clock",
        "Ask only when you need to know it to find what they want. The clock stands until the answer comes.",
        lambda: services.ask_back(information_id, day_of(form.asked_on), form.question.data or ""),
        "The clock stands until the answer comes.",
    )  # fmt: skip


@bp.route("/information/<int:information_id>/question/answered", methods=["GET", "POST"])
@guard(DISCLOSE)
def question_answered(information_id: int) -> Response:
    """The answer to the question came."""
    row = request_of(information_id)
    form = open_form(DayForm, {"on": today()})
    note = row.open_question.question if row.open_question else ""
    return _step(
        row, form, "The answer came", "Let the clock run on", note,
        lambda: services.hear_back(information_id, day_of(form.on)), "The clock runs on.",
    )  # fmt: skip


@bp.route("/information/<int:information_id>/extend", methods=["GET", "POST"])
@guard(DISCLOSE)
def extend(information_id: int) -> Response:
    """Two more months for a complex request."""
    row = request_of(information_id)
    form = open_form(ExtendForm)
    return _step(
        row, form, "Take two more months", "Extend",
        "Only for a complex request. Tell whoever asked, with the reason, before the first month is over.",
        lambda: services.extend(information_id, today(), form.reason.data or ""), "The time is extended.",
    )  # fmt: skip


@bp.route("/information/<int:information_id>/acknowledge", methods=["GET", "POST"])
@guard(DISCLOSE)
def acknowledge(information_id: int) -> Response:
    """A complaint was acknowledged."""
    row = request_of(information_id)
    form = open_form(DayForm, {"on": today()})
    return _step(
        row, form, "The complaint was acknowledged", "Save", "A complaint is acknowledged within 30 days.",
        lambda: services.acknowledge(information_id, day_of(form.on)), "It is noted.",
    )  # fmt: skip


@bp.route("/information/<int:information_id>/answer", methods=["GET", "POST"])
@guard(DISCLOSE)
def answer(information_id: int) -> Response:
    """What came of the request."""
    row = request_of(information_id)
    form = open_form(AnswerForm, {"answered_on": today()})
    form.offer(row.kind, _builds_in_words(row), barred=bool(row.bars))

    def act() -> int:
        build = form.build.data or ""
        return services.answer(
            information_id,
            Answer(
                day_of(form.answered_on),
                InformationOutcome(form.outcome.data),
                form.words.data or "",
                int(build) if build else None,
                (form.despite.data or "") if form.despite else "",
            ),
        )

    return _step(row, form, "Record the answer", "Record it", _BEFORE_ANSWER, act, "The answer is on the record.")


_BEFORE_ANSWER = (
    "Say it only once it has happened. Whoever asked can complain to the school, and to the Information Commissioner."
)


def _builds_in_words(row: RequestRow) -> list[tuple[int, str]]:
    return [(one.build_id, one.words) for one in bundles_of(row.request_id) if one.is_open]


from graduated.disclosure import by_law, views_bundle  # noqa: E402, F401  # they hang themselves in
