"""Writing a bundle's rows into this school: parents before children, numbers mapped, seals checked and set anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import inspect, select

from graduated.audit.models import Tombstone
from graduated.db.session import db
from graduated.erasure.models import ErasureOrder
from graduated.pupils.models import Pupil
from graduated.review.models import Review
from graduated.review.queries import ReviewRecord, review_of
from graduated.review.queries_seals import SealAsKept, what_is_wrong_with
from graduated.review.services_seal import set_seal
from graduated.rules.vocabulary import OrderState, ReviewStatus
from graduated.transfer import remap
from graduated.transfer.joining import Joined
from graduated.transfer.matching import Known
from graduated.transfer.names import as_names
from graduated.transfer.reading import Bundle, NotABundle
from graduated.transfer.tables import OF_PUPIL, in_order, links_of, models

_LAST = ("plan_translation", "contribution", "narrative_asked", "narrative_given", "narrative", "narrative_version")
"""What names other records within words or notes comes after them."""
COPY = ("paper_given", "sha256")
"""The copy of a paper that parents were given, of which its row goes on when the copy itself went by law."""


@dataclass
class Brought:
    """What came of it: the pupil here, how many rows of each kind, how many seals were found whole.

    `held` names adults of this school who may be one whom a bar in the bundle shuts out.
    """

    pupil_id: int
    counts: Counter[str]
    seals: int
    held: tuple[str, ...] = ()


class Bringing:
    """One bundle while it is brought in. Runs as the system, within one act."""

    def __init__(self, bundle: Bundle, joined: Joined | None = None) -> None:
        self.bundle, self.joined = bundle, joined
        self.known = Known(bundle)
        self.ids: dict[str, dict[int, int]] = {"user": as_names(bundle)}
        self.counts: Counter[str] = Counter()
        self.gone = {one["row_id"]: one for one in bundle.of("tombstone") if (one["table_name"], one["field"]) == COPY}

    def run(self) -> Brought:
        """Write everything. Raises NotABundle when a seal does not hold."""
        order = [table for table in in_order() if table not in _LAST]
        for table in (*order, *_LAST):
            self.ids.setdefault(table, {})
            for row in self.bundle.of(table):
                self._bring(table, row)
            db.session.flush()
        bars, held = self.bundle.of("bar"), list[str]()
        if self.joined:
            held = self.joined.hold_the_unsure(bars, self.ids["family_link"], self.bundle.school_name)
        return Brought(self.ids["pupil"][self.bundle.pupil["id"]], self.counts, self._seal(), tuple(held))

    def _bring(self, table: str, row: dict[str, Any]) -> None:
        key = row["id"]
        same = self._is_here(table, row)
        if same is not None:
            self.ids[table][key] = same
            return
        if self.known.is_left_out(table, row) or (self.joined and self.joined.is_left_out(table, row)):
            return
        is_gone = table == COPY[0] and not row[COPY[1]]
        if is_gone and key not in self.gone:
            return  # nothing says where the copy is
        values = self._mapped(table, row)
        if values is None:
            return
        if self.joined:
            self.joined.fit(table, values)
        self.known.rename(table, values)
        made = models()[table](**values)
        db.session.add(made)
        db.session.flush()
        self.ids[table][key] = made.id
        self.counts[table] += 1
        if is_gone:
            self._tell_gone(values["pupil_id"], made.id, self.gone[key])

    def _tell_gone(self, pupil_id: int, given_id: int, stone: dict[str, Any]) -> None:
        """Have a tombstone of this school's own say that a copy went by law before it could come here, and whose act
        that was."""
        there = self.bundle.school_name
        order = ErasureOrder(
            pupil_id=pupil_id,
            table_name=COPY[0],
            row_id=given_id,
            field=COPY[1],
            kind=stone["kind"],
            reason=stone["reason"],
            advised_by=stone["advised_by"],
            state=OrderState.DONE,
            asked_by=there[:120],
            asked_with_authority=True,
            decided_by=stone["carried_out_by"],
            decided_at=stone["at"],
        )
        db.session.add(order)
        db.session.flush()
        said = {name: stone[name] for name in ("kind", "reason", "advised_by", "carried_out_by", "at")}
        authority = f"{stone['authority']}, {there}"[:160]
        place = {"table_name": COPY[0], "row_id": given_id, "field": COPY[1], "mark": "", "permit": "", "audit": {}}
        db.session.add(Tombstone(pupil_id=pupil_id, erasure_order_id=order.id, authority=authority, **said, **place))
        db.session.flush()

    def _is_here(self, table: str, row: dict[str, Any]) -> int | None:
        if table == "pupil" and self.joined:
            return self.joined.pupil_id
        return self.known.same(table, row) or (self.joined.same(table, row, self.ids) if self.joined else None)

    def _mapped(self, table: str, row: dict[str, Any]) -> dict[str, Any] | None:
        """The row as it is written here; None when it hangs on one that was not taken."""
        values = {name: value for name, value in row.items() if name != "id"}
        if "pupil_id" in values:
            values["pupil_id"] = self.ids["pupil"][values["pupil_id"]]
        columns = inspect(models()[table]).columns
        for name, target in links_of(table).items():
            if values.get(name) is None:
                continue
            values[name] = self.ids.get(target, {}).get(values[name])
            if values[name] is None and not columns[name].nullable:
                return None
        if table == "review" and values["status"] is ReviewStatus.SEALED:
            values["status"] = ReviewStatus.OPEN  # until all that it covers is written
        if table.startswith("narrative") and table != "narrative_asked":
            values["text"] = remap.text(values["text"], self.ids)
            for name in {"sources", "brought"} & set(values):
                values[name] = remap.sources(values[name], self.ids)
        if table == "plan_translation" and values["amendment_id"]:
            values["amendment_id"] = self.ids["amendment"].get(values["amendment_id"], 0)
        if table == "contribution" and isinstance(values["details"].get("provision_id"), int):
            there = self.ids["provision"].get(values["details"]["provision_id"])
            values["details"] = {**values["details"], "provision_id": there}
        return values

    def _seal(self) -> int:
        """Close the reviews that were sealed; those with a seal are held against it first, then sealed here."""
        for row in self.bundle.of("review"):
            if row["status"] is ReviewStatus.SEALED:
                here = db.session.scalars(select(Review).where(Review.id == self.ids["review"][row["id"]])).one()
                here.status = ReviewStatus.SEALED
        db.session.flush()
        parts = {one["review_id"]: one for one in self.bundle.of("seal_parts")}
        gone = _gone(self.bundle)
        seals = sorted(self.bundle.of("seal"), key=lambda one: int(one["sequence"]))
        without = {row["id"] for row in self.bundle.of("review") if row["status"] is ReviewStatus.SEALED}
        without -= {one["review_id"] for one in seals}
        if any(not row["from_paper"] for row in self.bundle.of("review") if row["id"] in without):
            raise NotABundle("A sealed review in it has no seal, so nothing shows that it is as it was sealed.")
        for one in seals:
            record = review_of(self.ids["review"][one["review_id"]])
            wrong = what_is_wrong_with(
                _kept(one, parts.get(one["review_id"])), self._as_it_was(record), gone.get(one["review_id"], {})
            )
            if wrong or not record.sealed:
                says = (
                    f"The seal over the review of {record.held_on or 'no day'} does not hold: {wrong or 'it is open'}."
                )
                raise NotABundle(f"{says} Ask the school that made the bundle.")
            brought = {"school": self.bundle.school_name, "sequence": one["sequence"], "digest": one["digest"]}
            details = {**remap.followed(one["details"], self.ids), "brought": brought}
            signer = self.ids["user"].get(one["signer_id"]) if one["signer_id"] else None
            set_seal(record.review_id, signer, one["signer_name"], one["sealed_at"], details)
        return len(seals)

    def _as_it_was(self, record: ReviewRecord) -> ReviewRecord:
        """A record with the numbers that its rows had where it was sealed."""
        back = {table: {new: old for old, new in some.items()} for table, some in self.ids.items()}
        return replace(
            record,
            review_id=back["review"][record.review_id],
            pupil_id=self.bundle.pupil["id"],
            cycle_id=back["cycle"][record.cycle_id],
            attendees=tuple(
                replace(
                    one,
                    attendee_id=back["attendee"][one.attendee_id],
                    adult_id=back["adult"].get(one.adult_id) if one.adult_id else None,
                    user_id=back["user"].get(one.user_id) if one.user_id else None,
                )
                for one in record.attendees
            ),
            judgements=tuple(replace(one, outcome_id=back["outcome"][one.outcome_id]) for one in record.judgements),
            verdicts=tuple(replace(one, provision_id=back["provision"][one.provision_id]) for one in record.verdicts),
            actions=tuple(replace(one, action_id=back["action_item"][one.action_id]) for one in record.actions),
        )


def _kept(seal: dict[str, Any], parts: dict[str, Any] | None) -> SealAsKept:
    return SealAsKept(
        sequence=seal["sequence"],
        salt=seal["salt"],
        digest=seal["digest"],
        previous_digest=seal["previous_digest"],
        signer_name=seal["signer_name"],
        sealed_at=seal["sealed_at"],
        part_salts=parts["part_salts"] if parts else None,
        parts_salt=parts["salt"] if parts else "",
        parts_digest=parts["digest"] if parts else "",
    )


def _gone(bundle: Bundle) -> dict[int, dict[str, str]]:
    """By review: the parts that went by law where it was sealed, each with the digest it was sealed with."""
    found: dict[int, dict[str, str]] = {}
    for one in bundle.of("tombstone"):
        if one["review_id"] is not None and one["part"]:
            found.setdefault(one["review_id"], {}).setdefault(one["part"], one["digest"])
    return found


def has_records(pupil_id: int) -> str:
    """The first kind of record, of those that no MIS brings, that a pupil has here; "" when there is none."""
    for table in OF_PUPIL:
        cls = models()[table]
        if table not in Joined.FROM_MIS and db.session.scalars(select(cls.id).where(cls.pupil_id == pupil_id)).first():
            return table
    return ""


def pupil_here(pupil_id: int) -> Pupil:
    """The pupil's row."""
    return db.session.scalars(select(Pupil).where(Pupil.id == pupil_id)).one()
