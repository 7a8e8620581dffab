"""Writing about a pupil: the record itself, SEN status and needs, the one-page profile.

The family, staff and papers are written in files of their own and are offered from here too.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError

from graduated.db.session import db
from graduated.db.writing import Clash, check_version, writes
from graduated.pupils.models import Need, Profile, Pupil, SenStatusSpell
from graduated.pupils.services_bars import NewBar, bar, lift_bar, renew_hold
from graduated.pupils.services_family import (
    AdultDetails,
    LinkDetails,
    add_adult,
    add_and_link,
    edit_adult,
    edit_family_adult,
    edit_link,
    invite_adult,
    link_adult,
    renew_sign_in,
    withdraw_invitation,
)
from graduated.pupils.services_papers import NewPaper, PaperWords, add_document, edit_document
from graduated.pupils.services_staff import assign, end_assignment, refresh_assignments
from graduated.rules.calendar import end_of_compulsory_school_age
from graduated.rules.vocabulary import NeedType, SenStatus, Sex, StatusSource, YearGroup
from graduated.web.filters import long_date

__all__ = [
    "AdultDetails",
    "FirstStatus",
    "LinkDetails",
    "NewBar",
    "NewPaper",
    "PaperWords",
    "ParentsTold",
    "ProfileWords",
    "PupilRecord",
    "StatusRefused",
    "UpnTaken",
    "add_adult",
    "add_and_link",
    "add_document",
    "add_pupil",
    "assign",
    "bar",
    "edit_adult",
    "edit_document",
    "edit_family_adult",
    "edit_link",
    "edit_pupil",
    "end_assignment",
    "invite_adult",
    "lift_bar",
    "link_adult",
    "mark_told_mis",
    "refresh_assignments",
    "renew_hold",
    "renew_sign_in",
    "set_needs",
    "set_status",
    "withdraw_invitation",
    "write_profile",
]


class UpnTaken(ValueError):
    """Another pupil of the school has that UPN."""


class StatusRefused(ValueError):
    """A change of SEN status that would break its history; the sentence says why."""


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """A pupil's own record as typed or imported; the UPN comes cleaned and checked."""

    legal_forename: str
    legal_surname: str
    born_on: date
    year_group: YearGroup
    known_as: str = ""
    known_surname: str = ""
    upn: str | None = None
    sex: Sex | None = None
    registration_group: str = ""
    eal: bool | None = None
    pupil_premium: bool | None = None
    in_care: bool | None = None
    care_authority: str = ""
    service_family: bool | None = None
    first_language: str = ""
    interpreter: str = ""
    address: str = ""
    nhs_number: str = ""
    ethnicity: str = ""
    religion: str = ""
    previous_schools: str = ""
    admitted_on: date | None = None
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class FirstStatus:
    """The SEN status that a new pupil comes with."""

    status: SenStatus
    starts: date
    source: StatusSource
    reason: str = ""
    needs: tuple[NeedType, ...] = ()
    told: ParentsTold | None = None


@dataclass(frozen=True, slots=True)
class ParentsTold:
    """How the parents were told formally that SEN support begins, and when; a day to come is a promise (Code 6.48)."""

    how: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ProfileWords:
    """What stands on a one-page profile, in the pupil's own words where they can be."""

    written_on: date
    my_words: str = ""
    good_at: str = ""
    important_to_me: str = ""
    hard_for_me: str = ""
    helps_me: str = ""
    hopes: str = ""


_PUPIL = select(Pupil).where(Pupil.id == bindparam("pupil_id"))
_OPEN_SPELL = select(SenStatusSpell).where(
    SenStatusSpell.pupil_id == bindparam("pupil_id"), SenStatusSpell.ends.is_(None)
)
_SPELL = select(SenStatusSpell).where(SenStatusSpell.id == bindparam("spell_id"))
_OPEN_NEEDS = (
    select(Need).where(Need.pupil_id == bindparam("pupil_id"), Need.ends.is_(None)).order_by(Need.rank, Need.id)
)
_LAST_PROFILE = select(func.max(Profile.number)).where(Profile.pupil_id == bindparam("pupil_id"))


@writes("Pupil added")
def add_pupil(record: PupilRecord, first: FirstStatus) -> int:
    """A new pupil with a first SEN status. Raises UpnTaken when another pupil here has the UPN."""
    pupil = Pupil(rights_pass_on=end_of_compulsory_school_age(record.born_on))
    _fill(pupil, record)
    db.session.add(pupil)
    _flush_upn()
    db.session.add(
        SenStatusSpell(
            pupil_id=pupil.id,
            status=first.status,
            starts=first.starts,
            source=first.source,
            reason=first.reason,
            told_mis=first.source is StatusSource.MIS or first.status is SenStatus.NONE,
            parents_told=first.told.how.strip() if first.told else "",
            parents_told_on=first.told.on if first.told else None,
        )
    )
    set_needs(pupil.id, first.needs, first.starts)
    refresh_assignments(pupil.id)
    return pupil.id


@writes("Pupil's details changed")
def edit_pupil(pupil_id: int, record: PupilRecord, version: int | None = None) -> int:
    """Change a pupil's own record. Raises Clash when somebody else saved it first, UpnTaken for a UPN in use."""
    pupil = db.session.scalars(_PUPIL, {"pupil_id": pupil_id}).one()
    check_version(pupil, version, {field.name: getattr(pupil, field.name) for field in fields(record)})
    moved = pupil.registration_group != record.registration_group or pupil.left_on != record.left_on
    _fill(pupil, record)
    pupil.rights_pass_on = end_of_compulsory_school_age(record.born_on)
    _flush_upn()
    if moved:
        refresh_assignments(pupil_id)
    return pupil_id


def _fill(pupil: Pupil, record: PupilRecord) -> None:
    for field in fields(record):
        value = getattr(record, field.name)
        setattr(pupil, field.name, value.strip() if isinstance(value, str) and field.name != "year_group" else value)
    pupil.year_group, pupil.sex, pupil.upn = record.year_group, record.sex, record.upn or None


def _flush_upn() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        if "upn" in str(error.orig).lower():
            raise UpnTaken from error
        raise


@writes("SEN status changed")
def set_status(
    pupil_id: int,
    status: SenStatus,
    on: date,
    source: StatusSource,
    reason: str = "",
    seen_spell: int | None = None,
    told: ParentsTold | None = None,
) -> int:
    """Close the open spell of SEN status and open the next from a date; history stays. Gives the open spell's id.

    The same status changes nothing. The old spell's last day is the day before. What does not come from the school's
    information system is put on the list of what to change there. Raises StatusRefused for a date before the present
    spell began, Clash when another spell than `seen_spell` is open by now.
    """
    spell = db.session.scalars(_OPEN_SPELL, {"pupil_id": pupil_id}).one_or_none()
    if spell is not None:
        if seen_spell is not None and spell.id != seen_spell:
            raise Clash({"status": spell.status, "on": spell.starts, "source": spell.source, "reason": spell.reason})
        if spell.status is status:
            return spell.id
        if on < spell.starts:
            raise StatusRefused(
                f"The present status began on {long_date(spell.starts)}; the new one cannot begin before that day."
            )
        # Two changes on one day leave a spell of that one day, so that both stay in the history.
        spell.ends = max(spell.starts, on - timedelta(days=1))
        db.session.flush()
    opened = SenStatusSpell(
        pupil_id=pupil_id,
        status=status,
        starts=on,
        source=source,
        reason=reason.strip(),
        told_mis=source is StatusSource.MIS,
        parents_told=told.how.strip() if told else "",
        parents_told_on=told.on if told else None,
    )
    db.session.add(opened)
    db.session.flush()
    return opened.id


@writes("Changed in the school's information system")
def mark_told_mis(spell_id: int) -> int:
    """Somebody has changed the status in the school's information system too."""
    spell = db.session.scalars(_SPELL, {"spell_id": spell_id}).one()
    spell.told_mis = True
    return spell.pupil_id


@writes("Needs changed")
def set_needs(pupil_id: int, types: tuple[NeedType, ...], on: date) -> None:
    """The needs from a date, the first of them primary. What is no longer said ends the day before; history stays."""
    wanted = {kind: rank for rank, kind in enumerate(dict.fromkeys(types), start=1)}
    for need in db.session.scalars(_OPEN_NEEDS, {"pupil_id": pupil_id}).all():
        rank = wanted.pop(need.type, None)
        if rank is None:
            need.ends = max(need.starts or on, on - timedelta(days=1))
        else:
            need.rank = rank
    for kind, rank in wanted.items():
        db.session.add(Need(pupil_id=pupil_id, type=kind, rank=rank, starts=on))
    db.session.flush()


@writes("One-page profile written")
def write_profile(pupil_id: int, words: ProfileWords) -> int:
    """A new version of the one-page profile; earlier ones stay. Gives its number."""
    number = (db.session.scalar(_LAST_PROFILE, {"pupil_id": pupil_id}) or 0) + 1
    texts = {field.name: getattr(words, field.name) for field in fields(words)}
    db.session.add(Profile(pupil_id=pupil_id, number=number, **texts))
    db.session.flush()
    return number
