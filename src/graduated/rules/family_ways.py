"""Where an adult of a family stands with their sign-in, for the SENCO's list (design §7, School)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Way(StrEnum):
    """How an adult stands. The first that holds is told; the words are those of the list."""

    BARRED = "Barred"
    SIGNS_IN = "Has a sign-in"
    WRONG_CHILD = "Invitation dead: wrong date of birth"
    INVITED = "Invited"
    EXPIRED = "Invitation ran out"
    WITHDRAWN = "Invitation withdrawn"
    NONE = "No sign-in"


def way_of(
    moment: datetime,
    *,
    barred: bool,
    has_sign_in: bool,
    wrong: bool = False,
    expires_at: datetime | None = None,
    revoked: bool = False,
) -> Way:
    """Where an adult stands, by their newest invitation: a bar wins over everything, a sign-in over an invitation.

    `wrong`: whether somebody entered too many wrong dates of birth, so that it may have reached a wrong person.
    """
    if barred:
        return Way.BARRED
    if has_sign_in:
        return Way.SIGNS_IN
    if expires_at is None:
        return Way.NONE
    if wrong:
        return Way.WRONG_CHILD
    if revoked:
        return Way.WITHDRAWN
    return Way.INVITED if expires_at > moment else Way.EXPIRED
