"""Reading about a pupil's family: the adults, how each stands to the child, and who may look today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, or_, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.db.session import db
from graduated.pupils.models import Adult, Bar, FamilyLink, Pupil
from graduated.rules.bars import may_look
from graduated.rules.vocabulary import BarKind, Relationship


@dataclass(frozen=True, slots=True)
class BarState:
    """A bar that is in force today, or will be: an order of a court, or a safeguarding hold with its end."""

    bar_id: int
    kind: BarKind
    starts: date
    ends: date | None
    reason: str
    document_id: int | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class FamilyAdult:
    """One adult of one child's family.

    `may_look` is the outcome for today: may view, no bar in force, and the young person's own agreement once rights
    have passed to them. `barred` is whether a bar is in force today; `bars` are those in force or still to come.
    """

    family_link_id: int
    link_version: int
    adult_id: int
    name: str
    title: str
    forename: str
    surname: str
    relationship: Relationship
    parental_responsibility: bool
    lives_with: bool
    may_view: bool
    contact_withheld: bool
    young_person_agrees: bool | None
    may_look: bool
    barred: bool
    bars: tuple[BarState, ...]
    has_sign_in: bool
    user_id: int | None
    language: str
    interpreter: str
    interpreter_asked_on: date | None
    email: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class KnownAdult:
    """An adult of the school's families, to be linked to another child."""

    adult_id: int
    name: str
    children: tuple[str, ...]


_LINKS = (
    select(
        FamilyLink.id,
        FamilyLink.version,
        FamilyLink.adult_id,
        FamilyLink.relationship,
        FamilyLink.parental_responsibility,
        FamilyLink.lives_with,
        FamilyLink.may_view,
        FamilyLink.contact_withheld,
        FamilyLink.young_person_agrees,
        Adult.title,
        Adult.forename,
        Adult.surname,
        Adult.user_id,
        Adult.language,
        Adult.interpreter,
        Adult.interpreter_asked_on,
        Adult.email,
        Adult.phone,
        Adult.address,
        Pupil.rights_pass_on,
    )
    .join(Adult, Adult.id == FamilyLink.adult_id)
    .join(Pupil, Pupil.id == FamilyLink.pupil_id)
    .where(FamilyLink.pupil_id == bindparam("pupil_id"))
    .order_by(FamilyLink.parental_responsibility.desc(), Adult.surname, Adult.forename, FamilyLink.id)
)
_BARS = (
    select(Bar.family_link_id, Bar.id, Bar.kind, Bar.starts, Bar.ends, Bar.reason, Bar.document_id)
    .where(Bar.pupil_id == bindparam("pupil_id"), or_(Bar.ends.is_(None), Bar.ends >= bindparam("day")))
    .order_by(Bar.starts, Bar.id)
)
_LINK = select(FamilyLink.pupil_id).where(FamilyLink.id == bindparam("link_id"))
_ADULT_VERSION = select(Adult.version).where(Adult.id == bindparam("adult_id"))
_BAR = select(Bar.pupil_id).where(Bar.id == bindparam("bar_id"))
_KNOWN = (
    select(Adult.id, Adult.title, Adult.forename, Adult.surname, Pupil.known_as, Pupil.legal_forename,
           Pupil.legal_surname)
    .join(FamilyLink, FamilyLink.adult_id == Adult.id)
    .join(Pupil, Pupil.id == FamilyLink.pupil_id)
    .where(
        Adult.id.not_in(select(FamilyLink.adult_id).where(FamilyLink.pupil_id == bindparam("pupil_id"))),
        or_(Adult.surname.icontains(bindparam("words"), autoescape=False),
            Adult.forename.icontains(bindparam("words"), autoescape=False)),
    )
    .order_by(Adult.surname, Adult.forename, Adult.id)
    .limit(60)
)  # fmt: skip


@finder("family_link")
def find_family_link(family_link_id: int) -> Subject | None:
    """Whose family a link belongs to."""
    pupil_id = db.session.scalar(_LINK, {"link_id": family_link_id})
    return Subject(pupil_id=pupil_id) if pupil_id else None


@finder("bar")
def find_bar(bar_id: int) -> Subject | None:
    """Whose family a bar belongs to."""
    pupil_id = db.session.scalar(_BAR, {"bar_id": bar_id})
    return Subject(pupil_id=pupil_id) if pupil_id else None


def adult_version(adult_id: int) -> int:
    """The version of an adult's own record, for a form to carry."""
    return db.session.scalar(_ADULT_VERSION, {"adult_id": adult_id}) or 0


def adult_name(title: str, forename: str, surname: str) -> str:
    """How an adult is named on a page: "Mrs Anna Szymańska"."""
    return " ".join(part for part in (title, forename, surname) if part)


def adults_of(pupil_id: int) -> list[FamilyAdult]:
    """The adults of a pupil's family, those with parental responsibility first."""
    day = today()
    bars: dict[int, list[BarState]] = {}
    for row in db.session.execute(_BARS, {"pupil_id": pupil_id, "day": day}):
        state = BarState(row.id, row.kind, row.starts, row.ends, row.reason, row.document_id, row.starts <= day)
        bars.setdefault(row.family_link_id, []).append(state)
    return [_adult(row, tuple(bars.get(row.id, ())), day) for row in db.session.execute(_LINKS, {"pupil_id": pupil_id})]


def _adult(row: object, bars: tuple[BarState, ...], day: date) -> FamilyAdult:
    link = row._mapping  # type: ignore[attr-defined]
    barred = any(bar.in_force for bar in bars)
    theirs = link["rights_pass_on"] <= day
    return FamilyAdult(
        family_link_id=link["id"],
        link_version=link["version"],
        name=adult_name(link["title"], link["forename"], link["surname"]),
        may_look=may_look(
            may_view=link["may_view"],
            barred=barred,
            rights_passed=theirs,
            is_pupil=link["relationship"] is Relationship.SELF,
            agrees=link["young_person_agrees"],
        ),
        barred=barred,
        bars=bars,
        has_sign_in=link["user_id"] is not None,
        **{
            name: link[name]
            for name in (
                "adult_id", "title", "forename", "surname", "relationship", "parental_responsibility", "lives_with",
                "may_view", "contact_withheld", "young_person_agrees", "user_id", "language", "interpreter",
                "interpreter_asked_on", "email",
                "phone", "address",
            )
        },
    )  # fmt: skip


def adults_like(pupil_id: int, words: str) -> list[KnownAdult]:
    """Adults of other children's families whose name holds the words, to link to this child too."""
    found: dict[int, KnownAdult] = {}
    given = {"pupil_id": pupil_id, "words": words.strip()}
    for adult_id, title, forename, surname, known_as, legal, pupil_surname in db.session.execute(_KNOWN, given):
        earlier = found[adult_id].children if adult_id in found else ()
        child = f"{known_as or legal} {pupil_surname}"
        found[adult_id] = KnownAdult(adult_id, adult_name(title, forename, surname), (*earlier, child))
    return list(found.values())
