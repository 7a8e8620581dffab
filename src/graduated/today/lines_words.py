"""Today's lines of words that colleagues were asked for, for a request: who owes them, and who waits for them."""

from __future__ import annotations

from datetime import date
from functools import partial

from flask import url_for

from graduated.access import actions
from graduated.access.guards import may
from graduated.access.identity import require_actor
from graduated.access.policy import Subject
from graduated.ehcna.queries_asked import AskedWords
from graduated.pack.content import DEFAULT_SECTIONS, Section
from graduated.review.links import pupil_link
from graduated.rules.calendar import short_date
from graduated.today.lines import Item, Line, item, waited
from graduated.today.lines_asking import asked_line
from graduated.today.queries import Day

_TITLES = {Section.SUMMARY.value: "Summary"} | {one.section.value: one.title for one in DEFAULT_SECTIONS}


def asked_of_me(day: Day, on: date) -> list[Line]:
    """What the person was asked to write and has not handed in: one click from the form."""
    me = require_actor().user_id
    return [partial(_asked_of_me, one, on) for one in day.words if one.user_id == me and one.is_waited_for]


def _asked_of_me(one: AskedWords, on: date) -> Item:
    by = f" {one.asked_by} asked on {short_date(one.asked_on, on)}." if one.asked_by else ""
    words = f": write a few words for the EHC request, “{_title(one)}”.{by}"
    href = url_for("ehcna.give_words", words_owed_id=one.asked_id)
    return asked_line(one.answer_by, on, one.is_late(on), words, (one.pupil_name, one.pupil_id), ("Write", href))


def _title(one: AskedWords) -> str:
    """The section as most profiles head it: a line of Today reads no profile of its own."""
    return _TITLES.get(one.section, "Preparation for adulthood")


def of_requests(day: Day, on: date) -> list[Line]:
    """For who looks after requests: words that came and are to be read, then those that are still waited for."""
    if not may(actions.REQUEST_WRITE, Subject()):
        return []
    came = [partial(_came, one, on) for one in day.words if one.is_to_read]
    waiting = [one for one in day.words if one.is_waited_for]
    waiting.sort(key=lambda one: (not one.is_late(on), one.asked_on, one.asked_id))
    return [*came, *(partial(_waited_for, one, on) for one in waiting)]


def _section(one: AskedWords) -> str:
    return url_for("ehcna.narrative", request_id=one.request_id, section=one.section, _anchor="colleagues")


def _came(one: AskedWords, on: date) -> Item:
    return item(
        f"Came {short_date(one.given[0].on, on)}",
        f": {one.known_as}, handed in words for the request, “{_title(one)}”.",
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action="Read",
        action_href=_section(one),
    )


def _waited_for(one: AskedWords, on: date) -> Item:
    when, small = waited(one.asked_on, on, "asked for")
    reminded = f"; reminded on {short_date(one.reminded_on, on)}" if one.reminded_on else ""
    by = f", for {short_date(one.answer_by, on)}" if one.answer_by else ""
    can_remind = one.reminded_on is None or one.reminded_on < on
    return item(
        when,
        f": {one.name} has not handed in words for “{_title(one)}” of the request{by}{reminded}.",
        small="late" if one.is_late(on) else small,
        late=one.is_late(on),
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action="Remind" if can_remind else "Open",
        post=can_remind,
        action_href=url_for("ehcna.remind_of_words", words_asked_id=one.asked_id) if can_remind else _section(one),
    )
