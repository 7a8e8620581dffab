"""Today's lines of what was asked before a review, of the year's count, and of plans that families have not seen."""

from __future__ import annotations

from datetime import date
from functools import partial

from flask import url_for

from graduated.access import actions
from graduated.access.guards import may
from graduated.access.identity import require_actor
from graduated.access.policy import Area, Subject
from graduated.review.links import link, pupil_link
from graduated.review.queries_asking import AskedRow
from graduated.review.queries_due import DueReview, PupilStanding, UntoldPlan
from graduated.review.views_asking import next_reviews_of
from graduated.rules.calendar import short_date
from graduated.rules.reviews import must_hold_words
from graduated.rules.vocabulary import ViewOf
from graduated.today.lines import Item, Line, item, waited
from graduated.today.queries import Day

SOON_DAYS = 28
"""How near the last possible day must be before Today speaks of it."""


def asked_of_me(day: Day, on: date) -> list[Line]:
    """What the person was asked to contribute and has not yet: one click from the form."""
    me = require_actor().user_id
    return [
        partial(_asked_of_me, one, on)
        for one in day.asked
        if one.user_id is not None and one.user_id == me and one.is_waited_for
    ]


def _asked_of_me(one: AskedRow, on: date) -> Item:
    by = f" {one.asked_by} asked on {short_date(one.asked_on, on)}." if one.asked_by else ""
    words, href = f": say how it goes, for the review.{by}", url_for("review.say", reviewed_cycle_id=one.cycle_id)
    return asked_line(one.answer_by, on, one.is_late(on), words, (one.pupil_name, one.pupil_id), ("Contribute", href))


def asked_line(
    by: date | None, on: date, is_late: bool, words: str, pupil: tuple[str, int], action: tuple[str, str]
) -> Item:
    """What a colleague was asked for about a pupil (name, id): one click (its label, its page) from the form."""
    return item(
        f"By {short_date(by, on)}" if by else "Asked",
        words,
        late=is_late,
        small="late" if is_late else "",
        who=pupil[0],
        href=pupil_link(pupil[1]),
        action=action[0],
        action_href=action[1],
        strong=True,
    )


def not_come(day: Day, on: date) -> list[Line]:
    """What was asked for and may still come, for who leads or looks after the review.

    Who can no longer answer (moved to other pupils, left, barred) is told of on the page before the review.
    """
    # Who is late comes first, then whoever has waited longest.
    return [
        partial(_not_come, one, on)
        for one in sorted(day.asked, key=lambda one: (not one.is_late(on), one.asked_on, one.asked_id))
        if one.is_waited_for and may(actions.REVIEW_WRITE, Subject(one.pupil_id, one.lead_id, None, Area.REVIEW_OPEN))
    ]


def _not_come(one: AskedRow, on: date) -> Item:
    views = one.whose is not None
    when, small = waited(one.asked_on, on, "asked for")
    reminded = f"; reminded on {short_date(one.last_on, on)}" if one.last_on != one.asked_on else ""
    may_remind = not views and one.last_on < on
    text = f": {one.name} has not contributed yet{reminded}."
    if views:
        text = (
            ": their own views have not come." if one.whose is ViewOf.PUPIL else f": {one.name}’s views have not come."
        )
    return item(
        when,
        text,
        small=small,
        late=one.is_late(on),
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action="Record" if views else ("Remind" if may_remind else ""),
        post=not views,
        action_href=url_for("assess.hear", pupil_id=one.pupil_id, whose=one.adult_id)
        if views
        else url_for("review.remind", asked_id=one.asked_id),
    )


def to_ask(day: Day, on: date) -> list[Line]:
    """One line for all reviews of this week and the next for which nobody was asked who can still answer."""
    staff = [one for one in day.asked if one.user_id is not None]
    waits = {one.cycle_id for one in staff if one.can_answer}
    silent = [one for one in next_reviews_of(day.reviews.due, on) if one.cycle_id not in waits and not one.contributors]
    if not silent:
        return []
    count = len(silent)
    gone = {one.cycle_id for one in staff} & {one.cycle_id for one in silent}
    return [
        partial(
            item,
            "Next reviews",
            f"{count} review{' is' if count == 1 else 's are'} due by the end of next week, and nobody was asked "
            f"to contribute{', or whoever was asked does not work with the pupil now' if gone else ''}.",
            action="Ask colleagues",
            action_href=url_for("review.ask_many"),
        )
    ]


def year_count(day: Day, on: date) -> list[Line]:
    """Pupils who miss the year's number unless one is held soon, and those for whom it cannot be met any more."""
    if not may(actions.REVIEW_READ, Subject()):
        return []
    last_days = [(one.standing.must_hold_by, one) for one in day.reviews.standings]
    soon = sorted(
        ((by, one) for by, one in last_days if by is not None and (by - on).days <= SOON_DAYS),
        key=lambda pair: (pair[0], pair[1].pupil_name),
    )
    cycles = {one.pupil_id: one for one in day.reviews.due}
    found: list[Line] = [partial(_must_hold, by, one, cycles.get(one.pupil_id), on) for by, one in soon]
    return found + [partial(_lost, one, on) for one in day.reviews.standings if one.standing.cannot_be_met]


def _must_hold(by: date, one: PupilStanding, due: DueReview | None, on: date) -> Item:
    can = due is not None and may(actions.REVIEW_WRITE, Subject(one.pupil_id, due.lead_id, None, Area.REVIEW_OPEN))
    days = (by - on).days
    return item(
        f"{days} day{'' if days == 1 else 's'} left" if days else "Last day",
        f" {must_hold_words(one.standing, on)}.",
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action="Start the review" if can else "",
        action_href=url_for("review.new", reviewed_cycle_id=due.cycle_id) if can and due else "",
    )


def _lost(one: PupilStanding, on: date) -> Item:
    return item(
        "Not any more",
        f" {must_hold_words(one.standing, on)}; {one.standing.held} held.",
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
    )


def untold(day: Day, on: date) -> list[Line]:
    """Plans that run and of which nothing says that the family was told."""
    return [partial(_untold, one, on) for one in day.reviews.untold]


def _untold(one: UntoldPlan, on: date) -> Item:
    when, small = waited(one.agreed_on, on, "agreed")
    can = may(actions.REVIEW_WRITE, Subject(one.pupil_id, one.lead_id, None, Area.REVIEW_OPEN))
    return item(
        when,
        f"’s plan is agreed, and nothing says that the parents were told of it. Cycle {one.cycle_number}.",
        small=small,
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action="Give it to the parents" if can else "Open the plan",
        action_href=url_for("review.give_plan", reviewed_cycle_id=one.cycle_id)
        if can
        else link("register.cycle", cycle_id=one.cycle_id),
    )
