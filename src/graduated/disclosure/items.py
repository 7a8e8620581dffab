"""What of a record is decided as a whole before it is given: what is restricted, or is there because of somebody else.

A row that exists only because of another adult, of safeguarding or of something restricted is an item here, or follows
one: whoever asks must not even learn that it exists before somebody has decided so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from graduated.disclosure.barred import DESPITE
from graduated.disclosure.gather import Gathered, Row, texts_in
from graduated.disclosure.queries import RequestRow
from graduated.disclosure.tables import label_of, texts_of
from graduated.pupils.queries_family import FamilyAdult, adults_of
from graduated.rules.passages import folded
from graduated.rules.vocabulary import (
    ConcernBy,
    DecidedOn,
    Disclosing,
    InformationBy,
    InformationKind,
    Relationship,
    ViewOf,
    Visibility,
)
from graduated.web.filters import long_date

BEARS_NO_ADULT = frozenset({"view", "attendee", "information_request"})
"""Tables whose rows are decided on their own, or are about all who were there: they do not go out with their adult."""
CLOSED = frozenset({Visibility.RESTRICTED, Visibility.KEPT})


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of one thing, by whom and when."""

    choice: Disclosing
    reason: str
    who: str
    at: datetime


Decisions = Mapping[tuple[DecidedOn, str], Decided]


@dataclass(frozen=True, slots=True)
class Item:
    """A paper or an entry that is decided as a whole. Of a restricted one a reason is asked either way.

    `is_kept`: kept to the safeguarding lead, so that nobody else may learn of it, not by a count either.
    """

    key: str
    kind: str
    title: str
    detail: str
    decided: Decided | None
    is_restricted: bool = False
    is_kept: bool = False
    document_id: int | None = None

    @property
    def goes(self) -> bool:
        """Whether it is in the bundle: nothing is that nobody has decided on."""
        return self.decided is not None and self.decided.choice is Disclosing.GOES


@dataclass(frozen=True, slots=True)
class Side:
    """Whose side the bundle is seen from: who asks, and whose contacts must not reach them."""

    request: RequestRow
    mine: frozenset[int]
    called: Mapping[int, str]
    hidden: tuple[FamilyAdult, ...]
    own_words: frozenset[str]

    @property
    def is_pupil(self) -> bool:
        """Whether the pupil asks."""
        return self.request.asked_by is InformationBy.PUPIL


def side_of(found: Gathered, request: RequestRow) -> Side:
    """Who asks, held against the family. Contacts are hidden that were withheld, and all of them from who is barred."""
    adults = adults_of(request.pupil_id)
    mine = own_adults(found, request)
    barred = bool(request.bars)
    hidden = tuple(one for one in adults if one.adult_id not in mine and (barred or one.contact_withheld))
    own = (word for one in adults if one.adult_id in mine for word in contacts(one))
    return Side(
        request, frozenset(mine), {one.adult_id: f"{one.forename} {one.surname}".strip() for one in adults}, hidden,
        frozenset(map(folded, own)),
    )  # fmt: skip


def own_adults(found: Gathered, request: RequestRow) -> set[int]:
    """Who is no other person here: who asks, and the pupil's own entry among the adults."""
    own = {row["adult_id"] for row in found.rows.get("family_link", ()) if row["relationship"] is Relationship.SELF}
    asks = request.adult_id if request.asked_by is not InformationBy.PUPIL else None
    return own | ({asks} if asks is not None else set())


def contacts(adult: FamilyAdult) -> Iterator[str]:
    """How somebody is reached, as it may stand in a text: the address whole and its first line, telephone, e-mail."""
    first = adult.address.replace("\n", ",").partition(",")[0].strip()
    for words in (adult.address, first, adult.phone, adult.email):
        if sum(one.isalnum() for one in words) > 5:
            yield words


def items_of(found: Gathered, request: RequestRow, decisions: Decisions) -> tuple[Item, ...]:
    """Everything of a record that is decided as a whole."""
    side = side_of(found, request)
    plain = (*_papers(found, side), *_closed(found, side), *_of_adults(found, side), *_said(found, side))
    return tuple(_Draft.item(one, decisions) for one in plain)


@dataclass(frozen=True, slots=True)
class _Draft:
    table: str
    row_id: int
    kind: str
    title: str
    detail: str
    closed: bool = False
    kept: bool = False

    def item(self, decisions: Decisions) -> Item:
        key = f"{self.table}:{self.row_id}"
        paper = self.row_id if self.table == "document" else None
        decided = decisions.get((DecidedOn.ITEM, key))
        return Item(key, self.kind, self.title, self.detail, decided, self.closed, self.kept, paper)


def _papers(found: Gathered, side: Side) -> Iterator[_Draft]:
    """Papers, and what hangs on a restricted one and would tell of it."""
    shut = {}
    for row in found.rows.get("document", ()):
        closed, kept = row["visibility"] in CLOSED, row["visibility"] is Visibility.KEPT
        if closed:
            shut[row["id"]] = row
            if side.request.kind is InformationKind.RECORD:
                continue
        detail = ", ".join(filter(None, [row["kind"].label, long_date(row["dated"]), row["author"]]))
        kind = row["visibility"].label if closed else "Paper"
        yield _Draft("document", row["id"], kind, row["title"], detail, closed, kept)
    for table, rows in found.rows.items():
        for row in rows if table not in _WITH_ITS_PAPER else ():
            paper = shut.get(row.get("document_id"))
            if paper is not None:
                kept = paper["visibility"] is Visibility.KEPT
                title = next((said for one in texts_of(table) for said in texts_in(row[one])), label_of(table))
                yield _Draft(table, row["id"], "Its paper is restricted", title, label_of(table), True, kept)


_WITH_ITS_PAPER = {"bar", "paper_chosen"}
"""Decided on their own, or with the paper."""


def _closed(found: Gathered, side: Side) -> Iterator[_Draft]:
    """Restricted notes and entries, bars, holds, and where the child lives when somebody is kept from knowing."""
    for row in found.rows.get("restricted_note", ()):
        kept = row["visibility"] is Visibility.KEPT
        detail = f"Note of {long_date(row['noted_on'])}"
        yield _Draft("restricted_note", row["id"], row["visibility"].label, row["text"], detail, True, kept)
    for (table, row_id), level in found.shut.items():
        for row in found.rows.get(table, ()):
            if row["id"] == row_id:
                kept = level is Visibility.KEPT
                yield _Draft(table, row_id, level.label, row["text"], label_of(table), True, kept)
    links = {row["id"]: row["adult_id"] for row in found.rows.get("family_link", ())}
    for row in found.rows.get("bar", ()):
        who = side.called.get(links.get(row["family_link_id"], 0), "an adult")
        yield _Draft("bar", row["id"], row["kind"].label, f"Why {who} may not look", row["reason"], True)
    for row in found.rows.get("legal_hold", ()):
        detail = f"{row['placed_by']}, {long_date(row['starts'])}"
        yield _Draft("legal_hold", row["id"], "Hold on the record", row["reason"], detail, True)
    for row in found.rows.get("tombstone", ()):
        yield _Draft("tombstone", row["id"], row["kind"].label, row["reason"], long_date(row["at"]), True)
    for row in found.rows["pupil"]:
        if side.hidden and row["address"]:
            names = ", ".join(one.name for one in side.hidden)
            yield _Draft(
                "address", row["id"], "Where the pupil lives", row["address"], f"May tell where {names} lives", True
            )


def _of_adults(found: Gathered, side: Side) -> Iterator[_Draft]:
    """Other adults of the family, what they asked for, and what the young person said of an adult."""
    for row in found.rows.get("adult", ()):
        if row["id"] not in side.mine:
            title = f"What is kept about {side.called.get(row['id'], 'an adult')}"
            yield _Draft("adult", row["id"], "Another adult", title, "Contact, family link, consents, papers given")
    for row in found.rows.get("information_request", ()):
        if row["id"] != side.request.request_id and not _asked_it(row, side):
            title = f"{row['kind'].label} of {long_date(row['received_on'])}"
            yield _Draft("information_request", row["id"], "Another person’s request", title, row["from_name"])
        elif side.request.bars or DESPITE in row["answer"]:
            # What was noted of who they are, and why it was given all the same, may tell of the bar.
            title, detail = row["answer"] or row["identity"] or row["kind"].label, long_date(row["received_on"])
            yield _Draft("information_request", row["id"], "A request of somebody barred", title, detail, True)
    for row in found.rows.get("look_agreement", ()):
        if not side.is_pupil:
            title = row["words"] or f"The pupil said {'yes' if row['agrees'] else 'no'}"
            detail = f"Asked who may read the plan, {long_date(row['asked_on'])}"
            yield _Draft("look_agreement", row["id"], "What the young person said", title, detail)


def _asked_it(row: Row, side: Side) -> bool:
    """Whether a request was made by who asks now."""
    if row["asked_by"] is InformationBy.PUPIL:
        return side.is_pupil
    return row["adult_id"] is not None and row["adult_id"] in side.mine


def _said(found: Gathered, side: Side) -> Iterator[_Draft]:
    """Views, concerns and decisions that were not for the eyes of who asks."""
    for row in found.rows.get("view", ()):
        theirs = (row["whose"] is ViewOf.PUPIL and side.is_pupil) or row["adult_id"] in side.mine
        shared = row["shared_with_family"] and not side.request.bars
        if not theirs and not shared:
            pupils = row["whose"] is ViewOf.PUPIL
            who = "The pupil" if pupils else side.called.get(row["adult_id"] or 0, "An adult")
            kind = "The pupil’s view" if pupils else "Another adult’s view"
            yield _Draft("view", row["id"], kind, row["text"], f"{who}, {long_date(row['given_on'])}")
    own = {folded(side.request.from_name), *(folded(side.called[one]) for one in side.mine if one in side.called)}
    for row in found.rows.get("concern", ()):
        theirs = (row["raised_as"] is ConcernBy.PUPIL and side.is_pupil) or folded(row["raised_by"]) in own
        if row["raised_as"] is not ConcernBy.TEACHER and not theirs and ("concern", row["id"]) not in found.shut:
            detail = f"{row['raised_by']}, {long_date(row['raised_on'])}"
            yield _Draft("concern", row["id"], "Another person’s concern", row["text"], detail)
    for row in found.rows.get("planning_decision", ()):
        if not row["shared_with_family"]:
            detail = f"{row['service']}, {long_date(row['decided_on'])}"
            title = row["note"] or row["decided"].label
            yield _Draft("planning_decision", row["id"], "Decision not shared with the family", title, detail)


def stays(table: str, row: Row, waiting: Mapping[str, bool], links: Mapping[int, int]) -> bool:
    """Whether a row stays out because of an item that it is, or that it belongs to."""
    keys = [f"{table}:{row['id']}"]
    if table not in BEARS_NO_ADULT and row.get("adult_id") is not None:
        keys.append(f"adult:{row['adult_id']}")
    if row.get("family_link_id") is not None or table == "family_link":
        link = row["id"] if table == "family_link" else row["family_link_id"]
        keys.append(f"adult:{links.get(link, 0)}")
    if table == "paper_chosen":
        keys.append(f"document:{row['document_id']}")
    if table == "document" and row["visibility"] in CLOSED and keys[0] not in waiting:
        return True
    return any(waiting.get(key) is False for key in keys)


def counted(items: Iterable[Item]) -> int:
    """How many wait for a decision, of those that more than the safeguarding lead may know of."""
    return sum(1 for one in items if one.decided is None and not one.is_kept)
