"""Reading about a pupil: the head that stands on every page of theirs, status and needs, profile, staff.

The family and the papers are in files of their own and are read from here too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, exists, func, or_, select

from graduated.access.guards import finder
from graduated.access.identity import require_actor
from graduated.access.once import read_once
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.db.session import db
from graduated.people.models import User
from graduated.pupils.models import Assignment, Need, Profile, Pupil, SenStatusSpell, TeachingGroup
from graduated.pupils.queries_family import BarState, FamilyAdult, adult_name, adult_version, adults_like, adults_of
from graduated.pupils.queries_papers import Paper, document, documents_of, papers_kept
from graduated.rules.vocabulary import AssignmentSource, NeedType, SenStatus, Sex, StatusSource, YearGroup

__all__ = [
    "BarState",
    "FamilyAdult",
    "NeedRow",
    "OpenSpell",
    "Paper",
    "ProfileVersion",
    "PupilDetails",
    "PupilHead",
    "StaffWithPupil",
    "StatusSpell",
    "adult_name",
    "adult_version",
    "adults_like",
    "adults_of",
    "details_of",
    "display_name",
    "document",
    "documents_of",
    "needs_of",
    "open_spell",
    "papers_kept",
    "profile_of",
    "profile_versions",
    "pupil_head",
    "pupil_with_upn",
    "staff_of",
    "status_history",
    "teaching_groups_of",
]


@dataclass(frozen=True, slots=True)
class PupilHead:
    """What stands at the top of every page of a pupil."""

    pupil_id: int
    name: str
    first_name: str
    initials: str
    year_group: YearGroup
    registration_group: str
    status: SenStatus
    status_since: date | None
    needs: tuple[NeedType, ...]
    first_language: str
    interpreter: str
    born_on: date
    upn: str | None
    left_on: date | None
    rights_pass_on: date


_LEADS = exists().where(
    Assignment.pupil_id == Pupil.id,
    Assignment.user_id == bindparam("me"),
    Assignment.source == AssignmentSource.LEAD,
    Assignment.starts <= bindparam("day"),
    or_(Assignment.ends.is_(None), Assignment.ends >= bindparam("day")),
)
_HEAD = (
    select(
        Pupil.id,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
        Pupil.year_group,
        Pupil.registration_group,
        SenStatusSpell.status,
        SenStatusSpell.starts,
        SenStatusSpell.source,
        Pupil.first_language,
        Pupil.interpreter,
        Pupil.born_on,
        Pupil.upn,
        Pupil.left_on,
        Pupil.rights_pass_on,
        Need.type.label("need"),
        _LEADS.label("leads"),
    )
    .outerjoin(SenStatusSpell, (SenStatusSpell.pupil_id == Pupil.id) & SenStatusSpell.ends.is_(None))
    .outerjoin(Need, (Need.pupil_id == Pupil.id) & Need.ends.is_(None))
    .where(Pupil.id == bindparam("pupil_id"))
    .order_by(Need.rank, Need.id)
)
"""A line for each need in force, and one for a pupil of whom none is written down."""


@read_once
def _head(pupil_id: int) -> tuple[Any, ...]:
    """What stands at the top of a pupil's pages, read when the guard looks whether the pupil is in sight."""
    given = {"pupil_id": pupil_id, "me": require_actor().user_id, "day": today()}
    return tuple(db.session.execute(_HEAD, given))


@finder("pupil")
def find_pupil(pupil_id: int) -> Subject | None:
    """The pupil, when the person acting may see them at all; led by them when they lead a cycle of the pupil's."""
    row = next(iter(_head(pupil_id)), None)
    return Subject(row.id, lead_id=require_actor().user_id if row.leads else None) if row is not None else None


def display_name(forename: str, surname: str, known_as: str = "", known_surname: str = "") -> str:
    """The name that a pupil goes by."""
    return f"{known_as or forename} {known_surname or surname}"


def name_of(row: Any) -> str:
    """The name that a pupil goes by, of a row with the four columns of names."""
    return display_name(row.legal_forename, row.legal_surname, row.known_as, row.known_surname)


def pupil_head(pupil_id: int) -> PupilHead:
    """The head of a pupil's pages. The pupil must be in scope (the guard has looked)."""
    lines = _head(pupil_id)
    row = lines[0]
    name = name_of(row)
    return PupilHead(
        pupil_id=row.id,
        name=name,
        first_name=row.known_as or row.legal_forename,
        initials="".join(part[0] for part in name.split()[:: max(1, len(name.split()) - 1)])[:2].upper(),
        year_group=row.year_group,
        registration_group=row.registration_group,
        status=row.status or SenStatus.NONE,
        # The roll dates everybody; who was never on SEN support came off it on no day.
        status_since=None if row.status is SenStatus.NONE and row.source is StatusSource.MIS else row.starts,
        needs=tuple(one.need for one in lines if one.need is not None),
        first_language=row.first_language,
        interpreter=row.interpreter,
        born_on=row.born_on,
        upn=row.upn,
        left_on=row.left_on,
        rights_pass_on=row.rights_pass_on,
    )


@dataclass(frozen=True, slots=True)
class StatusSpell:
    """One spell of a pupil's SEN status; the open one has no end."""

    spell_id: int
    status: SenStatus
    starts: date
    ends: date | None
    source: StatusSource
    reason: str
    told_mis: bool
    recorded_at: datetime
    recorded_by: str
    parents_told: str
    parents_told_on: date | None


@dataclass(frozen=True, slots=True)
class OpenSpell:
    """The SEN status that holds now; a form carries the spell's id to notice that another has opened."""

    spell_id: int
    status: SenStatus
    starts: date


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A type of need of a pupil; rank 1 is the primary need. Ended ones are history."""

    need_id: int
    type: NeedType
    rank: int
    starts: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class ProfileVersion:
    """One version of the one-page profile; the highest number is in force."""

    number: int
    written_on: date
    good_at: str
    important_to_me: str
    hard_for_me: str
    helps_me: str
    my_words: str
    hopes: str
    recorded_at: datetime
    recorded_by: str

    @property
    def helps(self) -> tuple[str, ...]:
        """What helps, line by line."""
        return tuple(line.strip(" -•\t") for line in self.helps_me.splitlines() if line.strip(" -•\t"))


@dataclass(frozen=True, slots=True)
class StaffWithPupil:
    """A member of staff who works, worked or will work with a pupil, and why."""

    assignment_id: int
    user_id: int
    name: str
    source: AssignmentSource
    reason: str
    starts: date
    ends: date | None
    now: bool


@dataclass(frozen=True, slots=True)
class PupilDetails:
    """Everything of a pupil's own record that a person may edit, with the version it was read at."""

    pupil_id: int
    version: int
    upn: str | None
    legal_forename: str
    legal_surname: str
    known_as: str
    known_surname: str
    sex: Sex | None
    born_on: date
    year_group: YearGroup
    registration_group: str
    eal: bool | None
    pupil_premium: bool | None
    in_care: bool | None
    care_authority: str
    service_family: bool | None
    first_language: str
    interpreter: str
    address: str
    nhs_number: str
    ethnicity: str
    religion: str
    previous_schools: str
    admitted_on: date | None
    left_on: date | None


_HISTORY = (
    select(
        SenStatusSpell.id,
        SenStatusSpell.status,
        SenStatusSpell.starts,
        SenStatusSpell.ends,
        SenStatusSpell.source,
        SenStatusSpell.reason,
        SenStatusSpell.told_mis,
        SenStatusSpell.recorded_at,
        func.coalesce(User.name, "The system"),
        SenStatusSpell.parents_told,
        SenStatusSpell.parents_told_on,
    )
    .outerjoin(User, User.id == SenStatusSpell.recorded_by_id)
    .where(SenStatusSpell.pupil_id == bindparam("pupil_id"))
    .order_by(SenStatusSpell.starts.desc(), SenStatusSpell.id.desc())
)
_OPEN_SPELL = select(SenStatusSpell.id, SenStatusSpell.status, SenStatusSpell.starts).where(
    SenStatusSpell.pupil_id == bindparam("pupil_id"), SenStatusSpell.ends.is_(None)
)
_SPELL_OF = select(SenStatusSpell.pupil_id).where(SenStatusSpell.id == bindparam("spell_id"))
_ASSIGNMENT_OF = select(Assignment.pupil_id).where(Assignment.id == bindparam("assignment_id"))
_ALL_NEEDS = (
    select(Need.id, Need.type, Need.rank, Need.starts, Need.ends)
    .where(Need.pupil_id == bindparam("pupil_id"))
    .order_by(Need.ends.is_not(None), Need.rank, Need.id)
)
_PROFILES: Any = (
    select(
        Profile.number,
        Profile.written_on,
        Profile.good_at,
        Profile.important_to_me,
        Profile.hard_for_me,
        Profile.helps_me,
        Profile.my_words,
        Profile.hopes,
        Profile.recorded_at,
        func.coalesce(User.name, "The system"),
    )
    .outerjoin(User, User.id == Profile.recorded_by_id)
    .where(Profile.pupil_id == bindparam("pupil_id"))
    .order_by(Profile.number.desc())
)
_LATEST_PROFILE = _PROFILES.limit(1)
_STAFF = (
    select(
        Assignment.id,
        Assignment.user_id,
        User.name,
        Assignment.source,
        Assignment.reason,
        Assignment.starts,
        Assignment.ends,
    )
    .join(User, User.id == Assignment.user_id)
    .where(Assignment.pupil_id == bindparam("pupil_id"))
    .order_by(User.name, Assignment.starts, Assignment.id)
)
_DETAILS = select(
    *(Pupil.id.label("pupil_id") if name == "pupil_id" else getattr(Pupil, name) for name in PupilDetails.__slots__)
).where(Pupil.id == bindparam("pupil_id"))
_BUT = bindparam("but", type_=Integer)
_WITH_UPN = select(Pupil.id, Pupil.legal_forename, Pupil.legal_surname).where(
    Pupil.upn == bindparam("upn"), or_(_BUT.is_(None), Pupil.id != _BUT)
)
_TEACHING = (
    select(TeachingGroup.name, TeachingGroup.subject)
    .where(TeachingGroup.pupil_id == bindparam("pupil_id"))
    .order_by(TeachingGroup.subject, TeachingGroup.name)
)


def status_history(pupil_id: int) -> list[StatusSpell]:
    """Every spell of SEN status, the newest first."""
    return [StatusSpell(*row) for row in db.session.execute(_HISTORY, {"pupil_id": pupil_id})]


def open_spell(pupil_id: int) -> OpenSpell | None:
    """The SEN status that holds now."""
    row = db.session.execute(_OPEN_SPELL, {"pupil_id": pupil_id}).first()
    return OpenSpell(*row) if row else None


@finder("spell")
def find_spell(spell_id: int) -> Subject | None:
    """Whose spell of SEN status it is."""
    pupil_id = db.session.scalar(_SPELL_OF, {"spell_id": spell_id})
    return Subject(pupil_id=pupil_id) if pupil_id else None


@finder("assignment")
def find_assignment(assignment_id: int) -> Subject | None:
    """Whose assignment it is."""
    pupil_id = db.session.scalar(_ASSIGNMENT_OF, {"assignment_id": assignment_id})
    return Subject(pupil_id=pupil_id) if pupil_id else None


def needs_of(pupil_id: int) -> list[NeedRow]:
    """Needs in force by rank, then those that ended."""
    return [NeedRow(*row) for row in db.session.execute(_ALL_NEEDS, {"pupil_id": pupil_id})]


def profile_of(pupil_id: int) -> ProfileVersion | None:
    """The one-page profile in force, if one was written."""
    row = db.session.execute(_LATEST_PROFILE, {"pupil_id": pupil_id}).first()
    return ProfileVersion(*row) if row else None


def profile_versions(pupil_id: int) -> list[ProfileVersion]:
    """Every version of the profile, the newest first."""
    return [ProfileVersion(*row) for row in db.session.execute(_PROFILES, {"pupil_id": pupil_id})]


def staff_of(pupil_id: int) -> list[StaffWithPupil]:
    """Staff who work with a pupil, or did: one line for each reason, by name."""
    day = today()
    return [
        StaffWithPupil(*row, now=row.starts <= day and (row.ends is None or row.ends >= day))
        for row in db.session.execute(_STAFF, {"pupil_id": pupil_id})
    ]


def details_of(pupil_id: int) -> PupilDetails:
    """A pupil's own record. The pupil must be in scope (the guard has looked)."""
    return PupilDetails(*db.session.execute(_DETAILS, {"pupil_id": pupil_id}).one())


def pupil_with_upn(upn: str, but: int | None = None) -> tuple[int, str] | None:
    """The other pupil of the school who has that UPN: id and name."""
    row = db.session.execute(_WITH_UPN, {"upn": upn, "but": but}).first()
    return (row.id, f"{row.legal_forename} {row.legal_surname}") if row else None


def teaching_groups_of(pupil_id: int) -> list[tuple[str, str]]:
    """(name, subject) of a pupil's teaching groups."""
    return [(row.name, row.subject) for row in db.session.execute(_TEACHING, {"pupil_id": pupil_id})]
