"""What in a record somebody has to decide on before it is given away, and what was decided.

Papers, and entries about other adults or marked restricted, are decided one by one; names of others are found in every
text. What nobody has decided stays out; names of staff and professionals stay in unless somebody takes them out.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.disclosure.gather import Gathered, Spot, gather
from graduated.disclosure.items import Decided, Decisions, Item, items_of, own_adults
from graduated.disclosure.models import DisclosureDecision
from graduated.disclosure.queries import RequestRow
from graduated.disclosure.tables import label_of
from graduated.people.models import Membership, User
from graduated.pupils.models import Adult, Pupil
from graduated.rules.third_parties import Found, Names, Person, ThirdParty
from graduated.rules.vocabulary import DecidedOn, Disclosing, InformationKind, Role

_AROUND = 70
_PUPILS = select(Pupil.id, Pupil.legal_forename, Pupil.known_as, Pupil.legal_surname, Pupil.known_surname)
_ADULTS = select(Adult.id, Adult.forename, Adult.surname)
# Parents have accounts, too: a name is one of staff only by a role at school.
_STAFF = (
    select(User.name)
    .join(Membership, Membership.user_id == User.id)
    .where(Membership.role.not_in([Role.PARENT, Role.YOUNG_PERSON]))
    .distinct()
)
_DECISIONS = (
    select(
        DisclosureDecision.about,
        DisclosureDecision.key,
        DisclosureDecision.choice,
        DisclosureDecision.reason,
        DisclosureDecision.recorded_at,
        User.name.label("who"),
    )
    .outerjoin(User, User.id == DisclosureDecision.recorded_by_id)
    .where(DisclosureDecision.information_request_id == bindparam("request_id"))
    .order_by(DisclosureDecision.id)
)


@dataclass(frozen=True, slots=True)
class NamePlace:
    """A name at one place, with the words around it."""

    key: str
    where: str
    before: str
    typed: str
    after: str
    decided: Decided | None

    @property
    def code(self) -> str:
        """The place in a form."""
        return digest(self.key)


@dataclass(frozen=True, slots=True)
class NameGroup:
    """One name as it is written, at every place where it stands."""

    form_id: str
    shown: str
    kind: ThirdParty
    places: tuple[NamePlace, ...]

    @property
    def undecided(self) -> int:
        """At how many places nobody has decided."""
        return sum(1 for one in self.places if one.decided is None)


@dataclass(frozen=True)
class Weighed:
    """A record held against what was decided of it, as far as whoever acts may see it."""

    request: RequestRow
    gathered: Gathered
    items: tuple[Item, ...]
    groups: tuple[NameGroup, ...]
    words: tuple[tuple[str, str], ...]
    looked: Decided | None
    decisions: Decisions
    names: Names

    @cached_property
    def staff(self) -> tuple[NameGroup, ...]:
        """Names of staff and professionals: in, unless somebody takes them out."""
        return tuple(one for one in self.groups if one.kind is ThirdParty.STAFF)

    @cached_property
    def others(self) -> tuple[NameGroup, ...]:
        """Names of everybody else: out, unless somebody lets them in."""
        return tuple(one for one in self.groups if one.kind is not ThirdParty.STAFF)

    @property
    def undecided(self) -> int:
        """How many things wait for a decision."""
        items = sum(1 for one in self.items if one.decided is None)
        return items + sum(one.undecided for one in self.others)


def decisions_of(request_id: int) -> Decisions:
    """The newest decision on each thing."""
    rows = db.session.execute(_DECISIONS, {"request_id": request_id})
    return {
        (row.about, row.key): Decided(row.choice, row.reason, row.who or "The system", row.recorded_at) for row in rows
    }


def weigh(request: RequestRow) -> Weighed:
    """Everything of one request that somebody has to look at."""
    found = gather(request.pupil_id, of_record=request.kind is InformationKind.RECORD)
    decisions = decisions_of(request.request_id)
    names = _names(found, request)
    items = items_of(found, request, decisions)
    groups = _groups(found, names, decisions)
    words = tuple(
        (key, decided.reason)
        for (about, key), decided in decisions.items()
        if about is DecidedOn.WORDS and decided.choice is Disclosing.LEFT_OUT
    )
    looked = decisions.get((DecidedOn.LOOKED, "kept"))
    return Weighed(request, found, items, groups, words, looked, decisions, names)


def digest(text: str) -> str:
    """A short code for a text, so that no key holds words."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def key_of(spot: Spot, text: str, found: Found) -> str:
    """By what a name at one place is known: the place, the words around it and how it is written."""
    return f"{spot.table}:{spot.row_id}:{spot.column}:{digest(text)}:{digest(found.form)}"


# -- whose names ----------------------------------------------------------------------------------------------------


def _names(found: Gathered, request: RequestRow) -> Names:
    """The names of everybody but the pupil and who asks."""
    own = found.rows["pupil"][0]
    family = {row["id"] for row in found.rows.get("adult", ())}
    mine = own_adults(found, request)
    people = [
        Person(ThirdParty.PUPIL, (row.legal_forename, row.known_as or ""), (row.legal_surname, row.known_surname or ""))
        for row in db.session.execute(_PUPILS)
        if row.id != request.pupil_id
    ]
    for row in db.session.execute(_ADULTS):
        if row.id not in mine:
            kind = ThirdParty.FAMILY if row.id in family else ThirdParty.ADULT
            people.append(Person(kind, (row.forename,), (row.surname,)))
    outside = [row["person"] for row in found.rows.get("involvement", ()) if row["person"]]
    for name in [*db.session.scalars(_STAFF), *outside]:
        first, _, last = name.rpartition(" ")
        people.append(Person(ThirdParty.STAFF, (_without_title(first),), (last,)))
    return Names(people, [str(own[name] or "") for name in _OWN])


_OWN = ("legal_forename", "legal_surname", "known_as", "known_surname")


def _without_title(first: str) -> str:
    return " ".join(
        one for one in first.split() if one.strip(".").lower() not in {"mr", "mrs", "ms", "miss", "mx", "dr"}
    )


def _groups(found: Gathered, names: Names, decisions: Decisions) -> tuple[NameGroup, ...]:
    places: dict[tuple[str, ThirdParty], dict[str, NamePlace]] = defaultdict(dict)
    typed: dict[tuple[str, ThirdParty], Counter[str]] = defaultdict(Counter)
    for spot, text in found.texts():
        for one in names.found_in(text):
            group, key = (one.form, one.kind), key_of(spot, text, one)
            typed[group][text[one.start : one.end]] += 1
            places[group].setdefault(key, _place(spot, text, one, key, decisions))
    order = {kind: number for number, kind in enumerate(ThirdParty)}
    return tuple(
        NameGroup(digest(f"{kind}:{form}"), typed[form, kind].most_common(1)[0][0], kind, tuple(some.values()))
        for (form, kind), some in sorted(places.items(), key=lambda pair: (order[pair[0][1]], pair[0][0]))
    )


def _place(spot: Spot, text: str, one: Found, key: str, decisions: Decisions) -> NamePlace:
    before, after = text[max(0, one.start - _AROUND) : one.start], text[one.end : one.end + _AROUND]
    return NamePlace(
        key,
        label_of(spot.table),
        ("…" if one.start > _AROUND else "") + before,
        text[one.start : one.end],
        after + ("…" if one.end + _AROUND < len(text) else ""),
        decisions.get((DecidedOn.NAME, key)),
    )
