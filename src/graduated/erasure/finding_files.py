"""What goes with the file of an uploaded paper: every kept file that holds it, and nothing of what people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, select

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.db.base import Base
from graduated.db.session import db
from graduated.erasure.finding import Found, built_beside, bundles_since, found_at, packs_from
from graduated.erasure.places import Place, is_paper, row_at
from graduated.review.models import PaperGiven

_COPIES = (
    select(PaperGiven)
    .where(PaperGiven.pupil_id == bindparam("pupil_id"), PaperGiven.sha256.in_(bindparam("hashes", expanding=True)))
    .order_by(PaperGiven.id)
)
_NAMING = ("sha256", "preview_sha256")


def found_for(place: Place, pupil_id: int, passage: str = "", order_id: int = 0) -> Found:
    """All that goes with what an order names, words or a file. Needs `as_system`."""
    return _of_paper(place, pupil_id) if is_paper(place) else found_at(place, pupil_id, passage, order_id)


def _of_paper(place: Place, pupil_id: int) -> Found:
    """Packs that list the paper, what was built beside them, records for other schools, copies with the same content.

    A copy of a pack that the family was given is the very file that was built beside it.
    """
    row = row_at(place)
    packs = packs_from(pupil_id, {(place.table, place.row_id)})
    beside = built_beside(packs)
    held = {row.sha256, *(one.sha256 for some in (packs, beside) for one in some)} - {""}
    return Found(
        place=place,
        pupil_id=pupil_id,
        words="",
        sought=None,
        quoted=(),
        left=(),
        besides=(),
        reviews=(),
        papers=tuple(db.session.scalars(_COPIES, {"pupil_id": pupil_id, "hashes": sorted(held)})),
        packs=packs,
        beside=beside,
        bundles=bundles_since(pupil_id, row.recorded_at),
        drafts=(),
        posts=(),
        jobs=(),
    )


def is_kept_elsewhere(found: Found) -> bool:
    """Whether another record, of whichever pupil or school, names the same file, so that it stays in the store."""
    sha256 = row_at(found.place).sha256
    going = {found.place[:2], *((one.__tablename__, one.id) for one in found.kept)}
    for school_id, _name in entry.school_ids():
        with acting(system_actor(school_id, "Erasure")):
            if any(one not in going for one in _naming(sha256)):
                return True
    return False


def _naming(sha256: str) -> Iterator[tuple[str, int]]:
    classes: list[Any] = [mapper.class_ for mapper in Base.registry.mappers]
    for cls in classes:
        for name in _NAMING:
            if hasattr(cls, name):
                for row_id in db.session.scalars(select(cls.id).where(getattr(cls, name) == sha256)):
                    yield cls.__tablename__, row_id
