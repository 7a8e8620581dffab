"""Taking a roll: what a dry run showed, written so that the audit sees every pupil.

SEN status, its start and needs of a pupil already known are taken only for the lines that were confirmed. History is
kept: a change of status opens a new spell, a need that is no longer said ends. Nobody is deleted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import bindparam, select

from graduated.access.together import add_many, change_many, numbers_for
from graduated.db.session import db
from graduated.imports.difference import Addition, Change, Difference, PupilChange
from graduated.imports.history import start_of_status
from graduated.imports.known import COLUMN_OF
from graduated.imports.pupils_file import NeedRow, PupilRow
from graduated.pupils.models import Need, Pupil, SenStatusSpell
from graduated.pupils.services import refresh_assignments, set_needs, set_status
from graduated.rules.calendar import end_of_compulsory_school_age
from graduated.rules.vocabulary import SenStatus, StatusSource

T = TypeVar("T")
Progress = Callable[[int, int], None]
_AT_A_TIME = 5_000  # pupils written together: a whole school, and a step of the progress bar for what is more
_TEXTS = (
    "known_as",
    "known_surname",
    "registration_group",
    "first_language",
    "ethnicity",
    "religion",
    "address",
)
_FACTS = ("upn", "sex", "eal", "pupil_premium", "in_care", "service_family")
_COLUMNS = {COLUMN_OF.get(one, one): one for one in (
    "legal_surname", "legal_forename", "date_of_birth", "year_group", "admission_date", "leaving_date", "attendance",
    "version", *_TEXTS, *_FACTS,
)}  # fmt: skip
_SEN_FIELDS = {"status", "status_start", "needs", "need_dates"}

_SPELLS = select(SenStatusSpell).where(
    SenStatusSpell.pupil_id.in_(bindparam("ids", expanding=True)), SenStatusSpell.ends.is_(None)
)
_NEEDS = select(Need).where(Need.pupil_id.in_(bindparam("ids", expanding=True)), Need.ends.is_(None))
_EARLIER = (
    select(SenStatusSpell)
    .where(SenStatusSpell.pupil_id == bindparam("pupil_id"), SenStatusSpell.ends.is_not(None))
    .order_by(SenStatusSpell.ends.desc(), SenStatusSpell.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many pupils came of it; `waiting` are those whose SEN details were not confirmed."""

    added: int
    changed: int
    confirmed: int
    waiting: int


def apply_pupils(difference: Difference, confirmed: frozenset[int], today: date, progress: Progress) -> Taken:
    """Write a difference, with the SEN details of the lines of the file that are `confirmed`. Inside one write()."""
    total = len(difference.added) + len(difference.changed) + len(difference.filled_in)
    done = 0
    for additions in _batches(difference.added):
        _add(additions, today)
        done += len(additions)
        progress(done, total)
    # Of whom both is done, the second time begins with what the first time wrote.
    both = {one.pupil.id for one in difference.filled_in} & {one.pupil.id for one in difference.changed}
    for changes in _batches((*difference.filled_in, *difference.changed)):
        _change(changes, confirmed, today, as_read=not both)
        done += len(changes)
        progress(done, total)
    refresh_assignments()
    waiting = {one.row.line for one in difference.to_confirm}
    return Taken(
        added=len(difference.added),
        changed=sum(bool(one.at_once) or one.row.line in confirmed for one in difference.changed),
        confirmed=len(waiting & confirmed),
        waiting=len(waiting - confirmed),
    )


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    left = iter(items)
    while batch := list(islice(left, _AT_A_TIME)):
        yield batch


def _add(additions: Sequence[Addition], today: date) -> None:
    """New pupils with the status and the needs that the file gives them."""
    needs = sum(len(one.row.needs) for one in additions)
    numbers = numbers_for({Pupil: len(additions), SenStatusSpell: len(additions), Need: needs})
    pupils = list(zip(numbers[Pupil], additions, strict=True))
    add_many(Pupil, [_new_pupil(one.row) for one in additions], numbers[Pupil])
    add_many(SenStatusSpell, [_first_spell(number, one.row, today) for number, one in pupils], numbers[SenStatusSpell])
    add_many(
        Need,
        [
            {"pupil_id": number, "type": need.need, "rank": need.rank, "starts": need.started}
            for number, one in pupils
            for need in one.row.needs
        ],
        numbers[Need],
    )


def _first_spell(pupil_id: int, row: PupilRow, today: date) -> dict[str, Any]:
    return {
        "pupil_id": pupil_id,
        "status": row.status or SenStatus.NONE,
        "starts": row.status_start or today,
        "source": StatusSource.MIS,
        "told_mis": True,
    }


def _new_pupil(row: PupilRow) -> dict[str, Any]:
    if row.date_of_birth is None:
        raise ValueError("a pupil without a date of birth is refused before this")
    values: dict[str, Any] = {field: getattr(row, field) or "" for field in _TEXTS}
    values |= {field: getattr(row, field) for field in _FACTS}
    values |= {column: getattr(row, field) for field, column in COLUMN_OF.items()}
    values |= {field: getattr(row, field) for field in ("legal_surname", "legal_forename", "year_group")}
    return values | {"rights_pass_on": end_of_compulsory_school_age(row.date_of_birth)}


def _change(changes: Sequence[PupilChange], confirmed: frozenset[int], today: date, *, as_read: bool) -> None:
    spells, needs = _open_details(changes, confirmed)
    values: dict[int, dict[str, Any]] = defaultdict(dict)
    for one in changes:
        for change in one.at_once:
            if change.field == "need_dates":
                _date_needs(needs[one.pupil.id], one.row.needs, only_missing=True)
            elif change.field == "on_roll":
                values[one.pupil.id]["left_on"] = one.row.leaving_date
            else:
                values[one.pupil.id] |= _values_of(change)
    change_many(Pupil, values, _as_read(changes) if as_read else None)
    for one in changes:
        spell = spells.get(one.pupil.id)
        if spell is None and any(change.field == "on_roll" for change in one.at_once):
            # A leaver whom the file has again: on roll, without SEN support until somebody confirms otherwise.
            set_status(one.pupil.id, SenStatus.NONE, today, StatusSource.MIS)
        if one.row.line in confirmed and one.to_confirm:
            _sen_details(one.pupil.id, one, spell, today)
    db.session.flush()


def _as_read(changes: Sequence[PupilChange]) -> dict[int, dict[str, Any]]:
    """The pupils' own columns as the comparison read them, in the same act."""
    return {one.pupil.id: {column: getattr(one.pupil, field) for column, field in _COLUMNS.items()} for one in changes}


def _open_details(
    changes: Sequence[PupilChange], confirmed: frozenset[int]
) -> tuple[dict[int, SenStatusSpell], dict[int, list[Need]]]:
    """The open spells and needs of those of whom the file changes more than the pupil's own record."""
    ids = {"ids": sorted({one.pupil.id for one in changes if _has_details(one, confirmed)})}
    needs: dict[int, list[Need]] = defaultdict(list)
    if not ids["ids"]:
        return {}, needs
    for need in db.session.scalars(_NEEDS, ids):
        needs[need.pupil_id].append(need)
    return {spell.pupil_id: spell for spell in db.session.scalars(_SPELLS, ids)}, needs


def _has_details(one: PupilChange, confirmed: frozenset[int]) -> bool:
    by_line = one.row.line in confirmed and bool(one.to_confirm)
    return by_line or any(change.field in {"need_dates", "on_roll"} for change in one.at_once)


def _values_of(change: Change) -> dict[str, Any]:
    column = COLUMN_OF.get(change.field, change.field)
    value: Any = "" if change.after is None and column in _TEXTS else change.after
    if column == "born_on":
        return {column: value, "rights_pass_on": end_of_compulsory_school_age(value)}
    return {column: value}


def _sen_details(pupil_id: int, one: PupilChange, spell: SenStatusSpell | None, today: date) -> None:
    """What somebody confirmed for one pupil: status, its start date, needs and their dates."""
    fields = {change.field for change in one.to_confirm}
    if "status" in fields and one.row.status is not None:
        _change_status(pupil_id, one.row.status, one.row.status_start, spell, today)
    elif "status_start" in fields and one.row.status_start is not None and spell is not None:
        _correct_start(spell, one.row.status_start)
    if "needs" in fields:
        set_needs(pupil_id, tuple(need.need for need in one.row.needs), today)
    if fields & {"needs", "need_dates"}:
        _date_needs(db.session.scalars(_NEEDS, {"ids": [pupil_id]}).all(), one.row.needs, only_missing=False)


def _change_status(
    pupil_id: int, status: SenStatus, file_start: date | None, spell: SenStatusSpell | None, today: date
) -> None:
    """Close the open spell and open the next, from the file's date where history allows it."""
    if spell is None:
        set_status(pupil_id, status, file_start or today, StatusSource.MIS)
        return
    starts = start_of_status(file_start, spell.starts, spell.source, today)
    opened_id = set_status(pupil_id, status, max(starts, spell.starts), StatusSource.MIS)
    if starts < spell.starts:
        opened = next(row for row in db.session.scalars(_SPELLS, {"ids": [pupil_id]}) if row.id == opened_id)
        opened.starts = starts


def _correct_start(spell: SenStatusSpell, starts: date) -> None:
    """Another start of the same status; the spell before it ends the day before, where that is a day of it."""
    was = spell.starts
    spell.starts = starts
    before = db.session.scalars(_EARLIER, {"pupil_id": spell.pupil_id}).one_or_none()
    if before is not None and before.ends is not None and was.toordinal() - before.ends.toordinal() <= 1:
        day_before = date.fromordinal(starts.toordinal() - 1)
        before.ends = max(before.starts, day_before)


def _date_needs(recorded: Sequence[Need], rows: Sequence[NeedRow], *, only_missing: bool) -> None:
    given = {row.need: row.started for row in rows if row.started is not None}
    for need in recorded:
        if need.type in given and (need.starts is None or not only_missing):
            need.starts = given[need.type]
