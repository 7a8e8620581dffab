"""The pupil: identity, SEN status and needs with their history, family links, documents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, SchoolOwned, Versioned, child_of, in_school, pupil_table
from graduated.db.types import Fixed, WordType
from graduated.rules.vocabulary import (
    AskedHow,
    AssignmentSource,
    BarAct,
    BarKind,
    DocumentKind,
    GivenHow,
    NeedType,
    Relationship,
    SenStatus,
    Sex,
    StatusSource,
    Visibility,
    YearGroup,
)


class Pupil(SchoolOwned, Recorded, Versioned, Base):
    """One child or young person of the school."""

    __tablename__ = "pupil"
    __table_args__ = (
        UniqueConstraint("school_id", "id"),
        Index("uq_pupil_upn", "school_id", "upn", unique=True),
        Index("ix_pupil_name", "school_id", "legal_surname", "legal_forename"),
    )
    scope_by: ClassVar[str] = "pupil-itself"
    family: ClassVar[str] = "always"

    upn: Mapped[str | None] = mapped_column(String(13))
    legal_surname: Mapped[str] = mapped_column(String(100))
    legal_forename: Mapped[str] = mapped_column(String(100))
    known_as: Mapped[str] = mapped_column(String(100), default="")
    known_surname: Mapped[str] = mapped_column(String(100), default="")
    sex: Mapped[Sex | None] = mapped_column(WordType(Sex))
    born_on: Mapped[date]
    year_group: Mapped[YearGroup] = mapped_column(WordType(YearGroup))
    registration_group: Mapped[str] = mapped_column(String(60), default="")
    eal: Mapped[bool | None]
    pupil_premium: Mapped[bool | None]
    in_care: Mapped[bool | None]
    care_authority: Mapped[str] = mapped_column(String(100), default="")
    first_language: Mapped[str] = mapped_column(String(60), default="")
    interpreter: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    nhs_number: Mapped[str] = mapped_column(String(10), default="")
    ethnicity: Mapped[str] = mapped_column(String(60), default="")
    religion: Mapped[str] = mapped_column(String(60), default="")
    service_family: Mapped[bool | None]
    attendance_percent: Mapped[Decimal | None] = mapped_column(Fixed(2))
    previous_schools: Mapped[str] = mapped_column(Text, default="")
    admitted_on: Mapped[date | None]
    left_on: Mapped[date | None]
    rights_pass_on: Mapped[date]


class SenStatusSpell(PupilOwned, Recorded, Versioned, Base):
    """A spell of one SEN status; exactly one is open at a time and history is kept."""

    __tablename__ = "sen_status"
    __table_args__ = pupil_table(
        Index("ix_sen_status_pupil", "pupil_id", "starts"),
        Index(
            "uq_sen_status_open",
            "pupil_id",
            unique=True,
            sqlite_where=text("ends IS NULL"),
            postgresql_where=text("ends IS NULL"),
        ),
    )
    family: ClassVar[str] = "mine"
    office: ClassVar[bool] = True

    status: Mapped[SenStatus] = mapped_column(WordType(SenStatus))
    starts: Mapped[date]
    ends: Mapped[date | None]
    source: Mapped[StatusSource] = mapped_column(WordType(StatusSource))
    reason: Mapped[str] = mapped_column(Text, default="")
    told_mis: Mapped[bool] = mapped_column(default=True)
    parents_told: Mapped[str] = mapped_column(Text, default="")
    parents_told_on: Mapped[date | None]


class Need(PupilOwned, Recorded, Versioned, Base):
    """A type of need with its rank; rank 1 is the primary need."""

    __tablename__ = "need"
    __table_args__ = pupil_table(Index("ix_need_pupil", "pupil_id", "rank"))
    family: ClassVar[str] = "mine"
    office: ClassVar[bool] = True

    type: Mapped[NeedType] = mapped_column(WordType(NeedType))
    rank: Mapped[int]
    starts: Mapped[date | None]
    ends: Mapped[date | None]


class Profile(PupilOwned, Recorded, Base):
    """One version of the one-page profile; the newest is in force."""

    __tablename__ = "profile"
    __table_args__ = pupil_table(UniqueConstraint("pupil_id", "number"))
    family: ClassVar[str] = "mine"

    number: Mapped[int]
    good_at: Mapped[str] = mapped_column(Text, default="")
    important_to_me: Mapped[str] = mapped_column(Text, default="")
    hard_for_me: Mapped[str] = mapped_column(Text, default="")
    helps_me: Mapped[str] = mapped_column(Text, default="")
    my_words: Mapped[str] = mapped_column(Text, default="")
    hopes: Mapped[str] = mapped_column(Text, default="")
    written_on: Mapped[date]


class Adult(SchoolOwned, Recorded, Versioned, Base):
    """An adult of a family: a parent in education law, or another carer (domain §3.8)."""

    __tablename__ = "adult"
    __table_args__ = (UniqueConstraint("school_id", "id"), Index("ix_adult_user", "user_id"))
    family: ClassVar[str] = "own-user"

    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    title: Mapped[str] = mapped_column(String(20), default="")
    forename: Mapped[str] = mapped_column(String(100), default="")
    surname: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(60), default="")
    interpreter: Mapped[str] = mapped_column(String(60), default="")
    # Asked once: without a day nobody has asked yet, with a day and no words none is needed.
    interpreter_asked_on: Mapped[date | None]


class FamilyLink(PupilOwned, Recorded, Versioned, Base):
    """How one adult stands to one child, and whether they may look."""

    __tablename__ = "family_link"
    __table_args__ = pupil_table(
        in_school("adult"),
        UniqueConstraint("pupil_id", "adult_id"),
        Index("ix_family_link_adult", "adult_id"),
        parent=True,
    )
    family: ClassVar[str] = "own-link"

    adult_id: Mapped[int]
    relationship: Mapped[Relationship] = mapped_column(WordType(Relationship))
    parental_responsibility: Mapped[bool]
    lives_with: Mapped[bool]
    may_view: Mapped[bool] = mapped_column(default=False)
    contact_withheld: Mapped[bool] = mapped_column(default=False)
    young_person_agrees: Mapped[bool | None]


class Bar(PupilOwned, Recorded, Versioned, Base):
    """Why an adult may not look: a court order, or a hold that runs out unless renewed."""

    __tablename__ = "bar"
    # An index, not a constraint: the table was released without it.
    __table_args__ = pupil_table(
        child_of("family_link"),
        child_of("document"),
        Index("uq_bar_whole", "school_id", "pupil_id", "id", unique=True),
    )

    family_link_id: Mapped[int]
    kind: Mapped[BarKind] = mapped_column(WordType(BarKind))
    starts: Mapped[date]
    ends: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int | None]


class BarChange(PupilOwned, Recorded, Base):
    """A bar renewed, or ended: its last day before and after, and why. Who did it and when stands with every row."""

    __tablename__ = "bar_change"
    __table_args__ = pupil_table(child_of("bar"), Index("ix_bar_change_bar", "bar_id"))

    bar_id: Mapped[int]
    act: Mapped[BarAct] = mapped_column(WordType(BarAct))
    was: Mapped[date | None]
    ends: Mapped[date | None]
    why: Mapped[str] = mapped_column(Text)


class LookAgreement(PupilOwned, Recorded, Base):
    """What a young person said when asked whether an adult may read the plan; the newest holds (domain §3.9)."""

    __tablename__ = "look_agreement"
    __table_args__ = pupil_table(child_of("family_link"), Index("ix_look_agreement_link", "family_link_id"))

    family_link_id: Mapped[int]
    agrees: Mapped[bool]
    asked_on: Mapped[date]
    how: Mapped[AskedHow] = mapped_column(WordType(AskedHow))
    words: Mapped[str] = mapped_column(Text, default="")


class RightsNotice(PupilOwned, Recorded, Base):
    """That family and young person were told, before the day, that rights pass to the young person."""

    __tablename__ = "rights_notice"
    __table_args__ = pupil_table(Index("ix_rights_notice_pupil", "pupil_id"))

    given_on: Mapped[date]
    how: Mapped[GivenHow] = mapped_column(WordType(GivenHow))
    told: Mapped[str] = mapped_column(String(200))


class Assignment(PupilOwned, Recorded, Versioned, Base):
    """A member of staff who works with a pupil, and why."""

    __tablename__ = "assignment"
    __table_args__ = pupil_table(
        UniqueConstraint("user_id", "pupil_id", "source", "reason"), Index("ix_assignment_pupil", "pupil_id")
    )
    office: ClassVar[bool] = True

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    source: Mapped[AssignmentSource] = mapped_column(WordType(AssignmentSource))
    reason: Mapped[str] = mapped_column(String(80), default="")
    starts: Mapped[date]
    ends: Mapped[date | None]


class TeachingGroup(PupilOwned, Recorded, Base):
    """A pupil's place in a subject's teaching group, as the school's file says it."""

    __tablename__ = "teaching_group"
    __table_args__ = pupil_table(UniqueConstraint("pupil_id", "name"))
    office: ClassVar[bool] = True

    name: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60), default="")


class Document(PupilOwned, Recorded, Versioned, Base):
    """A paper about a pupil; the file lies in the file store under its hash."""

    __tablename__ = "document"
    __table_args__ = pupil_table(Index("ix_document_pupil", "pupil_id"), parent=True)
    family: ClassVar[str] = "visible"

    kind: Mapped[DocumentKind] = mapped_column(WordType(DocumentKind))
    title: Mapped[str] = mapped_column(String(200))
    dated: Mapped[date | None]
    author: Mapped[str] = mapped_column(String(120), default="")
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    pages: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    active: Mapped[str] = mapped_column(String(200), default="", server_default="")
    preview_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")
    visibility: Mapped[Visibility] = mapped_column(WordType(Visibility), default=Visibility.STAFF)


class Attendance(PupilOwned, Recorded, Base):
    """Attendance in a period, in half-day sessions; a correction is a new row, and so is a withdrawal."""

    __tablename__ = "attendance"
    __table_args__ = pupil_table(
        child_of("attendance", "replaces_id"), Index("uq_attendance_replaces", "replaces_id", unique=True), parent=True
    )
    family: ClassVar[str] = "mine"

    starts: Mapped[date]
    ends: Mapped[date]
    possible: Mapped[int]
    authorised: Mapped[int]
    unauthorised: Mapped[int]
    # Never written: part-time timetables have a table of their own.
    part_time: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    replaces_id: Mapped[int | None]
    why_replaced: Mapped[str] = mapped_column(Text, default="")
    withdrawn: Mapped[bool] = mapped_column(default=False)


class PartTime(PupilOwned, Recorded, Base):
    """A part-time timetable: exceptional, for a time, reviewed (domain §3.11). Hours are those in school in a week."""

    __tablename__ = "part_time"
    __table_args__ = pupil_table(
        child_of("part_time", "replaces_id"),
        Index("ix_part_time_pupil", "pupil_id"),
        Index("uq_part_time_replaces", "replaces_id", unique=True),
        parent=True,
    )
    family: ClassVar[str] = "mine"

    starts: Mapped[date]
    ends: Mapped[date | None]
    hours: Mapped[Decimal] = mapped_column(Fixed(2))
    reason: Mapped[str] = mapped_column(Text)
    review_on: Mapped[date | None]
    way_back: Mapped[str] = mapped_column(Text, default="")
    parents_agree: Mapped[bool | None]
    replaces_id: Mapped[int | None]
    why_replaced: Mapped[str] = mapped_column(Text, default="")
    withdrawn: Mapped[bool] = mapped_column(default=False)


class Suspension(PupilOwned, Recorded, Base):
    """A suspension: when, how many days, why. Of no days: on that day it was looked up that there was none."""

    __tablename__ = "suspension"
    # An index, not a constraint, here and below: these tables were released without it.
    __table_args__ = pupil_table(Index("uq_suspension_whole", "school_id", "pupil_id", "id", unique=True))

    starts: Mapped[date]
    days: Mapped[Decimal] = mapped_column(Fixed(2))
    reason: Mapped[str] = mapped_column(Text)


class SuspensionStruck(PupilOwned, Recorded, Base):
    """An entry on suspensions that does not count, why, and what counts instead, if anything."""

    __tablename__ = "suspension_struck"
    __table_args__ = pupil_table(
        child_of("suspension"),
        child_of("suspension", "instead_id"),
        Index("uq_suspension_struck_once", "suspension_id", unique=True),
    )

    suspension_id: Mapped[int]
    instead_id: Mapped[int | None]
    why: Mapped[str] = mapped_column(Text)


class Health(PupilOwned, Recorded, Base):
    """A health fact that bears on learning: diagnosis, medication, healthcare plan, waiting list; or nothing known."""

    __tablename__ = "health"
    __table_args__ = pupil_table(
        child_of("document"), Index("uq_health_whole", "school_id", "pupil_id", "id", unique=True)
    )
    family: ClassVar[str] = "mine"

    kind: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text)
    since: Mapped[date | None]
    until: Mapped[date | None]
    document_id: Mapped[int | None]


class HealthStruck(PupilOwned, Recorded, Base):
    """A health fact that does not count, why, and what counts instead, if anything."""

    __tablename__ = "health_struck"
    __table_args__ = pupil_table(
        child_of("health"),
        child_of("health", "instead_id"),
        Index("uq_health_struck_once", "health_id", unique=True),
    )
    family: ClassVar[str] = "mine"

    health_id: Mapped[int]
    instead_id: Mapped[int | None]
    why: Mapped[str] = mapped_column(Text)
