"""Before a review: asking colleagues and the family, one pupil or many, and what a colleague answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from flask import Response, abort, request, url_for
from wtforms import SelectChoice

from graduated.access import actions
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.access.policy import Area, Subject
from graduated.db.clock import today
from graduated.plan.queries import cycle_of, plan_of
from graduated.pupils.queries import pupil_head
from graduated.review import services_asking as services
from graduated.review.errors import ReviewRefused
from graduated.review.forms_asking import AskForm, said_before, say_form
from graduated.review.links import pupil_link
from graduated.review.queries_asking import (
    ToAsk,
    adults_to_ask,
    asked_of,
    cycle_asked_for,
    find_asked,
    said_for_the_next,
    to_ask,
)
from graduated.review.queries_due import DueReview, due_reviews
from graduated.review.views import bp
from graduated.rules.vocabulary import ViewOf
from graduated.web.filters import short_date
from graduated.web.forms import open_form
from graduated.web.page import done, page

__all__ = ["find_asked"]


def end_of_next_week(day: date) -> date:
    """The Sunday of the week after this one."""
    return day + timedelta(days=13 - day.weekday())


def next_reviews(day: date) -> list[DueReview]:
    """Reviews of this week and the next that the person acting may ask for."""
    return next_reviews_of(due_reviews(day), day)


def next_reviews_of(reviews: Iterable[DueReview], day: date) -> list[DueReview]:
    """Of these reviews, those of this week and the next that the person acting may ask for."""
    return [
        one
        for one in reviews
        if one.due is not None
        and day <= one.due <= end_of_next_week(day)
        and may(actions.REVIEW_WRITE, Subject(one.pupil_id, one.lead_id, None, Area.REVIEW_OPEN))
    ]


def _choice(one: ToAsk, *, with_pupil: bool) -> SelectChoice:
    words = f"{one.pupil_name}: {one.name}" if with_pupil else one.name
    if one.asked is not None:
        words += f", asked on {short_date(one.asked.asked_on)}" + (
            f" and answered on {short_date(one.asked.came_on)}" if one.asked.came_on else ""
        )
    return SelectChoice(one.key, words)


def _ask_form(people: tuple[ToAsk, ...], by: date, *, with_pupil: bool = True) -> AskForm:
    unasked = [one.key for one in people if one.asked is None]
    form = open_form(AskForm, {"people": unasked, "answer_by": by})
    form.people.choices = [_choice(one, with_pupil=with_pupil) for one in people]
    return form


def _ask(form: AskForm, people: tuple[ToAsk, ...]) -> str:
    """Ask those who were chosen; what came of it in words, also where somebody else closed a cycle meanwhile."""
    pairs = [(one.cycle_id, one.user_id) for one in people if one.key in (form.people.data or ())]
    try:
        return _asked_words(services.ask_staff(pairs, form.answer_by.data), len(pairs))
    except ReviewRefused as refused:
        return f"{refused} Nobody was asked. Look at the list again."


def _asked_words(count: int, wanted: int) -> str:
    if not count:
        return "They were asked before. Nothing changed."
    words = f"{count} {'contribution is' if count == 1 else 'contributions are'} asked for."
    return words + (f" {wanted - count} had been asked before." if wanted > count else "")


@bp.route("/reviews/ask", methods=["GET", "POST"])
@guard(actions.REVIEW_READ)
def ask_many() -> Response:
    """Ask everybody who works with the pupils of the next reviews, after a look at the list."""
    day = today()
    reviews = next_reviews(day)
    people = to_ask(reviews, require_actor().user_id)
    first = min((one.due for one in reviews if one.due), default=day + timedelta(days=7))
    form = _ask_form(people, max(day, first - timedelta(days=1)))
    if request.method == "POST" and form.validate():
        return done("today.today", _ask(form, people))
    return page(
        "review/ask_many.html",
        status=422 if request.method == "POST" else 200,
        title="Ask for contributions",
        form=form,
        people=people,
        pupils=len({one.pupil_id for one in people}),
        staff=len({one.user_id for one in people}),
        until=end_of_next_week(day),
    )


@bp.route("/cycles/<int:reviewed_cycle_id>/ask", methods=["GET", "POST"])
@guard(actions.REVIEW_WRITE)
def ask(reviewed_cycle_id: int) -> Response:
    """Before one review: whom to ask, who was asked and what came, and the forms for the family."""
    cycle = cycle_of(reviewed_cycle_id)
    due = next((one for one in due_reviews() if one.cycle_id == reviewed_cycle_id), None)
    working = to_ask([due] if due else [], require_actor().user_id)
    people = tuple(one for one in working if one.asked is None)
    by = due.due - timedelta(days=1) if due and due.due else today() + timedelta(days=7)
    form = _ask_form(people, max(today(), by), with_pupil=False)
    if request.method == "POST" and form.validate():
        return done("review.ask", _ask(form, people), reviewed_cycle_id=reviewed_cycle_id)
    known = asked_of(reviewed_cycle_id)
    return page(
        "review/ask.html",
        status=422 if request.method == "POST" else 200,
        title=f"Before the review of cycle {cycle.number}",
        head=pupil_head(cycle.pupil_id),
        pupil_href=pupil_link(cycle.pupil_id),
        cycle=cycle,
        running=due is not None,
        form=form,
        people=people,
        asked=[one for one in known if one.user_id is not None],
        family=[one for one in known if one.user_id is None],
        adults=adults_to_ask(cycle.pupil_id),
        on=today(),
    )


@bp.post("/asked/<int:asked_id>/remind")
@guard(actions.REVIEW_WRITE)
def remind(asked_id: int) -> Response:
    """Write a reminder to somebody who was asked; the letter says nothing of the child."""
    message = "A reminder is on its way by e-mail. It says nothing about the child."
    cycle_id = cycle_asked_for(asked_id)
    try:
        services.remind(asked_id)
    except ReviewRefused as refused:
        message = str(refused)
    if request.form.get("back") == "ask":
        return done("review.ask", message, reviewed_cycle_id=cycle_id)
    return done("today.today", message)


@bp.route("/cycles/<int:reviewed_cycle_id>/say", methods=["GET", "POST"])
@guard(actions.REVIEW_CONTRIBUTE)
def say(reviewed_cycle_id: int) -> Response:
    """What somebody who works with the pupil saw since the plan was agreed."""
    plan = plan_of(reviewed_cycle_id)
    outcomes = tuple(one for one in plan.outcomes if one.dropped_on is None)
    me, new = require_actor().user_id, said_for_the_next(reviewed_cycle_id)
    mine = [one for one in plan.contributions if one.by_id == me and one.contribution_id in new]
    form = open_form(say_form(outcomes), said_before(mine))
    refused = ""
    if request.method == "POST" and form.validate():
        try:
            services.contribute(reviewed_cycle_id, form.said())
            return done("today.today", "Thank you. It stands in the review under your name.")
        except ReviewRefused as error:
            refused = str(error)
    return page(
        "review/say.html",
        status=422 if request.method == "POST" else 200,
        title="Contribute to the review",
        head=pupil_head(plan.cycle.pupil_id),
        cycle=plan.cycle,
        form=form,
        outcomes=[(one, form[f"seen-{one.outcome_id}"], form[f"words-{one.outcome_id}"]) for one in outcomes],
        before=max((one.on for one in mine), default=None),
        refused=refused,
    )


@bp.route("/cycles/<int:reviewed_cycle_id>/views-form", methods=["GET", "POST"])
@guard(actions.REVIEW_WRITE)
def views_form(reviewed_cycle_id: int) -> Response:
    """A form to print for the pupil or one parent; POST notes that it was given today."""
    cycle = cycle_of(reviewed_cycle_id)
    asked = request.values.get("adult", "")
    adult = next((one for one in adults_to_ask(cycle.pupil_id) if str(one.adult_id) == asked), None)
    if asked and adult is None:
        abort(404)  # nobody who may be asked: never taken for the pupil
    head = pupil_head(cycle.pupil_id)
    if request.method == "POST":
        whose = ViewOf.PUPIL if adult is None else ViewOf.PARENT
        by = cycle.review_due if cycle.review_due and cycle.review_due > today() else None
        try:
            services.ask_family(reviewed_cycle_id, whose, adult.adult_id if adult else None, by)
        except ReviewRefused as refused:
            return done("review.ask", str(refused), reviewed_cycle_id=reviewed_cycle_id)
        return done("review.ask", "It is noted that they were asked today.", reviewed_cycle_id=reviewed_cycle_id)
    return page(
        "review/views_form.html",
        title=f"Views of {adult.name if adult else head.first_name}",
        head=head,
        cycle=cycle,
        adult=adult,
        back=url_for("review.ask", reviewed_cycle_id=reviewed_cycle_id),
    )
