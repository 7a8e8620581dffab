"""Destroying a whole record: every row below the pupil, what only this pupil had, the files, and the audit's contents.

It goes through the door of the law (docs/decisions, "What goes by law"): a tombstone for each row, a permit that opens
those rows and no others, one act or none. What is left is a shell: the pupil's number without a name, and of sealed
reviews the digest of the seal, so that the chain over other pupils' reviews still holds.
"""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import JSON, String, inspect, or_, select

from graduated.access import entry
from graduated.access.identity import acting, require_actor, system_actor
from graduated.audit.capture import ERASING, WHOLE
from graduated.audit.chain import digest
from graduated.audit.models import ChangeDetail, ChangeEvent, Tombstone
from graduated.db.base import Base
from graduated.db.clock import now, today
from graduated.db.keys import Draft, path_in
from graduated.db.machinery import DestructionPermit, Job, Post
from graduated.db.session import db
from graduated.do.models import DeliveredSession, GroupCover
from graduated.erasure.history import why_erased
from graduated.erasure.machinery import of_user, pupil_at
from graduated.erasure.models import ErasureOrder
from graduated.people.models import Invitation, Membership, User
from graduated.plan.models import Group, GroupChange, Place
from graduated.pupils.models import Adult, FamilyLink, Pupil
from graduated.retention.accounts import end_family_roles, forget_devices, keys_of
from graduated.retention.models import DestructionOrder, LegalHold
from graduated.review.models import Review
from graduated.rules.passages import hollow
from graduated.rules.vocabulary import ByLaw, ReviewStatus

STAYS = frozenset({"pupil", "tombstone", "erasure_order", "destruction_order", "legal_hold", "transfer_receipt"})
"""Tables of a pupil of which the rows stay: the shell, what says that and why it is one, and the receipt."""
_KEPT_ENTRIES = STAYS - {"pupil"}
_SEALED_SHELLS = frozenset({"cycle", "review", "seal"})
_FILES = ("sha256", "preview_sha256")
_WORDY: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (LegalHold, ("reason", "ended_why")),
    (ErasureOrder, ("passage", "replacement", "declined_why")),
    (DestructionOrder, ("declined_why",)),
)
_WORDY_NAMES = {cls.__tablename__: names for cls, names in _WORDY}


@dataclass
class Reach:
    """All that a destruction takes: rows that go, rows of which only a shell stays, and the files they name."""

    pupil: Pupil
    going: list[Any] = field(default_factory=list)
    shells: list[Any] = field(default_factory=list)
    accounts: list[User] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    adults_going: set[int] = field(default_factory=set)
    keys: list[Any] = field(default_factory=list)
    """Ways into the accounts that are closed; of them nothing stays, and no tombstone says that they were there."""
    files: set[str] = field(default_factory=set)

    @property
    def kept_accounts(self) -> int:
        """How many accounts of adults who go from here stay, because they lead elsewhere too."""
        return len(self.kept)

    @property
    def counts(self) -> Counter[str]:
        """How many rows of each table go."""
        return Counter(row.__tablename__ for row in self.going)

    @property
    def emptied(self) -> Counter[str]:
        """How many rows of each table lose their words and stay as shells."""
        return Counter(row.__tablename__ for row in self.shells)


def reach_of(pupil_id: int) -> Reach:
    """Find all of it. Runs as the system of the school."""
    pupil = db.session.scalars(select(Pupil).where(Pupil.id == pupil_id)).one()
    found = Reach(pupil)
    sealed = set(
        db.session.scalars(select(Review.id).where(Review.pupil_id == pupil_id, Review.status == ReviewStatus.SEALED))
    )
    kept_cycles = set(db.session.scalars(select(Review.cycle_id).where(Review.id.in_(sealed))))
    for cls in _classes_of_pupils():
        table = cls.__tablename__
        for row in db.session.scalars(select(cls).where(cls.pupil_id == pupil_id).order_by(cls.id)):
            stays = (
                (table == "review" and row.id in sealed)
                or (table == "cycle" and row.id in kept_cycles)
                or (table == "transfer_out")
                or table == "seal"
            )
            (found.shells if stays else found.going).append(row)
    _groups(found)
    _adults(found)
    for row in (*found.going, *found.shells):
        found.files |= {getattr(row, name) for name in _FILES if getattr(row, name, "")}
    return found


def _classes_of_pupils() -> list[Any]:
    order = {table.name: number for number, table in enumerate(Base.metadata.sorted_tables)}
    found = [mapper.class_ for mapper in Base.registry.mappers]
    own = [cls for cls in found if hasattr(cls, "pupil_id") and cls.audited and cls.__tablename__ not in STAYS]
    return sorted(own, key=lambda cls: order[cls.__tablename__])


def _groups(found: Reach) -> None:
    """Groups in which nobody else ever had a place, with their sessions."""
    mine = set(db.session.scalars(select(Place.group_id).where(Place.pupil_id == found.pupil.id)))
    shared = set(
        db.session.scalars(select(Place.group_id).where(Place.group_id.in_(mine), Place.pupil_id != found.pupil.id))
    )
    for cls, column in ((Group, Group.id), (GroupChange, GroupChange.group_id), (GroupCover, GroupCover.group_id),
                        (DeliveredSession, DeliveredSession.group_id)):  # fmt: skip
        found.going += db.session.scalars(select(cls).where(column.in_(mine - shared)).order_by(cls.id)).all()


def _adults(found: Reach) -> None:
    """Adults who belong to no other child here; accounts that lead nowhere else are closed and lose their names."""
    mine = set(db.session.scalars(select(FamilyLink.adult_id).where(FamilyLink.pupil_id == found.pupil.id)))
    others = set(
        db.session.scalars(
            select(FamilyLink.adult_id).where(FamilyLink.adult_id.in_(mine), FamilyLink.pupil_id != found.pupil.id)
        )
    )
    alone = mine - others
    found.going += db.session.scalars(select(Invitation).where(Invitation.adult_id.in_(alone))).all()
    adults = db.session.scalars(select(Adult).where(Adult.id.in_(alone)).order_by(Adult.id)).all()
    found.going += adults
    theirs = {one.user_id for one in adults if one.user_id}
    closing = theirs - _with_another_door(theirs, alone)
    found.accounts += db.session.scalars(select(User).where(User.id.in_(closing)).order_by(User.id)).all()
    found.kept, found.adults_going, found.keys = theirs - closing, alone, keys_of(closing)


def _with_another_door(user_ids: set[int], going: set[int]) -> set[int]:
    """Who of these people is more than an adult of this record, today or once: staff, or known to another school.

    An account is one for the whole installation, so every school is asked; `going` are the adults who go.
    """
    here, found = require_actor().school_id, set[int]()
    for school_id, name in entry.school_ids() if user_ids else ():
        with acting(system_actor(school_id, name)), db.session.no_autoflush:
            roles = select(Membership.user_id, Membership.role).where(Membership.user_id.in_(user_ids))
            adults = select(Adult.user_id).where(Adult.user_id.in_(user_ids), Adult.id.not_in(going))
            found |= {user_id for user_id, role in db.session.execute(roles) if school_id != here or not role.is_family}
            found |= {user_id for user_id in db.session.scalars(adults) if user_id is not None}
    return found


def destroy(found: Reach, order: ErasureOrder, authority: str, by: str, names: dict[str, str]) -> None:
    """Everything that happens once two people have said yes. `names` is what the shell is called."""
    token, pupil_id = secrets.token_hex(16), found.pupil.id
    whole = [(row.__tablename__, row.id, WHOLE) for row in (*found.going, *found.shells)]
    silent = {*whole, ("pupil", pupil_id, WHOLE)}
    silent |= {("user", one.id, name) for one in found.accounts for name in ("name", "email")}
    silent |= {(row.__tablename__, row.id, WHOLE) for row in found.keys}
    wordy = _words_that_stayed(pupil_id)
    silent |= {(row.__tablename__, row.id, name) for row, name in wordy}
    db.session.info[ERASING] = silent
    for row, name in wordy:
        setattr(row, name, "")
    db.session.flush()
    audit = _hollowed(found, order.id, authority)
    places = [("pupil", pupil_id, None), *((row.__tablename__, row.id, row) for row in (*found.going, *found.shells))]
    for number, (table, row_id, row) in enumerate(places):
        db.session.add(
            Tombstone(
                pupil_id=pupil_id, erasure_order_id=order.id, kind=ByLaw.ERASE, table_name=table, row_id=row_id,
                field=WHOLE, review_id=_review_of(table, row), mark="", reason=order.reason, authority=authority,
                advised_by=order.advised_by, carried_out_by=by, at=now(), permit=token,
                audit=audit if number == 0 else {},
            )
        )  # fmt: skip
    db.session.flush()
    permit = DestructionPermit(why=order.reason, authority=authority[:120], token=token)
    db.session.add(permit)
    db.session.flush()
    _empty_shells(found, names)
    _remove(found)
    _forget_machinery(pupil_id)
    db.session.delete(permit)
    db.session.flush()


def _words_that_stayed(pupil_id: int) -> list[tuple[Any, str]]:
    """(row, column) of what was written at holds and orders, which stay without those words.

    Of an order that was carried out the reason and the advice stay, as its tombstones have them (docs/decisions).
    """
    return [
        (row, name)
        for cls, names in _WORDY
        for row in db.session.scalars(select(cls).where(cls.pupil_id == pupil_id).order_by(cls.id))
        for name in names
        if getattr(row, name)
    ]


def _review_of(table: str, row: Any) -> int | None:
    """The shell of a review that a tombstone opens: the door of seals and their parts asks for it."""
    if table == "review":
        return int(row.id) if row.status is ReviewStatus.SEALED else None
    return int(row.review_id) if table in ("seal", "seal_parts") else None


def _empty_shells(found: Reach, names: dict[str, str]) -> None:
    for row in found.shells:
        keep = {
            "cycle": {"number", "plan_type", "origin", "status", "starts", "ends"},
            "review": {"cycle_id", "interim", "status", "from_paper"},
            "seal": {"review_id", "sequence", "digest", "previous_digest", "sealed_at"},
            "transfer_out": {"to_school", "made_by", "size"},
        }[row.__tablename__]
        _empty(row, keep)
    pupil = found.pupil
    born, rights, left = pupil.born_on, pupil.rights_pass_on, pupil.left_on
    _empty(pupil, {"born_on", "year_group", "rights_pass_on", "left_on"})
    pupil.legal_surname, pupil.legal_forename = names["surname"], names["forename"]
    pupil.born_on, pupil.rights_pass_on = date(born.year, 1, 1), date(rights.year, 6, 30)
    pupil.left_on = left or today()
    for one in found.accounts:
        one.active, one.name, one.email = False, "Somebody whose record was destroyed", f"{one.id}@destroyed.invalid"
    closed = {one.id for one in found.accounts}
    forget_devices(closed)
    end_family_roles(closed | found.kept, found.adults_going)
    db.session.flush()


def _empty(row: Any, keep: set[str]) -> None:
    """Take out of a row all that it need not have."""
    for attribute in inspect(type(row)).column_attrs:
        column, name = attribute.columns[0], attribute.key
        if name in keep | {"id", "school_id", "pupil_id", "version", "recorded_at"} or column.primary_key:
            continue
        if column.nullable:
            setattr(row, name, None)
        elif column.default is not None and column.default.is_scalar:
            setattr(row, name, column.default.arg)
        elif isinstance(column.type, JSON):
            setattr(row, name, {})
        elif isinstance(column.type, String):
            setattr(row, name, "")
        else:
            raise LookupError(f"{row.__tablename__}.{name} cannot be emptied: say that it stays, or give it a default")


def _remove(found: Reach) -> None:
    """Children before parents; of a table that points at itself the newest first."""
    order = {table.name: number for number, table in enumerate(Base.metadata.sorted_tables)}
    for row in sorted([*found.going, *found.keys], key=lambda one: (-order[one.__tablename__], -one.id)):
        db.session.delete(row)
        db.session.flush()


def _hollowed(found: Reach, order_id: int, authority: str) -> dict[str, str]:
    """The contents of every audit entry about these rows go; gives the digest of what is left of each."""
    rows = {(row.__tablename__, row.id) for row in (*found.going, *found.keys)} | {
        ("user", one.id) for one in found.accounts
    }
    statement = (
        select(ChangeDetail, ChangeEvent.pupil_id)
        .join(ChangeEvent, ChangeEvent.id == ChangeDetail.event_id)
        .where(or_(ChangeEvent.pupil_id == found.pupil.id, ChangeEvent.pupil_id.is_(None)))
        .order_by(ChangeEvent.sequence)
    )
    digests: dict[str, str] = {}
    for detail, pupil_id in db.session.execute(statement):
        if detail.payload is None:
            continue
        payload = [
            _without_words(change) if pupil_id else change
            for change in detail.payload
            if (change[0] in _KEPT_ENTRIES if pupil_id else (change[0], change[1]) not in rows)
        ]
        if payload == detail.payload:
            continue
        detail.payload, detail.salt = payload, secrets.token_hex(16)
        detail.erased_at, detail.erased_why = now(), why_erased(order_id)
        detail.erased_authority = authority[:120]
        digests[str(detail.id)] = digest(payload, detail.salt)
    return digests


def _without_words(change: list[Any]) -> list[Any]:
    """What an entry says of a row that stays, without what was written there at length."""
    table, row_id, what, columns = change
    names = _WORDY_NAMES.get(table, ())
    return [table, row_id, what, {name: hollow(pair) if name in names else pair for name, pair in columns.items()}]


def _forget_machinery(pupil_id: int) -> None:
    """Words never saved, work and post about the pupil. Who looked stays: it names a number and no child."""
    actor = require_actor()
    for job in db.session.scalars(select(Job).where(Job.payload["pupil_id"].as_integer() == pupil_id)).all():
        job.message, job.result = "", None
    for post in db.session.scalars(select(Post).where(Post.body.contains(f"/pupils/{pupil_id}"))).all():
        if pupil_at_end(post.body, pupil_id):
            post.subject, post.body, post.error = "", "", ""
    for user_id in db.session.scalars(select(Membership.user_id).distinct()).all():
        with of_user(user_id, actor.school_id):
            for draft in db.session.scalars(select(Draft)).all():
                if pupil_at(path_in(draft.place, actor.school_id)) == pupil_id:
                    db.session.delete(draft)
            db.session.flush()


def pupil_at_end(body: str, pupil_id: int) -> bool:
    """Whether a letter leads to just this pupil's page, not to one whose number begins alike."""
    _before, _there, after = body.partition(f"/pupils/{pupil_id}")
    return not after[:1].isdecimal()
