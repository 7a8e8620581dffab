"""Recording what was given to whom: a pack to the authority, a copy to an adult of the family."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, current_app, request, url_for

from graduated.access.actions import REQUEST_WRITE
from graduated.access.guards import guard
from graduated.db.clock import local, today
from graduated.ehcna.forms_papers import GiveCopyForm, SentForm
from graduated.ehcna.queries import BuildRow, build_of
from graduated.ehcna.queries_files import PackFileRow, pack_file_of
from graduated.ehcna.services_papers import PaperRefused, Sending, give_copy, record_sent
from graduated.ehcna.standing import standing_of
from graduated.ehcna.views import bp
from graduated.pupils.forms import day_of
from graduated.pupils.queries import pupil_head
from graduated.request.queries import request_of
from graduated.review.queries_given import adults_to_give
from graduated.rules.vocabulary import BuildKind, GivenHow, PackFileKind, SentHow
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page


@bp.route("/packs/<int:build_id>/sent", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def sent(build_id: int) -> Response:
    """Record that the authority was given a pack: from then on it is kept as it was given."""
    built = build_of(build_id)
    standing = standing_of(build_id)
    form = open_form(SentForm, {"sent_on": _gone_on(built) or today()})
    refused = standing.why_not_sent() if built.sha256 else "This pack went by law."
    if request.method == "POST" and not refused and form.validate_on_submit():
        try:
            sending = Sending(day_of(form.sent_on), SentHow(form.how.data), form.to_whom.data or "")
            record_sent(build_id, sending)
            return _back(built, "It is recorded which pack the authority was given.")
        except PaperRefused as wrong:
            form.form_errors.append(str(wrong))
    return _asked(
        "sent_pack", "Given to the authority", built, form, refused, standing=standing, marks_sent=_marks_sent(built)
    )


@bp.route("/packs/files/<int:pack_file_id>/given", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def give(pack_file_id: int) -> Response:
    """Record that an adult of the family was given their copy; from then on they find it behind their sign-in."""
    file = pack_file_of(pack_file_id)
    built = build_of(file.build_id)
    form = open_form(GiveCopyForm, {"given_on": today()})
    refused = _why_not(file)
    if request.method == "POST" and not refused and form.validate_on_submit():
        content = current_app.extensions["files"].read(file.sha256)
        try:
            give_copy(pack_file_id, GivenHow(form.how.data), day_of(form.given_on), content)
            return _back(built, "It is on the record that the copy was given.")
        except PaperRefused as wrong:
            form.form_errors.append(str(wrong))
    return _asked("give_copy", "Given to the family", built, form, refused, file=file)


def _why_not(file: PackFileRow) -> str:
    """Why this file is not given to an adult; nothing when it can be."""
    if file.kind is not PackFileKind.FAMILY:
        return "This file is not a copy for the family. Ask for a copy with the build."
    if not file.sha256:
        return "This copy went by law. Build the pack again."
    if file.adult_id not in {one.adult_id for one in adults_to_give(file.pupil_id)}:
        return "This adult may not be given the pupil’s papers today."
    return standing_of(file.build_id).family_why


def _back(built: BuildRow, words: str) -> Response:
    if built.request_id is None:
        return done("ehcna.evidence", words, pupil_id=built.pupil_id)
    return done(_place(built), words, request_id=built.request_id)


def _gone_on(built: BuildRow) -> date | None:
    """The day on which the request was recorded as sent, if that was before anybody said which pack went."""
    if built.request_id is None or built.kind is BuildKind.ADVICE:
        return None
    on = request_of(built.request_id).sent_on
    return on if on is not None and on >= local(built.built_at).date() else None


def _marks_sent(built: BuildRow) -> bool:
    """Whether recording it records the request as sent, too."""
    return built.kind is BuildKind.REQUEST and built.request_id is not None and request_of(built.request_id).is_unsent


def _place(built: BuildRow) -> str:
    """The page that a build belongs to."""
    return "ehcna.advice" if built.kind is BuildKind.ADVICE else "ehcna.request"


def _asked(name: str, title: str, built: BuildRow, form: Form, refused: str, **more: Any) -> Response:
    return page(
        f"ehcna/{name}.html",
        status=422 if request.method == "POST" else 200,
        title=title,
        head=pupil_head(built.pupil_id),
        built=built,
        form=form,
        refused=refused,
        what="advice" if built.kind is BuildKind.ADVICE else "pack",
        back=url_for(_place(built), request_id=built.request_id) if built.request_id else "",
        **more,
    )
