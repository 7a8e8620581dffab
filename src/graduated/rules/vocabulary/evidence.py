"""Views, advice, requests and the state of evidence (design §4, Code 9.14)."""

from __future__ import annotations

from graduated.rules.vocabulary._word import Word


class ViewOf(Word):
    """Whose views are recorded."""

    PUPIL = "pupil", "Pupil"
    PARENT = "parent", "Parent or carer"


class ViewMethod(Word):
    """How views were gathered."""

    CONVERSATION = "conversation", "Conversation"
    WRITTEN = "written", "Written form or letter"
    DRAWING = "drawing", "Drawing, cards or pictures"
    MEETING = "meeting", "At the meeting"
    PHONE = "phone", "Telephone call"
    INTERPRETER = "interpreter", "With an interpreter"
    ATTEMPTED = "attempted", "Asked for, none given"


class HealthKind(Word):
    """What a health fact is (domain §2.5, line 20); that nothing is known can be recorded too."""

    DIAGNOSIS = "diagnosis", "Diagnosis"
    MEDICATION = "medication", "Medication"
    PLAN = "healthcare plan", "Individual healthcare plan"
    WAITING = "waiting list", "Waiting list"
    OTHER = "other", "Another health fact"
    NOTHING = "nothing known", "Nothing known"


class ObservationKind(Word):
    """A strength or a difficulty."""

    STRENGTH = "strength", "Strength"
    DIFFICULTY = "difficulty", "Difficulty"


class AdviceStatus(Word):
    """What was done with a recommendation."""

    OPEN = "open", "Not acted on yet"
    PLANNED = "planned", "In the plan"
    DONE = "done", "Acted on"
    NOT_DONE = "not-done", "Not done, with a reason"


class ConcernStatus(Word):
    """Where a concern before SEN support stands."""

    RAISED = "raised", "Raised"
    AGREED = "agreed", "Plan of action agreed"
    WATCHING = "watching", "Being watched"
    NOTHING_FURTHER = "nothing-further", "Nothing further"
    SEN_SUPPORT = "sen-support", "SEN support started"


class ConcernBy(Word):
    """Whose concern it is, whoever writes it down (seed 004; Code 6.20: parents' concerns are listened to)."""

    TEACHER = "teacher", "A member of staff"
    PARENT = "parent", "A parent or carer"
    PUPIL = "pupil", "The pupil"
    OTHER = "other", "Somebody else"


class ConcernNoteKind(Word):
    """What was added to a concern's history."""

    EVIDENCE = "evidence", "Evidence"
    SAID = "said", "What was said"
    MEETING = "meeting", "Meeting"
    DONE = "done", "Action done"
    ENDED = "ended", "How it ended"


class RequestBy(Word):
    """Who asks the authority for an EHC needs assessment (CFA 2014 s36(1))."""

    SCHOOL = "school", "School"
    PARENT = "parent", "Parent or carer"
    YOUNG_PERSON = "young-person", "Young person"


class RequestStatus(Word):
    """Where an assessment request stands."""

    CONSIDERING = "considering", "Being considered"
    DRAFT = "draft", "Draft"
    SENT = "sent", "Sent to the authority"
    AGREED = "agreed", "Assessment agreed"
    REFUSED = "refused", "Assessment refused"
    NO_PLAN = "no-plan", "Assessed, no plan issued"
    PLAN_ISSUED = "plan-issued", "Plan issued"
    WITHDRAWN = "withdrawn", "Not going ahead"


class ConsentKind(Word):
    """What a person agreed to."""

    REQUEST = "request", "The request being made"
    SHARING = "sharing", "Sharing information with the authority"
    REFERRAL = "referral", "Referral to a service"
    COPIES = "copies", "Who gets copies"


class ConsentAnswer(Word):
    """What they said."""

    GIVEN = "given", "Agreed"
    REFUSED = "refused", "Did not agree"
    ASKED = "asked", "Asked, no answer yet"


class SignedHow(Word):
    """How an agreement was given."""

    PAPER = "paper", "Signed on paper"
    SPOKEN = "spoken", "Spoken, and noted"
    EMAIL = "email", "By e-mail"


class Limb(Word):
    """What the authority looks for before it decides (Code 9.14), in its order; views stand beside its six points."""

    ATTAINMENT = "attainment", "Attainment and rate of progress"
    NEEDS = "needs", "Nature, extent and context of the needs"
    ACTION = "action", "Action already taken by the school"
    PROGRESS = "progress", "Progress made only with much more than usual"
    WIDER = "wider", "Physical, emotional, social development and health"
    OVER_18 = "over-18", "Over 18: longer than others to finish education or training"
    VIEWS = "views", "Beside 9.14: views and agreement"


class GapState(Word):
    """How far a line of evidence is there."""

    PRESENT = "present", "Present"
    PARTIAL = "partial", "Partial"
    MISSING = "missing", "Missing"
    NOT_APPLICABLE = "not-applicable", "Not applicable"


class DocumentKind(Word):
    """What a paper is."""

    REPORT = "report", "Professional's report"
    PLAN = "plan", "Earlier plan or review"
    ORDER = "order", "Court order"
    DIAGNOSIS = "diagnosis", "Diagnosis letter"
    WORK = "work", "Work sample"
    CONSENT = "consent", "Signed agreement"
    LETTER = "letter", "Letter"
    OTHER = "other", "Other"


class BuildKind(Word):
    """Which document words, signatures and builds of a request belong to (regulation 6(1)(b) asks for the second)."""

    REQUEST = "request", "Evidence pack"
    ADVICE = "advice", "Educational advice"


class PackFileKind(Word):
    """What a build of the evidence pack keeps beside the pack itself."""

    MANIFEST = "manifest", "List of records"
    ZIP = "zip", "Everything in one ZIP"
    WITH_DOCUMENTS = "with-documents", "Pack with documents"
    FAMILY = "family", "Copy for the family"
