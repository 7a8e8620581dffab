"""The school: terms, rate cards, measures, the intervention library, its authority profile."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, Recorded, SchoolOwned, Versioned, in_school
from graduated.db.types import Fixed, WordType
from graduated.rules.vocabulary import Direction, MeasureKind, Phase, RateOwner, Respondent, Role


class School(Versioned, Base):
    """One school of the installation."""

    __tablename__ = "school"
    scope_by: ClassVar[str] = "school-itself"
    family: ClassVar[str] = "always"
    office: ClassVar[bool] = True

    urn: Mapped[str] = mapped_column(String(6), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    la_code: Mapped[str] = mapped_column(String(3), default="")
    establishment: Mapped[str] = mapped_column(String(4), default="")
    phase: Mapped[Phase] = mapped_column(WordType(Phase), default=Phase.PRIMARY)
    authority: Mapped[str] = mapped_column(String(40), default="code")
    authority_version: Mapped[str] = mapped_column(String(20), default="1")
    address: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    timetable_weeks: Mapped[int] = mapped_column(default=1)
    class_cards_for_all: Mapped[bool] = mapped_column(default=False)
    staff_need_second_step: Mapped[bool] = mapped_column(default=False)
    trusts_provider_step: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)


class Term(SchoolOwned, Versioned, Base):
    """One term of an academic year, with its half-term and its INSET days."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("school_id", "starts"), Index("ix_term_school", "school_id", "starts"))

    academic_year: Mapped[str] = mapped_column(String(7))
    name: Mapped[str] = mapped_column(String(40))
    starts: Mapped[date]
    ends: Mapped[date]
    half_term_starts: Mapped[date | None]
    half_term_ends: Mapped[date | None]
    inset_days: Mapped[list[str]] = mapped_column(JSON, default=list)


class RateCard(SchoolOwned, Recorded, Versioned, Base):
    """Hourly rates with on-costs by staff role; never edited once a plan was costed with it."""

    __tablename__ = "rate_card"
    __table_args__ = (UniqueConstraint("school_id", "id"),)
    family: ClassVar[str] = "never"

    whose: Mapped[RateOwner] = mapped_column(WordType(RateOwner), default=RateOwner.SCHOOL)
    source: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    weeks_a_year: Mapped[int] = mapped_column(default=38)
    used: Mapped[bool] = mapped_column(default=False)
    brought_from: Mapped[str] = mapped_column(String(200), default="")  # another school: for its own plans alone


PRICED = (Role.SUPPORT, Role.TEACHER, Role.SENCO, Role.SEN_ASSISTANT, Role.HEAD)
"""Roles that may give provision, and so have an hourly rate."""


class Rate(SchoolOwned, Base):
    """Pounds an hour for one staff role on one card, to four places."""

    __tablename__ = "rate"
    __table_args__ = (in_school("rate_card"), UniqueConstraint("rate_card_id", "role", "label"))
    family: ClassVar[str] = "never"

    rate_card_id: Mapped[int]
    role: Mapped[Role] = mapped_column(WordType(Role))
    label: Mapped[str] = mapped_column(String(80), default="")
    pounds_an_hour: Mapped[Decimal] = mapped_column(Fixed(4))


class Measure(SchoolOwned, Versioned, Base):
    """Something that can be measured again: its scale, its direction and who answers (domain §6)."""

    __tablename__ = "measure"
    __table_args__ = (UniqueConstraint("school_id", "id"), UniqueConstraint("school_id", "code"))

    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[MeasureKind] = mapped_column(WordType(MeasureKind))
    direction: Mapped[Direction] = mapped_column(WordType(Direction))
    respondent: Mapped[Respondent] = mapped_column(WordType(Respondent))
    unit: Mapped[str] = mapped_column(String(40), default="")
    lowest: Mapped[Decimal | None] = mapped_column(Fixed(4))
    highest: Mapped[Decimal | None] = mapped_column(Fixed(4))
    usual_low: Mapped[Decimal | None] = mapped_column(Fixed(4))
    usual_high: Mapped[Decimal | None] = mapped_column(Fixed(4))
    error: Mapped[Decimal | None] = mapped_column(Fixed(4))
    note: Mapped[str] = mapped_column(Text, default="")
    retired: Mapped[bool] = mapped_column(default=False)


class Intervention(SchoolOwned, Versioned, Base):
    """A named, time-limited programme of the school's library."""

    __tablename__ = "intervention"
    __table_args__ = (UniqueConstraint("school_id", "id"), UniqueConstraint("school_id", "name"))

    name: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(Text, default="")
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)
    evidence_source: Mapped[str] = mapped_column(Text, default="")
    usual_minutes: Mapped[int | None]
    usual_times_a_week: Mapped[int | None]
    usual_weeks: Mapped[int | None]
    usual_group_size: Mapped[int | None]
    staff_role: Mapped[Role | None] = mapped_column(WordType(Role))
    measure_id: Mapped[int | None]
    retired: Mapped[bool] = mapped_column(default=False)
    extra: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class InterventionChange(SchoolOwned, Recorded, Base):
    """One change of the library: what it was called, said or offered before, and after."""

    __tablename__ = "intervention_change"
    __table_args__ = (in_school("intervention"),)
    family: ClassVar[str] = "never"

    intervention_id: Mapped[int]
    on: Mapped[date]
    what: Mapped[str] = mapped_column(String(60))
    before: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[str] = mapped_column(Text, default="")


class AuthorityFile(SchoolOwned, Recorded, Base):
    """A school's own authority profile as it was given: each version is a row, none is ever changed.

    A row that is `withdrawn` says that the profile is offered no more; its text is empty then. Requests keep the
    version that they were opened with. Families read it: whom they can ask, and who advises them.
    """

    __tablename__ = "authority_file"
    __table_args__ = (UniqueConstraint("school_id", "code", "number"),)

    code: Mapped[str] = mapped_column(String(30))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text, default="")
    saved_by: Mapped[str] = mapped_column(String(120))
    withdrawn: Mapped[bool] = mapped_column(default=False)
