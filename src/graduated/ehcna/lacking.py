"""What exactly a gap lacks: which outcome, which provision in which weeks, which recommendation; and its page.

The rules of readiness count; a SENCO has to find the one that is missing. Each line of evidence that is not whole names
its records here, newest cycle first, with the very page on which it can be mended by whoever looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from graduated.access.actions import SESSIONS_LOG
from graduated.access.guards import may, may_open
from graduated.access.policy import Subject
from graduated.do.queries_dose import ProvisionDose, provision_doses_of_pupils
from graduated.ehcna.facts import is_settled, is_whole, outcomes_of, provisions_of
from graduated.ehcna.records import Records
from graduated.plan.queries import Plan
from graduated.plan.rows import OutcomeRow, ProvisionRow
from graduated.rules.attendance import months_missing
from graduated.rules.calendar import monday_of, plain_date
from graduated.rules.vocabulary import AdviceStatus, NeedArea, ObservationKind

_MOST = 8
_MOST_WEEKS = 4
_LONGEST = 90
_UNTOUCHED = date(2000, 1, 3)


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing, and the page that mends it for who looks; no address where they may not."""

    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Lacks:
    """What a gap lacks: the first few, and how many more there are."""

    rows: tuple[Lack, ...] = ()
    more: int = 0

    @property
    def is_one_page(self) -> bool:
        """Whether there is one thing alone, with its own page: then no other link is needed."""
        return len(self.rows) == 1 and bool(self.rows[0].href)


class Lacking:
    """Names what each gap of one pupil lacks; sessions are read only when provision has some that are not recorded."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self._doses: dict[int, ProvisionDose] | None = None

    def of(self, line_id: str) -> Lacks:
        """What the line lacks, one by one; nothing where its sentence says it all."""
        find = _FINDERS.get(line_id)
        rows = list(find(self)) if find else []
        return Lacks(tuple(rows[:_MOST]), max(0, len(rows) - _MOST))

    def doses(self) -> dict[int, ProvisionDose]:
        """Each provision with the fixed days that nobody has logged."""
        if self._doses is None:
            found = provision_doses_of_pupils([self.records.head.pupil_id], self.records.on, silent_since=_UNTOUCHED)
            self._doses = {one.provision_id: one for one in found}
        return self._doses

    def outcomes(self, lacking: Callable[[OutcomeRow], str]) -> Iterator[Lack]:
        """The outcomes of which something is lacking, and what."""
        for plan, one in reversed(outcomes_of(self.records)):
            if words := lacking(one):
                yield Lack(
                    f"{_short(one.statement)} ({_cycle(plan)}): {words}.", _in_plan(plan, "outcome", one.outcome_id)
                )

    def provisions(self, lacking: Callable[[Plan, ProvisionRow], str], form: str = "provision") -> Iterator[Lack]:
        """The provisions of which something is lacking, and what."""
        for plan, one in reversed(provisions_of(self.records)):
            if words := lacking(plan, one):
                yield Lack(f"{one.name} ({_cycle(plan)}): {words}.", _in_plan(plan, form, one.provision_id))

    def baselines(self) -> Iterator[Lack]:
        """Outcomes that name a measure and have no figure to start from."""
        return self.outcomes(lambda one: "no baseline" if one.scale is not None and one.baseline is None else "")

    def later(self) -> Iterator[Lack]:
        """Outcomes with a baseline and no later figure: the form opens on their measure."""
        for plan, one in reversed(outcomes_of(self.records)):
            if one.scale is None or one.baseline is None or one.latest is not None:
                continue
            since = f" since {plain_date(one.baseline_on)}" if one.baseline_on else ""
            words = f"{_short(one.statement)} ({_cycle(plan)}): no figure on {one.scale.name}{since}."
            if not plan.cycle.is_agreed:
                words += " That cycle is over: only a figure that was taken then can be entered."
            yield Lack(words, self._page("assess.record", measure=one.scale.measure_id))

    def areas(self) -> Iterator[Lack]:
        """Areas of need of which nothing is described, and a side of the picture that is absent."""
        described = {one.area for one in self.records.observations}
        needed = {need.type.area for need in self.records.needs if need.ends is None and need.type.area}
        for area in sorted(needed - described, key=list(NeedArea).index):
            yield Lack(f"{area.label}: nothing is described.", self._page("assess.observe", area=area.value))
        told = {one.kind for one in self.records.observations}
        for kind in ObservationKind if described else ():
            if kind not in told:
                yield Lack(f"{kind.label}: none is recorded.", self._page("assess.observe", kind=kind.value))

    def criteria(self) -> Iterator[Lack]:
        """Outcomes without a success criterion or without a date."""
        return self.outcomes(
            lambda one: " and ".join(
                words
                for words, there in (("no success criterion", one.success.strip()), ("no date by when", one.by_when))
                if not there
            )
        )

    def judgements(self) -> Iterator[Lack]:
        """Outcomes of a reviewed cycle that no review judged."""
        reviewed = {review.cycle_id: review.review_id for review in self.records.reviews}
        judged = {line.outcome_id for review in self.records.reviews for line in review.judgements}
        for plan, one in reversed(outcomes_of(self.records)):
            if plan.cycle.cycle_id in reviewed and one.outcome_id not in judged:
                words = f"{_short(one.statement)} ({_cycle(plan)}): not judged at its review."
                yield Lack(words, _review(reviewed[plan.cycle.cycle_id]))

    def next_steps(self) -> Iterator[Lack]:
        """Reviews without a next step."""
        for one in reversed(self.records.reviews):
            if one.step is None:
                held = f" of {plain_date(one.held_on)}" if one.held_on else ""
                yield Lack(f"The review{held} (cycle {one.cycle_number}) has no next step.", _review(one.review_id))

    def provision(self) -> Iterator[Lack]:
        """Provision of which minutes, times, the end, the group's size or the adult are not known."""
        return self.provisions(lambda plan, one: "" if is_whole(plan, one) else f"no {_parts(plan, one)}", "dose")

    def delivery(self) -> Iterator[Lack]:
        """Provision without any record of its sessions, and the weeks of those that are not recorded."""
        for plan, one in reversed(provisions_of(self.records)):
            told = self.doses().get(one.provision_id)
            if told is None or plan.cycle.is_paper or not told.dose.logged:
                continue
            if words := _not_recorded(told):
                yield Lack(f"{one.name} ({_cycle(plan)}): {words}.", _log(self.records.head.pupil_id, told))

    def costs(self) -> Iterator[Lack]:
        """Provision of which no cost can be worked out."""
        known = self.records.costed
        return self.provisions(lambda _plan, one: "" if one.provision_id in known else "no cost can be worked out")

    def advice(self) -> Iterator[Lack]:
        """Recommendations of which nobody said what became of them, or said it without a word."""
        for involved in self.records.involvements:
            for one in involved.advice:
                if is_settled(one):
                    continue
                bare = one.status is not AdviceStatus.OPEN
                said = f"“{one.status.label}” says nothing of what was done" if bare else "nobody has said what is done"
                href = url_for("assess.act", advice_id=one.advice_id) if may_open("assess.act") else ""
                yield Lack(f"{involved.service}, {_short(one.recommendation)}: {said}.", href)

    def expected(self) -> Iterator[Lack]:
        """Provision that does not say what was expected of it."""
        return self.provisions(lambda _plan, one: "" if one.expected_impact.strip() else "no expected impact")

    def verdicts(self) -> Iterator[Lack]:
        """Provision of a reviewed cycle of which no review said whether it goes on."""
        reviewed = {review.cycle_id: review.review_id for review in self.records.reviews}
        judged = {line.provision_id for review in self.records.reviews for line in review.verdicts}
        for plan, one in reversed(provisions_of(self.records)):
            if plan.cycle.cycle_id in reviewed and one.provision_id not in judged:
                words = f"{one.name} ({_cycle(plan)}): its review does not say what came of it."
                yield Lack(words, _review(reviewed[plan.cycle.cycle_id]))

    def attendance(self) -> Iterator[Lack]:
        """The months of which no attendance is recorded, as runs."""
        asked = self.records.profile_of_authority.thresholds.attendance_months
        missing = months_missing((one.period for one in self.records.attendance), self.records.on, asked)
        for first, last in _runs(missing):
            span = f"{first:%B %Y}" if first == last else f"{first:%B %Y} to {last:%B %Y}"
            yield Lack(f"{span}: not recorded.", self._page("pupils.add_attendance"))

    def _page(self, endpoint: str, **more: Any) -> str:
        """A page of the pupil, for who may open it."""
        return url_for(endpoint, pupil_id=self.records.head.pupil_id, **more) if may_open(endpoint) else ""


_FINDERS: dict[str, Callable[[Lacking], Iterable[Lack]]] = {
    "baselines": Lacking.baselines,
    "rate-of-progress": Lacking.later,
    "areas": Lacking.areas,
    "outcomes": Lacking.criteria,
    "judgements": Lacking.judgements,
    "next-steps": Lacking.next_steps,
    "provision": Lacking.provision,
    "delivery": Lacking.delivery,
    "costs": Lacking.costs,
    "advice": Lacking.advice,
    "expected-impact": Lacking.expected,
    "impact": Lacking.verdicts,
    "attendance": Lacking.attendance,
}


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return f"“{plain}”" if len(plain) <= _LONGEST else f"“{plain[: _LONGEST - 1].rstrip()}…”"


def _cycle(plan: Plan) -> str:
    return f"cycle {plan.cycle.number}"


def _in_plan(plan: Plan, form: str, row_id: int) -> str:
    """The form that mends it in a plan that runs; the cycle as it stands where it runs no more."""
    endpoint = {"outcome": "plan.amend_outcome", "provision": "plan.amend_provision", "dose": "plan.amend_dose"}[form]
    if plan.cycle.is_agreed and may_open(endpoint):
        ids: dict[str, Any] = {"outcome_id" if form == "outcome" else "provision_id": row_id}
        return url_for(endpoint, **ids)
    return url_for("register.cycle", cycle_id=plan.cycle.cycle_id) if may_open("register.cycle") else ""


def _review(review_id: int) -> str:
    return url_for("review.read", review_id=review_id) if may_open("review.read") else ""


def _parts(plan: Plan, one: ProvisionRow) -> str:
    """What the dose of a provision does not say."""
    ends = one.ends or one.weeks or plan.cycle.review_due or plan.cycle.ends
    parts = {
        "minutes": one.minutes,
        "times a week": one.times_a_week,
        "end": ends,
        "group size": one.group_size,
        "adult": one.by,
    }
    return ", no ".join(name for name, there in parts.items() if not there)


def _not_recorded(told: ProvisionDose) -> str:
    dose, weeks = told.dose, list(dict.fromkeys(monday_of(day) for day in told.missing_days))
    if not dose.sessions_not_recorded and (dose.sessions_delivered or dose.sessions_missed):
        return ""
    if not (dose.sessions_delivered or dose.sessions_missed):
        said = "no record of delivery"
        if not dose.sessions_not_recorded:
            return said
    else:
        number = dose.sessions_not_recorded
        said = f"{number} planned {'session is' if number == 1 else 'sessions are'} not recorded"
    if not weeks:
        return said
    shown = ", ".join(plain_date(one) for one in weeks[:_MOST_WEEKS])
    more = f" and {len(weeks) - _MOST_WEEKS} more" if len(weeks) > _MOST_WEEKS else ""
    return f"{said}, in the {'week' if len(weeks) == 1 else 'weeks'} of {shown}{more}"


def _log(pupil_id: int, told: ProvisionDose) -> str:
    """The form of the first session that nobody logged; else the log of the group, or the ticks of the week."""
    runs = frozenset() if told.staff_id is None else frozenset({told.staff_id})
    can_log = may(SESSIONS_LOG, Subject(pupil_id, staff_ids=runs))
    if told.group_id is None:
        return url_for("do.ticks") if can_log else ""
    if told.missing_days and can_log:
        return url_for("do.log", group_id=told.group_id, on=told.missing_days[0].isoformat())
    return url_for("do.sessions", group_id=told.group_id) if may_open("do.sessions") else ""


def _runs(months: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Months, oldest first, as runs of those that follow each other."""
    run: list[date] = []
    for month in months:
        if run and (month.year * 12 + month.month) - (run[-1].year * 12 + run[-1].month) != 1:
            yield run[0], run[-1]
            run = []
        run.append(month)
    if run:
        yield run[0], run[-1]
