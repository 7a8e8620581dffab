"""Reading orders, pieces of a record that can be named, and the register of tombstones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.audit.models import Tombstone
from graduated.db.session import db
from graduated.erasure.authority import with_authority
from graduated.erasure.finding import Found, as_system, quoting_rows
from graduated.erasure.finding_files import found_for, is_kept_elsewhere
from graduated.erasure.models import ErasureOrder
from graduated.erasure.places import FILES, PAPER, Piece, Place, is_paper, label_of, nameable, row_at
from graduated.plan.models import Outcome, Provision
from graduated.pupils.queries_papers import Paper, documents_of
from graduated.review.models import (
    ActionItem,
    Addendum,
    Attendee,
    NextStepTaken,
    OutcomeJudgement,
    ProvisionJudgement,
    Review,
)
from graduated.rules.passages import quoting
from graduated.rules.vocabulary import ByLaw, OrderState

_ORDERS = select(ErasureOrder).order_by(ErasureOrder.id.desc())
_ORDER = select(ErasureOrder).where(ErasureOrder.id == bindparam("order_id"))
_SUBJECT = select(ErasureOrder.pupil_id).where(ErasureOrder.id == bindparam("order_id"))
_OF_REVIEW = _ORDERS.where(ErasureOrder.review_id == bindparam("review_id"), ErasureOrder.state == OrderState.ASKED)
_OF_PAPER = _ORDERS.where(
    ErasureOrder.table_name == PAPER[0],
    ErasureOrder.row_id == bindparam("row_id"),
    ErasureOrder.state == OrderState.ASKED,
)
_WAITING = _ORDERS.where(ErasureOrder.state == OrderState.ASKED)
_STONES = select(
    Tombstone.id,
    Tombstone.erasure_order_id,
    Tombstone.kind,
    Tombstone.table_name,
    Tombstone.row_id,
    Tombstone.field,
    Tombstone.reason,
    Tombstone.authority,
    Tombstone.advised_by,
    Tombstone.carried_out_by,
    Tombstone.at,
).order_by(Tombstone.id.desc())
_STONES_OF = _STONES.where(Tombstone.erasure_order_id == bindparam("order_id"))


@dataclass(frozen=True, slots=True)
class OrderRow:
    """What was asked for, by whom, and where it stands."""

    order_id: int
    pupil_id: int
    place: Place
    review_id: int | None
    kind: ByLaw
    passage: str
    replacement: str
    reason: str
    advised_by: str
    state: OrderState
    asked_by: str
    asked_by_id: int | None
    asked_at: datetime
    asked_with_authority: bool
    decided_by: str
    decided_at: datetime | None
    declined_why: str
    version: int

    @property
    def label(self) -> str:
        """What people call the place."""
        return label_of(self.place)

    @property
    def is_paper(self) -> bool:
        """Whether the file of an uploaded paper is to go, and no words."""
        return is_paper(self.place)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would go: the words as they stand, and counted by kind where else they stand.

    `left` are names in which they stand too, and stay; `files` the kept copies and packs that go, by hash; `seen` is
    what was shown as one hash, for the click that carries it out. `is_kept_elsewhere`: the file of a paper stays in the
    store for another record.
    """

    words: str
    elsewhere: tuple[tuple[str, int], ...]
    is_searched: bool
    left: tuple[tuple[str, int], ...]
    files: frozenset[str]
    seen: str
    is_kept_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class StoneRow:
    """One tombstone in the register: no words of a child."""

    stone_id: int
    order_id: int
    kind: ByLaw
    label: str
    reason: str
    authority: str
    advised_by: str
    carried_out_by: str
    at: datetime
    is_besides: bool
    """Whether it stands for a kept file that went because something else did."""

    @property
    def what(self) -> str:
        """What happened to what, in the words of a list."""
        return f"Gone with it: {self.label}" if self.is_besides else f"{self.kind.label}: {self.label}"


@finder("erasure_order")
def find_order(erasure_order_id: int) -> Subject | None:
    """What was asked for, about a pupil in sight."""
    pupil_id = db.session.execute(_SUBJECT, {"order_id": erasure_order_id}).scalar()
    return None if pupil_id is None else Subject(pupil_id)


def order_of(order_id: int) -> OrderRow:
    """One order; the guard has looked whether it is there."""
    return _orders([db.session.scalars(_ORDER, {"order_id": order_id}).one()])[0]


def waiting_orders() -> tuple[OrderRow, ...]:
    """Everything in sight that waits for a second person, the newest first."""
    return _orders(db.session.scalars(_WAITING).all())


def orders_of_review(review_id: int) -> tuple[OrderRow, ...]:
    """What was asked for about one review and still waits."""
    return _orders(db.session.scalars(_OF_REVIEW, {"review_id": review_id}).all())


def orders_of_paper(document_id: int) -> tuple[OrderRow, ...]:
    """What was asked for about one paper, its file or what is said of it, and still waits."""
    return _orders(db.session.scalars(_OF_PAPER, {"row_id": document_id}).all())


def paper_of(order: OrderRow) -> Paper | None:
    """The paper whose file is to go or went, as whoever carries it out has to know it; nothing of an order about words.

    Read as the system: the second person may be one who does not read this paper otherwise, as with words.
    """
    if not order.is_paper:
        return None
    with as_system():
        return next((one for one in documents_of(order.pupil_id) if one.document_id == order.place.row_id), None)


def is_of_hidden_paper(order: OrderRow) -> bool:
    """Whether what goes is a paper, or what is said of one, that the person acting may not read: they carry it out, or
    decline it, without its words."""
    return order.place.table == PAPER[0] and row_at(order.place) is None


def _orders(rows: Sequence[ErasureOrder]) -> tuple[OrderRow, ...]:
    """Of those that wait, whether whoever asked has the authority today."""
    able = with_authority([row.recorded_by_id for row in rows if row.state is OrderState.ASKED])
    return tuple(_order(row, able) for row in rows)


def _order(row: ErasureOrder, able: Collection[int]) -> OrderRow:
    plain = ("pupil_id", "review_id", "kind", "passage", "replacement", "reason", "advised_by", "state", "asked_by")
    more = ("decided_by", "decided_at", "declined_why", "version")
    return OrderRow(
        order_id=row.id,
        place=Place(row.table_name, row.row_id, row.field),
        asked_by_id=row.recorded_by_id,
        asked_at=row.recorded_at,
        asked_with_authority=row.recorded_by_id in able if row.state is OrderState.ASKED else row.asked_with_authority,
        **{name: getattr(row, name) for name in (*plain, *more)},
    )


def stones() -> tuple[StoneRow, ...]:
    """The register of tombstones, the newest first."""
    return _stones(db.session.execute(_STONES))


def stones_of_order(order_id: int) -> tuple[StoneRow, ...]:
    """The tombstones of one act, that of the place itself first."""
    return _stones(db.session.execute(_STONES_OF, {"order_id": order_id}))[::-1]


def _stones(rows: Iterable[Any]) -> tuple[StoneRow, ...]:
    return tuple(
        StoneRow(
            row.id,
            row.erasure_order_id,
            row.kind,
            label_of(Place(row.table_name, row.row_id, row.field)),
            row.reason,
            row.authority,
            row.advised_by,
            row.carried_out_by,
            row.at,
            (row.table_name, row.field) in FILES - {PAPER},
        )
        for row in rows
    )


def foreseen(order: OrderRow) -> Foreseen | None:
    """What would go now; None when the words stand there no more. Everything is searched, nothing of it is shown."""
    with as_system():
        row = row_at(order.place)
        words = getattr(row, order.place.field, "") if row is not None else ""
        if not isinstance(words, str) or not words:
            return None
        found = found_for(order.place, order.pupil_id, order.passage, order.order_id)
        left = _by_label(label_of(place) for place in found.left)
        told = Foreseen(
            "" if order.is_paper else words, tuple(_counted(found)), found.sought is not None, left, found.hashes,
            found.fingerprint(), order.is_paper and is_kept_elsewhere(found),
        )  # fmt: skip
        db.session.expunge_all()
    return told


def _by_label(labels: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(labels).items()))


def _counted(found: Found) -> Iterable[tuple[str, int]]:
    yield from _by_label(label_of(place) for place in (*found.quoted, *found.besides))
    others = (
        ("the kept copy of a paper that was given", found.papers),
        ("a built evidence pack", found.packs),
        ("the record as it was made ready for another school", found.bundles),
        ("words typed and never saved", found.drafts),
        ("a message in the outgoing post", found.posts),
        ("a piece of work in the queue", found.jobs),
    )
    yield from ((label, len(some)) for label, some in others if some)


_TEXTS = (
    ("pupil_views", "The pupil’s views"),
    ("parent_views", "The parents’ views"),
    ("attempts", "What was tried to reach the parents"),
    ("others_present", "Who else came"),
    ("summary", "Also said"),
)


def _of(columns: tuple[Any, ...], model: Any) -> Any:
    return select(*columns).where(model.review_id == bindparam("review_id")).order_by(model.id)


_REVIEW = select(Review.id, *(getattr(Review, name) for name, _label in _TEXTS)).where(
    Review.id == bindparam("review_id")
)
_JUDGED = _of((OutcomeJudgement.id, OutcomeJudgement.reason, Outcome.statement), OutcomeJudgement).join(
    Outcome, Outcome.id == OutcomeJudgement.outcome_id
)
_SAID = _of((ProvisionJudgement.id, ProvisionJudgement.why, Provision.name), ProvisionJudgement).join(
    Provision, Provision.id == ProvisionJudgement.provision_id
)
_STEP = _of(
    (NextStepTaken.id, NextStepTaken.reason, NextStepTaken.specialist_words, NextStepTaken.request_words), NextStepTaken
)
_PROMISED = _of((ActionItem.id, ActionItem.what, ActionItem.who), ActionItem)
_CAME = _of((Attendee.id, Attendee.name, Attendee.role), Attendee)
_ADDED = _of((Addendum.id, Addendum.text, Addendum.why), Addendum)


def pieces_of_review(review_id: int) -> tuple[Piece, ...]:
    """Every piece of text in the record of a review, in the order of the page; empty ones are left out."""
    about = {"review_id": review_id}

    def rows(statement: Any) -> Iterable[Any]:
        return db.session.execute(statement, about)

    found: list[tuple[str, int, str, str, str]] = []
    for row in rows(_STEP):
        found.append(("next_step", row.id, "reason", "The reason for the next step", row.reason))
        found.append(("next_step", row.id, "specialist_words", "On specialist advice", row.specialist_words))
        found.append(("next_step", row.id, "request_words", "On a request", row.request_words))
    found += [("judgement", row.id, "reason", f"On the outcome “{row.statement}”", row.reason) for row in rows(_JUDGED)]
    found += [("provision_judgement", row.id, "why", f"On “{row.name}”", row.why) for row in rows(_SAID)]
    for row in rows(_REVIEW):
        found += [("review", row.id, name, label, getattr(row, name)) for name, label in _TEXTS]
    for row in rows(_PROMISED):
        found.append(("action_item", row.id, "what", "Something promised", row.what))
        found.append(("action_item", row.id, "who", "Who promised it", row.who))
    for row in rows(_CAME):
        found.append(("attendee", row.id, "name", "Who came", row.name))
        found.append(("attendee", row.id, "role", f"As what {row.name} came", row.role))
    for row in rows(_ADDED):
        found.append(("addendum", row.id, "text", "Added after sealing", row.text))
        found.append(("addendum", row.id, "why", "Why it was added", row.why))
    return tuple(
        Piece(Place(table, row_id, field), label, words)
        for table, row_id, field, label, words in found
        if words.strip()
    )


def pieces_quoting(pupil_id: int, words: str) -> tuple[Piece, ...]:
    """Every piece of text about a pupil in which words stand, as far as the person acting may read it."""
    sought = quoting(words, named=True)
    if sought is None:
        return ()
    found = []
    for place, row in quoting_rows(sought, pupil_id):
        text = getattr(row, place.field)
        if isinstance(text, str) and place.field in nameable(place.table):
            label = label_of(place)
            found.append(Piece(place, label[:1].upper() + label[1:], text))
    return tuple(found)
