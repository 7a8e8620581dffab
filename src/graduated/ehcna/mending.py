"""Where each gap is mended: from the rules' own keys to pages that exist."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from graduated.access.guards import may_open
from graduated.rules.readiness import GapLine, on_record
from graduated.rules.sources import law_only
from graduated.rules.vocabulary import GapState, Limb
from graduated.school.authorities import Ask

_OF_PUPIL: dict[str, tuple[str, str]] = {
    "measurements": ("assess.measures", "Measures"),
    "observations": ("assess.known", "Needs and views"),
    "needs": ("pupils.needs", "Needs"),
    "strategies": ("register.current_plan", "Current plan"),
    "cycles": ("register.cycles", "Cycles"),
    "plan": ("register.current_plan", "Current plan"),
    "reviews": ("register.cycles", "Cycles and reviews"),
    "sessions": ("register.current_plan", "Sessions of the current plan"),
    "costs": ("register.current_plan", "Provision in the current plan"),
    "professionals": ("assess.known", "Professionals and their advice"),
    "advice": ("assess.known", "Professionals and their advice"),
    "documents": ("pupils.papers", "Papers"),
    "views-pupil": ("assess.known", "Views"),
    "views-parent": ("assess.known", "Views"),
    "profile": ("pupils.profile", "One-page profile"),
    "health": ("register.pupil", "The pupil’s record"),
    "attendance": ("register.pupil", "The pupil’s record"),
    "suspensions": ("register.pupil", "The pupil’s record"),
    "request-history": ("request.earlier", "Enter an earlier request"),
}
_OF_REQUEST: dict[str, tuple[str, str]] = {
    "request-reason": ("request.write", "The request in words"),
    "request-beyond": ("request.write", "The request in words"),
    "request-outcomes": ("request.write", "The request in words"),
    "request-history": ("request.write", "The request in words"),
    "consent": ("request.consent", "Record agreement"),
}


@dataclass(frozen=True, slots=True)
class GapRow:
    """One line of the evidence as the page shows it; `href` leads to the record, or to what mends the gap."""

    title: str
    state: GapState
    why: str
    source: str
    kind: str
    href: str
    link: str


_KINDS = {GapState.PRESENT: "good", GapState.PARTIAL: "warn", GapState.MISSING: "bad", GapState.NOT_APPLICABLE: ""}


def link_for(mend: str, pupil_id: int, request_id: int | None) -> tuple[str, str]:
    """(address, words) of the page that mends a gap; empty where no page does. Without a request, opening one does."""
    if request_id is not None and mend in _OF_REQUEST:
        endpoint, words = _OF_REQUEST[mend]
        return url_for(endpoint, request_id=request_id), words
    if mend in _OF_REQUEST and mend not in _OF_PUPIL:
        return url_for("request.open_new", pupil_id=pupil_id), "Open a request"
    endpoint, words = _OF_PUPIL.get(mend, ("", ""))
    if not may_open(endpoint):
        return "", ""
    return url_for(endpoint, pupil_id=pupil_id), words


def rows_by_limb(
    limbs: tuple[tuple[Limb, tuple[GapLine, ...]], ...], pupil_id: int, request_id: int | None, can_mend: bool
) -> tuple[tuple[str, tuple[GapRow, ...]], ...]:
    """The lines under their limbs, each with its link for those who may write."""
    return tuple(
        (limb.label, tuple(_row(line, pupil_id, request_id, can_mend) for line in lines)) for limb, lines in limbs
    )


@dataclass(frozen=True, slots=True)
class AskRow:
    """One thing that the authority asks for, as the page shows it: where it stands, and the lines that say so."""

    what: str
    label: str
    kind: str
    lines: tuple[str, ...]


def ask_rows(asks: tuple[Ask, ...], lines: tuple[GapLine, ...]) -> tuple[AskRow, ...]:
    """What the authority has published that it asks for, held against the records; what they cannot say stays open."""
    found = []
    for ask in asks:
        state = on_record(ask.lines, lines)
        titles = tuple(line.title for line in lines if line.id in ask.lines)
        found.append(
            AskRow(ask.what, state.label if state else "look yourself", _KINDS[state] if state else "", titles)
        )
    return tuple(found)


def _row(line: GapLine, pupil_id: int, request_id: int | None, can_mend: bool) -> GapRow:
    writes = line.mend in _OF_REQUEST
    href, link = link_for(line.mend, pupil_id, request_id) if can_mend or not writes else ("", "")
    return GapRow(line.title, line.state, line.why, law_only(line.source), _KINDS[line.state], href, link)
