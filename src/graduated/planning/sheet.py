"""The agenda as a sheet for people from outside: a pupil who may not be named is not, in any word of it."""

from __future__ import annotations

from graduated.db.clock import now
from graduated.pack.content import School
from graduated.pack.planning_pdf import PlanningSheet, SheetPupil, render_planning
from graduated.planning.agenda import Group
from graduated.planning.rows import DecisionRow, ItemRow, MeetingRow
from graduated.rules.planning import without_name
from graduated.rules.vocabulary import inside
from graduated.school.queries import school_details
from graduated.web.filters import long_date, weekday_date


def sheet_bytes(meeting: MeetingRow, groups: tuple[Group, ...], builder: str) -> bytes:
    """The PDF of a meeting."""
    return render_planning(sheet_of(meeting, groups, builder)).pdf


def sheet_of(meeting: MeetingRow, groups: tuple[Group, ...], builder: str) -> PlanningSheet:
    """What stands on the sheet."""
    school = school_details()
    hidden = [name for group in groups for item in group.items if not item.by_name for name in item.names]
    present = [("There", meeting.present)] if meeting.is_held else []
    return PlanningSheet(
        school=School(name=school.name, urn=school.urn, address=school.address, telephone=school.phone),
        title=f"Planning meeting with {inside(meeting.name)}",
        facts=(
            ("When", f"{weekday_date(meeting.on)}{f', {inside(meeting.term_name)}' if meeting.term else ''}"),
            ("Who comes", "\n".join(one.words for one in meeting.guests)),
            *present,
        ),
        groups=_lettered(groups),
        school_ask=without_name(meeting.school_ask, hidden),
        school_notes=without_name(meeting.school_notes, hidden),
        is_held=meeting.is_held,
        builder=builder,
        moment=now(),
    )


def _lettered(groups: tuple[Group, ...]) -> tuple[tuple[str, tuple[SheetPupil, ...]], ...]:
    """The groups with those who may not be named told apart by letters."""
    silent = [item.item_id for group in groups for item in group.items if not item.by_name]
    letters = {key: _letter(number) for number, key in enumerate(silent)}
    return tuple((group.label, tuple(_pupil(item, letters) for item in group.items)) for group in groups)


def _letter(number: int) -> str:
    """A, B, … Z, AA, AB, …"""
    first, last = divmod(number, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def _pupil(item: ItemRow, letters: dict[int, str]) -> SheetPupil:
    named = item.by_name
    names = () if named else item.names

    def said(text: str) -> str:
        return without_name(text, names)

    return SheetPupil(
        title=f"{item.pupil_name}, {item.year_group.label}"
        if named
        else f"Pupil {letters[item.item_id]}, {item.year_group.label}",
        agreement="The family agreed that we speak of this pupil by name."
        if named
        else "Discussed without a name: the family’s agreement is not recorded.",
        reasons=tuple(said(one) for one in item.reasons),
        question=said(item.question),
        decided=tuple(said(_decision(one)) for one in item.standing),
    )


def _decision(one: DecisionRow) -> str:
    """A decision without its note, which is for the staff of the school."""
    until = f", by {long_date(one.by_when)}" if one.by_when else ""
    return f"{one.decided.label} ({inside(one.service)}){f', {one.who}' if one.who else ''}{until}"
