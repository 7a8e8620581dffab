"""Today's lines of what was asked to be erased or put right by law, and waits for a second person."""

from __future__ import annotations

from datetime import date
from functools import partial

from graduated.access import actions
from graduated.access.guards import may
from graduated.access.identity import require_actor
from graduated.access.policy import Subject
from graduated.db.clock import local
from graduated.erasure.queries import OrderRow
from graduated.retention.queries import Falling
from graduated.review.links import link
from graduated.rules.erasure import may_carry_out
from graduated.today.lines import Item, Line, item, waited
from graduated.today.queries import Day
from graduated.web.filters import long_date


def waiting(day: Day, on: date) -> list[Line]:
    """What waits for the person who looks; what they asked for themselves waits for somebody else."""
    actor, has_authority = require_actor(), may(actions.ERASE_AUTHORISE, Subject())
    return [
        partial(_line, one, on)
        for one in day.by_law
        if not may_carry_out(
            same_person=one.asked_by_id == actor.user_id,
            asker_has_authority=one.asked_with_authority,
            decider_has_authority=has_authority,
        )
    ]


def keeping(day: Day) -> list[Line]:
    """Records that are due to be destroyed and not held: one line, with how many."""
    due = [one for one in day.keeping if one.is_due and not one.is_held]
    return [partial(_due, due)] if due else []


def _due(due: list[Falling]) -> Item:
    many = len(due) != 1
    asked = sum(one.order_id is not None for one in due)
    return item(
        long_date(due[0].on),
        f"{len(due)} {'records have' if many else 'record has'} been kept as long as the school keeps such records. "
        "It takes two people to destroy one.",
        small=f"{asked} asked for" if asked else "due since",
        href=link("retention.register"),
        action="Look",
        action_href=link("retention.register"),
    )


def _line(one: OrderRow, on: date) -> Item:
    when, small = waited(local(one.asked_at).date(), on, "asked for")
    return item(
        when,
        f" by law: {one.label}. {one.asked_by} asks; it takes a second person.",
        small=small,
        who=one.kind.label,
        href=link("erasure.order", erasure_order_id=one.order_id),
        action="Look at it",
        action_href=link("erasure.order", erasure_order_id=one.order_id),
    )
