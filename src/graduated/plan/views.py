"""Pages of `plan`: the draft and its editor, the agreement, amendments; each in a file of its own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from graduated.access.actions import PLAN_AGREE, PLAN_AMEND, PLAN_CONTRIBUTE, PLAN_DRAFT
from graduated.access.guards import may
from graduated.plan.board import board_of
from graduated.plan.details import PlanAgreed
from graduated.plan.queries import cycle_of
from graduated.pupils.queries import pupil_head
from graduated.pupils.views import in_words
from graduated.web import drafts
from graduated.web.forms import Form
from graduated.web.page import done, htmx, page, wants_fragment

bp = Blueprint("plan", __name__)


def around_cycle(cycle_id: int) -> dict[str, Any]:
    """What stands around every page of a cycle: the pupil's head, the cycle, what the person may do."""
    cycle = cycle_of(cycle_id)
    return {
        "cycle": cycle,
        "head": pupil_head(cycle.pupil_id),
        "tabs": [],
        "can_edit": cycle.is_draft and may(PLAN_DRAFT),
        "can_agree": cycle.is_draft and may(PLAN_AGREE),
        "can_amend": cycle.is_agreed and may(PLAN_AMEND),
        "can_contribute": cycle.status.is_open and may(PLAN_CONTRIBUTE),
    }


def form_page(name: str, form: Form, cycle_id: int, title: str, status: int | None = None, **context: Any) -> Response:
    """A form of a cycle: a page of its own, or for htmx the same form as a card within the editor."""
    chosen = status or (422 if form.errors else 200)
    context = {
        "theirs": [],
        "notes": {},
        "live": "",
        "slot": f"{name}-new",
        "inside": in_editor(cycle_id),
        **context,
    }
    response = page(
        f"plan/{name}.html", f"plan/_{name}.html", chosen, form=form, title=title, **context, **around_cycle(cycle_id)
    )
    if wants_fragment() and chosen == 409:
        # htmx puts a 409 beside the page; here both texts stand in the form itself.
        response.headers["HX-Retarget"] = f"#{context['slot']}"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def in_editor(cycle_id: int) -> bool:
    """Whether htmx asks from the editor, where the board is; a card can also be opened as a page of its own."""
    return wants_fragment() and urlsplit(htmx.current_url or "").path == url_for("plan.edit", cycle_id=cycle_id)


def saved(cycle_id: int, message: str) -> Response:
    """After a card was saved: the editor's board again, in place for htmx, else by going back to the editor."""
    if not in_editor(cycle_id):
        return done("plan.edit", message, cycle_id=cycle_id)
    drafts.drop(request.path)
    response = page(
        "plan/edit.html", "plan/_board.html", board=board_of(cycle_id), message=message, **around_cycle(cycle_id)
    )
    response.headers["HX-Retarget"] = "#plan-board"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def theirs(form: Form, current: dict[str, Any]) -> list[tuple[str, str]]:
    """What somebody else saved meanwhile, field by field, where it differs from what stands in the form."""
    found = []
    for name, value in current.items():
        if name in form:
            words, mine = _said(form[name], value), _said(form[name], form[name].data)
            if words != mine:
                found.append((form[name].label.text, words))
    return found


def _said(field: Any, value: Any) -> str:
    """A value as the form shows it: a choice by its words."""
    choices = {str(one.value): str(one.label) for one in getattr(field, "choices", None) or ()}
    return choices.get(str(getattr(value, "value", value) or "")) or in_words(value)


@bp.errorhandler(PlanAgreed)
def on_agreed(refused: PlanAgreed) -> AnyResponse:
    """Somebody agreed the plan while it was being edited, or an old page was open: say so on the plan's own page."""
    flash(str(refused), "warning")
    target = url_for("register.cycle", cycle_id=refused.cycle_id)
    if wants_fragment():
        return Response("", 204, {"HX-Redirect": target})
    return redirect(target, 303)


from graduated.plan import (  # noqa: E402
    queries_uses,  # noqa: F401
    views_agree,  # noqa: F401
    views_amend,  # noqa: F401
    views_checks,  # noqa: F401
    views_draft,  # noqa: F401
    views_left,  # noqa: F401
    views_outcomes,  # noqa: F401
    views_provision,  # noqa: F401
    views_rates,  # noqa: F401
    views_translations,  # noqa: F401
)
