"""The one guard. A view without a declared action refuses; a view with one is fetched and authorised in one call.

A "-" cell and a stranger get 404, a reader who would write gets 403, who is signed out is sent to sign in
(303, or 401 for htmx, whose page keeps its form). URL arguments that end in `_id` name what the view is about;
each kind has one finder, registered by its package, which runs under the scope filter.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from flask import abort, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from graduated.access.actions import SECOND_STEP
from graduated.access.identity import Actor, current_actor
from graduated.access.policy import Action, Answer, Hat, Subject, decide, is_at_odds
from graduated.db.writing import Writing

P = ParamSpec("P")
R = TypeVar("R")
Finder = Callable[[int], Subject | None]

finders: dict[str, Finder] = {}


def finder(kind: str) -> Callable[[Finder], Finder]:
    """Register how `<kind>_id` in a URL is looked up."""

    def register(find: Finder) -> Finder:
        finders[kind] = find
        return find

    return register


class SignedOut(Exception):
    """Nobody is signed in, and the page needs somebody."""


class SecondStepMissing(Exception):
    """The person must set up a second step of signing in before anything else is open."""


class NotFresh(Exception):
    """A record would leave the program, and it is a while since the person proved who they are."""


def guard(action: Action) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare what a view does. Leaves `action` on the view for the locked-by-default check and for tests."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not action.is_public:
                g.guard = (action, dict(kwargs))
                check(action, dict(kwargs))
            return view(*args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def check(action: Action, arguments: dict[str, Any]) -> None:
    """Ask the table; abort unless it allows."""
    actor = current_actor()
    if actor is None:
        raise SignedOut
    if actor.needs_factor and action is not SECOND_STEP:
        raise SecondStepMissing
    if action.hat is not Hat.ANY and action.hat is not actor.hat:
        raise NotFound
    if actor.on_device and not action.on_device:
        raise NotFound
    subject = subject_of(arguments)
    if is_at_odds(action, subject):
        raise LookupError(f"{action.name} guards a page about {subject.area}: the finder or the action is mistaken")
    answer = decide(actor.roles, actor.user_id, action, subject)
    if answer is Answer.HIDE or _is_others_on_device(actor, subject):
        raise NotFound
    if answer is Answer.REFUSE:
        abort(403)
    if action.asks_again and not actor.is_fresh:
        raise NotFresh
    g.subject = subject


def _is_others_on_device(actor: Actor, subject: Subject) -> bool:
    """Whether a PIN was used and the group is another's: also a SENCO, who logs any group, logs only her own by PIN."""
    return bool(actor.on_device) and subject.staff_ids is not None and actor.user_id not in subject.staff_ids


def subject_of(arguments: dict[str, Any]) -> Subject:
    """What the URL speaks of; every id must be found in scope, and all must be of one pupil."""
    found = Subject()
    for name, value in arguments.items():
        if not name.endswith("_id"):
            continue
        subject = finders[name.removesuffix("_id")](value)
        if subject is None or (found.pupil_id and subject.pupil_id and subject.pupil_id != found.pupil_id):
            raise NotFound
        found = _merged(found, subject)
    return found


def _merged(first: Subject, second: Subject) -> Subject:
    return Subject(
        pupil_id=second.pupil_id or first.pupil_id,
        lead_id=second.lead_id or first.lead_id,
        staff_ids=first.staff_ids if second.staff_ids is None else second.staff_ids,
        area=second.area or first.area,
    )


def may(action: Action, subject: Subject | None = None) -> bool:
    """Whether the person acting may do that too, for a link or a button on the page."""
    actor = current_actor()
    if actor is None or (action.hat is not Hat.ANY and action.hat is not actor.hat):
        return False
    about = subject if subject is not None else g.get("subject", Subject())
    if actor.on_device and (not action.on_device or _is_others_on_device(actor, about)):
        return False
    return decide(actor.roles, actor.user_id, action, about) is Answer.ALLOW


def may_open(endpoint: str) -> bool:
    """Whether the person acting may open that page, about what the present page is about; no page, no."""
    action = getattr(current_app.view_functions.get(endpoint), "action", None)
    return action is not None and may(action)


def recheck(_session: Session, _writing: Writing) -> None:
    """Look again at who may, inside the transaction: a right withdrawn a moment ago acts at once.

    Once for a request: what a first act removed cannot be looked up for a second, such as dropping a draft.
    """
    try:
        guarded = g.get("guard")
    except RuntimeError:
        return
    actor: Actor | None = current_actor()
    if guarded is None or actor is None or actor.is_system or request.method == "GET" or "rechecked" in g:
        return
    action, arguments = guarded
    check(action, arguments)
    g.rechecked = True
