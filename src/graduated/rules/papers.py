"""Who may be given a pupil's papers, and in which ways (design §6: a barred parent gets what a stranger gets)."""

from __future__ import annotations

from graduated.rules.vocabulary import GivenHow

_BY_HAND = (GivenHow.HANDED, GivenHow.SHOWN)


def may_be_given(*, barred: bool, rights_passed: bool, is_pupil: bool, agrees: bool | None) -> bool:
    """Whether an adult may be given a paper today.

    Never while a bar is in force. Before rights pass to the young person (design §6: last Friday in June of the year
    in which they turn 16) it is the parents who are told; from then on the young person, and an adult only while the
    young person agrees.
    """
    if barred:
        return False
    if is_pupil:
        return rights_passed
    return not rights_passed or agrees is True


def ways_for(*, withheld: bool) -> tuple[GivenHow, ...]:
    """How an adult may be given a paper: one whose contact details are kept from others is never written to.

    They are still told, by hand: a parent who keeps an address secret has the same right to the plan (Code 6.48).
    """
    return _BY_HAND if withheld else tuple(GivenHow)
