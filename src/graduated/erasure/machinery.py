"""Words never saved, outgoing post, work in the queue: only what names the pupil by an address or an id is looked at.

These are no records: words go from them without a tombstone. Addresses of pages in them stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, or_, select
from werkzeug.exceptions import HTTPException

from graduated.access.guards import subject_of
from graduated.access.identity import Actor, acting, require_actor
from graduated.db.keys import Draft, path_in
from graduated.db.machinery import Job, JobState, Post
from graduated.db.session import db
from graduated.people.models import Membership
from graduated.plan.models import Cycle
from graduated.review.models import Review
from graduated.rules.passages import Sought, quotes, without_but_links

_MEMBERS = select(Membership.user_id).distinct()
_PLACES = select(Draft.id, Draft.place)
_DRAFT = select(Draft).where(Draft.id == bindparam("draft_id"))
_JOBS = select(Job).where(Job.payload["pupil_id"].as_integer() == bindparam("pupil_id")).order_by(Job.id)
_REVIEWS = select(Review.id).where(Review.pupil_id == bindparam("pupil_id"))
_CYCLES = select(Cycle.id).where(Cycle.pupil_id == bindparam("pupil_id"))


def of_user(user_id: int, school_id: int) -> Any:
    """Look at what one person has typed: drafts are in nobody else's sight."""
    return acting(Actor(user_id=user_id, school_id=school_id, name="", is_system=True))


def drafts_quoting(sought: Sought | None, pupil_id: int) -> tuple[tuple[int, int], ...]:
    """(user, draft) of words typed at a page of this pupil and never saved, in which the words stand."""
    return tuple(_drafts(sought, pupil_id)) if sought is not None else ()


def _drafts(sought: Sought, pupil_id: int) -> Iterator[tuple[int, int]]:
    school_id, known = require_actor().school_id, dict[str, bool]()
    for user_id in db.session.scalars(_MEMBERS).all():
        with of_user(user_id, school_id):
            for draft_id, place in db.session.execute(_PLACES).all():
                if place not in known:
                    known[place] = pupil_at(path_in(place, school_id)) == pupil_id
                if known[place] and quotes(db.session.scalars(_DRAFT, {"draft_id": draft_id}).one().body, sought):
                    yield user_id, draft_id


def pupil_at(path: str) -> int | None:
    """Whose page an address of this school is; None when it is nobody's, or of another school."""
    try:
        _endpoint, arguments = current_app.url_map.bind("").match(path.partition("?")[0])
        return subject_of(dict(arguments)).pupil_id
    except HTTPException:
        return None


def posts_quoting(sought: Sought | None, pupil_id: int) -> tuple[Post, ...]:
    """Messages that lead to a page of this pupil and in which the words stand."""
    if sought is None:
        return ()
    paths = [f"/pupils/{pupil_id}"]
    for kind, statement in (("reviews", _REVIEWS), ("cycles", _CYCLES)):
        paths += [f"/{kind}/{one}" for one in db.session.scalars(statement, {"pupil_id": pupil_id})]
    named = re.compile(rf"(?:{'|'.join(paths)})(?!\d)")
    posts = db.session.scalars(select(Post).where(or_(*(Post.body.contains(path) for path in paths))).order_by(Post.id))
    return tuple(one for one in posts if named.search(one.body) and _touched(_texts(one), sought))


def jobs_quoting(sought: Sought | None, pupil_id: int) -> tuple[Job, ...]:
    """Work about this pupil in whose message or result the words stand; what is to be done is told in ids alone."""
    if sought is None:
        return ()
    jobs = db.session.scalars(_JOBS, {"pupil_id": pupil_id})
    return tuple(one for one in jobs if _touched([one.message, one.result], sought))


def is_being_worked_on(pupil_id: int) -> bool:
    """Whether the worker makes something of this pupil's record at this moment, a pack or a file for another school."""
    jobs = db.session.scalars(_JOBS, {"pupil_id": pupil_id})
    return any(one.state is JobState.RUNNING for one in jobs)


def _texts(post: Post) -> list[str]:
    return [post.subject, post.body, post.error]


def _touched(values: list[Any], sought: Sought) -> bool:
    return any(without_but_links(one, sought) != one for one in values)


def take_from_drafts(drafts: tuple[tuple[int, int], ...], sought: Sought) -> None:
    """The words go from what was typed; the rest of it stays for whoever typed it."""
    school_id = require_actor().school_id
    for user_id, draft_id in drafts:
        with of_user(user_id, school_id):
            row = db.session.scalars(_DRAFT, {"draft_id": draft_id}).one()
            row.body = without_but_links(row.body, sought)
            db.session.flush()


def take_from_post_and_jobs(posts: tuple[Post, ...], jobs: tuple[Job, ...], sought: Sought) -> None:
    """The words go from messages and from what was said of work."""
    for post in posts:
        post.subject, post.body, post.error = (without_but_links(text, sought) for text in _texts(post))
    for job in jobs:
        job.message, job.result = (without_but_links(value, sought) for value in (job.message, job.result))
