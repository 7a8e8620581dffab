"""Whether somebody has the authority of the head today, whatever they had when they asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import bindparam, or_, select

from graduated.access import actions
from graduated.access.policy import Answer, Subject, decide
from graduated.db.clock import today
from graduated.db.session import db
from graduated.erasure.finding import as_system
from graduated.people.models import Membership
from graduated.rules.vocabulary import Role

_ROLES = select(Membership.user_id, Membership.role).where(
    Membership.user_id.in_(bindparam("ids", expanding=True)),
    Membership.starts <= bindparam("day"),
    or_(Membership.ends.is_(None), Membership.ends >= bindparam("day")),
)


def with_authority(user_ids: Collection[int | None]) -> set[int]:
    """Those of these people who may authorise an erasure today, by the roles they hold in this school today."""
    ids = sorted({one for one in user_ids if one is not None})
    roles: dict[int, set[Role]] = defaultdict(set)
    if ids:
        with as_system():
            for user_id, role in db.session.execute(_ROLES, {"ids": ids, "day": today()}):
                roles[user_id].add(role)
    return {
        user_id
        for user_id, held in roles.items()
        if decide(frozenset(held), user_id, actions.ERASE_AUTHORISE, Subject()) is Answer.ALLOW
    }
