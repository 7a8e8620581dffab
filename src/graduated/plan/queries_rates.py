"""Reading when somebody put a plan on newer rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from graduated.db.session import db
from graduated.people.models import User
from graduated.plan.models import RateChange
from graduated.school.models import RateCard
from graduated.school.queries_rates import card_name

_From, _To = aliased(RateCard), aliased(RateCard)
_CHANGES = (
    select(
        RateChange.on, RateChange.why, User.name, _From.source.label("before"), _From.valid_from.label("before_from"),
        _To.source.label("after"), _To.valid_from.label("after_from"),
    )
    .join(_To, _To.id == RateChange.to_card_id)
    .outerjoin(_From, _From.id == RateChange.from_card_id)
    .outerjoin(User, User.id == RateChange.recorded_by_id)
    .where(RateChange.cycle_id == bindparam("cycle_id"))
    .order_by(RateChange.id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RateChangeRow:
    """One act of using newer rates: when, who, why, from which card to which."""

    on: date
    by: str
    why: str
    before: str
    after: str


def rate_changes_of(cycle_id: int) -> tuple[RateChangeRow, ...]:
    """Every act for a plan, oldest first; one line for an act, however many provisions it was about."""
    found = [
        RateChangeRow(
            row.on,
            row.name or "",
            row.why,
            card_name(row.before, row.before_from) if row.before else "no card",
            card_name(row.after, row.after_from),
        )
        for row in db.session.execute(_CHANGES, {"cycle_id": cycle_id})
    ]
    return tuple(dict.fromkeys(found))
