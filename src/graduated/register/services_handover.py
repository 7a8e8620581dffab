"""Handing over what a leaver has in hand, in one act."""

from __future__ import annotations

from collections.abc import Mapping

from graduated.db.writing import writes
from graduated.plan.services_draft import change_lead
from graduated.plan.services_provision import change_group
from graduated.register.queries_handover import in_hand_of


@writes("Plans and groups handed over")
def hand_over(from_id: int, plans: Mapping[int, int], groups: Mapping[int, int]) -> int:
    """Give open plans (cycle to person) and groups (group to person) of one member of staff to others.

    What is no longer theirs by now, since somebody else was quicker, is left alone. How many were handed over.
    """
    held = in_hand_of(from_id)
    moved = 0
    for plan in held.plans:
        if plan.cycle_id in plans:
            change_lead(plan.cycle_id, plans[plan.cycle_id])
            moved += 1
    for group in held.groups:
        if group.group_id in groups:
            change_group(group.group_id, groups[group.group_id], group.weekdays, group.at)
            moved += 1
    return moved
