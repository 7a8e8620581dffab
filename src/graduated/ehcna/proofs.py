"""Which records prove a line of evidence: the newest first, each with the page where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from graduated.access.guards import may_open
from graduated.ehcna.records import Records
from graduated.rules.calendar import plain_date
from graduated.rules.vocabulary import DocumentKind

_MOST = 3
_BY_REVIEW = frozenset({"cycles", "judgements", "next-steps", "impact", "meetings"})
_BY_CYCLE = frozenset({"outcomes", "provision", "delivery", "costs", "expected-impact", "ordinary"})
_BACKGROUND = frozenset({"attendance", "part-time", "suspensions", "health"})
_REPORTS = frozenset({DocumentKind.REPORT, DocumentKind.DIAGNOSIS})


@dataclass(frozen=True, slots=True)
class Proof:
    """One record that proves a line, and its address."""

    words: str
    href: str


def proofs_of(records: Records, line_id: str) -> tuple[Proof, ...]:
    """The newest records that a line rests on, at most three; none where the line's own page shows them."""
    found = list(_found(records, line_id))
    return tuple(found[:_MOST])


def _found(records: Records, line_id: str) -> Iterator[Proof]:
    if line_id in _BY_REVIEW and may_open("review.read"):
        held = [(one.held_on, one) for one in records.reviews if one.held_on]
        for day, review in sorted(held, key=lambda one: one[0], reverse=True):
            if line_id != "meetings" or review.with_parent:
                yield Proof(f"Review of {plain_date(day)}", url_for("review.read", review_id=review.review_id))
    if line_id in _BY_CYCLE and may_open("register.cycle"):
        for plan in reversed(records.evidence_plans):
            yield Proof(f"Cycle {plan.cycle.number}", url_for("register.cycle", cycle_id=plan.cycle.cycle_id))
    if line_id in _BACKGROUND and may_open("pupils.background"):
        yield from _background(records, line_id)
    if line_id == "reports" and may_open("pupils.paper_file"):
        papers = [(one.dated, one) for one in records.papers if one.kind in _REPORTS and one.dated]
        for day, paper in sorted(papers, key=lambda one: one[0], reverse=True):
            href = url_for("pupils.paper_file", pupil_id=records.head.pupil_id, document_id=paper.document_id)
            yield Proof(f"{paper.title}, {plain_date(day)}", href)


def _background(records: Records, line_id: str) -> Iterator[Proof]:
    """The newest entry of each kind stands on one page; the words say no more than what is there and when."""
    rows: dict[str, list[str]] = {
        "attendance": [f"Attendance, {one.period.words}" for one in records.attendance],
        "part-time": [f"Part-time timetable from {plain_date(one.starts)}" for one in records.part_times],
        "suspensions": [
            f"{'None up to' if one.suspended.is_none else 'Suspension of'} {plain_date(one.starts)}"
            for one in records.suspensions
        ],
        "health": [one.label for one in records.health],
    }
    href = url_for("pupils.background", pupil_id=records.head.pupil_id, _anchor=line_id)
    for words in dict.fromkeys(reversed(rows[line_id])):
        yield Proof(words, href)
