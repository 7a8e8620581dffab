"""Which authority profile holds: one that comes with the program, or a school's own from the database.

A school's own is read through the scope of whoever acts, so that no other school ever sees it: in a page, in the
worker that builds a pack, on the command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import bindparam, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.session import db
from graduated.school.authorities import DEFAULT, AuthorityProfile, ProfileFault, authority, authority_codes
from graduated.school.authority_schema import read_text
from graduated.school.models import AuthorityFile, School

OWN = "own:"
"""Before the code of a school's own profile, wherever a code is kept: no file that comes with the program has it."""
SHIPPED = "1"
"""The version that is kept of a profile that comes with the program."""


@dataclass(frozen=True, slots=True)
class OwnProfile:
    """One version of a school's own profile; `is_offered` unless the newest row of its code withdraws it."""

    file_id: int
    code: str
    number: int
    name: str
    text: str
    saved_by: str
    withdrawn: bool
    recorded_at: datetime
    in_use: bool
    is_newest: bool
    is_offered: bool

    @property
    def chosen(self) -> tuple[str, str]:
        """(code, version) as a school or a request keeps them."""
        return f"{OWN}{self.code}", str(self.number)


@dataclass(frozen=True, slots=True)
class InForce:
    """The code and the version that the school follows."""

    code: str
    version: str


_FILES = select(
    AuthorityFile.id,
    AuthorityFile.code,
    AuthorityFile.number,
    AuthorityFile.name,
    AuthorityFile.text,
    AuthorityFile.saved_by,
    AuthorityFile.withdrawn,
    AuthorityFile.recorded_at,
).order_by(AuthorityFile.code, AuthorityFile.number.desc())
_TEXT = select(AuthorityFile.text).where(
    AuthorityFile.code == bindparam("code"), AuthorityFile.number == bindparam("number")
)
_ID = select(AuthorityFile.id).where(AuthorityFile.id == bindparam("file_id"))
_IN_FORCE = select(School.authority, School.authority_version)


@finder("authority_file")
def find_authority_file(authority_file_id: int) -> Subject | None:
    """A version of this school's own profile."""
    return Subject() if db.session.scalar(_ID, {"file_id": authority_file_id}) is not None else None


def in_force() -> InForce:
    """What the school of the person acting follows."""
    return InForce(*db.session.execute(_IN_FORCE).one())


def own_profiles() -> tuple[OwnProfile, ...]:
    """Every version of every profile that the school has added, by code, the newest first."""
    now, rows = in_force(), db.session.execute(_FILES).all()
    newest = {row.code: row for row in reversed(rows)}
    return tuple(
        OwnProfile(
            *row,
            in_use=(f"{OWN}{row.code}", str(row.number)) == (now.code, now.version),
            is_newest=newest[row.code].number == row.number,
            is_offered=not newest[row.code].withdrawn,
        )
        for row in rows
    )


def own_profile(file_id: int) -> OwnProfile:
    """One version. It must be in scope (the guard has looked)."""
    return next(one for one in own_profiles() if one.file_id == file_id)


def profile_for(code: str, version: str = SHIPPED) -> AuthorityProfile:
    """The profile of a code and version as a school or a request keeps them.

    One that is not here any more, or that cannot be read by this release, gives way to the Code's own order.
    """
    if not code.startswith(OWN):
        return authority(code)
    number = int(version) if version.isdecimal() and len(version) < 6 else 0
    text = db.session.scalar(_TEXT, {"code": code.removeprefix(OWN), "number": number})
    try:
        return _read(text) if text else authority(DEFAULT)
    except ProfileFault:
        return authority(DEFAULT)


@lru_cache(maxsize=64)
def _read(text: str) -> AuthorityProfile:
    """The same profile for the same text, so that a file is checked once in a process; nothing of whose it is."""
    return read_text(text)


def school_profile() -> AuthorityProfile:
    """The profile that the school of the person acting follows."""
    now = in_force()
    return profile_for(now.code, now.version)


def offered() -> tuple[tuple[str, str], ...]:
    """(code, name) of each profile to choose from: those that come with the program, then the school's newest."""
    own = (one for one in own_profiles() if one.is_newest and one.is_offered)
    shipped = tuple((code, authority(code).name) for code in authority_codes())
    return shipped + tuple((one.chosen[0], f"{one.name} (your own)") for one in own)


def newest_version(code: str) -> str:
    """The version that is taken into use when a code is chosen."""
    newest = (one for one in own_profiles() if one.is_newest and one.is_offered and one.chosen[0] == code)
    return next((one.chosen[1] for one in newest), SHIPPED)
