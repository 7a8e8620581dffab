"""The next step of a review: what is suggested and why, what each step needs, and what follows from it.

Design §5 and seed 004: each review ends in exactly one of four. The software suggests one by a published table, with
its reasons; the SENCO decides. A suggestion never blocks, and a family can ask the authority at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from graduated.rules.vocabulary import Judgement, NextStep, RequestPath, SenStatus, SpecialistPath

FAMILIES_CAN_ASK = "Families can ask the authority for an EHC needs assessment themselves at any time."


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """One cycle as its review sees it: a judgement for each outcome, and minutes of logged provision to date."""

    judgements: tuple[Judgement, ...] = ()
    planned_minutes: int = 0
    delivered_minutes: int = 0

    @property
    def less_than_expected(self) -> int:
        """How many outcomes were judged less, or much less, than expected."""
        return sum(1 for judgement in self.judgements if judgement.points < 0)

    @property
    def all_as_expected(self) -> bool:
        """Whether every outcome was as expected or better; without a judgement nothing is known."""
        return bool(self.judgements) and self.less_than_expected == 0

    @property
    def mostly_less(self) -> bool:
        """Whether more than half of the outcomes were less than expected."""
        return self.less_than_expected * 2 > len(self.judgements)

    @property
    def dose_known(self) -> bool:
        """Whether any logged provision was planned, so that a share can be worked out at all."""
        return self.planned_minutes > 0

    @property
    def tried_fairly(self) -> bool:
        """Whether at least half of the planned minutes were delivered, and that is on record."""
        return self.dose_known and self.delivered_minutes * 2 >= self.planned_minutes


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """What the suggestion rests on.

    `urgent`: any safety or urgent flag. `carried_twice`: an outcome has been carried over twice. `need_remains`: the
    review says that help additional to or different from the ordinary is still needed. `advice_acted_on`: a
    specialist's advice was put into the plan.
    """

    status: SenStatus
    this: CycleFacts
    previous: CycleFacts | None = None
    urgent: bool = False
    carried_twice: bool = False
    need_remains: bool = True
    advice_acted_on: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One step with its reasons; `row` is the row of the published table that gave it."""

    step: NextStep
    reasons: tuple[str, ...]
    untried: bool
    row: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the published table: the first whose condition holds gives the step."""

    id: str
    condition: str
    step: NextStep
    holds: Callable[[ReviewFacts], bool]
    reasons: Callable[[ReviewFacts], tuple[str, ...]]


def _met(facts: ReviewFacts) -> bool:
    return facts.this.all_as_expected and not facts.carried_twice


def _untried(facts: ReviewFacts) -> bool:
    return facts.this.dose_known and not facts.this.tried_fairly


def _stuck(facts: ReviewFacts) -> bool:
    cycles = (facts.this, facts.previous)
    return all(cycle is not None and cycle.mostly_less and cycle.tried_fairly for cycle in cycles)


def _dose_words(cycle: CycleFacts) -> str:
    if not cycle.dose_known:
        return "How much of the planned provision was delivered is not on record."
    return f"{cycle.delivered_minutes:,} of {cycle.planned_minutes:,} planned minutes were delivered."


def _less_words(cycle: CycleFacts, which: str) -> str:
    if len(cycle.judgements) == 1:
        return f"The one outcome was {'' if cycle.less_than_expected else 'not '}less than expected {which}."
    return f"{cycle.less_than_expected} of {len(cycle.judgements)} outcomes were less than expected {which}."


def _met_reasons(facts: ReviewFacts) -> tuple[str, ...]:
    need = "Need for additional support remains." if facts.need_remains else "No need for additional support remains."
    return ("Every outcome was as expected or better, and none has been carried over twice.", need)


def _stuck_reasons(facts: ReviewFacts) -> tuple[str, ...]:
    before = facts.previous or CycleFacts()
    advice = "has been acted on" if facts.advice_acted_on else "has not been acted on yet"
    return (
        _less_words(facts.this, "in this cycle"),
        _less_words(before, "in the cycle before"),
        _dose_words(facts.this),
        f"Specialist advice {advice}.",
    )


def _otherwise_reasons(facts: ReviewFacts) -> tuple[str, ...]:
    if not facts.this.judgements:
        return ("No outcome has a judgement yet.", _dose_words(facts.this))
    carried = ("An outcome has been carried over twice.",) if facts.carried_twice else ()
    return (_less_words(facts.this, "in this cycle"), *carried, _dose_words(facts.this))


PUBLISHED_TABLE: tuple[TableRow, ...] = (
    TableRow(
        "urgent",
        "A safety or urgent flag is set.",
        NextStep.CONSIDER_EHCNA,
        lambda facts: facts.urgent,
        lambda facts: ("A safety or urgent flag is set.",),
    ),
    TableRow(
        "met-no-need",
        "Every outcome was as expected or better, none was carried over twice, and no need remains.",
        NextStep.COME_OFF,
        lambda facts: _met(facts) and not facts.need_remains,
        _met_reasons,
    ),
    TableRow(
        "met-need-remains",
        "Every outcome was as expected or better, none was carried over twice, and need remains.",
        NextStep.ANOTHER_CYCLE,
        _met,
        _met_reasons,
    ),
    TableRow(
        "not-tried-fairly",
        "Less than half of the planned dose was delivered: not yet tried fairly.",
        NextStep.ANOTHER_CYCLE,
        _untried,
        lambda facts: ("Not yet tried fairly.", _dose_words(facts.this)),
    ),
    TableRow(
        "stuck-after-advice",
        "In two cycles running most outcomes were less than expected though at least half of the dose was delivered, "
        "and specialist advice has been acted on.",
        NextStep.CONSIDER_EHCNA,
        lambda facts: _stuck(facts) and facts.advice_acted_on,
        _stuck_reasons,
    ),
    TableRow(
        "stuck",
        "In two cycles running most outcomes were less than expected though at least half of the dose was delivered.",
        NextStep.SPECIALIST,
        _stuck,
        _stuck_reasons,
    ),
    TableRow("otherwise", "Otherwise.", NextStep.ANOTHER_CYCLE, lambda facts: True, _otherwise_reasons),
)
"""In order; the help page is made from it, so what is published is what is run (design §5)."""


def suggest(facts: ReviewFacts) -> Suggestion:
    """The step of the first row that holds, with its reasons. A suggestion only: the SENCO decides."""
    row = next(row for row in PUBLISHED_TABLE if row.holds(facts))
    return Suggestion(row.step, row.reasons(facts), row.id == "not-tried-fairly", row.id)


@dataclass(frozen=True, slots=True)
class Referral:
    """Who is asked what, by whom and when, and whether the parents agree (Code 6.58 to 6.62)."""

    service: str = ""
    question: str = ""
    who: str = ""
    by_when: date | None = None
    parents_agree: bool | None = None


@dataclass(frozen=True, slots=True)
class Paths:
    """How the third and the fourth step go on; words are needed wherever nothing new is started."""

    specialist: SpecialistPath | None = None
    referral: Referral | None = None
    specialist_words: str = ""
    request: RequestPath | None = None
    request_words: str = ""


NO_PATHS = Paths()


def allowed(step: NextStep, status: SenStatus, reason: str, paths: Paths = NO_PATHS) -> list[str]:
    """What is still missing before the step can be taken, one sentence each; an empty list means it can.

    A reason always; for specialist advice a referral or words on why none; for considering a request a draft opened or
    words on "not now". With an EHC plan no request is opened, so the fourth step asks for the reason only (design §5).
    """
    errors = [] if reason.strip() else ["Say why this is the next step."]
    if step is NextStep.SPECIALIST:
        errors += _specialist_errors(paths)
    if step is NextStep.CONSIDER_EHCNA and status is not SenStatus.PLAN:
        if paths.request is None:
            errors.append("Choose whether a draft request opens or not now.")
        elif paths.request is RequestPath.NOT_NOW and not paths.request_words.strip():
            errors.append("Say why a request is not made now.")
    return errors


def _specialist_errors(paths: Paths) -> list[str]:
    if paths.specialist is None:
        return ["Choose: refer to a service, a service is already involved, or declined by the family."]
    if paths.specialist is not SpecialistPath.REFER:
        asked = {
            SpecialistPath.ALREADY: "Say which service is already involved and what it is doing.",
            SpecialistPath.DECLINED: "Say what the family declined and why.",
        }
        return [] if paths.specialist_words.strip() else [asked[paths.specialist]]
    referral = paths.referral or Referral()
    missing = (
        (not referral.service.strip(), "Say which service is asked."),
        (not referral.question.strip(), "Write the question for the service."),
        (not referral.who.strip(), "Say who makes the referral."),
        (referral.by_when is None, "Give a date by which the referral is made."),
        (referral.parents_agree is None, "Say whether the parents agree to the referral."),
        (
            referral.parents_agree is False,
            "Without the parents' agreement choose “Declined by the family” and say what was said.",
        ),
    )
    return [sentence for wrong, sentence in missing if wrong]


@dataclass(frozen=True, slots=True)
class Consequences:
    """All that a step does, in one transaction; `told` are the sentences shown before sealing and in the letter."""

    register_change: SenStatus | None
    closes_cycle: bool
    opens_cycle: bool
    referral: bool
    opens_request: bool
    told: tuple[str, ...]


_NEXT_CYCLE = "The next cycle opens as a draft, with unmet outcomes and what was said about each provision."


def consequences(step: NextStep, status: SenStatus, paths: Paths = NO_PATHS) -> Consequences:
    """What follows from the step for a pupil of that status (design §5, first table).

    Only "come off" changes the register, only from K and never for a pupil with an EHC plan. Every review closes its
    cycle; every step but the first opens the next, so support never stops while anybody is waited for.
    """
    if step is NextStep.COME_OFF:
        return _come_off(status)
    referral = step is NextStep.SPECIALIST and paths.specialist is SpecialistPath.REFER
    asks = step is NextStep.CONSIDER_EHCNA
    opens_request = asks and status is not SenStatus.PLAN and paths.request is RequestPath.OPEN
    told = [_NEXT_CYCLE]
    if referral:
        told.append("A referral is added to the actions.")
    if opens_request:
        told.append("A draft request for an EHC needs assessment opens. Support goes on meanwhile.")
    if asks and status is SenStatus.PLAN:
        told.append("Ask the authority for an early annual review. The EHC plan stays in force meanwhile.")
    if asks and status is not SenStatus.PLAN:
        told.append(FAMILIES_CAN_ASK)
    return Consequences(None, True, True, referral, opens_request, tuple(told))


def _come_off(status: SenStatus) -> Consequences:
    if status is SenStatus.PLAN:
        return Consequences(None, True, False, False, False, ("The EHC plan stays in force; the register stays E.",))
    told = (
        "The register becomes N from the review date; the history is kept.",
        "Parents are told in writing.",
        "Change the SEN status to N in your school information system.",
    )
    change = SenStatus.NONE if status is SenStatus.SUPPORT else None
    return Consequences(change, True, False, False, False, told if change else told[1:2])
