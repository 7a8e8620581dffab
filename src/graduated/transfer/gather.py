"""Everything on record about one pupil, by table, as it goes to the next school. Runs as the system of the school.

Restricted papers stay, with whatever can say nothing without them; they are counted and go on their own way, from one
safeguarding lead to the other (domain §3.10).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, select

from graduated.assess.queries_restricted import closed_entries
from graduated.db.session import db
from graduated.people.models import Membership, User
from graduated.rules.calendar import academic_year
from graduated.rules.vocabulary import PlanningStatus, Role, Visibility
from graduated.school.queries_rates import card_in_force, rate_cards
from graduated.transfer.tables import (
    GROUNDS,
    OF_PUPIL,
    OF_SCHOOL,
    SEALS,
    TOLD,
    columns_of,
    holds_file,
    links_of,
    models,
)
from graduated.transfer.words import ENTRY, REASON

Rows = dict[str, dict[int, dict[str, Any]]]
_CLOSED = (Visibility.RESTRICTED, Visibility.KEPT)


@dataclass
class Gathered:
    """By table and id the rows that go; who is named in them; how many rows stay because they are restricted."""

    rows: Rows = field(default_factory=dict)
    people: dict[int, dict[str, Any]] = field(default_factory=dict)
    withheld: Counter[str] = field(default_factory=Counter)

    @property
    def files(self) -> set[str]:
        """The hashes of the files that the rows name."""
        return {
            row[name]
            for table, rows in self.rows.items()
            for name in holds_file(table)
            for row in rows.values()
            if row[name]
        }


def gather(pupil_id: int) -> Gathered:
    """Read it all."""
    found = Gathered()
    found.rows["pupil"] = _read("pupil", models()["pupil"].id == pupil_id)
    for table in (*OF_PUPIL, *SEALS, *TOLD):
        found.rows[table] = _read(table, models()[table].pupil_id == pupil_id)
    _only_held(found)
    _without_gone(found)
    _withhold(found, pupil_id)
    _unsay_grounds(found)
    _sessions_of_groups(found)
    _say_cards(found)
    _named_rows(found)
    _whole_tables(found)
    _unsay_others(found, pupil_id)
    found.withheld["restricted note"] += len(_read("restricted_note", models()["restricted_note"].pupil_id == pupil_id))
    found.withheld += Counter()
    _people(found)
    return found


def _read(table: str, *where: Any) -> dict[int, dict[str, Any]]:
    names = columns_of(table)
    cls = models()[table]
    statement = select(*(getattr(cls, name) for name in names)).where(*where).order_by(cls.id)
    return {row["id"]: dict(row) for row in db.session.execute(statement).mappings()}


def _withhold(found: Gathered, pupil_id: int) -> None:
    """Take out what is restricted, and what cannot stand without it."""
    marked = [key for key in closed_entries(pupil_id) if found.rows[key[0]].pop(key[1], None) is not None]
    found.withheld[ENTRY] += len(marked)
    for table, rows in found.rows.items():
        closed = [key for key, row in rows.items() if row.get("visibility") in _CLOSED]
        for key in closed:
            del rows[key]
        found.withheld[table] += len(closed)
    found.withheld += _loosen(found)


def _only_held(found: Gathered) -> None:
    """A planning meeting that is still to come, or was called off, is this school's: its agenda stays."""
    cls = models()["planning_meeting"]
    held = set(db.session.scalars(select(cls.id).where(cls.status == PlanningStatus.HELD)))
    items = found.rows["planning_item"]
    for key in [key for key, row in items.items() if row["meeting_id"] not in held]:
        del items[key]
    _loosen(found)


def _without_gone(found: Gathered) -> None:
    """Of a paper that was erased by law nothing goes on, nor what cannot stand without it."""
    papers = found.rows["document"]
    for key in [key for key, row in papers.items() if not row["sha256"]]:
        del papers[key]
    _loosen(found)


def _unsay_grounds(found: Gathered) -> None:
    """That an adult is barred goes, and since when; why is restricted, and is told from one safeguarding lead to
    the other."""
    for table, name in GROUNDS.items():
        for row in found.rows[table].values():
            if row[name].strip():
                row[name] = ""
                found.withheld[REASON] += 1


def _loosen(found: Gathered) -> Counter[str]:
    """Take out what points at something that stays; gives how many rows of each kind went."""
    went: Counter[str] = Counter()
    before = -1
    while went.total() != before:
        before = went.total()
        for table, rows in found.rows.items():
            for key, row in list(rows.items()):
                went[table] += _loosened(found, table, key, row)
    return +went


def _loosened(found: Gathered, table: str, key: int, row: dict[str, Any]) -> bool:
    """Whether a row had to go because it points at one that stays."""
    columns = inspect(models()[table]).columns
    for name, target in links_of(table).items():
        if target not in found.rows or row[name] is None or row[name] in found.rows[target]:
            continue
        if columns[name].nullable:
            row[name] = None
        else:
            del found.rows[table][key]
            return True
    return False


def _sessions_of_groups(found: Gathered) -> None:
    """The sessions of the pupil's groups, of the days on which the pupil had a place, or was there."""
    places = found.rows["place"].values()
    cls = models()["delivered_session"]
    sessions = _read("delivered_session", cls.group_id.in_({one["group_id"] for one in places}))
    there = {one["delivered_session_id"] for one in found.rows["presence"].values()}

    def is_hers(row: dict[str, Any]) -> bool:
        return row["id"] in there or any(
            one["group_id"] == row["group_id"]
            and one["starts"] <= row["held_on"]
            and (one["ends"] is None or one["ends"] >= row["held_on"])
            for one in places
        )

    kept = {key for key, row in sessions.items() if is_hers(row)}
    for key in sorted(kept, reverse=True):  # what an entry stands in place of goes with it
        before = sessions[key]["replaces_id"]
        if before is not None:
            kept.add(before)
    found.rows["delivered_session"] = {key: row for key, row in sessions.items() if key in kept}


def _say_cards(found: Gathered) -> None:
    """Provision that was never put on a rate card is costed by the card of its first day: here that card is named."""
    cards = rate_cards()
    for row in found.rows["provision"].values():
        if row["rate_card_id"] is None:
            card = card_in_force(cards, row["starts"])
            row["rate_card_id"] = card.card_id if card else None


def _named_rows(found: Gathered) -> None:
    """Rows of the school that are named, and what those name in their turn."""
    while True:
        wanted: dict[str, set[int]] = {}
        for table, rows in found.rows.items():
            for name, target in links_of(table).items():
                if target in OF_SCHOOL:
                    have = found.rows.get(target, {})
                    wanted.setdefault(target, set()).update(
                        row[name] for row in rows.values() if row[name] is not None and row[name] not in have
                    )
        wanted = {table: ids for table, ids in wanted.items() if ids}
        if not wanted:
            return
        for table, ids in wanted.items():
            found.rows.setdefault(table, {}).update(_read(table, models()[table].id.in_(ids)))


def _whole_tables(found: Gathered) -> None:
    """What figures are worked out from: terms, the rates of each card named, changes of groups, own profiles."""
    found.rows["term"] = _terms(found)
    for row in found.rows.get("planning_meeting", {}).values():  # who came for other pupils too is not told by name
        row["guests"] = [[service, ""] for service, _person in row["guests"]]
    cards, groups = found.rows.get("rate_card", {}), found.rows.get("group", {})
    found.rows["rate"] = _read("rate", models()["rate"].rate_card_id.in_(list(cards)))
    found.rows["group_change"] = _read("group_change", models()["group_change"].group_id.in_(list(groups)))
    codes = {one["authority"] for one in found.rows["assessment_request"].values()}
    found.rows["authority_file"] = _read("authority_file", models()["authority_file"].code.in_(codes))


def _terms(found: Gathered) -> dict[int, dict[str, Any]]:
    """The terms of the years into which the pupil's cycles, provision and figures fall."""
    days = [
        value
        for table in ("cycle", "place", "provision", "measurement", "attendance", "delivered_session")
        for row in found.rows[table].values()
        for value in row.values()
        if isinstance(value, date) and not isinstance(value, datetime)
    ]
    terms = _read("term")
    if not days:
        return {}
    first, last = academic_year(min(days)), academic_year(max(days))
    return {key: row for key, row in terms.items() if first <= row["academic_year"] <= last}


def _unsay_others(found: Gathered, pupil_id: int) -> None:
    """A note on a session with others may be about one of them: it stays here."""
    cls = models()["presence"]
    ids = list(found.rows["delivered_session"])
    shared = set(
        db.session.scalars(
            select(cls.delivered_session_id).where(cls.delivered_session_id.in_(ids), cls.pupil_id != pupil_id)
        )
    )
    for key in shared:
        row = found.rows["delivered_session"][key]
        if row["note"]:
            row["note"] = ""
            found.withheld["note on a session with other pupils"] += 1


def _people(found: Gathered) -> None:
    """Everybody who is named by an account: their names and roles, and nothing else of the account."""
    named = set(_named(found.rows, "user"))
    for row in db.session.execute(select(User.id, User.name).where(User.id.in_(named)).order_by(User.id)):
        found.people[row.id] = {"id": row.id, "name": row.name, "roles": []}
    held = select(Membership.user_id, Membership.role).where(Membership.user_id.in_(named)).order_by(Membership.id)
    for user_id, role in db.session.execute(held):
        told = found.people[user_id]["roles"]
        if role not in (Role.PARENT, Role.YOUNG_PERSON) and role.value not in told:
            told.append(role.value)
    for user_id in named - found.people.keys():  # an account of another school: nothing is told of it
        found.people[user_id] = {"id": user_id, "name": "A colleague", "roles": []}


def _named(rows: Rows, target: str) -> Iterable[int]:
    for table, some in rows.items():
        for name, points_at in links_of(table).items():
            if points_at == target:
                yield from (row[name] for row in some.values() if row[name] is not None)
