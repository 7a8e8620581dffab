"""What a file of teaching groups would change: pure, so that a dry run and the import cannot disagree.

A department may export only its own groups. So a pupil leaves a group only when the file holds that group without
them, or gives them another group in the same subject; groups that the file doesn't speak of are left alone. Who
teaches a group is replaced by what the file says of it. No account is made for a teacher whom nobody knows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graduated.imports.difference import Change, KnownPupil
from graduated.imports.groups_file import GroupRow, ParsedGroups
from graduated.imports.headings import Columns
from graduated.imports.lines import Finder, Line, LinesDifference, counted, display, listed, pupil_refusal
from graduated.imports.rows import Refusal, folded, in_order


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A pupil's place in a teaching group as recorded."""

    id: int
    pupil_id: int
    name: str
    subject: str


@dataclass(frozen=True, slots=True)
class KnownTeacher:
    """A member of staff with an account here."""

    user_id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class KnownTeaching:
    """That a member of staff teaches a group, as recorded."""

    id: int
    user_id: int
    group: str


@dataclass(frozen=True, slots=True)
class GroupsPlan:
    """What to write: places to add, change and remove, and who teaches which group from now on."""

    shown: LinesDifference
    join: tuple[tuple[int, str, str], ...]
    rename: tuple[tuple[int, str], ...]
    leave: tuple[int, ...]
    teach: tuple[tuple[int, str], ...]
    untaught: tuple[int, ...]


@dataclass(slots=True)
class _Wanted:
    """The first line of a pupil's place in a group."""

    row: GroupRow
    pupil: KnownPupil
    subject: str


def compare_groups(
    parsed: ParsedGroups,
    columns: Columns,
    known: Sequence[KnownPupil],
    places: Sequence[KnownPlace],
    staff: Sequence[KnownTeacher],
    teaching: Sequence[KnownTeaching],
) -> GroupsPlan:
    """Hold a file against the places and the teachers recorded."""
    refused = list(parsed.refused)
    wanted = _wanted(parsed, columns, Finder(known), refused)
    groups = {name for _pupil, name in wanted}
    teach, untaught, teachers, notes = _teachers(parsed, groups, staff, teaching)
    recorded = {(place.pupil_id, place.name): place for place in places}
    names = {pupil.id: pupil for pupil in known}
    added = [_line(one, "joins") for key, one in wanted.items() if key not in recorded]
    renamed, same = _kept(wanted, recorded)
    leaving = _leaving(wanted, places, groups)
    changed = [
        _line(one, "stays in", Change("subject", "Subject", place.subject, one.subject)) for place, one in renamed
    ]
    changed += [_leaves(place, names[place.pupil_id]) for place in leaving if place.pupil_id in names]
    return GroupsPlan(
        shown=LinesDifference(
            added=tuple(added),
            changed=(*changed, *teachers),
            unchanged=tuple(same),
            refused=in_order(refused),
            ignored_headings=parsed.ignored_headings,
            notes=(*parsed.notes, *notes),
        ),
        join=tuple((one.pupil.id, one.row.group, one.subject) for key, one in wanted.items() if key not in recorded),
        rename=tuple((place.id, one.subject) for place, one in renamed),
        leave=tuple(place.id for place in leaving),
        teach=teach,
        untaught=untaught,
    )


def _wanted(
    parsed: ParsedGroups, columns: Columns, finder: Finder, refused: list[Refusal]
) -> dict[tuple[int, str], _Wanted]:
    wanted: dict[tuple[int, str], _Wanted] = {}
    for row in parsed.rows:
        pupil = finder.find(row.pupil)
        if isinstance(pupil, str):
            refused.append(pupil_refusal(row.line, row.pupil, pupil, columns))
        else:
            wanted.setdefault((pupil.id, row.group), _Wanted(row, pupil, row.subject or ""))
    return wanted


def _kept(
    wanted: dict[tuple[int, str], _Wanted], recorded: dict[tuple[int, str], KnownPlace]
) -> tuple[list[tuple[KnownPlace, _Wanted]], list[Line]]:
    """Places that go on: those whose subject the file names otherwise, and those that stay as they are."""
    renamed: list[tuple[KnownPlace, _Wanted]] = []
    same: list[Line] = []
    for key, one in wanted.items():
        place = recorded.get(key)
        if place is not None and one.row.subject is not None and place.subject != one.subject:
            renamed.append((place, one))
        elif place is not None:
            same.append(_line(one, "stays in"))
    return renamed, same


def _line(one: _Wanted, does: str, *changes: Change) -> Line:
    subject = f" ({one.subject})" if one.subject else ""
    return Line(
        one.row.line, one.pupil.id, one.pupil.upn, display(one.pupil), f"{does} {one.row.group}{subject}", changes
    )


def _leaves(place: KnownPlace, pupil: KnownPupil) -> Line:
    change = Change("group_name", "Teaching group", place.name, None)
    return Line(0, pupil.id, pupil.upn, display(pupil), f"leaves {place.name}", (change,))


def _leaving(
    wanted: dict[tuple[int, str], _Wanted], places: Sequence[KnownPlace], groups: set[str]
) -> list[KnownPlace]:
    subjects: dict[int, set[str]] = defaultdict(set)
    for (pupil_id, _name), one in wanted.items():
        subjects[pupil_id].add(one.subject)
    return [
        place
        for place in places
        if (place.pupil_id, place.name) not in wanted
        and (place.name in groups or place.subject in subjects.get(place.pupil_id, set()))
    ]


def _teachers(
    parsed: ParsedGroups, groups: set[str], staff: Sequence[KnownTeacher], teaching: Sequence[KnownTeaching]
) -> tuple[tuple[tuple[int, str], ...], tuple[int, ...], list[Line], list[str]]:
    """Who teaches the groups of the file from now on, who no longer does, and the teachers nobody knows."""
    by_email = {one.email.casefold(): one for one in staff}
    by_name: dict[str, list[KnownTeacher]] = defaultdict(list)
    for one in staff:
        by_name[folded(one.name)].append(one)
    wanted: dict[tuple[int, str], None] = {}
    unknown: Counter[str] = Counter()
    for row in parsed.rows:
        teacher = _teacher(row, by_email, by_name)
        if teacher is None:
            unknown[row.teacher_email or row.teacher_name or ""] += 1
        elif row.group in groups:
            wanted.setdefault((teacher.user_id, row.group), None)
    held = {(one.user_id, one.group): one for one in teaching}
    names = {one.user_id: one.name for one in staff}
    gone = [one for key, one in held.items() if one.group in groups and key not in wanted]
    new = tuple(key for key in wanted if key not in held)
    lines = [_teaching_line(names[user_id], group, "now teaches") for user_id, group in new]
    lines += [
        _teaching_line(names.get(one.user_id, "A former teacher"), one.group, "no longer teaches") for one in gone
    ]
    return new, tuple(one.id for one in gone), lines, list(_unknown_notes(unknown))


def _teacher(
    row: GroupRow, by_email: dict[str, KnownTeacher], by_name: dict[str, list[KnownTeacher]]
) -> KnownTeacher | None:
    if row.teacher_email:
        return by_email.get(row.teacher_email)
    found = by_name.get(folded(row.teacher_name or ""), [])
    return found[0] if len(found) == 1 else None


def _teaching_line(name: str, group: str, does: str) -> Line:
    change = Change(
        "teacher", "Teacher", name if does != "now teaches" else None, name if does == "now teaches" else None
    )
    return Line(0, None, None, name, f"{does} {group}", (change,))


def _unknown_notes(unknown: Counter[str]) -> Iterable[str]:
    if unknown:
        names = [f"{name} ({counted(count, 'row', 'rows')})" for name, count in sorted(unknown.items())]
        yield (
            f"No account here belongs to {listed(names)}. The pupils' groups are taken; "
            "open an account for the teacher with this e-mail address and import the file again."
        )
