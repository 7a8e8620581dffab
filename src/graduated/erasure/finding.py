"""Where the words of a place stand besides: other records, drafts, copies of papers, packs, post and the audit.

Everything is looked through as the system, so that nothing is left because the two people who decide may not read it;
what they are shown is what kind of record it is, never its words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select

from graduated.access.identity import acting, require_actor, system_actor
from graduated.db.machinery import Job, Post
from graduated.db.session import db
from graduated.do.models import DeliveredSession
from graduated.ehcna.models import Narrative, NarrativeVersion, PackBuild, PackFile
from graduated.erasure.machinery import drafts_quoting, jobs_quoting, posts_quoting
from graduated.erasure.places import NAMED, PROSE, Place, classes, is_paper, row_at
from graduated.plan.models import Place as PlaceInGroup
from graduated.review.models import PaperGiven, Review
from graduated.rules.passages import Sought, quotes, quoting
from graduated.rules.vocabulary import ReviewStatus

_PAPERS = select(PaperGiven).where(PaperGiven.pupil_id == bindparam("pupil_id")).order_by(PaperGiven.id)
_PACKS = select(PackBuild).where(PackBuild.pupil_id == bindparam("pupil_id")).order_by(PackBuild.id)
_BESIDE = (
    select(PackFile)
    .where(PackFile.pack_build_id.in_(bindparam("ids", expanding=True)), PackFile.sha256 != "")
    .order_by(PackFile.id)
)
_SEALED = select(Review.id).where(
    Review.id.in_(bindparam("ids", expanding=True)),
    Review.status == ReviewStatus.SEALED,
)
_LIVE_NARRATIVE = (
    select(Narrative.id)
    .join(
        NarrativeVersion,
        (NarrativeVersion.assessment_request_id == Narrative.assessment_request_id)
        & (NarrativeVersion.section == Narrative.section),
    )
    .where(NarrativeVersion.id.in_(bindparam("ids", expanding=True)))
)
_OF_DECISION = {"judgement", "provision_judgement", "next_step"}


@dataclass(frozen=True, slots=True)
class Found:
    """All that goes with the words of one place.

    `quoted` are other records, `left` names in which the words stand and stay, `papers`, `packs`, what was built
    `beside` them and `bundles` for other schools kept files, `besides` what was thought over before a seal, which goes
    without a tombstone of its own, `reviews` the sealed reviews that are touched. Drafts, post and jobs are counted;
    they are no records.
    """

    place: Place
    pupil_id: int
    words: str
    sought: Sought | None
    quoted: tuple[Place, ...]
    left: tuple[Place, ...]
    besides: tuple[Place, ...]
    reviews: tuple[int, ...]
    papers: tuple[PaperGiven, ...]
    packs: tuple[PackBuild, ...]
    beside: tuple[PackFile, ...]
    bundles: tuple[Any, ...]
    drafts: tuple[tuple[int, int], ...]
    posts: tuple[Post, ...]
    jobs: tuple[Job, ...]

    @property
    def kept(self) -> tuple[Any, ...]:
        """The rows of kept files that go with it."""
        return (*self.papers, *self.packs, *self.beside, *self.bundles)

    @property
    def hashes(self) -> frozenset[str]:
        """By hash the files that go."""
        own = row_at(self.place) if is_paper(self.place) else None
        mine = {own.sha256, own.preview_sha256} if own is not None else set()
        return frozenset({one.sha256 for one in self.kept} | mine) - {""}

    @property
    def records(self) -> tuple[Place, ...]:
        """The place itself and every record that quotes it."""
        return (self.place, *self.quoted)

    def fingerprint(self) -> str:
        """What a person saw that goes and stays, as one hash: no other than that is carried out in their name.

        What is typed and sent besides comes and goes by itself, and is not in it.
        """
        goes = [(*place, getattr(row_at(place), place.field)) for place in self.records]
        files = [*(("paper", one.id) for one in self.papers), *(("pack", one.id) for one in self.packs)]
        files += [("bundle", one.id) for one in self.bundles]
        whole = json.dumps([goes, self.left, self.besides, files], default=str, ensure_ascii=False)
        return hashlib.sha256(whole.encode()).hexdigest()


def as_system() -> Any:
    """Look and write as the system, in the name of who acts."""
    actor = require_actor()
    return acting(system_actor(actor.school_id, actor.name))


def found_at(place: Place, pupil_id: int, passage: str = "", order_id: int = 0) -> Found:
    """What the words of a place are (or the passage that is to go), where else they stand. Needs `as_system`."""
    row = row_at(place)
    value = getattr(row, place.field)
    words = passage or (value if isinstance(value, str) else "")
    sought = quoting(words, named=bool(passage))
    rows, quoted, left = [row], [], []
    if sought is not None:
        for other, row in quoting_rows(sought, pupil_id):
            if other == place or other[:2] == ("erasure_order", order_id):
                continue
            if other.field in PROSE.get(other.table, ()):
                quoted.append(other)
                rows.append(row)
            else:
                left.append(other)
    touched, earliest = _touched(rows), _earliest(rows)
    reviews = tuple(db.session.scalars(_SEALED, {"ids": list(touched["review_id"])}))
    of_decisions = {row.review_id for row in rows if row.__tablename__ in _OF_DECISION}
    decisions = [Place("review", one, "decision") for one in sorted(of_decisions.intersection(reviews))]
    papers = db.session.scalars(_PAPERS, {"pupil_id": pupil_id})
    going = packs_from(pupil_id, _built_from((place, *quoted)), sought)
    return Found(
        place=place,
        pupil_id=pupil_id,
        words=words,
        sought=sought,
        quoted=tuple(quoted),
        left=tuple(left),
        besides=tuple(one for one in decisions if one not in quoted),
        reviews=reviews,
        papers=tuple(one for one in papers if _is_about(one, touched, earliest)),
        packs=going,
        beside=built_beside(going),
        bundles=bundles_since(pupil_id, earliest),
        drafts=drafts_quoting(sought, pupil_id),
        posts=posts_quoting(sought, pupil_id),
        jobs=jobs_quoting(sought, pupil_id),
    )


def quoting_rows(sought: Sought, pupil_id: int) -> Iterator[tuple[Place, Any]]:
    """(place, row) of everything in sight of this pupil that quotes, and of sessions of the pupil's own groups."""
    for table, cls in classes().items():
        fields = (*PROSE.get(table, ()), *NAMED.get(table, ()))
        if not fields:
            continue
        of_pupil = cls.pupil_id == pupil_id if hasattr(cls, "pupil_id") else cls.id.in_(_own_sessions(pupil_id))
        for row in db.session.scalars(select(cls).where(of_pupil).order_by(cls.id)):
            for field in fields:
                if quotes(getattr(row, field), sought):
                    yield Place(table, row.id, field), row


def _own_sessions(pupil_id: int) -> Any:
    return (
        select(DeliveredSession.id)
        .join(PlaceInGroup, PlaceInGroup.group_id == DeliveredSession.group_id)
        .where(
            PlaceInGroup.pupil_id == pupil_id,
            DeliveredSession.held_on >= PlaceInGroup.starts,
            or_(PlaceInGroup.ends.is_(None), DeliveredSession.held_on <= PlaceInGroup.ends),
        )
    )


def own_sessions(pupil_id: int) -> frozenset[int]:
    """The sessions of a pupil's groups on days on which the pupil had a place in them."""
    return frozenset(db.session.scalars(_own_sessions(pupil_id)))


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


def _earliest(rows: list[Any]) -> datetime | None:
    """Before which moment the words stood in none of the rows (None: not known)."""
    moments: list[datetime | None] = [getattr(row, "recorded_at", None) for row in rows]
    known = [one for one in moments if one is not None]
    return min(known) if len(known) == len(moments) else None


def _is_about(paper: PaperGiven, touched: Touched, earliest: datetime | None) -> bool:
    """Whether the copy of a paper may quote what stands in these records: it is about them, and not older."""
    if not paper.sha256:
        return False
    if paper.review_id is None and paper.cycle_id is None:  # a letter about no plan and no review may quote anything
        return _not_older(paper, earliest)
    name = "cycle_id" if paper.review_id is None else "review_id"
    about = getattr(paper, name)
    return about in touched[name] and _not_older(paper, touched[name][about])


def _not_older(paper: Any, since: datetime | None) -> bool:
    return since is None or paper.recorded_at >= since


def _built_from(places: tuple[Place, ...]) -> set[tuple[str, int]]:
    """The rows as a manifest lists them: it knows a narrative, whose earlier words stand in versions of it."""
    rows = {(place.table, place.row_id) for place in places}
    versions = [row_id for table, row_id in rows if table == "narrative_version"]
    return rows | {("narrative", one) for one in db.session.scalars(_LIVE_NARRATIVE, {"ids": versions})}


def packs_from(pupil_id: int, rows: set[tuple[str, int]], sought: Sought | None = None) -> tuple[PackBuild, ...]:
    """The packs of a pupil that were built from one of these rows, or that quote."""
    packs = db.session.scalars(_PACKS, {"pupil_id": pupil_id})
    return tuple(one for one in packs if _lists(one, rows, sought))


def built_beside(packs: tuple[PackBuild, ...]) -> tuple[PackFile, ...]:
    """What was built beside these packs and is still kept."""
    return tuple(db.session.scalars(_BESIDE, {"ids": [one.id for one in packs]}))


def bundles_since(pupil_id: int, since: datetime | None) -> tuple[Any, ...]:
    """Whole records made ready for another school, and still kept, that are not older: they hold everything."""
    cls = classes()["transfer_out"]
    rows = db.session.scalars(select(cls).where(cls.pupil_id == pupil_id, cls.sha256 != "").order_by(cls.id))
    return tuple(one for one in rows if _not_older(one, since))


def _lists(pack: PackBuild, rows: set[tuple[str, int]], sought: Sought | None) -> bool:
    """Whether a pack was built from one of these rows."""
    if not pack.sha256:
        return False
    listed = {(one.get("table"), one.get("id")) for one in pack.manifest.get("records", ())}
    return bool(rows & listed) or (sought is not None and quotes([pack.manifest, pack.warnings], sought))
