"""The cycle: plan, do, review and the four next steps (design §4 and §5, seed 004)."""

from __future__ import annotations

from graduated.rules.vocabulary._word import Word


class PlanType(Word):
    """Under which duty a cycle runs; how many reviews a year follows from it (design §5)."""

    SEN_SUPPORT = "sen-support", "SEN support plan"
    EHC_PLAN = "ehc-plan", "EHC plan, school's own cycle"


class CycleStatus(Word):
    """Where a cycle stands."""

    DRAFT = "draft", "Draft"
    SENT = "sent", "Sent to family"
    AGREED = "agreed", "Agreed"
    REVIEWED = "reviewed", "Reviewed"
    LEFT = "left", "Closed: left the school"
    PLAN_ISSUED = "plan-issued", "Closed: EHC plan issued"

    @property
    def is_open(self) -> bool:
        """Whether work under the cycle goes on."""
        return self in (CycleStatus.DRAFT, CycleStatus.SENT, CycleStatus.AGREED)


class CycleOrigin(Word):
    """Whether a cycle was lived in this software or typed in later from paper."""

    LIVED = "lived", "Recorded here"
    PAPER = "paper", "Brought forward from paper"


class StrategyKind(Word):
    """Ordinary teaching for all, or additional to and different from it."""

    ORDINARY = "ordinary", "Ordinarily available"
    ADDITIONAL = "additional", "Additional or different"


class ProvisionKind(Word):
    """Timetabled sessions, or help within the lesson."""

    SESSIONS = "sessions", "Sessions"
    IN_CLASS = "in-class", "In-class support"


class Evidencing(Word):
    """How it is shown that provision happened (design §4, Provision)."""

    SESSION = "session", "Logged session by session"
    WEEKLY = "weekly", "Ticked week by week"
    NONE = "none", "Not logged"


class Responsible(Word):
    """Who does a thing that was agreed."""

    SCHOOL = "school", "School"
    PARENT = "parent", "Parent or carer"
    PUPIL = "pupil", "Pupil"


class AgreementMethod(Word):
    """How a plan was agreed with the family."""

    MEETING = "meeting", "Meeting at school"
    PHONE = "phone", "Telephone call"
    VIDEO = "video", "Video call"
    LETTER = "letter", "Letter or form returned"
    EMAIL = "email", "E-mail"
    HOME = "home", "Home visit"


class AmendmentKind(Word):
    """What an agreed plan may only change by a kept amendment."""

    OUTCOME = "outcome", "Outcome"
    DOSE = "dose", "Dose"
    PROVISION = "provision", "Provision"
    REVIEW_DATE = "review-date", "Review date"


class SessionState(Word):
    """What became of a planned session."""

    DELIVERED = "delivered", "Delivered"
    CANCELLED = "cancelled", "Did not happen"
    WITHDRAWN = "withdrawn", "Entry withdrawn"


class CancelReason(Word):
    """Why a whole session did not happen."""

    NO_ADULT = "no-adult", "No adult free"
    TRIP = "trip", "Trip or event"
    ROOM = "room", "No room"
    CLOSED = "closed", "School closed"
    OTHER = "other", "Another reason"


class AbsenceReason(Word):
    """Why a pupil was not in a session that went ahead."""

    ILL = "ill", "Ill or away"
    ELSEWHERE = "elsewhere", "With another adult"
    DECLINED = "declined", "Did not want to"
    WITHDREW = "withdrew", "Came but withdrew"
    LATE = "late", "Late to school"
    EXCLUDED = "suspended", "Suspended"
    OTHER = "other", "Another reason"


class Engagement(Word):
    """How a pupil took part."""

    LOW = "low", "Little"
    SOME = "some", "Some"
    HIGH = "high", "A lot"


class Judgement(Word):
    """How far an outcome was met, -2 to +2 in words (design §4, Judgement)."""

    MUCH_LESS = "-2", "Much less than expected"
    LESS = "-1", "Less than expected"
    EXPECTED = "0", "As expected"
    MORE = "1", "More than expected"
    MUCH_MORE = "2", "Much more than expected"

    @property
    def points(self) -> int:
        """The judgement as a number from -2 to +2."""
        return int(self.value)


class ProvisionVerdict(Word):
    """What happens to a provision after the review."""

    CONTINUE = "continue", "Continue"
    CHANGE = "change", "Change"
    STOP = "stop", "Stop"


class NextStep(Word):
    """The four next steps of seed 004; exactly one ends each review (design §5)."""

    COME_OFF = "come-off", "Good progress: come off SEN support"
    ANOTHER_CYCLE = "another-cycle", "Some progress: another plan-do-review cycle"
    SPECIALIST = "specialist", "Little or no progress: ask for specialist advice"
    CONSIDER_EHCNA = "consider-ehcna", "Major concerns: consider an EHC needs assessment"

    def label_for(self, status: str) -> str:
        """The label for a pupil of that SEN status; with an EHC plan the first and last read otherwise (design §5)."""
        return _LABEL_WITH_PLAN.get(self, self.label) if status == "E" else self.label


_LABEL_WITH_PLAN: dict[NextStep, str] = {
    NextStep.COME_OFF: "Good progress: outcomes met",
    NextStep.CONSIDER_EHCNA: "Major concerns: ask the authority for an early annual review",
}


class SpecialistPath(Word):
    """How the specialist-advice step goes on (design §5)."""

    REFER = "refer", "Refer to a service"
    ALREADY = "already", "A service is already involved"
    DECLINED = "declined", "Declined by the family"


class RequestPath(Word):
    """How the fourth step goes on (design §5)."""

    OPEN = "open", "Open a draft request"
    NOT_NOW = "not-now", "Not now"


class ReviewStatus(Word):
    """Whether the review can still be changed."""

    OPEN = "open", "Being written"
    SEALED = "sealed", "Sealed"
