"""Invitations: a link for one person, good once and for seven days, of which only a hash is kept.

A family's link is made for one adult and one child. It opens only to who knows the child's date of birth, so that one
that went to a wrong address opens nothing; after three wrong dates it is dead. No page says the child's name before.
The token begins with the number of its school, so that it is looked up as that school and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, func, select

from graduated.access import entry
from graduated.access.identity import Actor, acting, require_actor, system_actor
from graduated.access.policy import Hat
from graduated.db.clock import now
from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.db.writing import write, writes
from graduated.people import hooks
from graduated.people.models import Credential, Invitation, User
from graduated.people.services import NewAccount, open_account
from graduated.people.sign_in import end_all, hash_token
from graduated.people.tokens import new_token as new_token
from graduated.people.tokens import school_of
from graduated.rules.vocabulary import Role
from graduated.school.queries import school_details

GOOD_FOR = timedelta(days=7)
WRONG_DAYS = 3
"""So many wrong dates of birth, and a family's link is dead."""

_OPEN_OF = select(Invitation).where(
    func.lower(Invitation.email) == bindparam("email"),
    Invitation.used_at.is_(None),
    Invitation.revoked_at.is_(None),
)
_OPEN_OF_ADULT = select(Invitation).where(
    Invitation.adult_id == bindparam("adult_id"),
    Invitation.used_at.is_(None),
    Invitation.revoked_at.is_(None),
)
_BY_HASH = select(Invitation).where(Invitation.token_hash == bindparam("token_hash"))
_NAME = select(User.name).where(User.id == bindparam("user_id"))
_HAS_PASSWORD = select(Credential.id).where(Credential.user_id == bindparam("user_id"))


@dataclass(frozen=True, slots=True)
class Letter:
    """What is put into the outbox when e-mail is set up; the subject speaks of no child."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that is good now, as its page needs it. `name` is "" for somebody not known yet."""

    id: int
    school_id: int
    school_name: str
    email: str
    role: Role
    adult_id: int | None
    user_id: int | None
    name: str
    has_password: bool
    child_id: int | None = None
    tries_left: int = WRONG_DAYS


@dataclass(frozen=True, slots=True)
class ForFamily:
    """For whom a family's link is made: an adult, the child whose date of birth is asked for, and whether on paper."""

    adult_id: int
    child_id: int
    printed: bool = False


def has_password(user_id: int) -> bool:
    """Whether an account has a password already, and so needs no link."""
    return db.session.execute(_HAS_PASSWORD, {"user_id": user_id}).first() is not None


@writes("Invitation made")
def invite(
    email: str, role: Role, token_hash: str, *, family: ForFamily | None = None, letter: Letter | None = None
) -> int:
    """Make a link for an address in a role, the earlier ones for the same person being revoked; the invitation's id.

    The token itself never comes here. `email` may be a name to sign in with, for who has no address.

    Raises OpensMore for a family's link to the account of somebody on the staff who has set no password yet, and
    AddressTaken where another adult of the same child signs in with that address.
    """
    address = email.strip().lower()
    user_id = entry.user_id_of(address)
    if role.is_family and _opens_more(user_id, require_actor().school_id):
        raise OpensMore("This address is of a member of staff who has not come in yet. Invite them once they have.")
    if family is not None:
        if user_id is not None and _is_taken(family.adult_id, family.child_id, user_id):
            raise AddressTaken(TAKEN)
        revoke_of_adult(family.adult_id)
    else:
        revoke_all(address)
    row = Invitation(token_hash=token_hash, email=address, role=role, expires_at=now() + GOOD_FOR)
    if family is not None:
        row.adult_id, row.child_id, row.printed = family.adult_id, family.child_id, family.printed
    db.session.add(row)
    if letter is not None:
        db.session.add(Post(recipient=address, subject=letter.subject, body=letter.body, forget_when_sent=True))
    db.session.flush()
    return row.id


TAKEN = (
    "Another adult of this child signs in with that address. Each needs their own: ask for another address, or print a "
    "letter with a name to sign in with."
)


class AddressTaken(ValueError):
    """Two adults of one child cannot sign in as one: what one of them said would be the other's to read."""


def _is_taken(adult_id: int, child_id: int, user_id: int) -> bool:
    return any(hook(adult_id, child_id, user_id) for hook in hooks.address_taken)


class OpensMore(PermissionError):
    """Whoever holds the link could set the password of an account that opens more than the link is for."""


def _opens_more(user_id: int | None, school_id: int) -> bool:
    """Whether a family's link would set the password of an account with other ways in than this school's families."""
    if user_id is None or has_password(user_id):
        return False
    return any(door.hat is not Hat.FAMILY or door.school_id != school_id for door in entry.doors(user_id))


@writes("Password taken away")
def forget_password(user_id: int) -> int:
    """The password of a family's account goes and the person is signed out everywhere; the user's id.

    Raises OpensMore for an account that opens more than this school's families. Passkeys and the second step stay.
    """
    school_id = require_actor().school_id
    if any(door.hat is not Hat.FAMILY or door.school_id != school_id for door in entry.doors(user_id)):
        raise OpensMore("This person also comes in another way, so only they can change their password.")
    credential = db.session.scalars(select(Credential).where(Credential.user_id == user_id)).one_or_none()
    if credential is not None:
        db.session.delete(credential)
    end_all(user_id)
    return user_id


def wait_for_birthday(email: str, role: Role, family: ForFamily, good_for: timedelta) -> int:
    """Wait for who signs in already to say when a further child was born; its token is known to nobody. The id."""
    revoke_of_adult(family.adult_id, family.child_id)
    token_hash = hash_token(new_token(require_actor().school_id))
    row = Invitation(token_hash=token_hash, email=email, role=role, expires_at=now() + good_for)
    row.adult_id, row.child_id = family.adult_id, family.child_id
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Date of birth tried for a further child")
def try_day(invitation_id: int, day: date) -> bool:
    """Whether that is the date of birth of the child it was made for; a wrong one counts, and the third kills it."""
    return _try_day(invitation_id, day)


@writes("Further child confirmed")
def spend(invitation_id: int) -> int:
    """It was used and works no more."""
    row = db.session.scalars(select(Invitation).where(Invitation.id == invitation_id)).one()
    row.used_at = now()
    return row.id


@writes("Invitations revoked")
def revoke_all(email: str) -> None:
    """No link of that address works any more."""
    for row in db.session.scalars(_OPEN_OF, {"email": email.strip().lower()}).all():
        row.revoked_at = now()


@writes("Invitations revoked")
def revoke_of_adult(adult_id: int, child_id: int | None = None) -> None:
    """No link of an adult works any more, or only those for one child."""
    for row in db.session.scalars(_OPEN_OF_ADULT, {"adult_id": adult_id}).all():
        if child_id is None or row.child_id in (None, child_id):
            row.revoked_at = now()


def find(token: str) -> Invited | None:
    """The invitation of a token, if it is good now: not used, not revoked, not too old, its role not ended."""
    school_id = school_of(token)
    if school_id is None:
        return None
    with acting(system_actor(school_id, "Invitation")):
        row = db.session.scalars(_BY_HASH, {"token_hash": hash_token(token)}).one_or_none()
        if row is None or row.used_at or row.revoked_at:
            return None
        if not now() < row.expires_at <= now() + GOOD_FOR + entry.CLOCKS_DIFFER:  # later: by a clock that was wrong
            return None
        user_id = entry.user_id_of(row.email)
        if not row.role.is_family and not _has_door(user_id, school_id, row.role):
            return None
        if row.role.is_family and (_opens_more(user_id, school_id) or _born_on(row) is None):
            return None
        # To a wrong person a family's page says no name at all.
        name = "" if row.role.is_family else db.session.scalar(_NAME, {"user_id": user_id}) or ""
        return Invited(
            id=row.id,
            school_id=school_id,
            school_name=school_details().name,
            email=row.email,
            role=row.role,
            adult_id=row.adult_id,
            user_id=user_id,
            name=name,
            has_password=user_id is not None and has_password(user_id),
            child_id=row.child_id,
            tries_left=WRONG_DAYS - row.wrong_days,
        )


def _born_on(row: Invitation) -> date | None:
    """The date of birth of the child of a family's link, while its adult may come in for that child."""
    if row.adult_id is None or row.child_id is None:
        return None
    found = (hook(row.adult_id, row.child_id) for hook in hooks.child_doors)
    return next((day for day in found if day is not None), None)


def is_born_on(invited: Invited, day: date) -> bool:
    """Whether that is the date of birth of the child of a family's link; a wrong one counts, and the third kills it."""
    # A plain act: the form's key is for coming in, and a second try of the day is no repeat of the first.
    with acting(_invited_actor(invited)), write("Date of birth tried at an invitation"):
        return _try_day(invited.id, day)


def _try_day(invitation_id: int, day: date) -> bool:
    row = db.session.scalars(select(Invitation).where(Invitation.id == invitation_id).with_for_update()).one()
    born = _born_on(row)
    if born is None or row.revoked_at or row.used_at or row.wrong_days >= WRONG_DAYS:
        return False
    if born == day:
        return True
    row.wrong_days += 1
    if row.wrong_days >= WRONG_DAYS:
        row.revoked_at = now()
    return False


def _has_door(user_id: int | None, school_id: int, role: Role) -> bool:
    if user_id is None:
        return False
    hat = Hat.FAMILY if role.is_family else Hat.STAFF
    return any(door.school_id == school_id and door.hat is hat for door in entry.doors(user_id))


def belongs_elsewhere(user_id: int, school_id: int) -> bool:
    """Whether a person has a way into another school."""
    return any(door.school_id != school_id for door in entry.doors(user_id))


class NoLongerGood(Exception):
    """The link was used or withdrawn a moment ago."""


def accept(invited: Invited, name: str, password_hash: str | None) -> int:
    """Let a person in by their link: the account, its password unless it has one, its role; the user's id."""
    with acting(_invited_actor(invited)):
        return _accept(invited, name, password_hash)


def _invited_actor(invited: Invited) -> Actor:
    return system_actor(invited.school_id, f"{invited.name or invited.email}, by invitation")


@writes("Invitation accepted")
def _accept(invited: Invited, name: str, password_hash: str | None) -> int:
    row = db.session.scalars(select(Invitation).where(Invitation.id == invited.id)).one()
    if row.used_at or row.revoked_at or row.expires_at <= now():
        raise NoLongerGood
    if row.role.is_family and _born_on(row) is None:
        raise NoLongerGood
    row.used_at = now()
    user_id = open_account(NewAccount(row.email, name or invited.name, row.role, password_hash))
    if row.adult_id is not None and row.child_id is not None and _is_taken(row.adult_id, row.child_id, user_id):
        raise NoLongerGood
    accepted = hooks.Accepted(user_id, require_actor().school_id, row.role, row.adult_id)
    for hook in hooks.invitation_accepted:
        hook(accepted)
    return user_id
