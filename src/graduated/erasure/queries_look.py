"""Files of a pupil that no program can look through: kept copies, packs and uploaded papers, for somebody to read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from graduated.db.clock import local
from graduated.db.session import db
from graduated.ehcna.models import PackBuild
from graduated.pupils.queries_papers import papers_kept
from graduated.review.links import link
from graduated.review.models import PaperGiven
from graduated.web.filters import long_date

_GIVEN = (
    select(PaperGiven.id, PaperGiven.title, PaperGiven.given_on, PaperGiven.sha256)
    .where(PaperGiven.pupil_id == bindparam("pupil_id"), PaperGiven.sha256 != "")
    .order_by(PaperGiven.id)
)
_PACKS = (
    select(PackBuild.id, PackBuild.built_at, PackBuild.sha256)
    .where(PackBuild.pupil_id == bindparam("pupil_id"), PackBuild.sha256 != "")
    .order_by(PackBuild.id)
)


@dataclass(frozen=True, slots=True)
class ToLook:
    """One file for a look: what it is called, and where it is read."""

    label: str
    href: str


def to_look_through(pupil_id: int, going: Collection[str] = ()) -> tuple[ToLook, ...]:
    """Every file of a pupil that the person acting may read, but for files that go (`going`, by hash)."""
    about = {"pupil_id": pupil_id}
    given = {row.sha256: row for row in db.session.execute(_GIVEN, about) if row.sha256 not in going}
    packs = [row for row in db.session.execute(_PACKS, about) if row.sha256 not in going]
    found = [
        (f"{row.title}, given on {long_date(row.given_on)}", link("review.given_copy", given_id=row.id))
        for row in given.values()
    ]
    found += [
        (f"Evidence pack, built on {long_date(local(row.built_at).date())}", link("ehcna.download", build_id=row.id))
        for row in packs
    ]
    found += [
        (one.title, link("pupils.paper_file", pupil_id=pupil_id, document_id=one.document_id))
        for one in papers_kept(pupil_id)
        if one.sha256 not in going
    ]
    return tuple(ToLook(label, href) for label, href in found)
