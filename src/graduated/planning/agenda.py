"""The agenda as a page shows it: pupils in groups, each with why, what is asked, and what was decided."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from graduated.planning.facts import proposals_for
from graduated.planning.rows import ItemRow, MeetingRow
from graduated.rules.planning import Proposal, opens_involvement, why_not_decided
from graduated.rules.vocabulary import AgendaGroup, Decided, Naming


@dataclass(frozen=True, slots=True)
class Group:
    """Pupils on the agenda for one kind of reason."""

    label: str
    items: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """Pupils proposed for one kind of reason."""

    label: str
    proposals: tuple[Proposal, ...]


def grouped(items: tuple[ItemRow, ...], proposals: tuple[Proposal, ...] = ()) -> tuple[Group, ...]:
    """Those on the agenda by kind of reason, the most pressing kind first.

    With proposals (while a meeting is planned) the reasons are those of today, not of the day the pupil was put on.
    """
    fresh = {one.pupil_id: one for one in proposals}
    by_group: dict[AgendaGroup, list[ItemRow]] = defaultdict(list)
    for item in items:
        if not item.on_agenda:
            continue
        now = fresh.get(item.pupil_id)
        if now is not None and item.group is not AgendaGroup.BY_HAND:
            item = replace(item, group=now.group, reasons=now.words)
        by_group[item.group].append(item)
    rank = {one.pupil_id: number for number, one in enumerate(proposals)}
    return tuple(
        Group(
            group.label, tuple(sorted(by_group[group], key=lambda one: rank.get(one.pupil_id, len(rank))))
        )
        for group in AgendaGroup
        if by_group[group]
    )  # fmt: skip


def still_proposed(meeting: MeetingRow, items: tuple[ItemRow, ...]) -> tuple[tuple[Proposal, ...], tuple[Offered, ...]]:
    """All proposals, and those whose pupils are not on the agenda, by kind of reason."""
    proposals = proposals_for(meeting)
    there = {item.pupil_id for item in items if item.on_agenda}
    left: dict[AgendaGroup, list[Proposal]] = defaultdict(list)
    for one in proposals:
        if one.pupil_id not in there:
            left[one.group].append(one)
    return proposals, tuple(Offered(group.label, tuple(left[group])) for group in AgendaGroup if left[group])


def decision_hints(named: Naming) -> dict[str, str]:
    """What is to be minded with each decision, beside its choice."""
    hints = {Decided.CLOSE.value: "Closes what is open with this service."}
    for decided in Decided:
        if why_not_decided(decided, named):
            hints[decided.value] = "The family did not agree. Talk with them first."
        elif decided.meets_the_family and named is not Naming.AGREED:
            hints[decided.value] = "Ask the parents before anybody comes."
        elif decided.starts_involvement and not opens_involvement(decided, named):
            hints[decided.value] = "Without a name, no involvement with this pupil is started."
    return hints
