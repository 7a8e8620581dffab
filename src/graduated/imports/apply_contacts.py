"""Taking a file of contacts: the adults of families and how each stands to each child. Nobody may look unasked."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import bindparam, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.imports.compare_contacts import ContactsPlan
from graduated.pupils.models import Adult, Bar, FamilyLink
from graduated.rules.bars import LONGEST_HOLD
from graduated.rules.vocabulary import BarKind

_ADULTS = select(Adult).where(Adult.id.in_(bindparam("ids", expanding=True)))
_LINKS = select(FamilyLink).where(FamilyLink.id.in_(bindparam("ids", expanding=True)))


def _hold(row: FamilyLink, looks_like: str) -> None:
    """Until the SENCO has decided whether it is the barred adult by another spelling, nobody invites this one."""
    db.session.flush()
    reason = f"Looks like {looks_like}, who is barred. Decide whether it is the same adult before anybody invites them."
    db.session.add(
        Bar(
            pupil_id=row.pupil_id, family_link_id=row.id, kind=BarKind.HOLD, starts=today(),
            ends=today() + LONGEST_HOLD, reason=reason,
        )
    )  # fmt: skip


def apply_contacts(plan: ContactsPlan) -> None:
    """Write what the dry run showed. Inside one write()."""
    adults = {
        adult.id: adult for adult in db.session.scalars(_ADULTS, {"ids": [i for i in plan.adult_changes if i > 0]})
    }
    for one in plan.new_adults:
        values = asdict(one)
        del values["id"]
        adults[one.id] = Adult(**values)
        db.session.add(adults[one.id])
    for adult_id, changes in plan.adult_changes.items():
        for name, value in changes.items():
            setattr(adults[adult_id], name, value)
    db.session.flush()
    for link in plan.new_links:
        adult_id = adults[link.adult_id].id if link.adult_id < 0 else link.adult_id
        row = FamilyLink(
            pupil_id=link.pupil_id,
            adult_id=adult_id,
            relationship=link.relationship,
            # Without an answer nobody is given a right; the dry run says so.
            parental_responsibility=bool(link.parental_responsibility),
            lives_with=bool(link.lives_with),
            may_view=False,
        )
        db.session.add(row)
        if link.looks_like:
            _hold(row, link.looks_like)
    for row in db.session.scalars(_LINKS, {"ids": list(plan.link_changes)}).all():
        for name, changed in plan.link_changes[row.id].items():
            setattr(row, name, changed)
    db.session.flush()
