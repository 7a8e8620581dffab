"""Words of papers that parents are given."""

from __future__ import annotations

from graduated.rules.vocabulary._word import Word


class PaperKind(Word):
    """What parents were given."""

    PLAN = "plan", "Support plan"
    REVIEW = "review", "Review record"
    LETTER = "letter", "Letter"


class GivenHow(Word):
    """How parents were given it."""

    HANDED = "handed", "Handed over"
    POSTED = "posted", "Posted"
    EMAILED = "e-mailed", "E-mailed"
    SHOWN = "shown", "Shown in the app"


class LetterKind(Word):
    """What a letter to the parents is for; the last is for a young person who answers for themselves."""

    INVITATION = "invitation", "Invitation to a review"
    OUTCOME = "outcome", "Outcome of a review"
    COMING_OFF = "coming-off", "Coming off SEN support"
    SUPPORT_BEGINS = "support-begins", "SEN support begins"
    AGREEMENT = "agreement", "Agreement to a request"
    OWN_AGREEMENT = "own-agreement", "Your own agreement to a request"
