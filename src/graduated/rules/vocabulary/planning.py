"""Words of the termly planning meeting with link professionals (seeds 000 and 003; Code 6.58 to 6.62)."""

from __future__ import annotations

from graduated.rules.vocabulary._word import Word


class PlanningStatus(Word):
    """Where a planning meeting stands."""

    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CALLED_OFF = "called-off", "Called off"


class AgendaGroup(Word):
    """Why a pupil is on the agenda, the most pressing first."""

    STEP = "step", "A review decided to ask for specialist advice"
    REQUEST = "request", "An EHC needs assessment is being considered"
    STUCK = "stuck", "Outcomes that do not move"
    FOLLOW_UP = "follow-up", "Decided before and not done yet"
    WAITING = "waiting", "Waiting for the service"
    ADVICE = "advice", "Advice not acted on"
    OLD_REPORT = "old-report", "A report grown old"
    CONCERN = "concern", "A concern before SEN support"
    BY_HAND = "by-hand", "Brought by the school"


class Decided(Word):
    """What a planning meeting decides for a pupil."""

    CONSULT = "consult", "Consultation with staff"
    OBSERVE = "observe", "Observation in school"
    ASSESS = "assess", "Assessment by the service"
    TRAIN = "train", "Training for staff"
    PARENTS = "parents", "Meeting with the parents"
    WAIT = "wait", "No involvement now, wait and see"
    CLOSE = "close", "Close the involvement"

    @property
    def starts_involvement(self) -> bool:
        """Whether the service works for this one pupil from now on; training is for the staff, whoever they teach."""
        return self in (Decided.CONSULT, Decided.OBSERVE, Decided.ASSESS, Decided.PARENTS)

    @property
    def meets_the_family(self) -> bool:
        """Whether somebody from outside sees the pupil or the parents, which no family is led into unasked."""
        return self in (Decided.OBSERVE, Decided.ASSESS, Decided.PARENTS)


class Naming(Word):
    """Whether a pupil may be spoken of by name with somebody from outside."""

    AGREED = "agreed", "Agreed: by name"
    NOT_ASKED = "not-asked", "Not asked: without a name"
    WAITING = "waiting", "Asked, no answer yet: without a name"
    REFUSED = "refused", "Did not agree: without a name"
