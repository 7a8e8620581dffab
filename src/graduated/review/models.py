"""Review: the meeting, the judgements, exactly one next step, and the seal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, SchoolOwned, Versioned, child_of, in_school, pupil_table
from graduated.db.clock import now
from graduated.db.types import UtcDateTime, WordType
from graduated.rules.vocabulary import (
    GivenHow,
    Judgement,
    LetterKind,
    NextStep,
    PaperKind,
    ProvisionVerdict,
    RequestPath,
    ReviewStatus,
    SpecialistPath,
)


class Review(PupilOwned, Recorded, Versioned, Base):
    """One review of one cycle; after sealing only addenda."""

    __tablename__ = "review"
    __table_args__ = pupil_table(
        child_of("cycle"),
        Index("ix_review_held", "school_id", "held_on"),
        Index("ix_review_cycle", "cycle_id"),
        parent=True,
    )
    family: ClassVar[str] = "sealed"

    cycle_id: Mapped[int]
    interim: Mapped[bool] = mapped_column(default=False)
    status: Mapped[ReviewStatus] = mapped_column(WordType(ReviewStatus), default=ReviewStatus.OPEN)
    held_on: Mapped[date | None]
    with_parent: Mapped[bool | None]
    pupil_present: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[str] = mapped_column(Text, default="")
    others_present: Mapped[str] = mapped_column(Text, default="")
    pupil_views: Mapped[str] = mapped_column(Text, default="")
    parent_views: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    from_paper: Mapped[bool] = mapped_column(default=False)
    # Who else is at the same review, by name: the others are told. Neither is part of what is sealed.
    saved_by: Mapped[str] = mapped_column(String(120), default="")
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ready_by: Mapped[str] = mapped_column(String(120), default="")
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The next step as it is being thought over; once sealed, `next_step` holds the one that was taken.
    decision: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Attendee(PupilOwned, Base):
    """Who came: a member of the family, of staff, or another."""

    __tablename__ = "attendee"
    __table_args__ = pupil_table(child_of("review"), in_school("adult"))
    family: ClassVar[str] = "in-sealed-review"

    review_id: Mapped[int]
    adult_id: Mapped[int | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(120), default="")


class OutcomeJudgement(PupilOwned, Recorded, Versioned, Base):
    """How far an outcome was met, and why it is thought so."""

    __tablename__ = "judgement"
    __table_args__ = pupil_table(child_of("review"), child_of("outcome"), UniqueConstraint("review_id", "outcome_id"))
    family: ClassVar[str] = "in-sealed-review"

    review_id: Mapped[int]
    outcome_id: Mapped[int]
    judgement: Mapped[Judgement] = mapped_column(WordType(Judgement))
    reason: Mapped[str] = mapped_column(Text, default="")
    # The outcome's statement as it stood at the seal: a plan may be reworded later, what was judged may not.
    stood_as: Mapped[str] = mapped_column(Text, default="")


class ProvisionJudgement(PupilOwned, Recorded, Versioned, Base):
    """Whether a provision continues, changes or stops, and why."""

    __tablename__ = "provision_judgement"
    __table_args__ = pupil_table(
        child_of("review"), child_of("provision"), UniqueConstraint("review_id", "provision_id")
    )
    family: ClassVar[str] = "in-sealed-review"

    review_id: Mapped[int]
    provision_id: Mapped[int]
    verdict: Mapped[ProvisionVerdict] = mapped_column(WordType(ProvisionVerdict))
    why: Mapped[str] = mapped_column(Text, default="")
    stood_as: Mapped[str] = mapped_column(Text, default="")  # the provision's name as it stood at the seal


class NextStepTaken(PupilOwned, Recorded, Base):
    """The one of four that was agreed, with its reason."""

    __tablename__ = "next_step"
    __table_args__ = pupil_table(child_of("review"), UniqueConstraint("review_id"))
    family: ClassVar[str] = "in-sealed-review"

    review_id: Mapped[int]
    step: Mapped[NextStep] = mapped_column(WordType(NextStep))
    reason: Mapped[str] = mapped_column(Text)
    suggested: Mapped[NextStep | None] = mapped_column(WordType(NextStep))
    suggestion_reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    specialist: Mapped[SpecialistPath | None] = mapped_column(WordType(SpecialistPath))
    specialist_words: Mapped[str] = mapped_column(Text, default="")
    request: Mapped[RequestPath | None] = mapped_column(WordType(RequestPath))
    request_words: Mapped[str] = mapped_column(Text, default="")
    check_back_on: Mapped[date | None]
    signposted: Mapped[bool] = mapped_column(default=False)


class ActionItem(PupilOwned, Recorded, Versioned, Base):
    """Something that someone promised at a review."""

    __tablename__ = "action_item"
    __table_args__ = pupil_table(
        child_of("review"),
        Index("ix_action_item_due", "school_id", "by_when"),
        Index("ix_action_item_review", "school_id", "review_id", "by_when"),
    )
    family: ClassVar[str] = "in-sealed-review"

    review_id: Mapped[int]
    what: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(120))
    by_when: Mapped[date | None]
    done_on: Mapped[date | None]


class Seal(PupilOwned, Base):
    """The salted digest of a sealed review, chained to the school's last."""

    __tablename__ = "seal"
    __table_args__ = pupil_table(
        child_of("review"), UniqueConstraint("review_id"), UniqueConstraint("school_id", "sequence")
    )
    family: ClassVar[str] = "in-sealed-review"

    review_id: Mapped[int]
    sequence: Mapped[int]
    salt: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    previous_digest: Mapped[str] = mapped_column(String(64), default="")
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    signer_name: Mapped[str] = mapped_column(String(120))
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class SealParts(PupilOwned, Base):
    """The salts of the parts that a seal covers, each of which can go by law with the words of its part.

    `salt` and `digest` stand only for a review that was sealed as one whole, when the first of its words went by law:
    its own digest can no longer be recomputed then, and this one, over the parts and chained to it, holds the rest.
    """

    __tablename__ = "seal_parts"
    __table_args__ = pupil_table(child_of("review"), UniqueConstraint("review_id"))
    family: ClassVar[str] = "never"

    review_id: Mapped[int]
    part_salts: Mapped[dict[str, str]] = mapped_column(JSON)
    salt: Mapped[str] = mapped_column(String(64), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")


class Addendum(PupilOwned, Recorded, Base):
    """What is added to a sealed review, by name and date."""

    __tablename__ = "addendum"
    __table_args__ = pupil_table(child_of("review"))
    family: ClassVar[str] = "in-sealed-review"

    review_id: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")


class PaperGiven(PupilOwned, Recorded, Base):
    """One adult was given one paper: what, how and when, with the very copy in the file store."""

    __tablename__ = "paper_given"
    __table_args__ = pupil_table(
        child_of("cycle"), child_of("review"), in_school("adult"), Index("ix_paper_given_pupil", "pupil_id")
    )
    family: ClassVar[str] = "own-link"

    kind: Mapped[PaperKind] = mapped_column(WordType(PaperKind))
    title: Mapped[str] = mapped_column(String(200))
    cycle_id: Mapped[int | None]
    review_id: Mapped[int | None]
    adult_id: Mapped[int]
    how: Mapped[GivenHow] = mapped_column(WordType(GivenHow))
    given_on: Mapped[date]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]


class LetterWording(SchoolOwned, Recorded, Base):
    """A school's own words for a kind of letter: each saving is a row, the newest stands, none is ever changed.

    `is_ours` says that the school went back to the words that come with the program; `text` is empty then.
    """

    __tablename__ = "letter_wording"
    __table_args__ = (UniqueConstraint("school_id", "kind", "number"),)
    family: ClassVar[str] = "never"

    kind: Mapped[LetterKind] = mapped_column(WordType(LetterKind))
    number: Mapped[int]
    is_ours: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text, default="")
