"""What a review says, as finished values: a row of a list, and the whole record line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from graduated.rules.vocabulary import (
    CycleStatus,
    Judgement,
    NextStep,
    ProvisionVerdict,
    RequestPath,
    ReviewStatus,
    SpecialistPath,
)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review in a list; `check_back_on` is set when a pupil came off SEN support and is to be looked at again."""

    review_id: int
    pupil_id: int
    cycle_id: int
    cycle_number: int
    interim: bool
    status: ReviewStatus
    held_on: date | None
    with_parent: bool | None
    attempts_recorded: bool
    step: NextStep | None
    reason: str
    from_paper: bool
    recorded_at: datetime
    check_back_on: date | None = None
    ready_by: str = ""

    @property
    def sealed(self) -> bool:
        """Whether it can no longer be changed."""
        return self.status is ReviewStatus.SEALED


@dataclass(frozen=True, slots=True)
class AttendeeLine:
    """Who came: by name, and as what. `adult_id` for the family, `user_id` for staff, neither for others."""

    attendee_id: int
    name: str
    role: str
    adult_id: int | None
    user_id: int | None


@dataclass(frozen=True, slots=True)
class JudgementLine:
    """What was said of one outcome. `stood_as` is its statement as it was sealed; "" before, and of older seals."""

    outcome_id: int
    statement: str
    judgement: Judgement
    reason: str
    stood_as: str = ""


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """What was said of one provision. `stood_as` is its name as it was sealed; "" before, and of older seals."""

    provision_id: int
    name: str
    verdict: ProvisionVerdict
    why: str
    stood_as: str = ""


@dataclass(frozen=True, slots=True)
class StepLine:
    """The next step that was taken, with how it goes on."""

    step: NextStep
    reason: str
    suggested: NextStep | None
    suggestion_reasons: tuple[str, ...]
    specialist: SpecialistPath | None
    specialist_words: str
    request: RequestPath | None
    request_words: str
    check_back_on: date | None
    signposted: bool


@dataclass(frozen=True, slots=True)
class ActionLine:
    """Something promised at a review."""

    action_id: int
    review_id: int
    what: str
    who: str
    by_when: date | None
    done_on: date | None


@dataclass(frozen=True, slots=True)
class SealLine:
    """Who sealed the review, when, and the digest that proves it unchanged."""

    sequence: int
    digest: str
    previous_digest: str
    signer_name: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class AddendumLine:
    """What was added after sealing, by name and date."""

    text: str
    why: str
    by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """One review, whole."""

    review_id: int
    pupil_id: int
    cycle_id: int
    cycle_number: int
    cycle_starts: date
    cycle_status: CycleStatus
    lead_id: int | None
    interim: bool
    status: ReviewStatus
    version: int
    held_on: date | None
    with_parent: bool | None
    pupil_present: bool
    attempts: str
    others_present: str
    pupil_views: str
    parent_views: str
    summary: str
    from_paper: bool
    saved_by: str
    saved_at: datetime | None
    ready_by: str
    ready_at: datetime | None
    recorded_at: datetime
    attendees: tuple[AttendeeLine, ...]
    judgements: tuple[JudgementLine, ...]
    verdicts: tuple[VerdictLine, ...]
    step: StepLine | None
    actions: tuple[ActionLine, ...]
    seal: SealLine | None
    addenda: tuple[AddendumLine, ...]

    @property
    def sealed(self) -> bool:
        """Whether it can no longer be changed."""
        return self.status is ReviewStatus.SEALED


@dataclass(frozen=True, slots=True)
class Followed:
    """What followed from a sealed review: the sentences that were told, and what was opened."""

    told: tuple[str, ...]
    next_cycle_id: int | None
    involvement_id: int | None
    request_id: int | None


def as_judged(statement: str, in_plain_words: str, stood_as: str) -> str:
    """An outcome for its family: in plain words, unless its plan was reworded since the seal; then what was judged."""
    return stood_as if stood_as and stood_as != statement else in_plain_words or statement
