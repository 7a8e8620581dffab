"""What an import would do, as plain values: the pupils recorded, each change, and the whole difference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from graduated.imports.pupils_file import PupilRow
from graduated.imports.rows import PupilKey, Refusal, pupil_keys
from graduated.rules.vocabulary import NeedType, SenStatus, Sex, Word, YearGroup
from graduated.web.filters import long_date

Value = str | bool | date | Decimal | Word | tuple[NeedType, ...] | tuple[date | None, ...] | None

MANY_MISSING = 0.10  # of the roll: more than this is rather half a file than pupils who left


@dataclass(frozen=True, slots=True)
class KnownNeed:
    """An open need as recorded: rank 1 is the primary need."""

    need: NeedType
    rank: int
    started: date | None = None


@dataclass(frozen=True, slots=True)
class KnownPupil:
    """A pupil as recorded, with the status and the needs open today. `id` is handed back untouched.

    Empty text and None both mean not recorded. `on_roll` is False for a pupil who has left.
    """

    id: int
    upn: str | None
    legal_surname: str
    legal_forename: str
    date_of_birth: date
    known_as: str | None = None
    known_surname: str | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None
    registration_group: str | None = None
    status: SenStatus = SenStatus.NONE
    status_start: date | None = None
    needs: tuple[KnownNeed, ...] = ()
    eal: bool | None = None
    pupil_premium: bool | None = None
    in_care: bool | None = None
    service_family: bool | None = None
    attendance: Decimal | None = None
    first_language: str | None = None
    ethnicity: str | None = None
    religion: str | None = None
    admission_date: date | None = None
    leaving_date: date | None = None
    address: str | None = None
    on_roll: bool = True
    version: int = 0

    @property
    def keys(self) -> tuple[PupilKey, ...]:
        """What this pupil can be found by, the surest first."""
        return pupil_keys(self.upn, self.legal_surname, self.legal_forename, self.date_of_birth)

    def as_json(self) -> dict[str, object]:
        """Who is missing from the file."""
        return {"upn": self.upn, "name": f"{self.legal_forename} {self.legal_surname}"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that would change. `label` is for the page; `before` and `after` are values, the `_text`s are words."""

    field: str
    label: str
    before: Value
    after: Value
    needs_confirming: bool = False

    @property
    def before_text(self) -> str:
        """The value recorded now, in words; "not recorded" when there is none."""
        return in_words(self.before)

    @property
    def after_text(self) -> str:
        """The file's value in words."""
        return in_words(self.after)

    @property
    def on_to_sen_support(self) -> bool:
        """Whether taking this change would put the pupil on SEN support."""
        return self.field == "status" and self.after is SenStatus.SUPPORT and self.before is SenStatus.NONE

    def as_json(self) -> dict[str, object]:
        """Codes and ISO dates, as the command line writes them."""
        return {
            "field": self.field,
            "label": self.label,
            "before": _plain(self.before),
            "after": _plain(self.after),
            "needs_confirming": self.needs_confirming,
        }


@dataclass(frozen=True, slots=True)
class Addition:
    """A pupil who would be added as the row says; `warning` when another record may be the same child."""

    row: PupilRow
    warning: str = ""

    def as_json(self) -> dict[str, object]:
        """The pupil's row, with the warning when there is one."""
        return {**self.row.as_json(), **({"warning": self.warning} if self.warning else {})}


@dataclass(frozen=True, slots=True)
class PupilChange:
    """A known pupil and the fields of the row that differ."""

    pupil: KnownPupil
    row: PupilRow
    changes: tuple[Change, ...]

    @property
    def to_confirm(self) -> tuple[Change, ...]:
        """The changes that wait for a person, line by line."""
        return tuple(change for change in self.changes if change.needs_confirming)

    @property
    def at_once(self) -> tuple[Change, ...]:
        """The changes that may be taken all together."""
        return tuple(change for change in self.changes if not change.needs_confirming)

    def as_json(self) -> dict[str, object]:
        """The line of the file, the pupil and each change."""
        return {
            "row": self.row.line,
            "upn": self.row.upn or self.pupil.upn,
            "name": f"{self.pupil.legal_forename} {self.pupil.legal_surname}",
            "changes": [change.as_json() for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class Same:
    """A known pupil in whom nothing recorded would change."""

    pupil: KnownPupil
    row: PupilRow

    def as_json(self) -> dict[str, object]:
        """The line of the file and the pupil."""
        return {
            "row": self.row.line,
            "upn": self.row.upn or self.pupil.upn,
            "name": f"{self.pupil.legal_forename} {self.pupil.legal_surname}",
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything an import would do and would not do.

    `to_confirm` holds, for each pupil whose SEN details differ, only those changes; the pupil is in `changed` too.
    `filled_in` holds what was not recorded and alters nothing: a yes/no question now answered no, start dates of the
    needs recorded. It may be taken at once; those pupils stay among `unchanged` (or `changed` for another reason).
    """

    added: tuple[Addition, ...]
    changed: tuple[PupilChange, ...]
    unchanged: tuple[Same, ...]
    missing_from_file: tuple[KnownPupil, ...]
    to_confirm: tuple[PupilChange, ...]
    filled_in: tuple[PupilChange, ...]
    refused: tuple[Refusal, ...]
    ignored_headings: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def many_missing(self) -> bool:
        """Whether so many are missing that it is rather half a file: ask before going on."""
        known = len(self.changed) + len(self.unchanged) + len(self.missing_from_file)
        return len(self.missing_from_file) > MANY_MISSING * known

    def as_json(self) -> dict[str, object]:
        """The contract of `graduated import --json`; every value is a list."""
        return {
            "added": [one.as_json() for one in self.added],
            "changed": [one.as_json() for one in self.changed],
            "unchanged": [one.as_json() for one in self.unchanged],
            "missing_from_file": [one.as_json() for one in self.missing_from_file],
            "to_confirm": [one.as_json() for one in self.to_confirm],
            "refused": [one.as_json() for one in self.refused],
            "ignored_headings": list(self.ignored_headings),
            "notes": list(self.notes),
        }


def in_words(value: Value) -> str:
    """A value as people read it: labels, Yes or No, 9 November 2026, 94.9%."""
    if value is None or value in ("", ()):
        return "not recorded"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Word):
        return value.label
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}%"
    if isinstance(value, tuple):
        return "; ".join(in_words(one) for one in value)
    return value


def _plain(value: Value) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Word):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value
