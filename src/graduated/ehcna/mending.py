"""Where each gap is mended: from the rules' own keys to pages that exist, with the day by which it could close."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from graduated.access.guards import may_open
from graduated.ehcna.asked import ahead_of, held_of
from graduated.ehcna.facts import evidence_of
from graduated.ehcna.lacking import Lacking, Lacks
from graduated.ehcna.proofs import Proof, proofs_of
from graduated.ehcna.records import Records
from graduated.rules.readiness import Evidence, GapLine, Thresholds, by_limb, gaps
from graduated.rules.readiness_asks import Asked, Part, Standing, standing
from graduated.rules.readiness_when import Ahead, Closing, closing, recent_until
from graduated.rules.sources import law_only
from graduated.rules.vocabulary import Closes, GapState
from graduated.school.authorities import AuthorityProfile

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
    "details": ("pupils.details", "The pupil’s details"),
    "views-pupil": ("assess.known", "Views"),
    "views-parent": ("assess.known", "Views"),
    "profile": ("pupils.profile", "One-page profile"),
    "health": ("pupils.add_health", "Record health, or that nothing is known"),
    "attendance": ("pupils.add_attendance", "Record attendance"),
    "part-time": ("pupils.add_part_time", "Record a part-time timetable"),
    "suspensions": ("pupils.add_suspension", "Record a suspension, or that there was none"),
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
    """One line of the evidence as the page shows it; `href` leads to the page of the record, or to what mends the gap.

    `closing` says how the gap could close and when at the earliest; `until` on which day what is there grows old;
    `proofs` are the records that it rests on; `lacks` names one by one what is missing, with the page that mends each.
    """

    title: str
    state: GapState
    why: str
    source: str
    kind: str
    href: str
    link: str
    closing: Closing | None
    until: date | None
    proofs: tuple[Proof, ...]
    lacks: Lacks

    @property
    def is_present(self) -> bool:
        """Whether nothing has to be done about it."""
        return self.state is GapState.PRESENT

    @property
    def applies(self) -> bool:
        """Whether it is asked of this pupil at all."""
        return self.state is not GapState.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class PartRow:
    """One record, or gap, that speaks of what an authority asks for, with the link that leads there."""

    title: str
    label: str
    kind: str
    why: str
    href: str
    link: str
    closing: Closing | None
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class AskRow:
    """One thing that the authority asks for: where it stands, and what says so; nothing where a person has to look."""

    what: str
    label: str
    kind: str
    parts: tuple[PartRow, ...]
    is_open: bool
    """Whether something is missing or partial, or a person has to look."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of one pupil under one profile, finished for a page."""

    limbs: tuple[tuple[str, tuple[GapRow, ...]], ...]
    asks: tuple[AskRow, ...]
    annexes: tuple[AskRow, ...]

    @property
    def lines(self) -> tuple[GapRow, ...]:
        """Every line, in the order of Code 9.14."""
        return tuple(row for _limb, rows in self.limbs for row in rows)

    @property
    def present(self) -> int:
        """How many lines are on record."""
        return sum(row.state is GapState.PRESENT for row in self.lines)

    def of(self, state: GapState) -> tuple[GapRow, ...]:
        """The lines that stand so."""
        return tuple(row for row in self.lines if row.state is state)

    @property
    def gaps(self) -> int:
        """How many lines are missing or partial."""
        return len(self.of(GapState.MISSING)) + len(self.of(GapState.PARTIAL))

    @property
    def counted(self) -> str:
        """How many of each kind of gap there are: "2 missing and 4 partial"."""
        states = (GapState.MISSING, GapState.PARTIAL)
        return " and ".join(f"{len(self.of(one))} {one.inside}" for one in states if self.of(one))

    @property
    def to_mend(self) -> tuple[tuple[str, tuple[GapRow, ...]], ...]:
        """What is missing or partial, by what its closing waits for; what is missing first."""
        gaps_found = (*self.of(GapState.MISSING), *self.of(GapState.PARTIAL))
        waiting = ((kind, tuple(one for one in gaps_found if _waits_for(one) is kind)) for kind in Closes)
        return tuple((kind.label, rows) for kind, rows in waiting if rows)


def _waits_for(row: GapRow) -> Closes | None:
    return row.closing.waits_for if row.closing else None


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


def gaps_for(records: Records, profile: AuthorityProfile, can_mend: bool) -> Gaps:
    """Every line under its limb, and what the authority asks for, held against one pupil's records.

    Links that write a request are only for those who may.
    """
    records = replace(records, profile_of_authority=profile)  # how many months are counted is the profile's
    evidence, ahead, held = evidence_of(records), ahead_of(records), held_of(records)
    lines = gaps(evidence, profile.thresholds)
    maker = _Rows(records, evidence, profile.thresholds, ahead, lines, can_mend)

    def asked(of: tuple[Asked, ...]) -> tuple[AskRow, ...]:
        return tuple(maker.ask(standing(one, lines, held, records.on)) for one in of)

    return Gaps(
        limbs=tuple((limb.label, tuple(maker.line(line) for line in found)) for limb, found in by_limb(lines)),
        asks=asked(profile.asks),
        annexes=asked(profile.annexes),
    )


class _Rows:
    """Makes rows: what each of them needs besides its line."""

    def __init__(
        self,
        records: Records,
        evidence: Evidence,
        limits: Thresholds,
        ahead: Ahead,
        lines: tuple[GapLine, ...],
        can_mend: bool,
    ) -> None:
        self.records, self.evidence, self.limits, self.ahead = records, evidence, limits, ahead
        self.lines = {line.id: line for line in lines}
        self.can_mend = can_mend
        self.lacking = Lacking(records)
        self.request_id = records.request.request_id if records.request else None

    def link(self, mend: str) -> tuple[str, str]:
        """The page that mends, for those who may write there."""
        if mend in _OF_REQUEST and not self.can_mend:
            return "", ""
        return link_for(mend, self.records.head.pupil_id, self.request_id)

    def closing(self, line: GapLine) -> Closing | None:
        """How a gap could close."""
        return closing(line, self.evidence, self.ahead, self.limits)

    def line(self, line: GapLine) -> GapRow:
        """One line of Code 9.14."""
        href, link = self.link(line.mend)
        return GapRow(
            title=line.title,
            state=line.state,
            why=line.why,
            source=law_only(line.source),
            kind=_KINDS[line.state],
            href=href,
            link=link,
            closing=self.closing(line),
            until=recent_until(line, self.evidence, self.limits),
            proofs=self.proofs(line.id, line.state),
            lacks=self.lacking.of(line.id) if line.state in (GapState.MISSING, GapState.PARTIAL) else Lacks(),
        )

    def proofs(self, line_id: str, state: GapState) -> tuple[Proof, ...]:
        """The records that a line rests on, where there are any."""
        there = state in (GapState.PRESENT, GapState.PARTIAL)
        return proofs_of(self.records, line_id) if there else ()

    def ask(self, found: Standing) -> AskRow:
        """One thing that the authority asks for."""
        state = found.state
        label, kind = (state.label, _KINDS[state]) if state else ("Look yourself", "")
        is_open = state not in (GapState.PRESENT, GapState.NOT_APPLICABLE)
        return AskRow(found.asked.what, label, kind, tuple(self.part(part) for part in found.parts), is_open)

    def part(self, part: Part) -> PartRow:
        """What speaks of it."""
        href, link = self.link(part.mend)
        how = self.closing(self.lines[part.line]) if part.line else None
        return PartRow(
            part.title,
            part.state.label,
            _KINDS[part.state],
            part.why,
            href,
            link,
            how,
            self.proofs(part.line, part.state),
        )
