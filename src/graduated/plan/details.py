"""What a plan is made of, as its services take it: frozen and already checked for form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from graduated.rules.vocabulary import (
    AgreementMethod,
    Evidencing,
    NeedArea,
    PlanType,
    ProvisionKind,
    ProvisionVerdict,
    Role,
)


class PlanRefused(ValueError):
    """A change that a plan does not take; the sentence says why and what to do instead."""


class PlanAgreed(PlanRefused):
    """An agreed plan changes only by an amendment that is kept; `cycle_id` is whose plan it is."""

    def __init__(self, sentence: str, cycle_id: int) -> None:
        super().__init__(sentence)
        self.cycle_id = cycle_id


@dataclass(frozen=True, slots=True)
class CycleFrame:
    """What surrounds the outcomes of a draft: when, who leads, what is known, the meeting."""

    starts: date
    review_due: date | None = None
    lead_id: int | None = None
    plan_type: PlanType = PlanType.SEN_SUPPORT
    assess_summary: str = ""
    meeting_at: datetime | None = None
    meeting_place: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeDetails:
    """One outcome. Figures are on the measure's own scale; ages are months. `maintain` keeps the baseline."""

    area: NeedArea
    statement: str
    success: str = ""
    in_plain_words: str = ""
    measure_id: int | None = None
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    maintain: bool = False
    tolerance: Decimal | None = None
    by_when: date | None = None


@dataclass(frozen=True, slots=True)
class ProvisionDetails:
    """One provision. With `join_group_id` the pupil joins a group that is there; otherwise sessions get their own.

    Without `starts` it begins with the cycle; `ends` follows from `weeks`, in school weeks, when it is not given.
    """

    name: str
    kind: ProvisionKind = ProvisionKind.SESSIONS
    intervention_id: int | None = None
    join_group_id: int | None = None
    staff_id: int | None = None
    who: str = ""
    staff_role: Role | None = None
    minutes: int = 0
    times_a_week: int = 0
    weeks: int | None = None
    group_size: int = 1
    weekdays: tuple[int, ...] = ()
    at: time | None = None
    starts: date | None = None
    ends: date | None = None
    expected_impact: str = ""
    evidencing: Evidencing = Evidencing.SESSION
    serves: tuple[int, ...] = ()
    one_off_pence: int = 0
    agency_pence: int = 0


@dataclass(frozen=True, slots=True)
class AgreementDetails:
    """How a plan was agreed: adults who agreed, adults who were asked and did not answer, and whether the pupil was in.

    `sen_support_from` is set only when somebody said that SEN support starts: it never does unasked.
    """

    agreed_on: date
    method: AgreementMethod
    agreed_ids: tuple[int, ...] = ()
    no_answer_ids: tuple[int, ...] = ()
    pupil_took_part: bool = False
    note: str = ""
    sen_support_from: date | None = None


@dataclass(frozen=True, slots=True)
class Because:
    """Why an agreed plan changes, who decided it, and from which day."""

    why: str
    who: str
    on: date


@dataclass(frozen=True, slots=True)
class Carried:
    """What the review said of a provision that is looked at again in the next plan."""

    verdict: ProvisionVerdict
    why: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A contribution of somebody who teaches the pupil."""

    text: str = ""
    works: str = ""
    does_not_work: str = ""
