"""The request for an EHC needs assessment, the agreements it rests on, and the clock's notes."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, Versioned, child_of, in_school, pupil_table
from graduated.db.types import UtcDateTime, WordType
from graduated.rules.clock import LimitException, LineId
from graduated.rules.vocabulary import BuildKind, ConsentAnswer, ConsentKind, RequestBy, RequestStatus, Role, SignedHow


class AssessmentRequest(PupilOwned, Recorded, Versioned, Base):
    """One request under section 36 of the Children and Families Act 2014, from first thought to decision.

    `replied_on` is the school's answer when the family asked; `ended_on` the day of a plan, of no plan, or of giving
    the request up. `none_earlier` says that it was asked, and there was no earlier request. `mediation_by` and
    `appeal_by` are the days that the authority's refusal letter gives the family. `advice_asked_by` is who asked the
    school for its educational advice, `advice_sent_to` to whom it went.
    """

    __tablename__ = "assessment_request"
    __table_args__ = pupil_table(
        child_of("review"), Index("ix_assessment_request_status", "school_id", "status"), parent=True
    )
    family: ClassVar[str] = "mine"

    review_id: Mapped[int | None]
    asked_by: Mapped[RequestBy] = mapped_column(WordType(RequestBy), default=RequestBy.SCHOOL)
    authority: Mapped[str] = mapped_column(String(40), default="code")
    authority_version: Mapped[str] = mapped_column(String(20), default="1")
    status: Mapped[RequestStatus] = mapped_column(WordType(RequestStatus), default=RequestStatus.DRAFT)
    opened_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text, default="")
    more_needed: Mapped[str] = mapped_column(Text, default="")
    outcomes_sought: Mapped[str] = mapped_column(Text, default="")
    sent_on: Mapped[date | None]
    received_on: Mapped[date | None]
    replied_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    mediation_by: Mapped[date | None]
    appeal_by: Mapped[date | None]
    advice_asked_on: Mapped[date | None]
    advice_sent_on: Mapped[date | None]
    advice_asked_by: Mapped[str] = mapped_column(String(120), default="")
    advice_sent_to: Mapped[str] = mapped_column(String(120), default="")
    ended_on: Mapped[date | None]
    decision_words: Mapped[str] = mapped_column(Text, default="")
    head_signed_by: Mapped[str] = mapped_column(String(120), default="")
    head_signed_on: Mapped[date | None]
    senco_signed_by: Mapped[str] = mapped_column(String(120), default="")
    senco_signed_on: Mapped[date | None]
    from_paper: Mapped[bool] = mapped_column(default=False)
    none_earlier: Mapped[bool] = mapped_column(default=False)


class Consent(PupilOwned, Recorded, Base):
    """Who agreed to what, when, and how it was signed; a later answer is a new row.

    `not_shared_with` is whom the person does not want told; `capacity` what is noted of a young person's understanding.
    """

    __tablename__ = "consent"
    __table_args__ = pupil_table(child_of("assessment_request"), in_school("adult"), child_of("document"))
    family: ClassVar[str] = "never"

    assessment_request_id: Mapped[int | None]
    adult_id: Mapped[int | None]
    by_pupil: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[ConsentKind] = mapped_column(WordType(ConsentKind))
    answer: Mapped[ConsentAnswer] = mapped_column(WordType(ConsentAnswer))
    signed_how: Mapped[SignedHow | None] = mapped_column(WordType(SignedHow))
    given_on: Mapped[date]
    copies_to: Mapped[str] = mapped_column(String(200), default="")
    not_shared_with: Mapped[str] = mapped_column(String(200), default="")
    capacity: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int | None]


class Declaration(PupilOwned, Recorded, Base):
    """A declaration as it was signed: by whom, as what, in which words; what it stands under by its digest.

    `kind` says of which document: the request, or the educational advice that follows it.
    """

    __tablename__ = "declaration"
    __table_args__ = pupil_table(child_of("assessment_request"))

    assessment_request_id: Mapped[int]
    role: Mapped[Role] = mapped_column(WordType(Role))
    signer_name: Mapped[str] = mapped_column(String(120))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    statement: Mapped[str] = mapped_column(Text)
    words_digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[BuildKind] = mapped_column(WordType(BuildKind), default=BuildKind.REQUEST)


class ClockNote(PupilOwned, Recorded, Base):
    """A lawful exception to the statutory times; it moves no date."""

    __tablename__ = "clock_note"
    __table_args__ = pupil_table(child_of("assessment_request"))

    assessment_request_id: Mapped[int]
    line: Mapped[LineId] = mapped_column(WordType(LineId))
    exception: Mapped[LimitException] = mapped_column(WordType(LimitException))
    text: Mapped[str] = mapped_column(Text)
    on: Mapped[date]
