"""Rights pass to the young person: who is near the day, the notice, and who may read on."""

from __future__ import annotations

from flask import Response, abort, request
from wtforms import RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from graduated.access.actions import REGISTER_WRITE
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.db.clock import today
from graduated.pupils import services_rights as services
from graduated.pupils.forms import choices, day_of, not_in_future, strip
from graduated.pupils.queries import adults_of
from graduated.pupils.queries_rights import notices_of, passing, said_of
from graduated.pupils.views import around, bp
from graduated.pupils.views_family import one_of
from graduated.rules.rights_pass import NOTICE, letter
from graduated.rules.vocabulary import AskedHow, GivenHow, Relationship
from graduated.school.panels import offer_link
from graduated.web.fields import DatePartsField
from graduated.web.filters import long_date
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page

offer_link(23, "Rights that pass to young people: whom to tell and to ask", "pupils.rights")


_ON_PAPER = (GivenHow.HANDED, GivenHow.POSTED)


class AgreementForm(Form):
    """What a young person said of one adult."""

    agrees = RadioField(
        "May this adult read the plan?", [InputRequired("Choose what the young person said")],
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No, or not any more")],
    )  # fmt: skip
    asked_on = DatePartsField("When were they asked?", [InputRequired("Enter the day"), not_in_future("The day")],
                              noun="The day")  # fmt: skip
    how = RadioField("How were they asked?", [InputRequired("Choose how")], choices=choices(AskedHow))
    words = TextAreaField("In their words", [Optional(), Length(max=600)], filters=[strip])


class NoticeForm(Form):
    """That a family was told."""

    given_on = DatePartsField("Given on", [InputRequired("Enter the day"), not_in_future("The day")], noun="The day")
    how = RadioField("How?", [InputRequired("Choose how")],
                     choices=[SelectChoice(way.value, way.label) for way in _ON_PAPER])  # fmt: skip
    told = StringField("To whom?", [DataRequired("Say to whom"), Length(max=200)], filters=[strip])


@bp.get("/families/rights")
@guard(REGISTER_WRITE)
def rights() -> Response:
    """Pupils near the day on which rights pass to them."""
    return page("pupils/rights.html", title="Rights that pass to young people", rows=passing())


@bp.route("/pupils/<int:pupil_id>/family/rights-letter", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def rights_letter(pupil_id: int) -> Response:
    """The notice to print, and that it was given."""
    context = around(pupil_id, "pupils.family")
    head = context["head"]
    to = [one.name for one in adults_of(pupil_id) if not one.barred and one.relationship is not Relationship.SELF]
    form = open_form(NoticeForm, {"given_on": today(), "told": ", ".join([head.first_name, *to])[:200]})
    if request.method == "POST" and form.validate():
        services.record_notice(pupil_id, day_of(form.given_on), GivenHow(form.how.data), form.told.data or "")
        return done("pupils.rights", f"It is kept that the family of {head.first_name} was told.")
    school = require_actor().school_name
    return page(
        "pupils/rights_letter.html",
        status=422 if form.errors else 200,
        form=form,
        title="Notice that rights pass",
        school=school,
        paragraphs=letter(head.first_name, school, long_date(head.rights_pass_on)),
        notices=notices_of(pupil_id),
        **context,
    )


@bp.route("/pupils/<int:pupil_id>/family/<int:family_link_id>/agreement", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def agreement(pupil_id: int, family_link_id: int) -> Response:
    """Keep what the young person says of one adult; it acts at once."""
    adult = one_of(pupil_id, family_link_id)
    if adult.relationship is Relationship.SELF:
        abort(404)
    form = open_form(AgreementForm, {"asked_on": today()})
    context = {"adult": adult, "title": f"May {adult.name} read the plan?", **around(pupil_id, "pupils.family")}
    context["too_early"] = context["head"].rights_pass_on > today() + NOTICE
    if request.method == "GET" or context["too_early"] or not form.validate():
        said = said_of(pupil_id).get(family_link_id, ())
        wrong = form.errors or (context["too_early"] and request.method == "POST")
        return page("pupils/agreement.html", status=422 if wrong else 200, form=form, said=said, **context)
    answer = services.SaidOfAdult(
        form.agrees.data == "yes", day_of(form.asked_on), AskedHow(form.how.data), form.words.data or ""
    )
    services.record_agreement(family_link_id, answer)
    return done("pupils.family", "It is kept, and acts at once.", pupil_id=pupil_id)
