"""Whether whoever asks for what is kept about a pupil is barred from that pupil's record today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, or_, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.pupils.models import Adult, Bar, FamilyLink
from graduated.pupils.queries_family import adult_name
from graduated.rules.vocabulary import BarKind, InformationBy

DESPITE = "Given although a bar stood: "
"""Begins the reason, in the words of an answer, for which something was given to who is barred."""
# One question for any number of pupils: Today and the register ask it of every open request.
_IN_FORCE = (
    select(
        FamilyLink.pupil_id, FamilyLink.adult_id, Adult.title, Adult.forename, Adult.surname, Bar.kind, Bar.starts,
        Bar.ends,
    )
    .join(FamilyLink, FamilyLink.id == Bar.family_link_id)
    .join(Adult, Adult.id == FamilyLink.adult_id)
    .where(
        FamilyLink.pupil_id.in_(bindparam("ids", expanding=True)),
        Bar.starts <= bindparam("day"),
        or_(Bar.ends.is_(None), Bar.ends >= bindparam("day")),
    )
    .order_by(Adult.surname, Adult.forename, Bar.starts, Bar.id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Barred:
    """A bar that is in force today, and on whom. Its ground is not told here."""

    pupil_id: int
    adult_id: int
    name: str
    kind: BarKind
    starts: date
    ends: date | None


def bars_in_force(pupil_ids: Iterable[int]) -> tuple[Barred, ...]:
    """Every adult who is barred today from one of these records, as far as the person acting may see the record."""
    rows = db.session.execute(_IN_FORCE, {"ids": sorted(set(pupil_ids)), "day": today()})
    return tuple(
        Barred(
            row.pupil_id, row.adult_id, adult_name(row.title, row.forename, row.surname), row.kind, row.starts, row.ends
        )
        for row in rows
    )


def concerning(bars: Iterable[Barred], pupil_id: int, adult_id: int | None, by: InformationBy) -> tuple[Barred, ...]:
    """The bars to be thought of before this person is given anything.

    Of an adult of the family their own. Of somebody who acts for another every bar: they may act for who is barred.
    A pupil is barred by none.
    """
    if by is InformationBy.PUPIL:
        return ()
    return tuple(one for one in bars if one.pupil_id == pupil_id and adult_id in {None, one.adult_id})
