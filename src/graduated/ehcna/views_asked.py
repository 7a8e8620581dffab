"""Words of a colleague for one section: asking for them, writing them, and settling what is not needed any more."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, abort, request, url_for

from graduated.access.actions import REQUEST_CONTRIBUTE, REQUEST_WRITE
from graduated.access.guards import guard
from graduated.db.clock import today
from graduated.ehcna import services_asked as services
from graduated.ehcna.forms_asked import AskForWordsForm, GiveForm
from graduated.ehcna.page_parts import section_titles, sections_of
from graduated.ehcna.queries_asked import asked_for_section, asked_words, colleagues_of
from graduated.ehcna.records import records_for
from graduated.ehcna.references import offers_for, references_of
from graduated.ehcna.views import bp
from graduated.request.queries import request_of
from graduated.request.rights import rights
from graduated.web.forms import open_form
from graduated.web.page import done, page


def in_a_week(day: date) -> date:
    """A week from a day; the Friday before where that is a weekend, so that nobody is asked for a Sunday."""
    by = day + timedelta(days=7)
    return by - timedelta(days=max(0, by.weekday() - 4))


@bp.route("/requests/<int:request_id>/narrative/<section>/ask", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def ask_for_words(request_id: int, section: str) -> Response:
    """Ask colleagues who work with the pupil for words for one section, by a day."""
    row = request_of(request_id)
    records = records_for(row.pupil_id, request_id)
    titles = section_titles(records)
    if section not in titles:
        abort(404)
    people = colleagues_of(row.pupil_id, records.head.year_group)
    asked = [one for one in asked_for_section(request_id, section) if one.is_open]
    known = {one.user_id for one in asked}
    unasked = [str(one.user_id) for one in people if one.user_id not in known]
    form = open_form(AskForWordsForm, {"people": unasked if len(unasked) == 1 else [], "answer_by": in_a_week(today())})
    form.offer(people)
    if request.method == "POST" and form.validate():
        chosen = [one for one in people if str(one.user_id) in (form.people.data or ())]
        services.ask_for_words(request_id, section, chosen, form.question.data or "", form.answer_by.data)
        names = " and ".join(one.name for one in chosen)
        message = f"{names} {'is' if len(chosen) == 1 else 'are'} asked. It stands on their Today page."
        return done("ehcna.narrative", message, request_id=request_id, section=section)
    return page(
        "ehcna/ask_for_words.html",
        status=422 if request.method == "POST" else 200,
        title=f"Ask a colleague: {titles[section]}",
        head=records.head,
        row=row,
        form=form,
        people=people,
        asked=asked,
        section_title=titles[section],
        back=url_for("ehcna.narrative", request_id=request_id, section=section),
        rights=rights(row),
    )


@bp.route("/words/<int:words_owed_id>", methods=["GET", "POST"])
@guard(REQUEST_CONTRIBUTE)
def give_words(words_owed_id: int) -> Response:
    """What the person acting was asked to write: this section's form and nothing of the others."""
    asked = asked_words(words_owed_id)
    records = records_for(asked.pupil_id, asked.request_id)
    form = open_form(GiveForm, {"text": asked.given[0].text if asked.given else ""})
    refused = ""
    if request.method == "POST" and form.validate():
        try:
            services.hand_in(words_owed_id, form.typed)
            return done("today.today", "Thank you. Your words are handed in; the SENCO reads them beside the section.")
        except services.AskingRefused as error:
            refused = str(error)
    offers = [one for one in offers_for(asked.section, references_of(records)) if one.fits]
    return page(
        "ehcna/give_words.html",
        status=422 if request.method == "POST" else 200,
        title=f"Words for {records.head.first_name}’s request",
        head=records.head,
        asked=asked,
        section_title=section_titles(records).get(asked.section, asked.section),
        stands=next((one.text for one in sections_of(records) if one.key == asked.section), ""),
        offers=offers,
        form=form,
        refused=refused,
        on=today(),
    )


@bp.post("/words/<int:words_asked_id>/close")
@guard(REQUEST_WRITE)
def close_asking(words_asked_id: int) -> Response:
    """Nothing is waited for any more: what came is put aside, or what did not come is not needed."""
    services.close_asking(words_asked_id)
    return _back(words_asked_id, "It is put aside. What was handed in is kept, and stays to be read here.")


@bp.post("/words/<int:words_asked_id>/remind")
@guard(REQUEST_WRITE)
def remind_of_words(words_asked_id: int) -> Response:
    """Write a reminder to somebody who was asked; the letter says nothing of the child."""
    message = "A reminder is on its way by e-mail. It says nothing about the child."
    try:
        services.remind_of_words(words_asked_id)
    except services.AskingRefused as refused:
        message = str(refused)
    return _back(words_asked_id, message)


def _back(asked_id: int, message: str) -> Response:
    if request.form.get("back") != "section":
        return done("today.today", message)
    asked = asked_words(asked_id)
    return done("ehcna.narrative", message, request_id=asked.request_id, section=asked.section)
