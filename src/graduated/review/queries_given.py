"""What parents were given, when and how; a parent sees what they were given themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from graduated.access.guards import finder
from graduated.access.policy import Area, Subject
from graduated.db.clock import today
from graduated.db.session import db
from graduated.people.models import User
from graduated.pupils.models import Adult
from graduated.pupils.queries import pupil_head
from graduated.pupils.queries_family import FamilyAdult, adult_name, adults_of
from graduated.review.models import PaperGiven
from graduated.review.queries import find_review
from graduated.rules.papers import may_be_given
from graduated.rules.vocabulary import GivenHow, PaperKind, Relationship


@dataclass(frozen=True, slots=True)
class GivenRow:
    """One paper given to one adult; `is_open`: whether they may still read the copy that is kept."""

    given_id: int
    pupil_id: int
    kind: PaperKind
    title: str
    cycle_id: int | None
    review_id: int | None
    adult_name: str
    how: GivenHow
    given_on: date
    by: str
    sha256: str
    size: int
    adult_id: int = 0
    is_open: bool = True

    @property
    def is_pack(self) -> bool:
        """Whether it is a copy of an evidence pack, which staff find beside the build it belongs to."""
        return self.kind is PaperKind.PACK


_GIVEN = (
    select(
        PaperGiven.id,
        PaperGiven.pupil_id,
        PaperGiven.kind,
        PaperGiven.title,
        PaperGiven.cycle_id,
        PaperGiven.review_id,
        PaperGiven.how,
        PaperGiven.given_on,
        PaperGiven.sha256,
        PaperGiven.size,
        PaperGiven.adult_id,
        Adult.title.label("adult_title"),
        Adult.forename,
        Adult.surname,
        User.name,
    )
    .join(Adult, Adult.id == PaperGiven.adult_id)
    .outerjoin(User, User.id == PaperGiven.recorded_by_id)
    .order_by(PaperGiven.given_on.desc(), PaperGiven.id.desc())
)
_OF_PUPIL = _GIVEN.where(PaperGiven.pupil_id == bindparam("pupil_id"))
_COPIES = select(PaperGiven.id, PaperGiven.sha256, PaperGiven.size).order_by(PaperGiven.id)
_ONE = _GIVEN.where(PaperGiven.id == bindparam("given_id"))
_SUBJECT = select(PaperGiven.pupil_id).where(PaperGiven.id == bindparam("given_id"))


@finder("given")
def find_given(given_id: int) -> Subject | None:
    """A paper that was given, of whatever kind: who may read the paper itself, its page asks once more."""
    row = db.session.execute(_SUBJECT, {"given_id": given_id}).first()
    return None if row is None else Subject(row.pupil_id)


@finder("given_review")
def find_given_review(given_review_id: int) -> Subject | None:
    """A review whose record is given to the parents: that is work of who holds reviews."""
    found = find_review(given_review_id)
    return None if found is None else Subject(found.pupil_id, found.lead_id, None, Area.REVIEW_OPEN)


def papers_given_of(pupil_id: int) -> tuple[GivenRow, ...]:
    """Everything that was given about a pupil, the newest first."""
    return tuple(_row(row) for row in db.session.execute(_OF_PUPIL, {"pupil_id": pupil_id}))


def plan_given(pupil_id: int, cycle_id: int) -> tuple[GivenRow, ...]:
    """Who was given the plan of a cycle, or was invited to its review."""
    return tuple(one for one in papers_given_of(pupil_id) if one.cycle_id == cycle_id and one.review_id is None)


def review_given(pupil_id: int, review_id: int) -> tuple[GivenRow, ...]:
    """What was given after a review: its record, and letters about it."""
    return tuple(one for one in papers_given_of(pupil_id) if one.review_id == review_id)


def given_of(given_id: int) -> GivenRow:
    """One of them; the guard has looked whether it is there."""
    return _row(db.session.execute(_ONE, {"given_id": given_id}).one())


def all_given() -> tuple[tuple[int, str, int], ...]:
    """(id, hash, size) of every kept copy of the school, for `graduated verify`."""
    return tuple((row.id, row.sha256, row.size) for row in db.session.execute(_COPIES))


def adults_to_give(pupil_id: int) -> tuple[FamilyAdult, ...]:
    """The adults who may be given a pupil's papers today (`rules.papers`)."""
    passed = pupil_head(pupil_id).rights_pass_on <= today()
    return tuple(
        one
        for one in adults_of(pupil_id)
        if may_be_given(
            barred=one.barred,
            rights_passed=passed,
            is_pupil=one.relationship is Relationship.SELF,
            agrees=one.young_person_agrees,
        )
    )


def _row(row: object) -> GivenRow:
    one = row._mapping  # type: ignore[attr-defined]
    return GivenRow(
        one["id"],
        one["pupil_id"],
        one["kind"],
        one["title"],
        one["cycle_id"],
        one["review_id"],
        adult_name(one["adult_title"], one["forename"], one["surname"]),
        one["how"],
        one["given_on"],
        one["name"] or "",
        one["sha256"],
        one["size"],
        one["adult_id"],
    )
