"""The agenda as a sheet for people from outside: no pupil of the meeting who may not be named is, in any word of it.

Whoever prints it: the names to leave out are those of the whole meeting, also of pupils whom the reader does not see
and of those taken off the agenda.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graduated.db.clock import now
from graduated.pack.content import School
from graduated.pack.planning_pdf import PlanningSheet, SheetPupil, render_planning
from graduated.planning.agenda import Group
from graduated.planning.queries import unnamed_at
from graduated.planning.rows import DecisionRow, ItemRow, MeetingRow
from graduated.rules.names import without_names
from graduated.rules.vocabulary import inside
from graduated.school.queries import school_details
from graduated.web.filters import long_date, weekday_date

Hidden = Mapping[int, tuple[str, ...]]
"""The names of each pupil who may not be named, by pupil id."""


def sheet_bytes(meeting: MeetingRow, groups: tuple[Group, ...], builder: str) -> bytes:
    """The PDF of a meeting."""
    return render_planning(sheet_of(meeting, groups, builder)).pdf


def sheet_of(meeting: MeetingRow, groups: tuple[Group, ...], builder: str) -> PlanningSheet:
    """What stands on the sheet."""
    school, hidden = school_details(), unnamed_at(meeting)
    everybody = _all(hidden)

    def said(text: str) -> str:
        return without_names(text, ("a pupil", everybody))

    present = [("There", said(meeting.present))] if meeting.is_held else []
    return PlanningSheet(
        school=School(name=school.name, urn=school.urn, address=school.address, telephone=school.phone),
        title=f"Planning meeting with {said(inside(meeting.name))}",
        facts=(
            ("When", f"{weekday_date(meeting.on)}{f', {inside(meeting.term_name)}' if meeting.term else ''}"),
            ("Who comes", "\n".join(said(one.words) for one in meeting.guests)),
            *present,
        ),
        groups=_lettered(groups, hidden),
        school_ask=said(meeting.school_ask),
        school_notes=said(meeting.school_notes),
        is_held=meeting.is_held,
        builder=builder,
        moment=now(),
    )


def _all(hidden: Hidden, besides: int | None = None) -> tuple[str, ...]:
    return tuple(name for pupil_id, names in hidden.items() if pupil_id != besides for name in names)


def _lettered(groups: tuple[Group, ...], hidden: Hidden) -> tuple[tuple[str, tuple[SheetPupil, ...]], ...]:
    """The groups with those who may not be named told apart by letters."""
    silent = [item.item_id for group in groups for item in group.items if not _is_named(item, hidden)]
    letters = {key: _letter(number) for number, key in enumerate(silent)}
    return tuple((group.label, tuple(_pupil(item, letters, hidden) for item in group.items)) for group in groups)


def _is_named(item: ItemRow, hidden: Hidden) -> bool:
    """Where one item of a pupil may not name them, none does."""
    return item.by_name and item.pupil_id not in hidden


def _letter(number: int) -> str:
    """A, B, … Z, AA, AB, …"""
    first, last = divmod(number, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def _pupil(item: ItemRow, letters: dict[int, str], hidden: Hidden) -> SheetPupil:
    named = _is_named(item, hidden)
    others = _all(hidden, besides=item.pupil_id)

    def said(text: str) -> str:
        return without_names(text, ("the pupil", () if named else item.names), ("another pupil", others))

    return SheetPupil(
        title=f"{item.pupil_name}, {item.year_group.label}"
        if named
        else f"Pupil {letters[item.item_id]}, {item.year_group.label}",
        agreement="The family agreed that we speak of this pupil by name."
        if named
        else "Discussed without a name: the family’s agreement is not recorded.",
        reasons=tuple(said(one) for one in item.reasons),
        question=said(item.question),
        decided=tuple(_decision(one, said) for one in item.standing),
    )


def _decision(one: DecisionRow, said: Callable[[str], str]) -> str:
    """A decision without its note, which is for the staff of the school."""
    until = f", by {long_date(one.by_when)}" if one.by_when else ""
    who = f", {said(one.who)}" if one.who else ""
    return f"{one.decided.label} ({said(inside(one.service))}){who}{until}"
