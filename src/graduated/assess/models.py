"""Assess: what is known, by whom, since when. Evidence rows are never changed, only followed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, Versioned, child_of, in_school, pupil_table
from graduated.db.types import Fixed, WordType
from graduated.rules.vocabulary import (
    AdviceStatus,
    Censor,
    ConcernBy,
    ConcernNoteKind,
    ConcernStatus,
    NeedArea,
    ObservationKind,
    Respondent,
    ViewMethod,
    ViewOf,
)


class Measurement(PupilOwned, Recorded, Base):
    """One figure on one measure on one day. A correction is a new row that replaces it."""

    __tablename__ = "measurement"
    __table_args__ = pupil_table(
        in_school("measure"),
        child_of("measurement", "replaces_id"),
        Index("ix_measurement_pupil", "pupil_id", "measure_id", "taken_on"),
        Index("ix_measurement_replaces", "replaces_id"),
        parent=True,
    )
    family: ClassVar[str] = "mine"

    measure_id: Mapped[int]
    taken_on: Mapped[date]
    value: Mapped[Decimal] = mapped_column(Fixed(4))
    censor: Mapped[Censor | None] = mapped_column(WordType(Censor))
    form: Mapped[str] = mapped_column(String(60), default="")
    administered_by: Mapped[str] = mapped_column(String(120), default="")
    respondent: Mapped[Respondent] = mapped_column(WordType(Respondent))
    note: Mapped[str] = mapped_column(Text, default="")
    from_paper: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None]
    why_replaced: Mapped[str] = mapped_column(Text, default="")


class View(PupilOwned, Recorded, Base):
    """What the pupil or one named parent said, or the attempts to ask."""

    __tablename__ = "view"
    __table_args__ = pupil_table(
        in_school("adult"),
        child_of("view", "replaces_id"),
        Index("ix_view_pupil", "pupil_id", "given_on"),
        Index("ix_view_replaces", "replaces_id"),
        parent=True,
    )
    family: ClassVar[str] = "own-or-shared-view"

    whose: Mapped[ViewOf] = mapped_column(WordType(ViewOf))
    adult_id: Mapped[int | None]
    method: Mapped[ViewMethod] = mapped_column(WordType(ViewMethod))
    text: Mapped[str] = mapped_column(Text)
    given_on: Mapped[date]
    gathered_by: Mapped[str] = mapped_column(String(120), default="")
    shared_with_family: Mapped[bool] = mapped_column(default=True)
    from_paper: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None]


class Observation(PupilOwned, Recorded, Base):
    """A strength or a difficulty in one area of need, with its source and date."""

    __tablename__ = "observation"
    __table_args__ = pupil_table(
        child_of("observation", "replaces_id"),
        Index("ix_observation_pupil", "pupil_id", "area"),
        Index("ix_observation_replaces", "replaces_id"),
        parent=True,
    )
    family: ClassVar[str] = "mine"

    kind: Mapped[ObservationKind] = mapped_column(WordType(ObservationKind))
    area: Mapped[NeedArea] = mapped_column(WordType(NeedArea))
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(120))
    seen_on: Mapped[date]
    from_paper: Mapped[bool] = mapped_column(default=False)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None]


class Involvement(PupilOwned, Recorded, Versioned, Base):
    """A service that was asked, or came, or reported."""

    __tablename__ = "involvement"
    __table_args__ = pupil_table(child_of("document"), child_of("review"), parent=True)
    family: ClassVar[str] = "mine"

    service: Mapped[str] = mapped_column(String(120))
    person: Mapped[str] = mapped_column(String(120), default="")
    question: Mapped[str] = mapped_column(Text, default="")
    who_refers: Mapped[str] = mapped_column(String(120), default="")
    refer_by: Mapped[date | None]
    referred_on: Mapped[date | None]
    seen_on: Mapped[date | None]
    reported_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    parents_agree: Mapped[bool | None]
    outcome_words: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int | None]
    review_id: Mapped[int | None]


class Advice(PupilOwned, Recorded, Base):
    """One recommendation of a professional; what was done with it is a row of its own."""

    __tablename__ = "advice"
    __table_args__ = pupil_table(
        child_of("involvement"),
        child_of("advice", "replaces_id"),
        Index("ix_advice_replaces", "replaces_id"),
        parent=True,
    )
    family: ClassVar[str] = "mine"

    involvement_id: Mapped[int]
    recommendation: Mapped[str] = mapped_column(Text)
    given_on: Mapped[date]
    replaces_id: Mapped[int | None]


class AdviceAction(PupilOwned, Recorded, Base):
    """What was done about a recommendation, when and to what effect; the newest row counts."""

    __tablename__ = "advice_action"
    __table_args__ = pupil_table(child_of("advice"))
    family: ClassVar[str] = "mine"

    advice_id: Mapped[int]
    status: Mapped[AdviceStatus] = mapped_column(WordType(AdviceStatus))
    who: Mapped[str] = mapped_column(String(120), default="")
    by_when: Mapped[date | None]
    text: Mapped[str] = mapped_column(Text, default="")
    effect: Mapped[str] = mapped_column(Text, default="")
    on: Mapped[date]


class Concern(PupilOwned, Recorded, Versioned, Base):
    """A concern before SEN support: raised, met about, and ended one way or another."""

    __tablename__ = "concern"
    # An index, not a constraint: the table was released without it, and both carry the keys of rows below.
    __table_args__ = pupil_table(Index("uq_concern_whole", "school_id", "pupil_id", "id", unique=True))

    raised_by: Mapped[str] = mapped_column(String(120))
    raised_as: Mapped[ConcernBy] = mapped_column(WordType(ConcernBy), default=ConcernBy.TEACHER)
    raised_on: Mapped[date]
    area: Mapped[NeedArea | None] = mapped_column(WordType(NeedArea))
    text: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text, default="")
    tried: Mapped[str] = mapped_column(Text, default="")
    met_on: Mapped[date | None]
    agreed: Mapped[str] = mapped_column(Text, default="")
    review_on: Mapped[date | None]
    status: Mapped[ConcernStatus] = mapped_column(WordType(ConcernStatus), default=ConcernStatus.RAISED)
    ended_on: Mapped[date | None]
    ended_why: Mapped[str] = mapped_column(Text, default="")


class ConcernNote(PupilOwned, Recorded, Base):
    """What was added to a concern, met about or said; never changed."""

    __tablename__ = "concern_note"
    __table_args__ = pupil_table(child_of("concern"), child_of("document"), Index("ix_concern_note", "concern_id"))

    concern_id: Mapped[int]
    kind: Mapped[ConcernNoteKind] = mapped_column(WordType(ConcernNoteKind))
    on: Mapped[date]
    who: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int | None]


class ConcernAction(PupilOwned, Recorded, Versioned, Base):
    """One line of the plan of action that a meeting about a concern agreed: what, who, by when; done when."""

    __tablename__ = "concern_action"
    __table_args__ = pupil_table(child_of("concern"), Index("ix_concern_action", "concern_id"))

    concern_id: Mapped[int]
    what: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(120))
    by_when: Mapped[date | None]
    done_on: Mapped[date | None]
