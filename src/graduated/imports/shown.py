"""A dry run as the page shows it: finished words, and only pupils whom the person looking may look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graduated.imports.difference import Addition, Change, Difference, PupilChange, in_words
from graduated.imports.dry_run import Plan, shown
from graduated.imports.lines import Line
from graduated.imports.pupils_file import PupilRow
from graduated.imports.rows import Refusal
from graduated.rules.vocabulary import SenStatus

AT_FIRST = 25  # rows of a long list that are shown before "Show all"


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One field: what is recorded, and what the file has."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One line: who, what of it, and each change; `sentence` says in words what a confirmation would do."""

    line: int
    name: str
    upn: str
    text: str = ""
    warning: str = ""
    sentence: str = ""
    changes: tuple[ShownChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A list of the page, cut after the first rows unless all were asked for."""

    key: str
    rows: tuple[ShownRow, ...]
    total: int

    @property
    def more(self) -> int:
        """How many rows are not shown."""
        return self.total - len(self.rows)


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything on the page of a dry run."""

    added: Part
    changed: Part
    filled_in: Part
    missing: Part
    to_confirm: tuple[ShownRow, ...]
    unchanged: int
    refused: tuple[Refusal, ...]
    ignored: tuple[str, ...]
    notes: tuple[str, ...]
    many_missing: bool
    hidden: int

    @property
    def changes_at_once(self) -> int:
        """How many rows the first button would write."""
        return self.added.total + self.changed.total + self.filled_in.total


def show(plan: Plan, visible: frozenset[int], whole_words: bool, all_of: str = "") -> Shown:
    """Words for the page. `whole_words` is False for whoever may not read what is recorded of families."""
    found = shown(plan)
    if isinstance(found, Difference):
        return _show_roll(found, visible, all_of)
    hide = {line.pupil_id for line in (*found.added, *found.changed) if line.pupil_id} - visible
    return Shown(
        added=_part("added", (_line(one, True) for one in found.added if one.pupil_id not in hide), all_of),
        changed=_part(
            "changed", (_line(one, whole_words) for one in found.changed if one.pupil_id not in hide), all_of
        ),
        filled_in=Part("filled-in", (), 0),
        missing=Part("missing", (), 0),
        to_confirm=(),
        unchanged=len(found.unchanged),
        refused=found.refused,
        ignored=found.ignored_headings,
        notes=found.notes,
        many_missing=False,
        hidden=len(hide),
    )


def _show_roll(found: Difference, visible: frozenset[int], all_of: str) -> Shown:
    changed = [one for one in found.changed if one.pupil.id in visible]
    hidden = {one.pupil.id for one in (*found.changed, *found.filled_in)} - visible
    return Shown(
        added=_part("added", (_addition(one) for one in found.added), all_of),
        changed=_part("changed", (_change(one, one.at_once) for one in changed if one.at_once), all_of),
        filled_in=_part(
            "filled-in", (_change(one, one.changes) for one in found.filled_in if one.pupil.id in visible), all_of
        ),
        missing=_part(
            "missing",
            (
                ShownRow(0, _named(one.legal_forename, one.legal_surname), one.upn or "")
                for one in found.missing_from_file
                if one.id in visible
            ),
            all_of,
        ),
        to_confirm=tuple(
            _change(one, _to_read(one), _sentence(one)) for one in found.to_confirm if one.pupil.id in visible
        ),
        unchanged=len(found.unchanged),
        refused=found.refused,
        ignored=found.ignored_headings,
        notes=found.notes,
        many_missing=found.many_missing,
        hidden=len(hidden),
    )


def _part(key: str, rows: Iterable[ShownRow], all_of: str) -> Part:
    everything = tuple(rows)
    return Part(key, everything if all_of == key else everything[:AT_FIRST], len(everything))


def _named(forename: str | None, surname: str | None) -> str:
    return " ".join(part for part in (forename, surname) if part)


def _addition(one: Addition) -> ShownRow:
    row = one.row
    parts = [
        row.year_group.label if row.year_group else "",
        row.registration_group or "",
        _status(row),
        ", ".join(need.need.label for need in row.needs),
    ]
    return ShownRow(row.line, row.name, row.upn or "no UPN", "; ".join(filter(None, parts)), one.warning)


def _status(row: PupilRow) -> str:
    if row.status in (None, SenStatus.NONE):
        return ""
    return f"{in_words(row.status)}{f' since {in_words(row.status_start)}' if row.status_start else ''}"


def _change(one: PupilChange, changes: Sequence[Change], sentence: str = "") -> ShownRow:
    name = _named(one.pupil.legal_forename, one.pupil.legal_surname)
    words = tuple(ShownChange(c.label, c.before_text, c.after_text) for c in changes)
    return ShownRow(one.row.line, name, one.pupil.upn or "no UPN", sentence=sentence, changes=words)


def _line(one: Line, whole_words: bool) -> ShownRow:
    changes = tuple(
        ShownChange(c.label, c.before_text if whole_words else "what is recorded", c.after_text) for c in one.changes
    )
    return ShownRow(one.row, one.name, one.upn or "", one.text, changes=changes)


def _to_read(one: PupilChange) -> list[Change]:
    """The changes without the start of a new status, which the sentence gives: it corrects no date of the old one."""
    is_new = any(change.field == "status" for change in one.changes)
    return [change for change in one.changes if not (is_new and change.field == "status_start")]


def _sentence(one: PupilChange) -> str:
    """What a tick would do, in words."""
    status = next((change for change in one.changes if change.field == "status"), None)
    forename = one.pupil.known_as or one.pupil.legal_forename
    since = f" from {in_words(one.row.status_start)}" if one.row.status_start else " from today"
    if status is None:
        names = [change.label.removeprefix("SEN ") for change in one.changes]
        return f"Changes {forename}’s {' and '.join(names)}. The SEN status stays as it is."
    if status.on_to_sen_support:
        return f"Puts {forename} on SEN support{since}."
    if status.after is SenStatus.NONE:
        return f"Takes {forename} off the SEN register{since}. What was recorded before stays."
    if status.after is SenStatus.PLAN:
        return f"Records an EHC plan for {forename}{since}."
    return f"Changes {forename} from {status.before_text} to {status.after_text}{since}."
