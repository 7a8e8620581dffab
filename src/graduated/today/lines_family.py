"""Today's lines of families: a safeguarding hold that runs out, or has; an invitation that a wrong person may have."""

from __future__ import annotations

from datetime import date
from functools import partial

from graduated.access import actions
from graduated.access.guards import may
from graduated.access.policy import Subject
from graduated.pupils.queries_bars import EndingHold
from graduated.pupils.queries_ways import DeadInvitation
from graduated.review.links import link, pupil_link
from graduated.rules.bars import HoldState
from graduated.rules.calendar import short_date
from graduated.today.lines import Item, Line, item
from graduated.today.queries import Day


def holds(day: Day, on: date) -> list[Line]:
    """Holds that run out within two weeks, and what their end means; for who may renew them."""
    return [partial(_hold, one, on) for one in day.holds]


def _hold(one: EndingHold, on: date) -> Item:
    ran_out = one.state is HoldState.RAN_OUT
    renew = "pupils.renew_bar" if may(actions.REGISTER_WRITE, Subject()) else "pupils.renew_hold"
    family = link("pupils.family", pupil_id=one.pupil_id)
    said = "has run out" if ran_out else "runs out"
    return item(
        short_date(one.ends, on),
        f": the safeguarding hold on {one.adult_name} {said}. {one.words}",
        late=ran_out,
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action="Look at it" if ran_out else "Renew it",
        action_href=family if ran_out else link(renew, pupil_id=one.pupil_id, bar_id=one.bar_id),
    )


def invitations(day: Day, on: date) -> list[Line]:
    """Invitations that died of wrong dates of birth: perhaps they went to a wrong address."""
    return [partial(_dead, one, on) for one in day.dead]


def _dead(one: DeadInvitation, on: date) -> Item:
    return item(
        short_date(one.made_on, on),
        f": the invitation of {one.adult_name} is dead, after three wrong dates of birth. It may have reached somebody "
        "else; nothing was shown. Ask them before you invite them again.",
        small="invited",
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action="Invite again",
        action_href=link("pupils.invite", pupil_id=one.pupil_id, family_link_id=one.family_link_id),
    )
