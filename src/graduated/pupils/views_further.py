"""Where a parent who signs in already confirms a further child, by the date of birth; nothing is shown before."""

from __future__ import annotations

from flask import Response, url_for

from graduated.access.actions import FAMILY_HOME
from graduated.access.guards import guard
from graduated.pupils.forms_family import FurtherChildForm
from graduated.pupils.services_further import confirm, waiting_here
from graduated.pupils.views import bp
from graduated.web.forms import open_form
from graduated.web.languages import N_
from graduated.web.page import done, go_to, page

_TITLE = N_("Another child")
_WRONG = N_("That is not the date of birth that the school has. If you are sure, ask the school.")
_SHUT = N_("That was wrong three times, so this is closed now. Ask the school.")
_OPEN = N_("Thank you. You can now read the plan.")


@bp.route("/family/another-child", methods=["GET", "POST"])
@guard(FAMILY_HOME)
def another_child() -> Response:
    """Say when the child was born, and read the plan from then on."""
    waiting = waiting_here()
    if not waiting:
        return go_to(url_for("family.home"))
    form = open_form(FurtherChildForm)
    if form.is_submitted() and form.validate() and form.born_on.data:
        if confirm(form.born_on.data) is not None:
            return done("family.home", _OPEN)
        waiting = waiting_here()
        if not waiting:
            return done("family.home", _SHUT)
        form.born_on.errors = [_WRONG]
    left = min(one.tries_left for one in waiting)
    return page(
        "pupils/another_child.html", None, 422 if form.is_submitted() else 200, title=_TITLE, form=form, left=left
    )
