"""Words of requests for information about a pupil: what was asked, by whom, and what came of it."""

from __future__ import annotations

from graduated.rules.vocabulary._word import Word


class InformationKind(Word):
    """What was asked for; each has a limit of its own (`rules.information`)."""

    SUBJECT_ACCESS = "subject-access", "Subject access request"
    RECORD = "educational-record", "Request for the educational record"
    COMPLAINT = "complaint", "Complaint about data protection"


class InformationHow(Word):
    """How it was asked: any form counts, also a spoken one."""

    SPOKEN = "spoken", "Spoken"
    LETTER = "letter", "By letter"
    EMAIL = "e-mail", "By e-mail"
    FORM = "form", "On a form"


class InformationBy(Word):
    """Who asks."""

    PARENT = "parent", "A parent or carer"
    PUPIL = "pupil", "The pupil"
    OTHER = "other", "Somebody who acts for one of them"


class InformationOutcome(Word):
    """What came of it."""

    GIVEN = "given", "Given whole"
    PART = "part", "Given, with something left out"
    NOT_GIVEN = "not-given", "Not given"
    ANSWERED = "answered", "Answered"
    WITHDRAWN = "withdrawn", "Taken back by who asked"


class Disclosing(Word):
    """What is decided of one thing in a bundle."""

    GOES = "goes", "Goes in"
    LEFT_OUT = "left-out", "Stays out"


class DecidedOn(Word):
    """What a decision about a bundle is about."""

    NAME = "name", "A name in a text"
    ITEM = "item", "A paper or an entry"
    WORDS = "words", "Words that somebody marked"
    LOOKED = "looked", "What the safeguarding lead keeps was looked through"
