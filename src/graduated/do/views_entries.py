"""Where a device hands in what waited on it: who is signed in, with a fresh token, and one entry at a time.

Answers are JSON and name no child: what became of the entry is said in words about the group, the day and the adult.
"""

from __future__ import annotations

from typing import Any

from flask import Response, abort, jsonify, request
from flask_wtf.csrf import generate_csrf

from graduated.access import actions
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.do import services_waiting as waiting_services
from graduated.do import sheets
from graduated.do.queries import Logged
from graduated.do.views import bp, standing_words
from graduated.do.waiting import NotAnEntry, TakenBack, WaitingEntry, read_entry
from graduated.rules.vocabulary import inside
from graduated.web.filters import weekday_date

_FULLY = "To put yours in its place, sign in with your email address and password."
LARGEST = 64 * 1024
"""Bytes of one entry; a group of twelve with notes is a tenth of it."""


@bp.get("/entries/mine")
@guard(actions.DEVICE_LOG)
def my_entries() -> Response:
    """Under which reference this person's entries wait, and a token that is good now."""
    return jsonify(owner=sheets.person_reference(), token=generate_csrf())


@bp.post("/entries")
@guard(actions.DEVICE_LOG)
def hand_in() -> Response:
    """Take one entry. The answer is 200 whatever comes of it: `came` says what."""
    if (request.content_length or 0) > LARGEST:
        abort(413)
    try:
        entry = read_entry(request.get_json(silent=True))
    except (NotAnEntry, RecursionError):  # so deep that it is no entry
        abort(400)
    return jsonify(_came_of(entry))


def _came_of(entry: WaitingEntry | TakenBack) -> dict[str, Any]:
    try:
        return _taken_back(entry) if isinstance(entry, TakenBack) else _taken(entry)
    except waiting_services.SomebodyElses:
        return {"came": "other", "words": "The entry waits for the person who made it."}


def _taken_back(entry: TakenBack) -> dict[str, Any]:
    waiting_services.take_back(entry)
    return {"came": "saved", "words": "The entry is taken back."}


def _taken(entry: WaitingEntry) -> dict[str, Any]:
    try:
        taken = waiting_services.take_entry(entry)
    except waiting_services.NotTaken as why:
        return {"came": "refused", "words": str(why)}
    except waiting_services.Stands as other:
        actor = require_actor()
        if actor.on_device and other.logged.by_id != actor.user_id:
            words = standing_words(other.group, other.logged, entry.on)
            return {"came": "refused", "words": f"{words} {_FULLY}"}
        return {
            "came": "asks",
            "words": f"{standing_words(other.group, other.logged, entry.on)} Only one entry counts for one session.",
            "stands": other.logged.session_id,
            "instead": _instead(entry),
        }
    return {"came": "saved", "words": f"{taken.group} on {weekday_date(entry.on)} is logged: {_said(entry)}."}


def _said(entry: WaitingEntry) -> str:
    here = sum(1 for mark in entry.marks if mark.here)
    return Logged(0, entry.state, entry.reason, here, len(entry.marks) - here).words


def _instead(entry: WaitingEntry) -> str:
    """The words of the button that puts the new entry in the place of the one that stands."""
    return f"Mine is right: {inside(_said(entry))}"
