"""Deciding what goes to who asked for information, putting the bundle together and taking it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, request, url_for

from graduated.access.actions import (
    AUDIT_READ,
    DISCLOSE,
    DISCLOSE_DECIDE,
    DISCLOSE_TAKE,
    RESTRICTED_WRITE,
)
from graduated.access.guards import guard, may
from graduated.access.policy import Area, Subject
from graduated.disclosure import services_build
from graduated.disclosure.build import JOB_KIND
from graduated.disclosure.giving import before_giving
from graduated.disclosure.items import Item
from graduated.disclosure.queries import RequestRow, request_of
from graduated.disclosure.queries_build import bundles_of, job_of
from graduated.disclosure.services import InformationRefused
from graduated.disclosure.services_build import Choice
from graduated.disclosure.views import bp
from graduated.disclosure.weighing import digest, weigh
from graduated.pupils.queries import pupil_head
from graduated.rules.passages import has_words
from graduated.rules.vocabulary import DecidedOn, Disclosing
from graduated.web.forms import Form
from graduated.web.headers import stored_download
from graduated.web.page import done, page

_SHOWN = 60
"""So many places of one name are shown with their words; more are decided together."""


def _open(information_id: int) -> RequestRow:
    row = request_of(information_id)
    if not row.has_bundle or not row.is_open:
        abort(404)
    return row


def _keeps(row: RequestRow) -> bool:
    """Whether the person may keep things to themselves: the safeguarding lead."""
    return may(RESTRICTED_WRITE, Subject(row.pupil_id, area=Area.RESTRICTED))


@bp.get("/information/<int:information_id>/review")
@guard(DISCLOSE_DECIDE)
def review(information_id: int) -> Response:
    """Everything that somebody has to decide on before the record goes."""
    return _review(_open(information_id))


def _review(row: RequestRow, refused: str = "") -> Response:
    weighed = weigh(row)
    return page(
        "disclosure/review.html",
        status=422 if refused else 200,
        title="What goes into the bundle",
        head=pupil_head(row.pupil_id),
        row=row,
        form=Form(),
        refused=refused,
        papers=[one for one in weighed.items if not one.is_restricted],
        restricted=[one for one in weighed.items if one.is_restricted],
        others=weighed.others,
        staff=weighed.staff,
        words=weighed.words,
        looked=weighed.looked,
        undecided=weighed.undecided,
        keeps=_keeps(row),
        can_build=may(DISCLOSE),
        shown=_SHOWN,
    )


def _decided(row: RequestRow, choices: list[Choice], anchor: str = "") -> Response:
    if not Form().validate_on_submit():
        abort(422)
    try:
        services_build.decide(row.request_id, choices)
    except InformationRefused as error:
        return _review(row, str(error))
    return done("disclosure.review", None, information_id=row.request_id, _anchor=anchor or None)


def _choice(text: str | None) -> Disclosing:
    if text not in set(Disclosing):
        abort(422)
    return Disclosing(text)


@bp.post("/information/<int:information_id>/review/item")
@guard(DISCLOSE_DECIDE)
def decide_item(information_id: int) -> Response:
    """Decide on one paper or entry that the person sees; on a restricted one with a reason."""
    row = _open(information_id)
    item = _found(weigh(row).items, lambda one: one.key == request.form.get("key"))
    choice, reason = _choice(request.form.get("choice")), request.form.get("reason", "").strip()[:2000]
    if item.is_restricted and not reason:
        return _review(row, f"Give a reason for “{item.title[:80]}”: it is restricted.")
    return _decided(row, [Choice(DecidedOn.ITEM, item.key, choice, reason)], "items")


def _found(items: tuple[Item, ...], fits: Callable[[Item], bool]) -> Item:
    found = next((one for one in items if fits(one)), None)
    if found is None:
        abort(422)
    return found


@bp.post("/information/<int:information_id>/review/name")
@guard(DISCLOSE_DECIDE)
def decide_name(information_id: int) -> Response:
    """Decide on one name: at each place, or with one button at all of them."""
    row = _open(information_id)
    group = next((one for one in weigh(row).groups if one.form_id == request.form.get("form")), None)
    if group is None:
        return _review(row, "Meanwhile the record was changed. Look at this name again.")
    every = request.form.get("all")
    choices = []
    for place in group.places:
        said = every or request.form.get(f"place-{place.code}", "")
        if said and (place.decided is None or place.decided.choice != said):
            choices.append(Choice(DecidedOn.NAME, place.key, _choice(said)))
    return _decided(row, choices, f"name-{group.form_id}")


@bp.post("/information/<int:information_id>/review/words")
@guard(DISCLOSE_DECIDE)
def decide_words(information_id: int) -> Response:
    """Mark words that stay out wherever they stand, or take the mark away."""
    row = _open(information_id)
    words = " ".join(request.form.get("words", "").split())[:2000]
    if not has_words(words):
        return _review(row, "Write the words that stay out.")
    choice = _choice(request.form.get("choice", Disclosing.LEFT_OUT.value))
    return _decided(row, [Choice(DecidedOn.WORDS, digest(words), choice, words)], "words")


@bp.post("/information/<int:information_id>/review/looked")
@guard(DISCLOSE_DECIDE)
def decide_looked(information_id: int) -> Response:
    """The safeguarding lead says that they have looked at what they keep, whether there is anything or not."""
    row = _open(information_id)
    if not _keeps(row):
        abort(403)
    return _decided(row, [Choice(DecidedOn.LOOKED, "kept", Disclosing.GOES)])


@bp.post("/information/<int:information_id>/bundle/build")
@guard(DISCLOSE)
def build_bundle(information_id: int) -> Response:
    """Ask the worker for the bundle, once everything in sight is decided."""
    row = _open(information_id)
    if not Form().validate_on_submit():
        abort(422)
    waiting = weigh(row).undecided
    if waiting:
        return _review(row, f"Decide on everything first: {waiting} to go. Only then the bundle is built.")
    services_build.ask_for_bundle(information_id, JOB_KIND)
    return done("disclosure.bundle", information_id=information_id)


@bp.get("/information/<int:information_id>/bundle")
@guard(AUDIT_READ)
def bundle(information_id: int) -> Response:
    """How far the bundle is; asked again every second where a script runs. Then what it holds."""
    row = request_of(information_id)
    if not row.has_bundle:
        abort(404)
    return page(
        "disclosure/bundle.html",
        "disclosure/_bundle.html",
        title="The bundle",
        head=pupil_head(row.pupil_id),
        row=row,
        job=job_of(information_id),
        bundles=bundles_of(information_id),
        warnings=before_giving(row),
        can_take=may(DISCLOSE),
        can_decide=may(DISCLOSE_DECIDE) and row.is_open,
        answer_href=url_for("disclosure.answer", information_id=information_id)
        if may(DISCLOSE) and row.is_open
        else "",
    )


@bp.get("/information/<int:information_id>/bundle.zip")
@guard(DISCLOSE_TAKE)
def download(information_id: int) -> Response:
    """The newest bundle, to be handed over; its name says nothing of the child."""
    newest = next(iter(bundles_of(information_id)), None)
    if newest is None or not newest.is_open:
        abort(404)
    return stored_download(newest.sha256, "application/zip", f"record-{newest.built_at:%Y-%m-%d}.zip")
