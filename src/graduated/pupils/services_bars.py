"""Barring an adult from a child's record, and renewing or ending that: at once, with the reason, the history kept."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta

from sqlalchemy import bindparam, or_, select

from graduated.db.clock import today
from graduated.db.machinery import Post, PostState
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.people import invitations
from graduated.pupils.models import Adult, Bar, BarChange, FamilyLink
from graduated.rules.bars import why_not, why_not_renewed
from graduated.rules.vocabulary import BarAct, BarKind


class BarRefused(ValueError):
    """A bar that cannot be entered, renewed or ended so; the sentence says why."""


@dataclass(frozen=True, slots=True)
class NewBar:
    """Why an adult may not look: an order with its paper, or a hold, which must have an end.

    `has_no_end`: somebody has said that the order has no last day, so that none was forgotten.
    """

    kind: BarKind
    starts: date
    ends: date | None
    reason: str
    document_id: int | None = None
    has_no_end: bool = False


_LINK = select(FamilyLink).where(FamilyLink.id == bindparam("link_id"))
_ADULT = select(Adult).where(Adult.id == bindparam("adult_id"))
_BAR = select(Bar).where(Bar.id == bindparam("bar_id"))
_ELSEWHERE = select(FamilyLink.id).where(
    FamilyLink.adult_id == bindparam("adult_id"),
    FamilyLink.id != bindparam("link_id"),
    FamilyLink.id.not_in(
        select(Bar.family_link_id).where(
            Bar.starts <= bindparam("day"), or_(Bar.ends.is_(None), Bar.ends >= bindparam("day"))
        )
    ),
)
_WAITING = select(Post).where(Post.recipient == bindparam("email"), Post.state == PostState.WAITING)


@writes("Adult barred from the record")
def bar(family_link_id: int, new: NewBar) -> int:
    """Bar an adult from a child's record from a date: they see exactly what a stranger sees.

    A link that waits for them is dead from then on, and no message that waits is sent any more.

    Raises BarRefused for an order without its paper or its days, and for a hold without an end.
    """
    link = db.session.scalars(_LINK, {"link_id": family_link_id}).one()
    wrong = why_not(
        new.kind, new.starts, new.ends, today(), has_paper=new.document_id is not None, has_no_end=new.has_no_end
    )
    if wrong:
        raise BarRefused(" ".join(wrong.values()))
    values = {field.name: getattr(new, field.name) for field in fields(new) if field.name != "has_no_end"}
    row = Bar(pupil_id=link.pupil_id, family_link_id=link.id, **values)
    db.session.add(row)
    db.session.flush()
    if new.starts <= today():
        _close_ways(link)
    return row.id


def _close_ways(link: FamilyLink) -> None:
    """No link for this child works any more; to who has no other child here, nothing that waits is sent."""
    invitations.revoke_of_adult(link.adult_id, link.pupil_id)
    adult = db.session.scalars(_ADULT, {"adult_id": link.adult_id}).one()
    given = {"adult_id": adult.id, "link_id": link.id, "day": today()}
    if adult.email and db.session.execute(_ELSEWHERE, given).first() is None:
        for post in db.session.scalars(_WAITING, {"email": adult.email}).all():
            db.session.delete(post)


@writes("Safeguarding hold renewed")
def renew_hold(bar_id: int, until: date, why: str) -> int:
    """Let a hold run on until a later day. Raises BarRefused for an order, and for a hold that has run out."""
    row = db.session.scalars(_BAR, {"bar_id": bar_id}).one()
    wrong = why_not_renewed(row.kind, row.ends, until, today())
    if wrong:
        raise BarRefused(wrong)
    _keep(row, BarAct.RENEWED, until, why)
    return row.id


@writes("Bar lifted")
def lift_bar(bar_id: int, why: str) -> int:
    """End a bar as of yesterday; the row and its reason stay. Raises BarRefused without a reason or when over."""
    row = db.session.scalars(_BAR, {"bar_id": bar_id}).one()
    if row.ends is not None and row.ends < today():
        raise BarRefused("It has ended already")
    _keep(row, BarAct.ENDED, today() - timedelta(days=1), why)
    return row.id


def _keep(row: Bar, act: BarAct, ends: date, why: str) -> None:
    if not why.strip():
        raise BarRefused("Say why")
    change = BarChange(pupil_id=row.pupil_id, bar_id=row.id, act=act, was=row.ends, ends=ends, why=why.strip())
    db.session.add(change)
    row.ends = ends
