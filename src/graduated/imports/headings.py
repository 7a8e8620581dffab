"""What the columns of a school's export are called, and which of our fields each one is.

Every information system names its columns a little differently (domain §3.4). A heading is recognised by its letters
and digits alone: case, spaces and punctuation do not count, so "D.O.B.", "DOB" and "dob" are one. A column that is not
recognised is listed as ignored; it is never an error.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

MOST_NEEDS = 9  # numbered need columns, "SEN Need 1" to "SEN Need 9"


class Kind(StrEnum):
    """What one line of the file stands for."""

    PUPILS = "pupils"
    TEACHING_GROUPS = "teaching-groups"
    CONTACTS = "contacts"
    ATTENDANCE = "attendance"
    SUSPENSIONS = "suspensions"


# Where a file holds two headings of one field, the one written first here is read and the other ignored.
_WHO: dict[str, tuple[str, ...]] = {
    "upn": ("UPN", "Unique pupil number", "UPN number", "UPN code"),
    "legal_surname": (
        "Legal surname", "Legal last name", "Legal family name", "Surname", "Last name", "Family name",
    ),
    "legal_forename": (
        "Legal forename", "Legal first name", "Legal given name", "Forename", "First name", "Given name",
        "Forenames", "First names",
    ),
    "full_name": ("Full name", "Legal full name", "Name", "Surname Forename", "Legal name"),
    "date_of_birth": ("Date of birth", "DOB", "Birth date", "Birthdate", "Born"),
}  # fmt: skip

_PUPIL: dict[str, tuple[str, ...]] = {
    "known_as": (
        "Preferred forename", "Preferred first name", "Known as", "Preferred name", "Chosen name",
        "Chosen first name", "Chosen forename",
    ),
    "known_surname": ("Preferred surname", "Preferred last name", "Chosen surname", "Chosen last name"),
    "sex": ("Sex", "Legal sex", "Gender", "Sex at birth"),
    "year_group": (
        "Year group", "Year", "NC year", "NC year actual", "NCYearActual", "National curriculum year", "Yr",
        "Year code", "Curriculum year", "Year taught in",
    ),
    "registration_group": (
        "Registration group", "Registration form", "Registration", "Reg", "Reg group", "Reg form", "Tutor group",
        "Tutor", "Form", "Form group", "Class", "Class name", "Primary class", "Tutor form",
    ),
    "status": (
        "SEN status", "SEND status", "SEN provision", "SEND provision", "SEN code", "SEN status code", "SEN stage",
        "SEN provision code", "Current SEN status", "SEN support status", "SEN", "SEND",
    ),
    "status_start": (
        "SEN status start date", "SEND status start date", "SEN status start", "SEN start", "SEN start date",
        "SEN provision start date", "SEN provision start", "SEND start date", "SEN status date", "SEN from",
        "Status start date",
    ),
    "need": (
        "SEN need type", "SEN need", "SEN type", "SEND need", "SEND need type", "SEN needs", "Need type", "Need",
        "SEN need code", "SEN type code", "SEN description", "SEN detail", "SEND detail", "SEN need name",
        "Type of need",
    ),
    "need_rank": (
        "Ranking", "Rank", "Need ranking", "SEN need ranking", "SEN need rank", "Need rank", "SEN type rank",
        "Priority", "SEN ranking",
    ),
    "need_start": ("Need start date", "Need start", "SEN need start date", "SEN need start", "SEN type start date"),
    "need_end": ("Need end date", "Need end", "SEN need end date", "SEN need end", "SEN type end date"),
    "sen_review_date": ("SEN review date", "SEND review date", "Next SEN review", "Next review date", "Review date"),
    "eal": (
        "EAL", "English as an additional language", "English additional language", "EAL status", "Is EAL", "EAL Y/N",
    ),
    "pupil_premium": (
        "Pupil premium", "PP", "Pupil premium indicator", "Pupil premium eligible", "Pupil premium eligibility",
        "Eligible for pupil premium", "Pupil premium Y/N", "Is pupil premium",
    ),
    "in_care": (
        "In care", "Looked after", "Looked after child", "In care status", "Currently in care", "Child in care", "LAC",
        "CLA", "CIC", "In LEA care", "In LA care", "Children looked after", "Is looked after",
    ),
    "attendance": (
        "Attendance", "% attendance", "Attendance (% present)", "Attendance percentage", "Attendance percent",
        "Percentage attendance", "Percentage present", "% present", "Attendance year to date", "Attendance YTD",
    ),
    "first_language": ("First language", "Home language", "Language", "Mother tongue", "Main language"),
    "ethnicity": ("Ethnicity", "Ethnic group", "Ethnic origin", "Ethnicity description"),
    "religion": ("Religion", "Faith"),
    "service_family": ("Service child", "Service family", "Service children", "Service child in education",
                       "Armed forces family", "Parent in armed forces"),
    "admission_date": ("Admission date", "Date of admission", "Date of entry", "Entry date", "Enrolment date",
                       "Enrolment start date", "On roll date", "Date admitted"),
    "leaving_date": ("Leaving date", "Date of leaving", "Date left", "Enrolment end date", "Off roll date"),
    "address": ("Address", "Home address", "Full address"),
}  # fmt: skip

_GROUP: dict[str, tuple[str, ...]] = {
    "group_name": (
        "Teaching group", "Group", "Group name", "Teaching group name", "Class", "Class name", "Class code", "Set",
        "Course group", "Group code",
    ),
    "subject": ("Subject", "Subject name", "Course", "Course name"),
    "teacher_email": (
        "Teacher e-mail", "Teacher e-mail address", "Staff e-mail", "Staff e-mail address", "E-mail", "E-mail address",
        "Teacher's e-mail", "Work e-mail",
    ),
    "teacher_name": (
        "Teacher", "Teacher name", "Main teacher", "Staff", "Staff name", "Class teacher", "Member of staff",
        "Teacher full name", "Teacher's name", "Supervisor",
    ),
}  # fmt: skip

_PERIOD: dict[str, tuple[str, ...]] = {
    "period_starts": (
        "From", "Period start", "Start date", "Date from", "From date", "First day", "Period from", "Start",
    ),
    "period_ends": ("To", "Period end", "End date", "Date to", "To date", "Last day", "Period to", "End", "Until"),
    "possible": (
        "Possible sessions", "Sessions possible", "Possible", "Possible marks", "Total possible",
        "Possible attendances", "Possible attendance", "Statutory possible", "Total sessions",
    ),
    "authorised": (
        "Authorised absences", "Authorised absence", "Authorised", "Authorised absence sessions", "Auth absences",
        "Auth absence", "Authorised sessions", "Sessions authorised", "Sessions authorised absence", "Auth abs",
    ),
    "unauthorised": (
        "Unauthorised absences", "Unauthorised absence", "Unauthorised", "Unauthorised absence sessions",
        "Unauth absences", "Unauth absence", "Unauthorised sessions", "Sessions unauthorised",
        "Sessions unauthorised absence", "Unauth abs",
    ),
    "attended": (
        "Attended sessions", "Sessions attended", "Attended", "Present", "Present sessions", "Sessions present",
        "Attendances", "Actual attendances", "Present marks",
    ),
}  # fmt: skip

_SUSPENSION: dict[str, tuple[str, ...]] = {
    "suspended_on": (
        "Date", "Start date", "Suspension date", "Suspension start date", "From", "Date from", "Exclusion start date",
        "First day", "Starts",
    ),
    "days": (
        "Days", "Number of days", "School days", "Days suspended", "Length in days", "Duration in days", "Total days",
    ),
    "sessions": (
        "Sessions", "Number of sessions", "Sessions suspended", "Half days", "Sessions excluded", "Total sessions",
    ),
    "reason": ("Reason", "Suspension reason", "Reason for suspension", "Reason description", "Exclusion reason"),
}  # fmt: skip

_ADULT: dict[str, tuple[str, ...]] = {
    "adult_title": ("Title",),
    "adult_forename": ("Forename", "First name", "Given name"),
    "adult_surname": ("Surname", "Last name", "Family name"),
    "adult_name": ("Name", "Full name", "Adult", "Parent", "Carer", "Contact", "Parent or carer", "Parent/carer",
                   "Parental contact"),
    "relationship": ("Relationship", "Relationship to pupil", "Relationship to student", "Relation",
                     "Relationship type", "Relationship to child"),
    "parental_responsibility": ("Parental responsibility", "Has parental responsibility", "PR", "Parental resp",
                                "Legal responsibility", "Parental responsibility Y/N"),
    "email": ("E-mail", "E-mail address", "Primary e-mail", "Home e-mail", "Main e-mail"),
    "phone": ("Mobile", "Mobile phone", "Mobile number", "Telephone", "Phone", "Phone number", "Telephone number",
              "Main phone", "Primary phone", "Home phone"),
    "address": ("Address", "Home address", "Full address"),
    "language": ("Language", "First language", "Home language", "Preferred language", "Main language"),
    "interpreter": ("Interpreter", "Interpreter needed", "Needs interpreter", "Interpreter required",
                    "Translator required", "Requires interpreter"),
    "lives_with": ("Lives with", "Lives with pupil", "Lives with student", "Lives with child", "Same address",
                   "Pupil lives with", "Resides with pupil"),
    "priority": ("Priority", "Contact priority", "Contact order", "Order"),
}  # fmt: skip

_OF_KIND = {
    Kind.PUPILS: _PUPIL,
    Kind.TEACHING_GROUPS: _GROUP,
    Kind.ATTENDANCE: _PERIOD,
    Kind.SUSPENSIONS: _SUSPENSION,
}
_PUPIL_WORDS = ("pupil", "student", "child", "learner")
_ADULT_WORDS = ("contact", "parent", "carer", "adult", "parentcarer", "contacts", "parents", "parentorcarer")
_ORDINALS = (("primary", "main", "first"), ("secondary", "second"), ("tertiary", "third"))

_EXAMPLES = {
    Kind.PUPILS: "UPN, Surname, Forename, Date of birth, Year group and SEN status",
    Kind.TEACHING_GROUPS: "UPN, Teaching group, Subject, Teacher and Teacher e-mail",
    Kind.CONTACTS: "Pupil UPN, Forename, Surname, Relationship, Parental responsibility and E-mail",
    Kind.ATTENDANCE: "UPN, From, To, Possible sessions, Authorised absences and Unauthorised absences",
    Kind.SUSPENSIONS: "UPN, Date, Days and Reason",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of one file holds which field: positions counted from 0, headings as the file writes them."""

    position: Mapping[str, int]
    headings: tuple[str, ...]
    ignored: tuple[str, ...]

    def heading(self, field: str) -> str:
        """The file's own heading of a field, or its first usual name when the file has no such column."""
        if field in self.position:
            return self.headings[self.position[field]]
        return usual_heading(field)


def plain(heading: str) -> str:
    """A heading's letters and digits in lower case without accents: "Attendance (% present)" → "attendancepresent"."""
    return "".join(c for c in unicodedata.normalize("NFKD", heading).casefold() if c.isalnum())


def usual_heading(field: str) -> str:
    """What a field is most often called, for sentences about a column that is missing."""
    for names in (_WHO, *_OF_KIND.values(), _ADULT):
        if field in names:
            return names[field][0]
    return field.replace("_", " ").capitalize()


def match(headings: Sequence[str], kind: Kind) -> Columns:
    """Find the field of every heading; of two headings for one field the more exact one is read."""
    known = _known(kind)
    best: dict[str, tuple[int, int]] = {}
    for position, heading in enumerate(headings):
        found = known.get(plain(heading))
        if found is not None and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], position)
    taken = {field: position for field, (_, position) in best.items()}
    used = set(taken.values())
    ignored = tuple(text.strip() for i, text in enumerate(headings) if i not in used and text.strip())
    return Columns(taken, tuple(text.strip() for text in headings), ignored)


def recognised(cells: Sequence[str], kind: Kind) -> int:
    """How many different fields a row of cells names; a row of headings names at least two."""
    known = _known(kind)
    return len({known[text][0] for text in map(plain, cells) if text in known})


def looked_for(kind: Kind) -> str:
    """The headings a person should expect, for the sentence that says none was found."""
    return _EXAMPLES[kind]


@lru_cache(maxsize=len(Kind))
def _known(kind: Kind) -> Mapping[str, tuple[str, int]]:
    """Plain heading → (field, order of preference)."""
    known: dict[str, tuple[str, int]] = {}
    if kind is Kind.CONTACTS:
        _add(known, _ADULT, ("", *_ADULT_WORDS))
        _add(known, {"upn": _WHO["upn"]}, ("",))
        _add(known, {**_WHO, "full_name": (*_WHO["full_name"], "")}, _PUPIL_WORDS)
    else:
        whose = {**_WHO, **_OF_KIND[kind]}
        _add(known, whose, ("", *_PUPIL_WORDS))
        _add(known, {"full_name": ("",)}, _PUPIL_WORDS)
    if kind is Kind.PUPILS:
        _add_numbered_needs(known)
    return known


def _add(known: dict[str, tuple[str, int]], names: Mapping[str, tuple[str, ...]], prefixes: Sequence[str]) -> None:
    for prefix in prefixes:
        for field, headings in names.items():
            for order, heading in enumerate(headings):
                known.setdefault(prefix + plain(heading), (field, order))


def _add_numbered_needs(known: dict[str, tuple[str, int]]) -> None:
    """Such as "SEN Need 1" and "Primary SEN need": need_1 to need_9 in the order of importance."""
    patterns = ("senneed{}", "sendneed{}", "need{}", "senneedtype{}", "sentype{}", "sendtype{}", "senneedcode{}",
                "needtype{}", "senneed{}code", "senneed{}type", "senneed{}name")  # fmt: skip
    for number in range(1, MOST_NEEDS + 1):
        for order, pattern in enumerate(patterns):
            known.setdefault(pattern.format(number), (f"need_{number}", order))
    for number, words in enumerate(_ORDINALS, start=1):
        for word in words:
            for order, need in enumerate(("senneed", "sendneed", "need", "senneedtype", "sentype", "sentypecode",
                                          "senneedcode", "sendneedtype", "sendtype")):  # fmt: skip
                known.setdefault(word + need, (f"need_{number}", order))
                bare = need.removeprefix("send").removeprefix("sen")
                known.setdefault("sen" + word + bare, (f"need_{number}", order))
