"""Invitations: a link for one person, good once and for seven days, of which only a hash is kept.

The token begins with the number of its school, so that it is looked up as that school and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, func, select

from graduated.access import entry
from graduated.access.identity import Actor, acting, require_actor, system_actor
from graduated.access.policy import Hat
from graduated.db.clock import now
from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.people import hooks
from graduated.people.models import Credential, Invitation, User
from graduated.people.services import NewAccount, open_account
from graduated.people.sign_in import hash_token
from graduated.people.tokens import new_token as new_token
from graduated.people.tokens import school_of
from graduated.rules.vocabulary import Role
from graduated.school.queries import school_details

GOOD_FOR = timedelta(days=7)

_OPEN_OF = select(Invitation).where(
    func.lower(Invitation.email) == bindparam("email"),
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


def has_password(user_id: int) -> bool:
    """Whether an account has a password already, and so needs no link."""
    return db.session.execute(_HAS_PASSWORD, {"user_id": user_id}).first() is not None


@writes("Invitation made")
def invite(
    email: str, role: Role, token_hash: str, *, adult_id: int | None = None, letter: Letter | None = None
) -> int:
    """Make a link for an address in a role, the earlier ones of that address being revoked; the invitation's id.

    `adult_id` is the adult of a family whom the account will belong to. The token itself never comes here.

    Raises OpensMore for a family's link to the account of somebody on the staff who has set no password yet.
    """
    address = email.strip().lower()
    if role.is_family and _opens_more(entry.user_id_of(address), require_actor().school_id):
        raise OpensMore("This address is of a member of staff who has not come in yet. Invite them once they have.")
    revoke_all(address)
    row = Invitation(token_hash=token_hash, email=address, role=role, adult_id=adult_id, expires_at=now() + GOOD_FOR)
    db.session.add(row)
    if letter is not None:
        db.session.add(Post(recipient=address, subject=letter.subject, body=letter.body, forget_when_sent=True))
    db.session.flush()
    return row.id


class OpensMore(PermissionError):
    """Whoever holds the link could set the password of an account that opens more than the link is for."""


def _opens_more(user_id: int | None, school_id: int) -> bool:
    """Whether a family's link would set the password of an account with other ways in than this school's families."""
    if user_id is None or has_password(user_id):
        return False
    return any(door.hat is not Hat.FAMILY or door.school_id != school_id for door in entry.doors(user_id))


@writes("Invitations revoked")
def revoke_all(email: str) -> None:
    """No link of that address works any more."""
    for row in db.session.scalars(_OPEN_OF, {"email": email.strip().lower()}).all():
        row.revoked_at = now()


def find(token: str) -> Invited | None:
    """The invitation of a token, if it is good now: not used, not revoked, not too old, its role not ended."""
    school_id = school_of(token)
    if school_id is None:
        return None
    with acting(system_actor(school_id, "Invitation")):
        row = db.session.scalars(_BY_HASH, {"token_hash": hash_token(token)}).one_or_none()
        if row is None or row.used_at or row.revoked_at or row.expires_at <= now():
            return None
        user_id = entry.user_id_of(row.email)
        if not row.role.is_family and not _has_door(user_id, school_id, row.role):
            return None
        if row.role.is_family and _opens_more(user_id, school_id):
            return None
        name = db.session.scalar(_NAME, {"user_id": user_id}) or ""
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
        )


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
    row.used_at = now()
    user_id = open_account(NewAccount(row.email, name or invited.name, row.role, password_hash))
    accepted = hooks.Accepted(user_id, require_actor().school_id, row.role, row.adult_id)
    for hook in hooks.invitation_accepted:
        hook(accepted)
    return user_id
