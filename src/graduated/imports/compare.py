"""What an export would change: pure, so that a dry run and the import itself cannot disagree.

Only columns that the file has are compared, and a blank cell never clears what is recorded, except that a blank SEN
status means none, a blank yes/no means no, and blank needs mean no need. A change of SEN status, its start date or a
need of a pupil already known waits for a person to confirm it; so nobody comes on or off SEN support unasked. A pupil
who is missing from the file is listed and left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from graduated.imports.difference import (
    Addition,
    Change,
    Difference,
    KnownNeed,
    KnownPupil,
    PupilChange,
    Same,
    Value,
)
from graduated.imports.pupils_file import NeedRow, Parsed, PupilRow
from graduated.imports.rows import PupilKey, Refusal, in_order, same_text
from graduated.rules import upn
from graduated.rules.vocabulary import SenStatus

__all__ = ["Addition", "Change", "Difference", "KnownNeed", "KnownPupil", "PupilChange", "Same", "compare"]

_TEXTS = {
    "legal_surname": "Legal surname",
    "legal_forename": "Legal forename",
    "registration_group": "Registration group",
    "first_language": "First language",
    "ethnicity": "Ethnicity",
    "religion": "Religion",
    "address": "Address",
}
_CALLED = {
    "known_as": ("Known as", "legal_forename"),
    "known_surname": ("Known surname", "legal_surname"),
}
_FACTS = {
    "upn": "UPN",
    "date_of_birth": "Date of birth",
    "sex": "Sex",
    "year_group": "Year group",
    "eal": "English as an additional language",
    "pupil_premium": "Pupil premium",
    "in_care": "In care",
    "service_family": "Service family",
    "attendance": "Attendance",
    "admission_date": "Admission date",
    "leaving_date": "Leaving date",
}
_NEEDED = {  # a pupil cannot be added without them
    "legal_surname": "a surname",
    "legal_forename": "a forename",
    "date_of_birth": "a date of birth",
    "year_group": "a year group",
}


def compare(
    parsed: Parsed, known: Sequence[KnownPupil], today: date, ignoring: frozenset[str] = frozenset()
) -> Difference:
    """Hold a file against the pupils recorded. `ignoring` names fields that the caller does not keep."""
    fields = _Fields.of(parsed.columns - ignoring)
    roll = _Roll(known, {row.upn for row in parsed.pupils if row.upn})
    added: list[Addition] = []
    changed: list[PupilChange] = []
    unchanged: list[Same] = []
    filled: list[PupilChange] = []
    refused = list(parsed.refused)
    for row in parsed.pupils:
        pupil = roll.take(row, parsed, refused)
        if isinstance(pupil, str):
            added.extend(_addition(row, pupil, parsed, refused))
        elif pupil is not None:
            changes = tuple(_changes(row, pupil, fields, today))
            if changes:
                changed.append(PupilChange(pupil, row, changes))
            else:
                unchanged.append(Same(pupil, row))
            filled.extend(_filled_in(row, pupil, fields))
    return Difference(
        added=tuple(added),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
        missing_from_file=tuple(roll.missing(parsed.in_refused_rows)),
        to_confirm=tuple(replace(one, changes=one.to_confirm) for one in changed if one.to_confirm),
        filled_in=tuple(filled),
        refused=in_order(refused),
        ignored_headings=parsed.ignored_headings,
        notes=parsed.notes,
    )


class _Roll:
    """The pupils recorded, each to be found once."""

    def __init__(self, known: Sequence[KnownPupil], in_file: set[str]) -> None:
        self.known, self.in_file = known, in_file
        self.by_key: dict[PupilKey, list[KnownPupil]] = {}
        self.lines: dict[int, int] = {}
        for pupil in known:
            for key in pupil.keys:
                self.by_key.setdefault(key, []).append(pupil)

    def take(self, row: PupilRow, parsed: Parsed, refused: list[Refusal]) -> KnownPupil | str | None:
        """The pupil a row means; a warning (or "") when nobody; None when the row was refused."""
        found, warning = self._find(row)
        field = "upn" if row.upn else "legal_surname"
        reason = ""
        if len(found) > 1:
            reason = "More than one pupil has this name and date of birth. Give the UPN."
        elif found and found[0].id in self.lines:
            reason = (
                f"Line {row.line} is the same pupil as line {self.lines[found[0].id]}. "
                f"Line {self.lines[found[0].id]} was kept; correct or remove line {row.line}."
            )
        if reason:
            refused.append(
                Refusal(row.line, parsed.headings.heading(field), row.upn or row.legal_surname or "", reason)
            )
            return None
        if not found:
            return warning
        self.lines[found[0].id] = row.line
        return found[0]

    def _find(self, row: PupilRow) -> tuple[list[KnownPupil], str]:
        """By UPN; else by name and birth a pupil who has no UPN yet, or a temporary one that the file no longer has."""
        if row.upn and row.upn in self.by_key:
            return self.by_key[row.upn], ""
        alike = self.by_key.get(row.keys[-1], []) if row.keys else []
        if not row.upn:
            return alike, ""
        may_be = [one for one in alike if not one.upn or (upn.is_temporary(one.upn) and one.upn not in self.in_file)]
        if alike and not may_be:
            return [], f"A pupil of this name and date of birth is recorded under the UPN {alike[0].upn}."
        return may_be, ""

    def missing(self, in_refused_rows: frozenset[PupilKey]) -> Iterable[KnownPupil]:
        """Pupils on roll of whom no row speaks, refused rows included."""
        for pupil in self.known:
            if pupil.on_roll and pupil.id not in self.lines and not in_refused_rows.intersection(pupil.keys):
                yield pupil


def _addition(row: PupilRow, warning: str, parsed: Parsed, refused: list[Refusal]) -> Iterable[Addition]:
    """A new pupil, unless the row lacks what a pupil cannot be without."""
    lacking = [(field, words) for field, words in _NEEDED.items() if getattr(row, field) is None]
    for field, words in lacking:
        reason = f"This pupil is new and needs {words}. Fill it in, or add the column."
        refused.append(Refusal(row.line, parsed.headings.heading(field), "", reason))
    return () if lacking else (Addition(row, warning),)


class _Fields(NamedTuple):
    """The fields that are compared, with their labels: only columns that the file has."""

    named: frozenset[str]
    texts: tuple[tuple[str, str], ...]
    called: tuple[tuple[str, str, str], ...]
    facts: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, named: frozenset[str]) -> _Fields:
        """Those of a file's own fields."""
        texts = tuple((field, label) for field, label in _TEXTS.items() if field in named)
        called = tuple((field, *about) for field, about in _CALLED.items() if field in named)
        return cls(named, texts, called, tuple((field, label) for field, label in _FACTS.items() if field in named))


def _changes(row: PupilRow, pupil: KnownPupil, fields: _Fields, today: date) -> Iterable[Change]:
    """Every field that differs, names first, SEN details last."""
    for field, label in fields.texts:
        before, after = getattr(pupil, field) or None, getattr(row, field)
        if after is not None and before != after and not same_text(before, after):
            yield Change(field, label, before, after)
    for field, label, legal in fields.called:
        if getattr(row, field) is not None:
            yield from _called(row, pupil, field, label, legal)
    for field, label in fields.facts:
        before, after = getattr(pupil, field), getattr(row, field)
        if after is not None and before != after and not _first_no(before, after):
            yield Change(field, label, before, after)
    if not pupil.on_roll and not (row.leaving_date and row.leaving_date <= today):
        yield Change("on_roll", "On roll", False, True)
    yield from _sen_changes(row, pupil, fields.named)


def _called(row: PupilRow, pupil: KnownPupil, field: str, label: str, legal: str) -> Iterable[Change]:
    """Exports repeat the legal name where no other is used; that says the same as an empty field."""
    before, after = getattr(pupil, field) or None, getattr(row, field)
    before = None if same_text(before, getattr(pupil, legal)) else before
    after = None if same_text(after, getattr(row, legal) or getattr(pupil, legal)) else after
    if not same_text(before, after):
        yield Change(field, label, before, after)


def _sen_changes(row: PupilRow, pupil: KnownPupil, fields: frozenset[str]) -> Iterable[Change]:
    """Status, its start date and needs: each waits for a person."""
    if "status" in fields and row.status is not None and row.status is not pupil.status:
        yield Change("status", "SEN status", pupil.status, row.status, needs_confirming=True)
    if "status_start" in fields and row.status_start is not None and row.status_start != pupil.status_start:
        yield Change(
            "status_start", "SEN status start date", pupil.status_start, row.status_start, needs_confirming=True
        )
    if not _needs_count(row, fields):
        return
    recorded = sorted(pupil.needs, key=lambda need: need.rank)
    before, after = tuple(need.need for need in recorded), tuple(need.need for need in row.needs)
    if before != after:
        yield Change("needs", "SEN needs", before, after, needs_confirming=True)
    differing = [
        (old.started, new.started)
        for old, new in _pairs(row.needs, pupil.needs)
        if old.started and new.started and old.started != new.started
    ]
    if "need_dates" in fields and differing:
        olds, news = tuple(old for old, _ in differing), tuple(new for _, new in differing)
        yield Change("need_dates", "SEN need start dates", olds, news, needs_confirming=True)


def _needs_count(row: PupilRow, fields: frozenset[str]) -> bool:
    """A pupil whom the file has without SEN support and without needs keeps the needs recorded, as history does."""
    return "needs" in fields and row.needs_complete and (bool(row.needs) or row.status is not SenStatus.NONE)


def _pairs(rows: Sequence[NeedRow], recorded: Sequence[KnownNeed]) -> list[tuple[KnownNeed, NeedRow]]:
    """Recorded needs beside the file's needs of the same type, in the file's order."""
    by_type = {need.need: need for need in recorded}
    return [(by_type[need.need], need) for need in rows if need.need in by_type]


def _filled_in(row: PupilRow, pupil: KnownPupil, fields: _Fields) -> Iterable[PupilChange]:
    """What was not recorded and now is, though it alters nothing: a plain "no", and start dates of the same needs."""
    found = [
        Change(field, label, None, False)
        for field, label in fields.facts
        if _first_no(getattr(pupil, field), getattr(row, field))
    ]
    if "need_dates" in fields.named and _needs_count(row, fields.named):
        new = [one.started for old, one in _pairs(row.needs, pupil.needs) if old.started is None and one.started]
        if new:
            found.append(Change("need_dates", "SEN need start dates", (None,) * len(new), tuple(new)))
    if found:
        yield PupilChange(pupil, row, tuple(found))


def _first_no(before: Value, after: Value) -> bool:
    """A yes/no question that had no answer is now answered no, as the first file with that column does for all."""
    return before is None and after is False
