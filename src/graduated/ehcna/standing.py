"""Whether a built pack may still be given: a paper in it may be restricted, erased or corrected since.

A file cannot be changed, so a pack with such a paper is not to be given any more and is built again. So it is with a
strength, a difficulty or a concern that was marked since, of which nothing more is said: who may not know of it would
learn of it here. What the authority was given is kept as it was given, for those who may read what is restricted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from graduated.access.actions import RESTRICTED_READ
from graduated.access.guards import may
from graduated.access.identity import acting, require_actor, system_actor
from graduated.access.policy import Subject
from graduated.assess.queries_restricted import Key, closed_entries, first_marked
from graduated.audit.models import ChangeDetail, ChangeEvent
from graduated.db.clock import local
from graduated.db.session import db
from graduated.ehcna.models import PackBuild, PackFile
from graduated.ehcna.queries_chosen import Chosen, SentRow, chosen_of, sent_of
from graduated.pupils.models import Document
from graduated.review.queries_given import GivenRow
from graduated.rules.paper_choice import OPEN, goes
from graduated.rules.vocabulary import PackFileKind, PaperChoice, Visibility
from graduated.web.filters import long_date

AGAIN = "It is not to be given any more: build it again."
_OPEN_VALUES = frozenset(one.value for one in OPEN)
_OTHERWISE = f"It does not show the record as it stands now. {AGAIN}"
_TABLE = Document.__tablename__
_ENTRIES = ("observation", "concern")
_CHANGES = (
    select(ChangeEvent.at, ChangeDetail.payload)
    .join(ChangeDetail, ChangeDetail.event_id == ChangeEvent.id)
    .where(
        ChangeEvent.pupil_id == bindparam("pupil_id"),
        ChangeEvent.at >= bindparam("since"),
        ChangeEvent.act.in_(("Paper's details changed", "Details of papers changed")),
    )
    .order_by(ChangeEvent.sequence)
)
_IDS: Any = bindparam("ids", expanding=True)
_PAPERS = select(Document.id, Document.visibility, Document.sha256).where(Document.id.in_(_IDS))
_SEEN = select(Document.id).where(Document.id.in_(_IDS))
_BUILDS = select(
    PackBuild.id, PackBuild.pupil_id, PackBuild.assessment_request_id, PackBuild.built_at, PackBuild.manifest
).where(PackBuild.id.in_(_IDS))
_COPIES = select(PackFile.sha256, PackFile.adult_id, PackFile.pack_build_id).where(
    PackFile.sha256.in_(_IDS), PackFile.kind == PackFileKind.FAMILY
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is to be known of one build today.

    `why`: why it is not to be given any more, or "". `family_why`: why a copy for the family is not, or "". `changed`:
    that details of a paper read otherwise since. `sent`: when the authority was given it. `is_open`: whether who acts
    may have its files. `closed_on`: the day on which it became not to be given, where that is known. `may_know`:
    whether who acts may read everything that made it so.
    """

    why: str = ""
    family_why: str = ""
    changed: str = ""
    sent: tuple[SentRow, ...] = ()
    is_open: bool = True
    closed_on: date | None = None
    may_know: bool = True

    def why_not_sent(self, on: date | None = None) -> str:
        """Why it cannot be recorded as given on a day; without a day, on whichever. Nothing when it can be.

        What is not to be given opens again once it was given, so only who may read the paper that closed it says so,
        and only of a day before it was closed.
        """
        if not self.why:
            return ""
        if not self.may_know or self.closed_on is None:
            return f"{self.why} That it was given earlier is recorded by somebody who may read every paper in it."
        if on is not None and on >= self.closed_on:
            return f"{self.why} Only a day before {long_date(self.closed_on)} can be recorded."
        return ""

    def is_open_for(self, kind: PackFileKind) -> bool:
        """Whether who acts may have a file of this kind; the list of records names no paper and stays open."""
        if kind is PackFileKind.FAMILY:
            return self.is_open and not self.family_why
        return self.is_open or kind is PackFileKind.MANIFEST

    @property
    def is_kept_as_given(self) -> bool:
        """Whether it would not be given today, and was."""
        return bool(self.why and self.sent)


@dataclass(frozen=True, slots=True)
class _Paper:
    visibility: Visibility
    has_file: bool


@dataclass(frozen=True, slots=True)
class _Change:
    document_id: int
    on: date
    at: Any
    visibility: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class _Known:
    """How papers stand today whoever may read them, read once for all builds."""

    papers: Mapping[int, _Paper]
    chosen: Mapping[int, Chosen]
    changes: tuple[_Change, ...]
    marked: Mapping[Key, datetime]


def standings_of(build_ids: Iterable[int]) -> Mapping[int, Standing]:
    """By build: how it stands. The builds are of one pupil, in sight of who acts."""
    builds = db.session.execute(_BUILDS, {"ids": sorted(build_ids)}).all()
    listed = {row.id: _papers_in(row.manifest) for row in builds}
    entries = {row.id: _entries_in(row.manifest) for row in builds}
    if not builds:
        return {}
    ids = sorted(set().union(*listed.values()))
    seen = set(db.session.scalars(_SEEN, {"ids": ids}))
    reads, known_of = may(RESTRICTED_READ, Subject(builds[0].pupil_id)), closed_entries(builds[0].pupil_id)
    found: dict[int, Standing] = {}
    by_request: dict[int | None, tuple[_Known, tuple[SentRow, ...]]] = {}
    for row in builds:
        request_id = row.assessment_request_id
        if request_id not in by_request:
            since = min(one.built_at for one in builds)
            known = _known(row.pupil_id, request_id, ids, since)
            by_request[request_id] = (known, sent_of(request_id) if request_id else ())
        known, sent = by_request[request_id]
        mine = tuple(one for one in sent if one.build_id == row.id)
        closing = _closing(listed[row.id], known)
        marked = entries[row.id] & known.marked.keys()
        why = _why(closing, known) or (_OTHERWISE if marked else "")
        may_know = reads and all(one in seen for one in closing if one in known.papers) and marked <= known_of.keys()
        is_open = (may_know and bool(mine)) if why else (reads or listed[row.id] <= seen)
        family_why, changed = _since(row.built_at, listed[row.id], known)
        closed_on = _closed_on(row.built_at, closing, marked, known)
        found[row.id] = Standing(why, why or family_why, "" if why else changed, mine, is_open, closed_on, may_know)
    return found


def standing_of(build_id: int) -> Standing:
    """How one build stands."""
    return standings_of([build_id])[build_id]


def still_open(given: Iterable[GivenRow]) -> list[GivenRow]:
    """What adults were given, each with whether its copy may still be read: of a pack, as its build stands today.

    Read as the system: a family reads no build, only the copy that they were given.
    """
    rows = list(given)
    hashes = sorted({one.sha256 for one in rows if one.is_pack and one.sha256})
    if not hashes:
        return rows
    actor = require_actor()
    with acting(system_actor(actor.school_id, actor.name)):
        builds = {(row.sha256, row.adult_id): row.pack_build_id for row in db.session.execute(_COPIES, {"ids": hashes})}
        standings = standings_of(set(builds.values()))
    closed = {key for key, build_id in builds.items() if standings[build_id].family_why}
    return [replace(one, is_open=(one.sha256, one.adult_id) not in closed) for one in rows]


def _papers_in(manifest: Mapping[str, Any]) -> set[int]:
    return {one["id"] for one in manifest.get("records", ()) if one["table"] == _TABLE}


def _entries_in(manifest: Mapping[str, Any]) -> set[Key]:
    return {(one["table"], one["id"]) for one in manifest.get("records", ()) if one["table"] in _ENTRIES}


def _known(pupil_id: int, request_id: int | None, ids: list[int], since: Any) -> _Known:
    """Read as the system: who may not read a restricted paper is still told that one is in the pack."""
    actor = require_actor()
    with acting(system_actor(actor.school_id, actor.name)):
        papers = {row.id: _Paper(row.visibility, bool(row.sha256)) for row in db.session.execute(_PAPERS, {"ids": ids})}
        rows = db.session.execute(_CHANGES, {"pupil_id": pupil_id, "since": since}).all() if ids else ()
    changes = tuple(
        _Change(row_id, local(row.at).date(), row.at, _pair(columns.get("visibility")))
        for row in rows
        for table, row_id, what, columns in row.payload or ()
        if table == _TABLE and what == "changed"
    )
    return _Known(papers, chosen_of(request_id) if request_id else {}, changes, first_marked(pupil_id))


def _pair(values: Any) -> tuple[str, str] | None:
    return (str(values[0]), str(values[1])) if isinstance(values, list) and len(values) == 2 else None


def _closing(listed: set[int], known: _Known) -> tuple[int, ...]:
    """Its papers that keep it in: restricted, no longer released, or erased."""
    found = []
    for document_id in sorted(listed):
        paper, chosen = known.papers.get(document_id), known.chosen.get(document_id)
        stands = paper is not None and paper.has_file
        if stands and paper is not None and paper.visibility in OPEN:
            continue
        if not (stands and paper is not None and chosen and goes(paper.visibility, chosen.choice, chosen.level)):
            found.append(document_id)
    return tuple(found)


def _why(closing: tuple[int, ...], known: _Known) -> str:
    """What the first of them says."""
    if not closing:
        return ""
    paper, chosen = known.papers.get(closing[0]), known.chosen.get(closing[0])
    if paper is None or not paper.has_file:
        return f"A paper in it was erased by law. {AGAIN}"
    if chosen and chosen.choice is PaperChoice.TAKEN_BACK:
        return f"The release of a paper in it was taken back on {long_date(chosen.on)}. {AGAIN}"
    days = [
        one.on
        for one in known.changes
        if one.document_id == closing[0] and one.visibility and one.visibility[1] == paper.visibility.value
    ]
    on = f" on {long_date(days[-1])}" if days else ""
    return f"A paper in it was restricted{on}. {AGAIN}"


def _closed_on(built_at: Any, closing: tuple[int, ...], marked: set[Key], known: _Known) -> date | None:
    """The first day on which one of them kept it in; none where that is not known of each."""
    if any(known.marked[one] < built_at for one in marked):  # marked, opened, built, marked again: on which day?
        return None
    days = [local(known.marked[one]).date() for one in marked]
    for document_id in closing:
        paper, chosen = known.papers.get(document_id), known.chosen.get(document_id)
        if paper is None or not paper.has_file:
            return None
        those = [
            one.on
            for one in known.changes
            if one.document_id == document_id
            and one.at >= built_at
            and one.visibility
            and one.visibility[1] not in OPEN
        ]
        those += [chosen.on] if chosen and chosen.choice is PaperChoice.TAKEN_BACK else []
        if not those:
            return None
        days.append(min(those))
    return min(days, default=None)


def _since(built_at: Any, listed: set[int], known: _Known) -> tuple[str, str]:
    """(why a family's copy is not to be given, that details of a paper were changed), each "" when it is not so."""
    later = [one for one in known.changes if one.document_id in listed and one.at >= built_at]
    if not later:
        return "", ""
    closed = [one for one in later if one.visibility and one.visibility[0] == Visibility.FAMILY.value]
    family = f"A paper in it was closed to the family on {long_date(closed[-1].on)}. {AGAIN}" if closed else ""
    changed = f"Details of a paper in it were changed on {long_date(later[-1].on)}. Build it again before you give it."
    return family, changed
