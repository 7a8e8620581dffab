"""How a review is decided: the next step as it is thought over, what is still missing, and what will follow, in words.

Nothing here reads or writes; the same functions serve the page, the last check before sealing, and the sealing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from enum import Enum
from typing import Any

from graduated.plan.queries import OutcomeRow
from graduated.review.queries import ReviewRecord
from graduated.rules.next_step import Consequences, Paths, Referral, allowed, consequences
from graduated.rules.progress import ProgressState
from graduated.rules.vocabulary import (
    Judgement,
    NextStep,
    ProvisionVerdict,
    RequestPath,
    SenStatus,
    SpecialistPath,
)

KEEPS_CYCLE = (NextStep.SPECIALIST, NextStep.CONSIDER_EHCNA)
"""After an interim review with one of these steps the running cycle goes on to its own review; see `closes_cycle`."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The next step as it is thought over. `need_remains`: help additional to the ordinary is still needed."""

    step: NextStep | None = None
    reason: str = ""
    need_remains: bool = True
    urgent: bool = False
    specialist: SpecialistPath | None = None
    service: str = ""
    question: str = ""
    who_refers: str = ""
    refer_by: date | None = None
    parents_agree: bool | None = None
    specialist_words: str = ""
    request: RequestPath | None = None
    request_words: str = ""
    signposted: bool = False
    check_back_on: date | None = None
    reasons: tuple[tuple[int, str], ...] = ()
    whys: tuple[tuple[int, str], ...] = ()

    @property
    def paths(self) -> Paths:
        """How the third and fourth step go on, as the rules take it."""
        referral = Referral(self.service, self.question, self.who_refers, self.refer_by, self.parents_agree)
        return Paths(self.specialist, referral, self.specialist_words, self.request, self.request_words)

    def kept(self) -> dict[str, Any]:
        """As it is kept beside the open review: codes, ISO dates and text."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Decision:
        """What `kept` wrote; names that are not known are passed over."""
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in kept.items() if name in known}
        for name, words in (("step", NextStep), ("specialist", SpecialistPath), ("request", RequestPath)):
            values[name] = words(values[name]) if values.get(name) else None
        for name in ("refer_by", "check_back_on"):
            values[name] = date.fromisoformat(values[name]) if values.get(name) else None
        for name in ("reasons", "whys"):
            values[name] = tuple((int(key), str(text)) for key, text in values.get(name) or ())
        return cls(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [list(one) for one in value]
    return value


def closes_cycle(step: NextStep, interim: bool) -> bool:
    """Whether the cycle ends with this review.

    An ordinary review always ends its cycle. An interim one is held because something cannot wait: specialist advice
    or a request is started at once, and the plan that is running goes on to its own review. Only when the step itself
    says so (another cycle, or coming off SEN support) does an interim review end the cycle.
    """
    return not (interim and step in KEEPS_CYCLE)


def is_unmet(outcome: OutcomeRow, judgement: Judgement, held_on: date) -> bool:
    """Whether an outcome goes on into the next plan.

    Less than expected: yes. Otherwise the figures decide where there are any: the target is reached (or the level
    kept) or not yet. Without figures the judgement decides, and an outcome whose date still lies ahead goes on.
    """
    if judgement.points < 0:
        return True
    if outcome.progress is not None and outcome.progress.state is not ProgressState.UNKNOWN:
        return outcome.progress.state not in (ProgressState.MET, ProgressState.KEPT)
    return outcome.by_when is not None and outcome.by_when > held_on and judgement is Judgement.EXPECTED


@dataclass(frozen=True, slots=True)
class Missing:
    """What still stands between the review and its seal; `place` is the part of the page that mends it."""

    place: str
    words: str


def missing(
    record: ReviewRecord,
    decision: Decision,
    outcomes: Iterable[tuple[int, str]],
    provisions: Iterable[tuple[int, str]],
    status: SenStatus,
    today: date,
) -> tuple[Missing, ...]:
    """Everything that has to be said before sealing; none means that it can be sealed.

    `outcomes` and `provisions` are (id, words) pairs of what the plan holds.
    """
    found = [*_of_meeting(record, today), *_of_plan(record, outcomes, provisions)]
    if decision.step is None:
        found.append(Missing("next-step", "Choose the next step."))
    else:
        found += [
            Missing("next-step", words) for words in allowed(decision.step, status, decision.reason, decision.paths)
        ]
        come_off = decision.step is NextStep.COME_OFF
        if come_off and decision.check_back_on and record.held_on and decision.check_back_on <= record.held_on:
            found.append(Missing("next-step", "The date to check back lies before the review. Give a later one."))
    return tuple(found)


def _of_meeting(record: ReviewRecord, today: date) -> list[Missing]:
    checks = (
        (record.held_on is None, "Say when the review was held."),
        (
            record.held_on is not None and record.held_on > today,
            "The review is dated in the future. It can be sealed once it was held.",
        ),
        (
            record.held_on is not None and record.held_on < record.cycle_starts,
            "The review is dated before its cycle began.",
        ),
        (record.with_parent is None, "Say whether a parent or carer took part."),
        (
            record.with_parent is False and not record.attempts.strip(),
            "No parent or carer took part: record what was tried, and it counts as a review held.",
        ),
        (
            record.with_parent is True and not any(one.adult_id for one in record.attendees),
            "Tick which of the family took part.",
        ),
        (not record.pupil_views.strip(), "Write the pupil’s views, or how they were asked and what came of it."),
        (
            not record.parent_views.strip() and not record.attempts.strip(),
            "Write the parents’ views, or what was tried to get them.",
        ),
    )
    return [Missing("meeting", words) for wrong, words in checks if wrong]


def _of_plan(
    record: ReviewRecord, outcomes: Iterable[tuple[int, str]], provisions: Iterable[tuple[int, str]]
) -> list[Missing]:
    judged = {one.outcome_id: one for one in record.judgements}
    said = {one.provision_id: one for one in record.verdicts}
    found = []
    for key, words in outcomes:
        if key not in judged:
            found.append(Missing(f"outcome-{key}", f"Judge the outcome: {words}"))
        elif not judged[key].reason.strip():
            found.append(Missing(f"outcome-{key}", f"Say why you judge so: {words}"))
    for key, words in provisions:
        if key not in said:
            found.append(Missing(f"provision-{key}", f"Say whether to continue, change or stop: {words}"))
        elif said[key].verdict is not ProvisionVerdict.CONTINUE and not said[key].why.strip():
            found.append(Missing(f"provision-{key}", f"Say why it changes or stops: {words}"))
    return found


def foreseen(step: NextStep, status: SenStatus, decision: Decision, interim: bool) -> Consequences:
    """What will follow from a step, with what an interim review leaves running taken into account."""
    then = consequences(step, status, decision.paths)
    if closes_cycle(step, interim):
        return then
    told = ("The running cycle goes on to its own review; no new plan opens.", *then.told[1:])
    return replace(then, closes_cycle=False, opens_cycle=False, told=told)


def card_words(step: NextStep, status: SenStatus, next_number: int, interim: bool, asked_whom: str) -> str:
    """What a card says that the step will do, before it is chosen."""
    with_plan = status is SenStatus.PLAN
    goes_on = f"Cycle {next_number} opens too." if closes_cycle(step, interim) else "The running plan goes on."
    if step is NextStep.COME_OFF:
        if with_plan:
            return "The cycle closes. The EHC plan stays in force and the register stays E."
        if status is SenStatus.NONE:
            return "The cycle closes. Parents are told in writing."
        return "The register becomes N from the date of the review. History is kept. Parents are told in writing."
    if step is NextStep.ANOTHER_CYCLE:
        return f"Cycle {next_number} opens as a draft with outcomes not yet met and what was said of each provision."
    if step is NextStep.SPECIALIST:
        return f"You say which service and what to ask. {goes_on}"
    if with_plan:
        return f"You ask the authority for an early annual review. The EHC plan stays in force. {goes_on}"
    return (
        f"A draft request opens with what is already there, or you say why not now. Support goes on. {goes_on} "
        f"Parents may also ask {asked_whom} themselves, at any time."
    )
