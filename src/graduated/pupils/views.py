"""Pages of `pupils`: the record itself, family, papers and staff are in files of their own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from graduated.pupils.queries import pupil_head
from graduated.pupils.tabs import tabs_of
from graduated.web.filters import long_date
from graduated.web.forms import Form
from graduated.web.page import page

bp = Blueprint("pupils", __name__)


def around(pupil_id: int, current: str | None = None) -> dict[str, Any]:
    """What stands around every page of a pupil: the head and the tabs."""
    return {"head": pupil_head(pupil_id), "tabs": tabs_of(pupil_id, current)}


def clashed(template: str, form: Form, current: dict[str, Any], version: int, **context: Any) -> Response:
    """The form again, with what somebody else saved meanwhile beside it; sending again keeps this person's words."""
    theirs = [
        (form[name].label.text, words)
        for name, value in current.items()
        if name in form and (words := in_words(value)) != in_words(form[name].data)
    ]
    form.version.data = str(version)
    return page(template, status=409, form=form, theirs=theirs, **context)


def in_words(value: Any) -> str:
    """A saved value as it reads on the page."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "strftime"):
        return long_date(value)
    return str(getattr(value, "label", value))


from graduated.pupils import (  # noqa: E402, F401
    views_background,
    views_bars,
    views_family,
    views_further,
    views_invite,
    views_papers,
    views_record,
    views_restricted,
    views_rights,
    views_staff,
    views_status,
    views_ways,
    wiring,
)
