"""Where the words of a place stand besides: other records, drafts, copies of papers, packs, post and the audit.

Everything is looked through as the system, so that nothing is left because the two people who decide may not read it;
what they are shown is what kind of record it is, never its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from graduated.access.identity import Actor, acting, require_actor, system_actor
from graduated.db.keys import Draft
from graduated.db.machinery import Job, Post
from graduated.db.session import db
from graduated.ehcna.models import PackBuild
from graduated.erasure.places import Place, row_at, searched
from graduated.people.models import Membership
from graduated.review.models import PaperGiven, Review
from graduated.rules.erasure import quotes, quoting
from graduated.rules.vocabulary import ReviewStatus

_PAPERS = select(PaperGiven).where(PaperGiven.pupil_id == bindparam("pupil_id")).order_by(PaperGiven.id)
_PACKS = select(PackBuild).where(PackBuild.pupil_id == bindparam("pupil_id")).order_by(PackBuild.id)
_MEMBERS = select(Membership.user_id).distinct()
_DRAFTS = select(Draft)
_POSTS = select(Post)
_JOBS = select(Job)
_SEALED = select(Review.id).where(
    Review.id.in_(bindparam("ids", expanding=True)),
    Review.status == ReviewStatus.SEALED,
)
_OF_DECISION = {"judgement", "provision_judgement", "next_step"}


@dataclass(frozen=True, slots=True)
class Found:
    """All that goes with the words of one place.

    `quoted` are other records, `papers` and `packs` ids of kept files, `besides` columns that go without a tombstone of
    their own, `reviews` the sealed reviews that are touched. Drafts, post and jobs are counted; they are no records.
    """

    place: Place
    pupil_id: int
    words: str
    pattern: re.Pattern[str] | None
    quoted: tuple[Place, ...]
    besides: tuple[Place, ...]
    reviews: tuple[int, ...]
    papers: tuple[PaperGiven, ...]
    packs: tuple[PackBuild, ...]
    drafts: tuple[tuple[int, int], ...]
    posts: tuple[Post, ...]
    jobs: tuple[Job, ...]

    @property
    def records(self) -> tuple[Place, ...]:
        """The place itself and every record that quotes it."""
        return (self.place, *self.quoted)


def as_system() -> Any:
    """Look and write as the system, in the name of who acts."""
    actor = require_actor()
    return acting(system_actor(actor.school_id, actor.name))


def found_at(place: Place, pupil_id: int, passage: str = "", order_id: int = 0) -> Found:
    """What the words of a place are (or the passage that is to go), where else they stand. Needs `as_system`."""
    row = row_at(place)
    value = getattr(row, place.field)
    words = passage or (value if isinstance(value, str) else "")
    pattern = quoting(words, named=bool(passage))
    rows = [row]
    quoted = []
    if pattern is not None:
        for other, row in quoting_rows(pattern, pupil_id):
            if other not in {place, Place("erasure_order", order_id, "passage")}:
                quoted.append(other)
                rows.append(row)
    touched = _touched(rows)
    reviews = db.session.scalars(_SEALED, {"ids": list(touched["review_id"])}).all()
    return Found(
        place=place,
        pupil_id=pupil_id,
        words=words,
        pattern=pattern,
        quoted=tuple(quoted),
        besides=tuple(
            Place("review", one, "decision")
            for one in sorted({row.review_id for row in rows if row.__tablename__ in _OF_DECISION})
            if Place("review", one, "decision") not in quoted
        ),
        reviews=tuple(reviews),
        papers=tuple(one for one in db.session.scalars(_PAPERS, {"pupil_id": pupil_id}) if _is_about(one, touched)),
        packs=tuple(
            one for one in db.session.scalars(_PACKS, {"pupil_id": pupil_id}) if _lists(one, (place, *quoted), pattern)
        ),
        drafts=tuple(_drafts(pattern, touched["review_id"])),
        posts=tuple(one for one in db.session.scalars(_POSTS) if pattern and quotes([one.body, one.subject], pattern)),
        jobs=tuple(one for one in db.session.scalars(_JOBS) if pattern and quotes([one.payload, one.result], pattern)),
    )


def quoting_rows(pattern: re.Pattern[str], pupil_id: int) -> Iterator[tuple[Place, Any]]:
    """(place, row) of everything in sight that quotes; of other pupils nothing, of groups and the school all."""
    for cls, fields in searched():
        statement = select(cls)
        if hasattr(cls, "pupil_id"):
            statement = statement.where(cls.pupil_id == pupil_id)
        for row in db.session.scalars(statement):
            for field in fields:
                if quotes(getattr(row, field), pattern):
                    yield Place(cls.__tablename__, row.id, field), row


Touched = dict[str, dict[int, datetime | None]]
"""By review and by plan: since when the words stand there (None: from its beginning, as far as is known)."""


def _touched(rows: list[Any]) -> Touched:
    """The reviews and plans that the rows belong to: what was printed of these has the words on it."""
    found: Touched = {"review_id": {}, "cycle_id": {}}
    for row in rows:
        table, since = row.__tablename__, getattr(row, "recorded_at", None)
        if table in {"review", "cycle"}:
            found[f"{table}_id"][row.id] = None
            continue
        name = "review_id" if getattr(row, "review_id", None) else "cycle_id"
        about = getattr(row, name, None)
        if about:
            known = found[name].get(about, since)
            found[name][about] = None if known is None or since is None else min(known, since)
    return found


def _is_about(paper: PaperGiven, touched: Touched) -> bool:
    """Whether the copy of a paper may quote what stands in these records: it is about them, and not older."""
    name = "cycle_id" if paper.review_id is None else "review_id"
    about = getattr(paper, name)
    if not paper.sha256 or about not in touched[name]:
        return False
    since = touched[name][about]
    return since is None or paper.recorded_at >= since


def _lists(pack: PackBuild, places: tuple[Place, ...], pattern: re.Pattern[str] | None) -> bool:
    """Whether a pack was built from one of these rows."""
    if not pack.sha256:
        return False
    rows = {(place.table, place.row_id) for place in places}
    listed = {(one.get("table"), one.get("id")) for one in pack.manifest.get("records", ())}
    return bool(rows & listed) or (pattern is not None and quotes(pack.manifest, pattern))


def _drafts(pattern: re.Pattern[str] | None, review_ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """(user, draft) of words typed and never saved: those that quote, and all that were typed at these reviews."""
    school_id = require_actor().school_id
    about = tuple(f"/reviews/{one}/" for one in review_ids)
    for user_id in db.session.scalars(_MEMBERS).all():
        with of_user(user_id, school_id):
            for draft in db.session.scalars(_DRAFTS):
                if draft.place.startswith(about) or (pattern is not None and quotes(draft.body, pattern)):
                    yield user_id, draft.id


def of_user(user_id: int, school_id: int) -> Any:
    """Look at what one person has typed: drafts are in nobody else's sight."""
    return acting(Actor(user_id=user_id, school_id=school_id, name="", is_system=True))
