"""Plan: a numbered cycle with its outcomes, provision, strategies and the agreement with parents."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, SchoolOwned, Versioned, child_of, in_school, pupil_table
from graduated.db.types import Fixed, UtcDateTime, WordType
from graduated.rules.vocabulary import (
    AgreementMethod,
    AmendmentKind,
    CycleOrigin,
    CycleStatus,
    Evidencing,
    NeedArea,
    PlanType,
    ProvisionKind,
    Responsible,
    Role,
    StrategyKind,
    ViewOf,
)


class Cycle(PupilOwned, Recorded, Versioned, Base):
    """One turn of assess, plan, do, review."""

    __tablename__ = "cycle"
    __table_args__ = pupil_table(
        UniqueConstraint("pupil_id", "number"),
        child_of("cycle", "previous_id"),
        child_of("document", "scan_id"),
        Index("ix_cycle_due", "school_id", "status", "review_due"),
        parent=True,
    )
    family: ClassVar[str] = "sent"

    number: Mapped[int]
    previous_id: Mapped[int | None]
    plan_type: Mapped[PlanType] = mapped_column(WordType(PlanType), default=PlanType.SEN_SUPPORT)
    origin: Mapped[CycleOrigin] = mapped_column(WordType(CycleOrigin), default=CycleOrigin.LIVED)
    status: Mapped[CycleStatus] = mapped_column(WordType(CycleStatus), default=CycleStatus.DRAFT)
    starts: Mapped[date]
    ends: Mapped[date | None]
    review_due: Mapped[date | None]
    meeting_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    meeting_place: Mapped[str] = mapped_column(String(120), default="")
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    assess_summary: Mapped[str] = mapped_column(Text, default="")
    sent_on: Mapped[date | None]
    agreed_on: Mapped[date | None]
    scan_id: Mapped[int | None]


class Outcome(PupilOwned, Recorded, Versioned, Base):
    """The difference to be made for this pupil: personal, measurable, dated."""

    __tablename__ = "outcome"
    __table_args__ = pupil_table(
        child_of("cycle"),
        child_of("outcome", "continues_id"),
        in_school("measure"),
        Index("ix_outcome_cycle", "cycle_id", "position"),
        parent=True,
    )
    family: ClassVar[str] = "in-sent-cycle"

    cycle_id: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    area: Mapped[NeedArea] = mapped_column(WordType(NeedArea))
    statement: Mapped[str] = mapped_column(Text)
    in_plain_words: Mapped[str] = mapped_column(Text, default="")
    success: Mapped[str] = mapped_column(Text, default="")
    measure_id: Mapped[int | None]
    baseline: Mapped[Decimal | None] = mapped_column(Fixed(4))
    baseline_on: Mapped[date | None]
    target: Mapped[Decimal | None] = mapped_column(Fixed(4))
    maintain: Mapped[bool] = mapped_column(default=False)
    tolerance: Mapped[Decimal | None] = mapped_column(Fixed(4))
    by_when: Mapped[date | None]
    continues_id: Mapped[int | None]
    dropped_on: Mapped[date | None]


class Strategy(PupilOwned, Recorded, Versioned, Base):
    """What adults do in lessons."""

    __tablename__ = "strategy"
    __table_args__ = pupil_table(child_of("cycle"))
    family: ClassVar[str] = "in-sent-cycle"

    cycle_id: Mapped[int]
    kind: Mapped[StrategyKind] = mapped_column(WordType(StrategyKind), default=StrategyKind.ORDINARY)
    text: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[int] = mapped_column(default=0)


class Group(SchoolOwned, Recorded, Versioned, Base):
    """An intervention run by someone at set times; one pupil is a group of one."""

    __tablename__ = "group"
    __table_args__ = (in_school("intervention"), UniqueConstraint("school_id", "id"))
    scope_by: ClassVar[str] = "group"
    family: ClassVar[str] = "my-groups"
    office: ClassVar[bool] = False

    intervention_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(120))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    staff_role: Mapped[Role | None] = mapped_column(WordType(Role))
    starts: Mapped[date]
    ends: Mapped[date | None]
    weekdays: Mapped[list[int]] = mapped_column(JSON, default=list)
    at: Mapped[time | None]
    times: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # "13:30" by "0" for Monday, where it differs
    minutes: Mapped[int]
    times_a_week: Mapped[int]


class GroupChange(SchoolOwned, Recorded, Base):
    """A change of adult, day or time: logged, and no amendment of anybody's plan."""

    __tablename__ = "group_change"
    __table_args__ = (in_school("group"),)
    family: ClassVar[str] = "never"
    office: ClassVar[bool] = False

    group_id: Mapped[int]
    on: Mapped[date]
    what: Mapped[str] = mapped_column(String(40))
    before: Mapped[str] = mapped_column(String(120))
    after: Mapped[str] = mapped_column(String(120))


class Place(PupilOwned, Recorded, Versioned, Base):
    """A pupil in a group, from a date until a date."""

    __tablename__ = "place"
    __table_args__ = pupil_table(in_school("group"), Index("ix_place_group", "group_id"), parent=True)
    family: ClassVar[str] = "mine"

    group_id: Mapped[int]
    starts: Mapped[date]
    ends: Mapped[date | None]


class Provision(PupilOwned, Recorded, Versioned, Base):
    """What is additional to or different from the ordinary, for this pupil in this cycle."""

    __tablename__ = "provision"
    __table_args__ = pupil_table(
        child_of("cycle"), child_of("place"), in_school("intervention"), in_school("rate_card"),
        Index("ix_provision_cycle", "cycle_id", "position"), parent=True,
    )  # fmt: skip
    family: ClassVar[str] = "in-sent-cycle"

    cycle_id: Mapped[int]
    place_id: Mapped[int | None]
    intervention_id: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[ProvisionKind] = mapped_column(WordType(ProvisionKind), default=ProvisionKind.SESSIONS)
    name: Mapped[str] = mapped_column(String(120))
    who: Mapped[str] = mapped_column(String(120), default="")
    staff_role: Mapped[Role | None] = mapped_column(WordType(Role))
    minutes: Mapped[int]
    times_a_week: Mapped[int]
    weeks: Mapped[int | None]
    group_size: Mapped[int] = mapped_column(default=1)
    starts: Mapped[date]
    ends: Mapped[date | None]
    expected_impact: Mapped[str] = mapped_column(Text, default="")
    evidencing: Mapped[Evidencing] = mapped_column(WordType(Evidencing), default=Evidencing.SESSION)
    runs_on: Mapped[bool] = mapped_column(default=False)
    stopped_on: Mapped[date | None]
    rate_card_id: Mapped[int | None]
    one_off_pence: Mapped[int] = mapped_column(default=0)
    agency_pence: Mapped[int] = mapped_column(default=0)


class RateChange(PupilOwned, Recorded, Base):
    """Somebody said that a provision of a running plan goes by a newer rate card: which, when and why."""

    __tablename__ = "rate_change"
    __table_args__ = pupil_table(
        child_of("cycle"),
        child_of("provision"),
        in_school("rate_card", "from_card_id"),
        in_school("rate_card", "to_card_id"),
        Index("ix_rate_change_cycle", "cycle_id"),
    )
    family: ClassVar[str] = "never"

    cycle_id: Mapped[int]
    provision_id: Mapped[int]
    from_card_id: Mapped[int | None]
    to_card_id: Mapped[int]
    on: Mapped[date]
    why: Mapped[str] = mapped_column(Text)


class ProvisionOutcome(PupilOwned, Base):
    """Which outcomes a provision serves."""

    __tablename__ = "provision_outcome"
    __table_args__ = pupil_table(
        child_of("provision"), child_of("outcome"), UniqueConstraint("provision_id", "outcome_id")
    )
    family: ClassVar[str] = "mine"

    provision_id: Mapped[int]
    outcome_id: Mapped[int]


class Responsibility(PupilOwned, Recorded, Versioned, Base):
    """Who does what: school, parent, pupil."""

    __tablename__ = "responsibility"
    __table_args__ = pupil_table(child_of("cycle"))
    family: ClassVar[str] = "in-sent-cycle"

    cycle_id: Mapped[int]
    who: Mapped[Responsible] = mapped_column(WordType(Responsible))
    text: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)


class Agreement(PupilOwned, Recorded, Base):
    """When and how the plan was agreed, with which adults, and who was asked and did not answer."""

    __tablename__ = "agreement"
    __table_args__ = pupil_table(child_of("cycle"), parent=True)
    family: ClassVar[str] = "in-sent-cycle"

    cycle_id: Mapped[int]
    agreed_on: Mapped[date]
    method: Mapped[AgreementMethod] = mapped_column(WordType(AgreementMethod))
    pupil_took_part: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")


class AgreementAdult(PupilOwned, Base):
    """One adult of an agreement: agreed, or was asked and did not answer."""

    __tablename__ = "agreement_adult"
    __table_args__ = pupil_table(child_of("agreement"), in_school("adult"))
    family: ClassVar[str] = "mine"

    agreement_id: Mapped[int]
    adult_id: Mapped[int]
    answered: Mapped[bool]


class Amendment(PupilOwned, Recorded, Base):
    """A kept change of an agreed plan."""

    __tablename__ = "amendment"
    __table_args__ = pupil_table(child_of("cycle"))
    family: ClassVar[str] = "in-sent-cycle"

    cycle_id: Mapped[int]
    kind: Mapped[AmendmentKind] = mapped_column(WordType(AmendmentKind))
    what: Mapped[str] = mapped_column(String(200))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(120))
    on: Mapped[date]


class PlanTranslation(PupilOwned, Recorded, Base):
    """A translation that the school approved, of an agreed plan as it stood; a newer one or a withdrawal is a new row.

    `amendment_id` is the last change of the plan that it holds, 0 where the plan stood as agreed.
    """

    __tablename__ = "plan_translation"
    __table_args__ = pupil_table(
        child_of("cycle"),
        child_of("document"),
        child_of("plan_translation", "replaces_id"),
        Index("ix_plan_translation_cycle", "cycle_id"),
        Index("uq_plan_translation_replaces", "replaces_id", unique=True),
        parent=True,
    )
    family: ClassVar[str] = "in-sent-cycle"

    cycle_id: Mapped[int]
    document_id: Mapped[int]
    language: Mapped[str] = mapped_column(String(60))
    approved_by: Mapped[str] = mapped_column(String(120))
    approved_on: Mapped[date]
    amendment_id: Mapped[int]
    replaces_id: Mapped[int | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(Text, default="")


class Contribution(PupilOwned, Recorded, Base):
    """What a teacher or a teaching assistant adds to a plan or a review."""

    __tablename__ = "contribution"
    __table_args__ = pupil_table(child_of("cycle"), child_of("outcome"))
    family: ClassVar[str] = "never"

    cycle_id: Mapped[int]
    outcome_id: Mapped[int | None]
    for_review: Mapped[bool] = mapped_column(default=False)
    works: Mapped[str] = mapped_column(Text, default="")
    does_not_work: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Asked(PupilOwned, Recorded, Base):
    """Somebody was asked for something before a review: one of the staff (`user_id`), the pupil or one parent.

    The answer is a contribution or a view of its own; a reminder is a row of its own.
    """

    __tablename__ = "asked"
    __table_args__ = pupil_table(child_of("cycle"), in_school("adult"), Index("ix_asked_cycle", "cycle_id"))
    family: ClassVar[str] = "never"

    cycle_id: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    whose: Mapped[ViewOf | None] = mapped_column(WordType(ViewOf))
    adult_id: Mapped[int | None]
    asked_on: Mapped[date]
    answer_by: Mapped[date | None]
    reminder: Mapped[bool] = mapped_column(default=False)
