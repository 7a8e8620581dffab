"""Handing over what a leaver has in hand: every open plan and every group, to one person or each to another."""

from __future__ import annotations

from typing import Any

from flask import Response
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired, Optional

from graduated.access.actions import PLAN_AMEND
from graduated.access.guards import guard, may_open
from graduated.people.queries import staff_choices
from graduated.people.queries_staff import member
from graduated.register import services_handover
from graduated.register.queries_handover import InHand, in_hand_of
from graduated.register.views import bp
from graduated.rules.vocabulary import Role
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page

_LEADS = (Role.SENCO, Role.SEN_ASSISTANT, Role.TEACHER)
_RUN = (*_LEADS, Role.SUPPORT)


@bp.route("/school/staff/<int:member_id>/hand-over", methods=["GET", "POST"])
@guard(PLAN_AMEND)
def hand_over(member_id: int) -> Response:
    """To whom the plans and groups of one person go; nothing is left without somebody silently."""
    person, held = member(member_id), in_hand_of(member_id)
    form = open_form(_form_for(held, member_id))
    sees_staff = may_open("people.staff.changes")
    if form.is_submitted() and form.validate():
        plans = {one.cycle_id: int(form[f"plan-{one.cycle_id}"].data or form.lead.data) for one in held.plans}
        groups = {one.group_id: int(form[f"group-{one.group_id}"].data or form.adult.data) for one in held.groups}
        services_handover.hand_over(member_id, plans, groups)
        count = len(plans) + len(groups)
        words = "One plan or group is handed over." if count == 1 else f"{count} plans and groups are handed over."
        return done("people.staff.changes" if sees_staff else "register.register", words)
    return page(
        "register/hand_over.html", None, 422 if form.is_submitted() else 200,
        title=f"Hand over what {person.name} has in hand", form=form, member=person, held=held, sees_staff=sees_staff,
    )  # fmt: skip


def _form_for(held: InHand, leaver_id: int) -> Any:
    """One choice for all plans and one for all groups, and beside each an exception."""
    leads = [pair for pair in staff_choices(*_LEADS) if pair[0] != str(leaver_id)]
    adults = [pair for pair in staff_choices(*_RUN) if pair[0] != str(leaver_id)]
    fields: dict[str, Any] = {}
    if held.plans:
        fields["lead"] = _all_of("Who leads these plans from now on?", leads)
    if held.groups:
        fields["adult"] = _all_of("Who runs these groups from now on?", adults)
    for plan in held.plans:
        fields[f"plan-{plan.cycle_id}"] = _but(plan.words, leads)
    for group in held.groups:
        fields[f"group-{group.group_id}"] = _but(group.name, adults)
    return type("HandOverForm", (Form,), fields)


def _all_of(label: str, people: list[tuple[str, str]]) -> SelectField:
    choices = [SelectChoice("", "Choose"), *(SelectChoice(code, words) for code, words in people)]
    return SelectField(label, [InputRequired("Choose a person")], choices=choices)


def _but(label: str, people: list[tuple[str, str]]) -> SelectField:
    choices = [SelectChoice("", "As above"), *(SelectChoice(code, words) for code, words in people)]
    return SelectField(label, [Optional()], choices=choices)
