"""Words of papers that parents are given."""

from __future__ import annotations

from graduated.rules.vocabulary._word import Word


class PaperKind(Word):
    """What parents were given."""

    PLAN = "plan", "Support plan"
    REVIEW = "review", "Review record"
    LETTER = "letter", "Letter"
    PACK = "pack", "Evidence pack, copy for the family"


class GivenHow(Word):
    """How parents were given it."""

    HANDED = "handed", "Handed over"
    POSTED = "posted", "Posted"
    EMAILED = "e-mailed", "E-mailed"
    SHOWN = "shown", "Shown in the app"


class SentHow(Word):
    """How an authority was given a pack."""

    PORTAL = "portal", "Through its portal"
    EMAIL = "e-mail", "By secure e-mail"
    POST = "post", "By post"
    HAND = "hand", "By hand"


class PaperChoice(Word):
    """What was decided of one paper for one request; the last two are said of a restricted paper only."""

    GOES = "goes", "Goes with the request"
    LEFT_OUT = "left-out", "Stays out"
    RELEASED = "released", "Released for this request"
    TAKEN_BACK = "taken-back", "Release taken back"


class LetterKind(Word):
    """What a letter to the parents is for; the last is for a young person who answers for themselves."""

    INVITATION = "invitation", "Invitation to a review"
    OUTCOME = "outcome", "Outcome of a review"
    COMING_OFF = "coming-off", "Coming off SEN support"
    SUPPORT_BEGINS = "support-begins", "SEN support begins"
    AGREEMENT = "agreement", "Agreement to a request"
    OWN_AGREEMENT = "own-agreement", "Your own agreement to a request"
