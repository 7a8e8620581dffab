"""The sitting: one page, filled with what lies on the table, kept as it is typed."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from graduated.access import actions
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.db.writing import Clash
from graduated.request.rights import rights
from graduated.review import services
from graduated.review.forms import SittingForm, filled_sitting, sitting_form
from graduated.review.links import pupil_link
from graduated.review.queries import review_of
from graduated.review.sitting import Table, table_of
from graduated.review.telling import step_cards
from graduated.review.views import bp
from graduated.rules.next_step import Suggestion, suggest
from graduated.web.forms import open_form
from graduated.web.page import done, page


def _form_class(table: Table) -> type[SittingForm]:
    actor = require_actor()
    return sitting_form(table, (actor.user_id, actor.name))


@bp.route("/reviews/<int:review_id>", methods=["GET", "POST"])
@guard(actions.REVIEW_WRITE)
def edit(review_id: int) -> Response:
    """Everything of a review on one page; saved as it stands, complete or not."""
    table = table_of(review_of(review_id))
    form = open_form(_form_class(table), data=filled_sitting(table), version=table.record.version)
    if request.method == "GET":
        return _sitting_page(table, form)
    if not form.validate():
        return _sitting_page(table, form, status=422)
    try:
        services.save_review(review_id, form.sitting(), form.sent_version)
    except Clash:
        table = table_of(review_of(review_id))
        form.version.data = str(table.record.version)
        return _sitting_page(table, form, status=409, theirs=_differences(table, form))
    go = request.form.get("go")
    if go == "seal" and may(actions.REVIEW_SEAL):
        return done("review.seal", None, review_id=review_id)
    if go == "leave":
        return done("review.reviews", f"The review of {table.head.name} is kept as a draft.")
    return done("review.edit", "Saved.", review_id=review_id)


@bp.post("/reviews/<int:review_id>/suggestion")
@guard(actions.REVIEW_WRITE)
def suggestion(review_id: int) -> Response:
    """What the table suggests of what stands in the form now; nothing is saved."""
    table = table_of(review_of(review_id))
    form = _form_class(table)()
    return page(
        "review/_suggestion.html",
        "review/_suggestion.html",
        table=table,
        **_suggested(table, suggest(table.facts(form.judgements(), form.decision()))),
    )


def _suggested(table: Table, found: Suggestion) -> dict[str, Any]:
    label = found.step.label_for(table.head.status.value)
    return {"suggested": found, "suggested_label": label.partition(": ")[2] or label}


def _differences(table: Table, form: SittingForm) -> list[tuple[str, str]]:
    """What the other person saved where it is not what stands in the form: (field, their words)."""
    found = []
    for name, theirs in filled_sitting(table).items():
        if name not in form:
            continue
        mine = form[name].data
        if (theirs or None) != (mine or None) and not isinstance(theirs, list):
            found.append((_label(table, form, name), _said(form[name], theirs)))
    return found


def _label(table: Table, form: SittingForm, name: str) -> str:
    kind, _, key = name.partition("-")
    about = {
        **{str(one.row.outcome_id): one.row.statement for one in table.outcomes if kind in ("judgement", "reason")},
        **{str(one.row.provision_id): one.row.name for one in table.provisions if kind in ("verdict", "why")},
    }
    label = str(form[name].label.text)
    return f"{label} ({about[key]})" if key in about else label


def _said(field: Any, value: Any) -> str:
    choices = {one.value: one.label for one in getattr(field, "choices", None) or ()}
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(choices.get(value, value))


def _sitting_page(
    table: Table, form: SittingForm, status: int = 200, theirs: list[tuple[str, str]] | None = None
) -> Response:
    advice = rights()
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
        outcomes=[
            (one, form[f"judgement-{one.row.outcome_id}"], form[f"reason-{one.row.outcome_id}"])
            for one in table.outcomes
        ],
        provisions=[
            (one, form[f"verdict-{one.row.provision_id}"], form[f"why-{one.row.provision_id}"])
            for one in table.provisions
        ],
        promises=[(form[f"what-{n}"], form[f"who-{n}"], form[f"by-{n}"]) for n in form.promises],
        cards=step_cards(table, advice.asked_whom),
        advice=advice,
        missing=table.missing if begun and status == 200 else (),
        theirs=theirs,
        can_seal=may(actions.REVIEW_SEAL),
        status_code=table.head.status.value,
        step=form.step.data or "",
        **_suggested(table, table.suggestion),
    )
