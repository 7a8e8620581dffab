"""The agenda of a planning meeting on paper, to send to the link professionals; once held, with what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from graduated.pack.content import School
from graduated.pack.flow import Flow
from graduated.pack.press import Furniture, Rendered, press

_SCALE = 1.15


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPupil:
    """One pupil as they may be spoken of: a name, or none; `decided` are finished sentences."""

    title: str
    agreement: str
    reasons: tuple[str, ...]
    question: str
    decided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningSheet:
    """The sheet. `groups` are (why, pupils) in the order of the agenda; `facts` are (label, text) lines at its head."""

    school: School
    title: str
    facts: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, tuple[SheetPupil, ...]], ...]
    school_ask: str
    school_notes: str
    is_held: bool
    builder: str
    moment: datetime


def render_planning(sheet: PlanningSheet) -> Rendered:
    """The sheet as an accessible PDF; the same sheet and moment give the same bytes."""
    moment = sheet.moment if sheet.moment.tzinfo else sheet.moment.replace(tzinfo=UTC)
    furniture = Furniture(
        title=sheet.title,
        author=sheet.school.name,
        subject=sheet.title,
        running=sheet.title,
        mark="Confidential",
        foot=f"Made by {sheet.builder}",
        moment=moment,
    )
    return press(furniture, partial(_sheet, sheet), _SCALE)


def _sheet(sheet: PlanningSheet, flow: Flow) -> None:
    flow.heading(1, sheet.title)
    flow.facts(sheet.facts, share=0.2)
    for why, pupils in sheet.groups:
        flow.heading(2, why)
        for pupil in pupils:
            _pupil(sheet, pupil, flow)
    if sheet.school_ask or sheet.school_notes:
        flow.heading(2, "The school as a whole")
        flow.labelled("We ask", sheet.school_ask, quiet=True)
        flow.labelled("Agreed", sheet.school_notes, quiet=True)


def _pupil(sheet: PlanningSheet, pupil: SheetPupil, flow: Flow) -> None:
    flow.heading(3, pupil.title, listed=False)
    flow.small(pupil.agreement, leads=True)
    flow.points(pupil.reasons)
    flow.labelled("We ask", pupil.question, quiet=True)
    if sheet.is_held:
        flow.labelled("Decided", "\n".join(pupil.decided) or "Nothing was decided.")
    else:
        # Room to write: what is said at the table comes onto the record afterwards.
        flow.small("What is decided, who does it, by when:")
        flow.gap(34)
    flow.gap(4)
