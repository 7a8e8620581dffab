"""A cycle to read: outcomes and where they stand, provision and what was delivered, agreement and changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graduated.do.queries import doses_of_cycle
from graduated.plan.queries import plan_of
from graduated.plan.rows import OutcomeRow, Plan, ProvisionRow
from graduated.review.queries import ReviewRow, reviews_of
from graduated.rules.dosage import Dose
from graduated.rules.progress import ProgressState
from graduated.rules.vocabulary import NeedArea
from graduated.web.filters import long_date, short_date

_KINDS = {
    ProgressState.MET: "good",
    ProgressState.ON_COURSE: "good",
    ProgressState.TOWARDS: "good",
    ProgressState.KEPT: "good",
    ProgressState.LITTLE: "warn",
    ProgressState.NOT_REACHED: "warn",
    ProgressState.NO_CHANGE: "warn",
    ProgressState.NOT_KEPT: "warn",
    ProgressState.AWAY: "bad",
}
_EDGES = {
    NeedArea.COGNITION: "plan",
    NeedArea.COMMUNICATION: "assess",
    NeedArea.SEMH: "review",
    NeedArea.SENSORY: "do",
}


@dataclass(frozen=True, slots=True)
class ProvisionPart:
    """A provision with its dose. Paper and drafts have no dose."""

    row: ProvisionRow
    dose: Dose | None


@dataclass(frozen=True, slots=True)
class OutcomePart:
    """An outcome: its figures in words, how far it has come, and what is given for it."""

    row: OutcomeRow
    edge: str
    tag: str
    tag_kind: str
    words: str
    because: str
    provisions: tuple[ProvisionPart, ...]


@dataclass(frozen=True, slots=True)
class CyclePage:
    """A cycle's page; `other` is provision that serves no outcome, `reviews` those that the person may read."""

    plan: Plan
    outcomes: tuple[OutcomePart, ...]
    other: tuple[ProvisionPart, ...]
    reviews: tuple[ReviewRow, ...]
    contributions: tuple[tuple[str, date, str], ...]


def cycle_page(cycle_id: int, on: date, *, with_reviews: bool) -> CyclePage:
    """The page of a cycle up to a day; reviews only for those who may read them. Open reviews are staff's alone."""
    plan = plan_of(cycle_id)
    doses = {} if plan.cycle.is_paper or plan.cycle.is_draft else doses_of_cycle(cycle_id, on)
    parts = {one.provision_id: _provision(one, doses.get(one.provision_id)) for one in plan.provisions}
    served = {one.provision_id for one in plan.provisions if one.serves}
    reviews = reviews_of(plan.cycle.pupil_id) if with_reviews else ()
    return CyclePage(
        plan=plan,
        outcomes=tuple(_outcome(one, plan, parts) for one in plan.outcomes),
        other=tuple(part for key, part in parts.items() if key not in served),
        reviews=tuple(one for one in reviews if one.cycle_id == cycle_id),
        contributions=tuple(
            (one.by, one.on, " ".join(part for part in _said(one.works, one.does_not_work, one.text) if part))
            for one in plan.contributions
        ),
    )


def _said(works: str, does_not: str, text: str) -> tuple[str, ...]:
    return (f"Works: {works}" if works else "", f"Does not work: {does_not}" if does_not else "", text)


def _provision(row: ProvisionRow, dose: Dose | None) -> ProvisionPart:
    return ProvisionPart(row, dose)


def _outcome(row: OutcomeRow, plan: Plan, parts: dict[int, ProvisionPart]) -> OutcomePart:
    way = row.progress
    tag, kind = outcome_tag(row)
    return OutcomePart(
        row=row,
        edge=_EDGES[row.area],
        tag=tag,
        tag_kind=kind,
        words=figures(row),
        because=(way.reason_if_no_percent or "") if way is not None and row.latest is not None else "",
        provisions=tuple(parts[one.provision_id] for one in plan.serving(row.outcome_id)),
    )


def outcome_tag(row: OutcomeRow) -> tuple[str, str]:
    """How far an outcome has come in a few words, "On course, 62%", with the kind of its tag; empty when not known."""
    way = row.progress
    if row.dropped_on is not None:
        return f"Dropped {row.dropped_on.day} {row.dropped_on:%b %Y}", ""
    if way is None or row.latest is None or way.state is ProgressState.UNKNOWN:
        return "", ""
    come = way.percent is not None and way.percent >= 0  # a distance that grew is said by its word alone
    words = f"{way.state.label}, {way.percent}%" if come else way.state.label
    return words, _KINDS.get(way.state, "")


def figures(row: OutcomeRow) -> str:
    """From 74, now 82, aim 90, by when: as far as it is known."""
    parts = []
    if row.scale is not None:
        if row.baseline_text:
            parts.append(f"From {row.baseline_text}")
        if row.latest is not None:
            parts.append(f"now {row.latest.text} ({short_date(row.latest.taken_on)})")
        if row.target_text:
            parts.append(f"aim {row.target_text}")
    words = ", ".join(parts)
    if words:
        words = words[0].upper() + words[1:]
    if row.by_when is not None:
        when = f"by {long_date(row.by_when)}"
        words = f"{words}, {when}" if words else when[0].upper() + when[1:]
    return words
