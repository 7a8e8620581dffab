"""The sitting: one page, filled with what lies on the table, kept as it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, flash, request
from werkzeug.datastructures import MultiDict

from graduated.access import actions
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.db.writing import Clash
from graduated.request.rights import rights
from graduated.review import services
from graduated.review.forms import BLANK_PROMISES, SittingForm, filled_sitting, rows_sent, sitting_form
from graduated.review.gathered import begun_with
from graduated.review.links import pupil_link
from graduated.review.merging import opened_with, says_the_same
from graduated.review.pictures import figures_of
from graduated.review.queries import review_of
from graduated.review.sheet import Fielded, sheet_of
from graduated.review.sitting import Table, table_of
from graduated.review.telling import step_cards
from graduated.review.together import Quarrel, Together, bring_together, labels_of, saved_by
from graduated.review.views import bp
from graduated.rules.next_step import Suggestion, suggest
from graduated.web import drafts
from graduated.web.forms import open_form
from graduated.web.page import done, go_to, page

_TRIES = 3


def form_class(table: Fielded, rows: int = 0) -> type[SittingForm]:
    """The form of this sitting for who is acting."""
    actor = require_actor()
    return sitting_form(table, (actor.user_id, actor.name), rows)


@bp.route("/reviews/<int:review_id>", methods=["GET", "POST"])
@guard(actions.REVIEW_WRITE)
def edit(review_id: int) -> Response:
    """Everything of a review on one page; saved as it stands, complete or not."""
    if request.method == "POST":
        return _one_more_line(review_id) if request.form.get("go") == "row" else _save(review_id)
    table = table_of(review_of(review_id))
    kept = drafts.load(request.path)
    filled = filled_sitting(table)
    if kept is None:
        form = open_form(form_class(table), data=filled, version=table.record.version)
        form.opened.data = opened_with(filled)
        form.rows.data = str(len(form.promises))
        return _sitting_page(table, form)
    words = MultiDict(kept.fields())
    form = open_form(form_class(table, rows_sent(words)), data=filled)
    form.rows.data = str(len(form.promises))
    both = bring_together(form, filled, words, act=False)
    return _sitting_page(table, form, quarrels=both.quarrels, news=_labels(table, both, both.taken))


def _one_more_line(review_id: int) -> Response:
    """More room for promises: what is typed waits as a draft meanwhile, and nothing is saved."""
    sent = MultiDict(request.form)
    sent["rows"] = str(rows_sent(request.form) + BLANK_PROMISES)
    try:
        drafts.save(request.path, sent)
    except drafts.TooMuch:  # then the words stay in the page
        table = table_of(review_of(review_id))
        form = form_class(table, rows_sent(sent))(formdata=sent)
        both = bring_together(form, filled_sitting(table), sent, act=False)
        return _sitting_page(table, form, quarrels=both.quarrels)
    return go_to(f"{request.path}#actions")


def _save(review_id: int) -> Response:
    """Save what stands in the form together with what somebody else saved since it was opened."""
    for _ in range(_TRIES):
        sheet = sheet_of(review_id)
        form = form_class(sheet, rows_sent(request.form))()
        theirs = filled_sitting(sheet)
        if not form.validate():
            _keep()
            quarrels = bring_together(form, theirs, request.form, act=False).quarrels
            return _sitting_page(table_of(review_of(review_id)), form, status=422, quarrels=quarrels)
        taken: list[str] = []
        if _may_differ(form, theirs):
            both = bring_together(form, theirs, request.form)
            form, taken = _refilled(sheet, both), _labels(sheet, both, both.taken)
            if both.quarrels:
                break
        ready = _ready(taken)
        if ready is None and says_the_same(form.filled, theirs):
            return _saved(sheet, taken)  # nothing to write: a look at the page is no change of what was ready
        try:
            services.save_review(review_id, form.sitting(), sheet.record.version, ready=ready, there=sheet.record)
        except Clash:
            continue
        if ready is None:
            _tell_not_ready(sheet)
        return _saved(sheet, taken)
    _keep()
    return _sitting_page(table_of(review_of(review_id)), form, status=409, quarrels=both.quarrels, taken=taken)


def _may_differ(form: SittingForm, theirs: Mapping[str, Any]) -> bool:
    """Whether the form was opened with anything but what is saved; if not, what stands in it stands."""
    return form.opened.data != opened_with(theirs) or any(name.startswith("choose-") for name in request.form)


def _ready(taken: Sequence[str]) -> bool | None:
    """What is said of its being ready; nobody vouches for words that came in with this very Save, unread."""
    said = {"ready": True, "not-ready": False}.get(request.form.get("go", ""))
    return None if taken and said else said


def _keep() -> None:
    """What cannot be saved as it stands is at least kept, whatever becomes of the browser."""
    try:
        drafts.save(request.path, request.form)
    except drafts.TooMuch:
        return


def _refilled(table: Fielded, both: Together) -> SittingForm:
    """The form anew with what two people wrote; where it is not chosen yet, it stays as it was opened."""
    form = form_class(table, both.promises + BLANK_PROMISES)(formdata=None, data=both.filled)
    form.version.data = str(table.record.version)
    form.opened.data = both.opened
    form.rows.data = str(len(form.promises))
    return form


def _labels(table: Fielded, both: Together, names: tuple[str, ...]) -> list[str]:
    return labels_of(_refilled(table, both), names) if names else []


def _tell_not_ready(table: Fielded) -> None:
    """Say it when what somebody else had called ready was changed."""
    record = table.record
    if services.is_ready_no_more(record.ready_by, require_actor().name):
        flash(
            f"{record.ready_by} had said that it is ready to be sealed. You have changed it since, "
            "so it counts as being written again.",
            "warning",
        )


def _saved(table: Fielded, taken: list[str]) -> Response:
    review_id, go = table.record.review_id, request.form.get("go")
    if taken:
        flash(f"Together with what {saved_by(table)}: {', '.join(taken)}.", "success")
        if go in ("ready", "seal"):
            return done("review.edit", "Saved. Read what came in, then press the button again.", review_id=review_id)
    if go == "seal" and may(actions.REVIEW_SEAL):
        return done("review.seal", None, review_id=review_id)
    if go == "leave":
        return done("review.reviews", f"The review of {table.head.name} is kept as a draft.")
    if go == "ready":
        missing = table_of(review_of(review_id)).missing
        if missing:
            words = f"Saved. It waits to be sealed, but first: {missing[0].words}"
            return done("review.edit", words, review_id=review_id)
        return done("review.reviews", f"The review of {table.head.name} waits for the SENCO to seal it.")
    return done("review.edit", "Saved.", review_id=review_id)


@bp.post("/reviews/<int:review_id>/suggestion")
@guard(actions.REVIEW_WRITE)
def suggestion(review_id: int) -> Response:
    """What the table suggests of what stands in the form now; nothing is saved."""
    table = table_of(review_of(review_id))
    form = form_class(table)()
    return page(
        "review/_suggestion.html",
        "review/_suggestion.html",
        table=table,
        **_suggested(table, suggest(table.facts(form.judgements(), form.decision()))),
    )


@bp.post("/reviews/<int:review_id>/others")
@guard(actions.REVIEW_WRITE)
def others(review_id: int) -> Response:
    """What somebody else saved since the form was opened, to stand above it; nothing is changed in it."""
    table = sheet_of(review_id)
    form = form_class(table, rows_sent(request.form))()
    news: list[str] = []
    if form.sent_version != table.record.version:
        both = bring_together(form, filled_sitting(table), request.form, act=False)
        asked = (one.name for one in both.quarrels if request.form.get(f"saw-{one.name}") != one.saw)
        news = _labels(table, both, (*both.taken, *asked))
    return page("review/_others.html", "review/_others.html", table=table, news=news, who=saved_by(table))


def _suggested(table: Table, found: Suggestion) -> dict[str, Any]:
    label = found.step.label_for(table.head.status.value)
    return {"suggested": found, "suggested_label": label.partition(": ")[2] or label}


def _sitting_page(
    table: Table,
    form: SittingForm,
    status: int = 200,
    quarrels: tuple[Quarrel, ...] = (),
    taken: Sequence[str] = (),
    news: Sequence[str] = (),
) -> Response:
    advice, figures = rights(), figures_of(table)
    record = table.record
    begun = any((record.judgements, record.verdicts, record.attendees, table.decision.step))
    return page(
        "review/sitting.html",
        status=status,
        title=f"Review of cycle {record.cycle_number}",
        table=table,
        head=table.head,
        pupil_href=pupil_link(record.pupil_id),
        form=form,
        begun_with=begun_with(record, form.pupil_views.data or "", form.parent_views.data or ""),
        outcomes=[
            (one, figures[key], form[f"judgement-{key}"], form[f"reason-{key}"])
            for one in table.outcomes
            for key in (one.row.outcome_id,)
        ],
        provisions=[
            (one, form[f"verdict-{one.row.provision_id}"], form[f"why-{one.row.provision_id}"])
            for one in table.provisions
        ],
        promises=[(form[f"what-{n}"], form[f"who-{n}"], form[f"by-{n}"]) for n in form.promises],
        cards=step_cards(table, advice.asked_whom),
        advice=advice,
        missing=table.missing if begun and status == 200 else (),
        is_clash=status == 409,
        quarrels=quarrels,
        taken=taken,
        who=saved_by(table),
        news=news,
        can_seal=may(actions.REVIEW_SEAL),
        status_code=table.head.status.value,
        step=form.step.data or "",
        **_suggested(table, table.suggestion),
    )
