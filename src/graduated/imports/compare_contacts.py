"""What a file of contacts would change: pure, so that a dry run and the import cannot disagree.

One adult is one record for all children of a family. Within a child's own family an adult is found by name, or by an
e-mail address that nobody else of that child has. Elsewhere a name alone is never enough: it takes the same e-mail,
telephone number or address beside it. A new link never lets anybody look at a record, and what stands under a bar is
left alone. Who may be a barred adult of the child by another spelling is held for the SENCO's decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graduated.imports.contacts_file import ContactRow, ParsedContacts
from graduated.imports.difference import Change, KnownPupil
from graduated.imports.headings import Columns
from graduated.imports.lines import Finder, Line, LinesDifference, counted, display, pupil_refusal
from graduated.imports.rows import folded, in_order, same_text
from graduated.rules.bars import looks_like
from graduated.rules.vocabulary import Relationship, inside

_DETAILS = {
    "title": "Title",
    "forename": "Forename",
    "surname": "Surname",
    "email": "E-mail",
    "phone": "Telephone",
    "address": "Address",
    "language": "Language",
    "interpreter": "Interpreter",
}
_NameKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KnownAdult:
    """An adult of the school's families as recorded; a new one of the file has a negative id."""

    id: int
    surname: str
    forename: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    language: str = ""
    interpreter: str = ""

    @property
    def name(self) -> str:
        """Title, forename and surname as far as known."""
        return " ".join(part for part in (self.title, self.forename, self.surname) if part)

    @property
    def name_key(self) -> _NameKey:
        """What the adult's name is compared by; the title stands in for a forename nobody gave."""
        return folded(self.forename or self.title), folded(self.surname)


@dataclass(frozen=True, slots=True)
class KnownLink:
    """How an adult stands to a child as recorded; `barred` while an order or a hold is in force."""

    id: int
    pupil_id: int
    adult_id: int
    relationship: Relationship
    parental_responsibility: bool | None
    lives_with: bool | None
    barred: bool = False


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to make."""

    pupil_id: int
    adult_id: int
    relationship: Relationship
    parental_responsibility: bool | None
    lives_with: bool | None
    looks_like: str = ""
    """The name of an adult of the child who is barred, when this one may be the same by another spelling."""


@dataclass(frozen=True, slots=True)
class ContactsPlan:
    """What to write: adults (negative ids are new), new links, and changes of links."""

    shown: LinesDifference
    new_adults: tuple[KnownAdult, ...]
    adult_changes: Mapping[int, Mapping[str, str]]
    new_links: tuple[NewLink, ...]
    link_changes: Mapping[int, Mapping[str, object]]


@dataclass(slots=True)
class _Book:
    """The adults and links, those of the file included as they are met."""

    adults: dict[int, KnownAdult]
    links: dict[tuple[int, int], KnownLink]
    new_adults: dict[int, KnownAdult] = field(default_factory=dict)
    new_links: dict[tuple[int, int], NewLink] = field(default_factory=dict)
    adult_changes: dict[int, dict[str, str]] = field(default_factory=dict)
    link_changes: dict[int, dict[str, object]] = field(default_factory=dict)
    said: dict[tuple[int, str], tuple[str, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    barred: int = 0
    by_name: dict[_NameKey, list[int]] = field(default_factory=dict)
    family: dict[int, list[int]] = field(default_factory=dict)

    def index(self) -> None:
        """Make the lists by name and by child."""
        for adult in self.adults.values():
            self.by_name.setdefault(adult.name_key, []).append(adult.id)
        for pupil_id, adult_id in self.links:
            self.family.setdefault(pupil_id, []).append(adult_id)

    def find(self, row: ContactRow, pupil_id: int, others: Sequence[ContactRow]) -> KnownAdult | None:
        """The adult that a row means: of the child's family first, then of another with more than a name in common.

        `others` are all rows of that child: an e-mail address that two of them share says nothing.
        """
        key = _name_key(row)
        kin = [self.adults[one] for one in self.family.get(pupil_id, [])]
        named = [one for one in kin if one.name_key == key]
        if len(named) == 1:
            return named[0]
        alike = [one for one in kin if row.email and one.email.casefold() == row.email]
        is_theirs = [other.line for other in others if other.email == row.email] == [row.line]
        if not named and len(alike) == 1 and is_theirs and alike[0].name_key not in map(_name_key, others):
            return alike[0]
        elsewhere = [self.adults[one] for one in self.by_name.get(key, []) if _more_in_common(self.adults[one], row)]
        return elsewhere[0] if elsewhere else None

    def barred_alike(self, pupil_id: int, adult: KnownAdult) -> str:
        """Who of the child's family is barred and may be this adult by another spelling, or ""."""
        kin = (self.adults[link.adult_id] for link in self.links.values() if link.barred and link.pupil_id == pupil_id)
        name = (adult.forename, adult.surname)
        return next((one.name for one in kin if looks_like(name, (one.forename, one.surname))), "")

    def add(self, row: ContactRow) -> KnownAdult:
        """A new adult as the row says."""
        adult = KnownAdult(
            id=-len(self.new_adults) - 1,
            surname=row.surname,
            **{name: getattr(row, name) or "" for name in _DETAILS if name != "surname"},
        )
        self.adults[adult.id] = self.new_adults[adult.id] = adult
        self.by_name.setdefault(adult.name_key, []).append(adult.id)
        return adult


def compare_contacts(
    parsed: ParsedContacts,
    columns: Columns,
    known: Sequence[KnownPupil],
    adults: Sequence[KnownAdult],
    links: Sequence[KnownLink],
) -> ContactsPlan:
    """Hold a file against the families recorded."""
    finder, refused = Finder(known), list(parsed.refused)
    book = _Book({one.id: one for one in adults}, {(one.pupil_id, one.adult_id): one for one in links})
    book.index()
    found = [(row, finder.find(row.pupil)) for row in parsed.rows]
    rows_of: dict[int, list[ContactRow]] = {}
    for row, pupil in found:
        if not isinstance(pupil, str):
            rows_of.setdefault(pupil.id, []).append(row)
    added: list[Line] = []
    changed: list[Line] = []
    unchanged: list[Line] = []
    for row, pupil in found:
        if isinstance(pupil, str):
            refused.append(pupil_refusal(row.line, row.pupil, pupil, columns))
            continue
        line, is_new = _take(book, row, pupil, rows_of[pupil.id])
        (added if is_new else changed if line.changes else unchanged).append(line)
    return ContactsPlan(
        shown=LinesDifference(
            added=tuple(added),
            changed=tuple(changed),
            unchanged=tuple(unchanged),
            refused=in_order(refused),
            ignored_headings=parsed.ignored_headings,
            notes=(*parsed.notes, *book.notes, *_notes(book)),
        ),
        new_adults=tuple(book.new_adults.values()),
        adult_changes=book.adult_changes,
        new_links=tuple(book.new_links.values()),
        link_changes=book.link_changes,
    )


def _name_key(row: ContactRow) -> _NameKey:
    return folded(row.forename or row.title or ""), folded(row.surname)


def _take(book: _Book, row: ContactRow, pupil: KnownPupil, others: Sequence[ContactRow]) -> tuple[Line, bool]:
    adult = book.find(row, pupil.id, others) or book.add(row)
    link = book.links.get((pupil.id, adult.id))
    relationship = row.relationship_words if row.relationship is Relationship.OTHER else row.relationship.label
    text = f"{row.name}, {(relationship or Relationship.OTHER.label).lower()}"
    line = Line(row.line, pupil.id, pupil.upn, display(pupil), text)
    if link is not None and link.barred:
        book.barred += 1
        return line, False
    changes = tuple(_details(book, adult, row))
    if link is None:
        book.new_links[pupil.id, adult.id] = NewLink(
            pupil.id, adult.id, row.relationship, row.parental_responsibility, row.lives_with,
            book.barred_alike(pupil.id, adult),
        )  # fmt: skip
        book.family.setdefault(pupil.id, []).append(adult.id)
        return replace(line, changes=changes), True
    return replace(line, changes=(*changes, *_standing(book, link, row))), False


def _details(book: _Book, adult: KnownAdult, row: ContactRow) -> Iterable[Change]:
    """What the row says differently of the adult; where two lines of one file disagree, the first is kept."""
    for name, label in _DETAILS.items():
        after, before = getattr(row, name), getattr(adult, name)
        if after is None:
            continue
        said = book.said.setdefault((adult.id, name), (after, row.line))
        if not same_text(said[0], after):
            book.notes.append(
                f"Lines {said[1]} and {row.line} differ in the {inside(label)} of {adult.name}; "
                f"line {said[1]} was kept."
            )
        elif said[1] == row.line and not same_text(before, after):
            book.adult_changes.setdefault(adult.id, {})[name] = after
            yield Change(name, label, before or None, after)


def _standing(book: _Book, link: KnownLink, row: ContactRow) -> Iterable[Change]:
    """What the row says differently of how the adult stands to the child; a blank says nothing."""
    said: list[tuple[str, str, object, object]] = [
        (
            "parental_responsibility",
            "Parental responsibility",
            link.parental_responsibility,
            row.parental_responsibility,
        ),
        ("lives_with", "Lives with the child", link.lives_with, row.lives_with),
    ]
    # Who is the young person decides who may look, so a file never changes it.
    if row.relationship_words and Relationship.SELF not in (row.relationship, link.relationship):
        said.append(("relationship", "Relationship", link.relationship, row.relationship))
    for name, label, before, after in said:
        if after is not None and before != after:
            book.link_changes.setdefault(link.id, {})[name] = after
            yield Change(name, label, before, after)  # type: ignore[arg-type]


def _more_in_common(adult: KnownAdult, row: ContactRow) -> bool:
    """Whether more than the name is the same: e-mail, telephone number or address."""
    digits = [char for char in adult.phone if char.isdigit()]
    return bool(
        (row.email and adult.email.casefold() == row.email)
        or (row.phone and digits and digits == [char for char in row.phone if char.isdigit()])
        or (row.address and adult.address and folded(adult.address) == folded(row.address))
    )


def _notes(book: _Book) -> Iterable[str]:
    unsaid = sum(link.parental_responsibility is None for link in book.new_links.values())
    if unsaid:
        yield (
            f"The file does not say for {counted(unsaid, 'adult', 'adults')} whether they have parental "
            "responsibility. They are recorded without it until somebody says so on the pupil's family page."
        )
    if book.new_links:
        yield "Nobody new may look at a record: that is given for each adult on the pupil's family page."
    alike = sum(bool(link.looks_like) for link in book.new_links.values())
    if alike:
        yield (
            f"{counted(alike, 'new adult', 'new adults')} may be on record already by another spelling, and cannot be "
            "invited before the SENCO has decided on the pupil's family page. Ask the SENCO."
        )
    if book.barred:
        yield (
            f"{counted(book.barred, 'line was', 'lines were')} left alone: what is recorded there is kept by hand. "
            "Ask the SENCO."
        )
