"""Today: what waits, each a sentence and one click from done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from flask import Blueprint, Response, request, url_for

from graduated.access import actions
from graduated.access.guards import guard, may
from graduated.access.policy import Subject
from graduated.db.clock import today as this_day
from graduated.rules.calendar import term_of_or_after, week_of_term
from graduated.rules.dosage import Dose, together
from graduated.rules.vocabulary import SenStatus, inside
from graduated.today import (
    lines,
    lines_asking,
    lines_concerns,
    lines_family,
    lines_information,
    lines_law,
    lines_leaving,
    lines_planning,
    lines_words,
)
from graduated.today.queries import Day, day_of
from graduated.web import nav
from graduated.web.page import page

bp = Blueprint("today", __name__)
nav.offer(10, "Today", "today.today", actions.TODAY)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures beside the work: this term, and the register."""

    term: str
    held: int
    expected: int
    on_course: int
    pupils: int
    still_due: int
    last_day: date | None
    dose: Dose
    support: int
    plans: int
    concerns: int


@bp.get("/today")
@guard(actions.TODAY)
def today() -> Response:
    """The first page of everybody at school: their own, or the whole school's."""
    on = this_day()
    day = day_of(on)
    opened = request.args.get("all", "")
    promises = lines.promises(day, on)
    shown = promises if opened == "promises" or len(promises) <= lines.MOST + 1 else promises[: lines.MOST]
    return page(
        "today/today.html",
        title="Today",
        on=on,
        where=_where(day, on),
        cards=_cards(day, on, opened),
        promises=shown,
        more_promises=len(promises) - len(shown),
        figures=_figures(day, on) if may(actions.REVIEW_READ, Subject()) else None,
    )


def _cards(day: Day, on: date, opened: str) -> list[lines.Card]:
    """What waits, by kind; `opened` is the card of which every line is shown."""
    every_review = url_for("review.reviews") if may(actions.REVIEW_READ, Subject()) else ""
    unasked = lines.unasked(day, on) if may(actions.REVIEW_READ, Subject()) else ()
    every_concern = url_for("assess.concerns", show="due")

    def card(key: str, title: str, *found: list[lines.Line], elsewhere: str = "") -> lines.Card:
        """A card whose lines are all listed by its own page, or by Today itself with the card opened."""
        every = elsewhere or url_for("today.today", all=key, _anchor=key)
        return lines.card(key, title, list(chain(*found)), every, opened=opened == key)

    cards = [
        card("asked", "Asked of you", lines_asking.asked_of_me(day, on), lines_words.asked_of_me(day, on)),
        lines.card("groups", "Your groups today", lines.my_groups(day, on)),
        replace(card("reviews", "Reviews", lines.reviews(day, on), elsewhere=every_review), unasked=unasked),
        card("year", "Three a year", lines_asking.year_count(day, on)),
        card("waiting", "Asked for before a review", lines_asking.to_ask(day, on), lines_asking.not_come(day, on)),
        card(
            "plans",
            "Plans",
            lines.plans(day, on),
            lines_asking.untold(day, on),
            lines_leaving.plans(day, on),
            lines_leaving.colleagues(day),
        ),
        card("advice", "Advice and requests", lines.advice_and_requests(day, on), lines.for_the_mis(day)),
        card("words", "Words for requests", lines_words.of_requests(day, on)),
        card("planning", "Planning meetings", lines_planning.due(day, on)),
        card("families", "Families", lines_family.holds(day, on), lines_family.invitations(day, on)),
        card("law", "By law", lines_law.waiting(day, on), lines_law.keeping(day)),
        card("information", "Requests for information", lines_information.waiting(day, on)),
        card("concerns", "Concerns", lines_concerns.due(day, on), elsewhere=every_concern),
        card("log", "Sessions not logged", lines.not_logged(day, on)),
        card("behind", "Behind the plan", lines.behind(day)),
        card("registers", "Registers", lines_information.registers()),
    ]
    return lines.one_strong([one for one in cards if one.items])


def _where(day: Day, on: date) -> str:
    """Where in the school year the day lies: "autumn term, week 11 of 15"."""
    term = term_of_or_after(on, day.calendar[0])
    week = week_of_term(on, *day.calendar)
    if term is None:
        return "no term dates are entered"
    name = inside(term.name)
    if not name.endswith("term"):
        name += " term"
    return (
        f"{name}, week {week[0]} of {week[1]}" if week else f"holiday; {name} starts {term.starts.day} {term.starts:%B}"
    )


def _figures(day: Day, on: date) -> Figures:
    term = term_of_or_after(on, day.calendar[0])
    last_day = term.ends if term else None
    held = [row for row in day.reviews.held if term and row.held_on and row.held_on >= term.starts and not row.interim]
    still = [one for one in day.reviews.due if last_day and one.due and one.due <= last_day]
    on_support = [one for one in day.reviews.standings if one.status is SenStatus.SUPPORT]
    return Figures(
        term=term.name if term else "",
        held=len(held),
        expected=len(held) + len(still),
        on_course=sum(1 for one in on_support if one.on_course),
        pupils=len(on_support),
        still_due=len(still),
        last_day=last_day,
        dose=together(one.dose for one in day.doses),
        support=len(on_support),
        plans=sum(1 for one in day.reviews.standings if one.status is SenStatus.PLAN),
        concerns=len(day.concerns),
    )
