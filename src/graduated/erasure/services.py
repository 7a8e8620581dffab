"""Erasing and putting right: one person asks, another carries it out, in one transaction, or not at all.

The file of an uploaded paper goes in the same way (`services_files` has how it is asked for).

In order: the places are found once more; tombstones are written, then a permit that opens the rows they name and no
others; the words go from their own place, from where they are quoted, from drafts, post and kept papers, and from the
contents of the audit; the permit goes. Files and the database's free pages are cleaned after the commit.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from graduated.access import actions
from graduated.access.guards import may
from graduated.access.identity import require_actor
from graduated.access.policy import Subject
from graduated.audit.capture import ERASING
from graduated.audit.models import Tombstone
from graduated.db.clock import local, now
from graduated.db.machinery import DestructionPermit
from graduated.db.session import db
from graduated.db.writing import Clash, check_version, writes
from graduated.erasure.after import clean_after
from graduated.erasure.authority import with_authority
from graduated.erasure.errors import ErasureRefused
from graduated.erasure.finding import Found, as_system
from graduated.erasure.finding_files import found_for
from graduated.erasure.history import hollowed
from graduated.erasure.hooks import held_since
from graduated.erasure.machinery import is_being_worked_on, take_from_drafts, take_from_post_and_jobs
from graduated.erasure.models import ErasureOrder
from graduated.erasure.places import Place, is_paper, label_of, nameable, room_in, row_at
from graduated.erasure.sealed import Taken, take_from_seals
from graduated.rules.erasure import marks, may_carry_out, repeats
from graduated.rules.passages import (
    AGAIN,
    GONE,
    Sought,
    folded,
    has_words,
    left_at,
    said_beside_marks,
    stands_in,
    without,
)
from graduated.rules.vocabulary import ByLaw, OrderState, Role
from graduated.web.filters import long_date

_OF_PACK = ("manifest_sha256", "sha256", "warnings")
_ORDER = select(ErasureOrder).where(ErasureOrder.id == bindparam("order_id"))
_OPEN = select(ErasureOrder.passage).where(
    ErasureOrder.table_name == bindparam("table"),
    ErasureOrder.row_id == bindparam("row_id"),
    ErasureOrder.field == bindparam("field"),
    ErasureOrder.state == OrderState.ASKED,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. `advised_by`: who gave advice on data protection, and when.

    `passage`: which of the words, as they stand there; without one all of them.
    """

    kind: ByLaw
    reason: str
    advised_by: str
    replacement: str = ""
    passage: str = ""


@writes("Erasure or rectification asked for")
def ask(place: Place, wish: Wish) -> int:
    """Ask that the words at a place are erased or put right. Gives the order's id; nothing changes yet."""
    row = row_at(place)
    words = getattr(row, place.field, None) if row is not None else None
    if not isinstance(words, str) or not words.strip():
        raise ErasureRefused("No words stand there any more.")
    refuse_held(row.pupil_id)
    _refuse_passage(place, wish.passage, words)
    _refuse_words(place, wish.passage or words, wish)
    return put_down(place, row, wish)


def put_down(place: Place, row: Any, wish: Wish) -> int:
    """The order itself, once nothing speaks against it; gives its id."""
    actor = require_actor()
    order = ErasureOrder(
        pupil_id=row.pupil_id,
        table_name=place.table,
        row_id=place.row_id,
        field=place.field,
        review_id=row.id if place.table == "review" else getattr(row, "review_id", None),
        kind=wish.kind,
        passage=wish.passage.strip(),
        replacement=wish.replacement.strip() if wish.kind is ByLaw.RECTIFY else "",
        reason=wish.reason.strip(),
        advised_by=wish.advised_by.strip(),
        asked_by=actor.name,
        asked_with_authority=_has_authority(),
    )
    db.session.add(order)
    db.session.flush()
    return order.id


def refuse_held(pupil_id: int) -> None:
    """Raise ErasureRefused while a record is held."""
    day = held_since(pupil_id)
    if day is not None:
        raise ErasureRefused(
            f"This record has been held since {long_date(day)}. Until the hold ends, nothing in it is erased or put "
            "right by law."
        )


def _refuse_passage(place: Place, passage: str, words: str) -> None:
    if place.field not in nameable(place.table):
        raise ErasureRefused("This is no place in which words are erased or put right by law.")
    if passage and not has_words(passage):
        raise ErasureRefused("You marked no words, only spaces or signs. Copy the words from the text.")
    if not has_words(said_beside_marks(words)):
        raise ErasureRefused("Only the mark of what went by law stands there. It stays.")
    if not stands_in(passage, words):
        raise ErasureRefused("The words you marked do not stand there like that. Copy them from the text.")
    refuse_asked(place, passage)


def refuse_asked(place: Place, passage: str = "") -> None:
    """Raise ErasureRefused when the same was asked for already."""
    about = {"table": place.table, "row_id": place.row_id, "field": place.field}
    if folded(passage) in [folded(one) for one in db.session.scalars(_OPEN, about)]:
        raise ErasureRefused("This has been asked for already, and waits for a second person.")


def _refuse_words(place: Place, words: str, wish: Wish) -> None:
    if wish.kind is ByLaw.RECTIFY:
        if not has_words(wish.replacement):
            raise ErasureRefused("Write the words as they should have been.")
        if wish.replacement.split() == words.split():
            raise ErasureRefused("These are the words that stand there. Write them as they should have been.")
        room = room_in(place)
        if room is not None and len(wish.replacement.strip()) > room - 40:
            raise ErasureRefused(f"There is room for {room - 40} letters here. Write it shorter.")
    right = wish.replacement if wish.kind is ByLaw.RECTIFY else ""
    for says, kept in (("The reason says", wish.reason), ("Whoever advised you is told with", wish.advised_by)):
        said = repeats(kept, words, right)
        if said:
            raise ErasureRefused(
                f"{says} “{said}”, which stands in the words that go. It is kept for ever: write it without them."
            )


def _has_authority() -> bool:
    return may(actions.ERASE_AUTHORISE, Subject())


@writes("Erasure or rectification declined")
def decline(order_id: int, why: str, version: int | None = None) -> int:
    """Say no to what was asked for, with a reason; whoever asked may take it back in the same way."""
    order = _waiting(order_id, version)
    order.state, order.declined_why = OrderState.DECLINED, why.strip()
    order.decided_by, order.decided_at = require_actor().name, now()
    db.session.flush()
    return order_id


def _waiting(order_id: int, version: int | None) -> ErasureOrder:
    order = db.session.scalars(_ORDER, {"order_id": order_id}).one()
    check_version(order, version, {"order_id": order_id})
    if order.state is not OrderState.ASKED:
        raise ErasureRefused(f"This is {order.state.inside} already.")
    return order


@writes("Words erased or put right by law")
def carry_out(order_id: int, version: int | None = None, seen: str | None = None) -> int:
    """Do what was asked for, for good. Gives the order's id.

    `seen` is what the person was shown (`queries.Foreseen.seen`): when something else would go by now, it is a Clash.
    Raises ErasureRefused when the same person asked, when neither of the two has the authority, while the record is
    held, when the words are gone already, or when a seal over them does not hold.
    """
    return _carried_out(order_id, version, seen)


@writes("Paper erased by law")
def carry_out_paper(order_id: int, version: int | None = None, seen: str | None = None) -> int:
    """The same for the file of an uploaded paper; refused as well while something is being made of the record."""
    return _carried_out(order_id, version, seen)


def _carried_out(order_id: int, version: int | None, seen: str | None) -> int:
    order = _waiting(order_id, version)
    actor, has_authority = require_actor(), _has_authority()
    refused = may_carry_out(
        same_person=order.recorded_by_id == actor.user_id,
        asker_has_authority=order.recorded_by_id in with_authority([order.recorded_by_id]),
        decider_has_authority=has_authority,
    )
    if refused:
        raise ErasureRefused(refused)
    refuse_held(order.pupil_id)
    order.state, order.decided_by, order.decided_at = OrderState.DONE, actor.name, now()
    by = actor.name if has_authority else order.asked_by
    act = _Act(order, f"{by}, {Role.HEAD.inside}", actor.name)
    with as_system():
        place = Place(order.table_name, order.row_id, order.field)
        _refuse_gone(place, order)
        found = found_for(place, order.pupil_id, order.passage, order_id)
        if seen is not None and found.fingerprint() != seen:
            raise Clash({})
        _take(found, act)
    return order_id


def _refuse_gone(place: Place, order: ErasureOrder) -> None:
    row = row_at(place)
    text = getattr(row, place.field) if row is not None else ""
    if is_paper(place):
        if not text:
            raise ErasureRefused("The file of this paper is not kept any more.")
        if is_being_worked_on(order.pupil_id):
            raise ErasureRefused(
                "A pack or a file of this record is being made at this moment, and may hold the paper. Wait until it "
                "is done, and read here again what goes."
            )
        return
    if not text or not stands_in(order.passage, text):
        raise ErasureRefused("The words do not stand there any more.")
    if not order.passage and not has_words(said_beside_marks(text)):
        raise ErasureRefused("Nothing stands there any more but the mark of an earlier erasure.")


class _Act:
    """One erasure while it is carried out: what it puts where, fixed before anything is written, and its permit."""

    def __init__(self, order: ErasureOrder, authority: str, by: str) -> None:
        self.order, self.authority, self.by, self.at = order, authority, by, now()
        self.kind, self.passage, self.reason = order.kind, order.passage, order.reason
        self.right = order.replacement if order.kind is ByLaw.RECTIFY else ""
        self.token = secrets.token_hex(16)
        self.left: dict[Place, tuple[Any, str]] = {}

    def prepare(self, found: Found) -> None:
        """Work out what stands at every place afterwards. Raises ErasureRefused when right words have no room."""
        if is_paper(found.place):
            self.left[found.place] = ("", "")
            return
        named = Sought(folded(self.passage)) if self.passage else None
        self.left[found.place] = self._left(found.place, getattr(row_at(found.place), found.place.field), named)
        if found.sought is not None:
            for place in found.quoted:
                self.left[place] = self._left(place, getattr(row_at(place), place.field), found.sought)

    def _left(self, place: Place, value: Any, sought: Sought | None) -> tuple[Any, str]:
        if place.table == "erasure_order" and sought is not None:  # no words in what somebody else has asked for
            return without(value, sought, GONE, GONE), GONE
        room, on = room_in(place), local(self.at).date()
        marked = marks(self.kind, on, self.authority, self.by, self.reason, room)
        if not isinstance(value, str) and sought is not None:
            return without(value, sought, f"{self.right} {marked[0]}".strip(), self.right or AGAIN), marked[0]
        left = left_at(value, sought, self.right, marked, room)
        if left is None:
            raise ErasureRefused(
                f"The words also stand in {label_of(place)}, which has room for {room} letters: the right words do not "
                "fit there. Decline this, and ask for shorter ones."
            )
        return left

    def tombstone(self, place: Place, taken: Taken, audit: dict[str, str]) -> Tombstone:
        """The row that stays for a place."""
        review_id, part, digest = taken.sealed.get(place, (None, "", ""))
        order = self.order
        return Tombstone(
            pupil_id=order.pupil_id,
            erasure_order_id=order.id,
            kind=order.kind,
            table_name=place.table,
            row_id=place.row_id,
            field=place.field,
            review_id=review_id,
            part=part,
            digest=digest,
            mark=self.left[place][1] if place in self.left else "",
            reason=order.reason,
            authority=self.authority,
            advised_by=order.advised_by,
            carried_out_by=self.by,
            at=self.at,
            permit=self.token,
            audit=audit,
        )


def _take(found: Found, act: _Act) -> None:
    """Everything that happens once two people have said yes. Runs as the system."""
    files = [Place("paper_given", one.id, "sha256") for one in found.papers]
    files += [Place("pack_build", one.id, "manifest") for one in found.packs]
    files += [Place("pack_file", one.id, "sha256") for one in found.beside]
    files += [Place("transfer_out", one.id, "sha256") for one in found.bundles]
    places = [*found.records, *files]
    act.prepare(found)
    taken = take_from_seals(found)
    silent = {*places, *found.besides, *taken.salts, Place("erasure_order", act.order.id, "passage")}
    silent |= {Place("pack_build", one.id, name) for one in found.packs for name in _OF_PACK}
    if is_paper(found.place):
        silent.add(Place(found.place.table, found.place.row_id, "preview_sha256"))
    db.session.info[ERASING] = {tuple(one) for one in silent}
    audit = hollowed(found, silent, act.authority, act.order.id)
    db.session.add_all(act.tombstone(place, taken, audit if number == 0 else {}) for number, place in enumerate(places))
    db.session.flush()
    permit = DestructionPermit(why=act.order.reason, authority=act.authority[:120], token=act.token)
    db.session.add(permit)
    db.session.flush()
    taken.write()
    gone = found.hashes
    _replace(found, act)
    _take_files(found)
    if found.sought is not None:
        take_from_drafts(found.drafts, found.sought)
        take_from_post_and_jobs(found.posts, found.jobs, found.sought)
    db.session.flush()
    db.session.delete(permit)
    db.session.flush()
    clean_after(gone)


def _replace(found: Found, act: _Act) -> None:
    for place, (left, _mark) in act.left.items():
        setattr(row_at(place), place.field, left)
    if is_paper(found.place):
        row_at(found.place).preview_sha256 = ""
    act.order.passage = ""
    for place in found.besides:
        setattr(row_at(place), place.field, {})
    db.session.flush()


def _take_files(found: Found) -> None:
    """Let go of the kept files."""
    for kept in found.kept:
        kept.sha256 = ""
    for pack in found.packs:
        pack.manifest_sha256, pack.manifest, pack.warnings = "", {}, []
