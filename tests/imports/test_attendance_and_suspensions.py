"""Attendance and suspensions from files: read, refused with reasons, taken once, corrected by a newer file."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.db.clock import held, now
from graduated.db.session import db
from graduated.db.writing import write
from graduated.imports import words
from graduated.imports.background_files import ParsedAttendance, parse_attendance, parse_suspensions
from graduated.imports.command import Answer, run_import
from graduated.imports.headings import Kind
from graduated.imports.reader import Unreadable
from graduated.pupils import services_background as background
from graduated.pupils.models import Pupil
from graduated.pupils.queries_background import attendance_of, suspensions_of
from graduated.pupils.services_background import NewSuspension
from graduated.rules.attendance import Period
from graduated.rules.suspensions import Suspended
from tests.support.client import PageClient
from tests.support.client import words as words_of
from tests.support.world import World

from .files import FOLDER, TODAY, table
from .school import choose, counts, in_school

A, B, C = "N838451219001", "C838451219002", "M838340126001"
HEAD = "UPN,From,To,Possible,Auth absences,Unauth absences"
FILE, SUSPENDED = "attendance.csv", "suspensions.csv"
AUTUMN = Period(date(2026, 9, 2), date(2026, 10, 23), 74, 4, 0)


@pytest.fixture
def children(app: Flask, world: World) -> dict[str, int]:
    """Three pupils of the world given UPNs: Zofia, Reuben and Jude."""
    ids = {A: world.pupils["zofia"], B: world.pupils["reuben"], C: world.pupils["jude"]}
    with in_school(app, world.school_id), write("UPNs given"):
        for upn, pupil_id in ids.items():
            db.session.scalars(select(Pupil).where(Pupil.id == pupil_id)).one().upn = upn
    return ids


def take(path: Path, kind: str, *rows: str, head: str = HEAD, dry_run: bool = False) -> Answer:
    """Import a few rows of a kind."""
    file = path / f"{kind}.csv"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return run_import(file, kind, dry_run=dry_run, accept_status=False)


def read(*lines: str) -> ParsedAttendance:
    return parse_attendance(table("\n".join([HEAD, *lines]), Kind.ATTENDANCE), TODAY)


def on_20_november() -> object:
    """The clock of these files."""
    return held(now().replace(year=2026, month=11, day=20, hour=12))


def test_the_school_file_is_taken_and_each_bad_row_refused_with_its_reason(
    app: Flask, world: World, children: dict[str, int]
) -> None:
    with in_school(app, world.school_id), on_20_november():
        dry = run_import(FOLDER / FILE, "attendance", dry_run=True, accept_status=False)
        assert attendance_of(children[A]) == ()
        answer = run_import(FOLDER / FILE, "attendance", dry_run=False, accept_status=False)
        assert dry.as_json() == answer.as_json()
        assert (counts(answer)["added"], counts(answer)["refused"]) == (3, 7)
        assert [one.period for one in attendance_of(children[A])] == [AUTUMN]
        assert [one.percent for one in attendance_of(children[C])] == ["81.1%"]
    reasons = {one.row: one.reason for one in answer.difference.refused}
    assert "Lines 7 and 8 speak of the same days" in reasons[8]
    assert "350 attended and 29 absent do not make 380" in reasons[9]
    assert "cannot be in the future" in reasons[10]
    assert "No pupil of the register" in reasons[11]
    assert "at most 20 half-day sessions" in reasons[12]
    assert "Write 0 if there was none" in reasons[13]
    assert "formula" in reasons[14] or "whole number" in reasons[14]
    assert answer.difference.ignored_headings == ("Late",)


def test_the_same_file_again_changes_nothing(app: Flask, world: World, children: dict[str, int]) -> None:
    with in_school(app, world.school_id), on_20_november():
        for kind, name in (("attendance", FILE), ("suspensions", SUSPENDED)):
            first = run_import(FOLDER / name, kind, dry_run=False, accept_status=False)
            again = run_import(FOLDER / name, kind, dry_run=False, accept_status=False)
            assert counts(first)["added"] == counts(again)["unchanged"] > 0
            assert (counts(again)["added"], counts(again)["changed"]) == (0, 0)
        assert len(attendance_of(children[A], with_struck=True)) == 1
        assert len(suspensions_of(children[A], with_struck=True)) == 1


def test_a_longer_period_from_the_same_day_takes_the_place_of_the_one_before(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    with in_school(app, world.school_id), on_20_november():
        take(tmp_path, "attendance", f"{A},02/09/2026,23/10/2026,74,4,0")
        answer = take(tmp_path, "attendance", f"{A},02/09/2026,20/11/2026,104,6,0")
        assert counts(answer)["changed"] == 1
        assert [one.percent for one in attendance_of(children[A])] == ["94.2%"]
        struck = [one for one in attendance_of(children[A], with_struck=True) if one.struck]
        assert [one.period for one in struck] == [AUTUMN]
        assert "with other figures" in struck[0].why
        older = take(tmp_path, "attendance", f"{A},02/09/2026,23/10/2026,74,4,0")
        assert "is recorded already, which is longer" in older.difference.refused[0].reason
        inside = take(tmp_path, "attendance", f"{A},07/09/2026,11/09/2026,10,0,0")
        assert "no day counts twice" in inside.difference.refused[0].reason
        assert len(attendance_of(children[A])) == 1


def test_what_was_struck_by_hand_does_not_stand_in_the_way(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    with in_school(app, world.school_id), on_20_november():
        entry = background.record_attendance(children[A], AUTUMN)
        background.correct_attendance(entry, None, "Another pupil's")
        assert counts(take(tmp_path, "attendance", f"{A},02/09/2026,23/10/2026,74,4,0"))["added"] == 1


def test_suspensions_come_in_by_days_or_sessions_and_take_away_a_none(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    with in_school(app, world.school_id), on_20_november():
        background.record_suspension(children[A], NewSuspension(Suspended(date(2026, 11, 3), Decimal(0))))
        answer = run_import(FOLDER / SUSPENDED, "suspensions", dry_run=False, accept_status=False)
        assert (counts(answer)["added"], counts(answer)["refused"]) == (2, 4)
        assert [(one.starts, one.words) for one in suspensions_of(children[A])] == [(date(2026, 10, 7), "1.5 days")]
        head = "UPN,Date,Days,Reason"
        take(tmp_path, "suspensions", f"{A},07/10/2026,2,Threw a chair", head=head)
        assert [(one.words, one.reason) for one in suspensions_of(children[A])] == [("2 days", "Threw a chair")]
    reasons = {one.row: one.reason for one in answer.difference.refused}
    assert "lasts half a day or more" in reasons[3]
    assert "cannot be in the future" in reasons[4]
    assert 5 in reasons
    assert "Lines 6 and 7 speak of the same day" in reasons[7]


def test_a_file_of_another_school_finds_nobody(app: Flask, world: World, children: dict[str, int]) -> None:
    with in_school(app, world.other_school_id), on_20_november():
        answer = run_import(FOLDER / FILE, "attendance", dry_run=False, accept_status=False)
        assert counts(answer)["added"] == 0
    with in_school(app, world.school_id):
        assert attendance_of(children[A]) == ()


@pytest.mark.parametrize(
    ("head", "kind", "says"),
    [
        ("UPN,From,To,Possible,Present", Kind.ATTENDANCE, "lack: Authorised absences, Unauthorised absences"),
        ("UPN,Date,Reason", Kind.SUSPENSIONS, "no column Days, and none Sessions"),
        ("UPN,Days,Reason", Kind.SUSPENSIONS, "lack: Date"),
        ("Surname,Forename,From,To,Possible,Authorised,Unauthorised", Kind.ATTENDANCE, "which pupil a row is about"),
    ],
)
def test_a_file_without_a_column_that_is_needed_is_refused_as_a_whole(head: str, kind: Kind, says: str) -> None:
    parse = parse_attendance if kind is Kind.ATTENDANCE else parse_suspensions
    with pytest.raises(Unreadable, match=says):
        parse(table(f"{head}\n{A},1,2,3,4,5,6\n", kind), TODAY)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (f"{A},,23/10/2026,74,4,0", "The first day is missing"),
        (f"{A},02/09/2026,,74,4,0", "The last day is missing"),
        (f"{A},02/09/2026,23/10/2026,seventy,4,0", "is not a whole number"),
        (f"{A},02/09/2026,23/10/2026,74,-4,0", "is not a whole number"),
        (f"{A},02/09/2026,23/10/2026,74,4", "5 cells under 6 headings"),
        (",02/09/2026,23/10/2026,74,4,0", "does not say which pupil"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(row: str, says: str) -> None:
    file = read(row)
    assert file.rows == ()
    assert says in " ".join(one.reason for one in file.refused)


@pytest.mark.parametrize("cell", ["12", "12.0", " 12 "])
def test_a_count_is_a_whole_number(cell: str) -> None:
    assert words.count(cell) == 12


@pytest.mark.parametrize("cell", ["1.25", "half", "-1", "1,5"])
def test_days_are_whole_or_half(cell: str) -> None:
    with pytest.raises(words.Unclear, match="whole or half days"):
        words.halves(cell)


def test_the_office_imports_attendance_after_a_look_at_what_it_would_do(
    client: PageClient, world: World, children: dict[str, int], app: Flask
) -> None:
    client.sign_in("admin")
    file = choose(client, f"{HEAD}\n{A},02/09/2025,24/10/2025,74,4,0\n".encode(), "att.csv", "attendance")
    page = client.text(file)
    assert "1 to be added" in page
    assert "94.6%, 74 possible, 4 authorised, 0 unauthorised" in page
    client.send(file)
    assert "1 added" in words_of(client.page("/school/import"))
    assert client.status(f"/pupils/{children[A]}/background") == 404
    with in_school(app, world.school_id):
        assert len(attendance_of(children[A])) == 1


def test_a_refusal_tells_the_office_no_attendance_that_is_recorded(
    client: PageClient, world: World, children: dict[str, int]
) -> None:
    client.sign_in("admin")
    client.send(choose(client, f"{HEAD}\n{A},02/09/2025,24/10/2025,74,4,0\n".encode(), "att.csv", "attendance"))
    again = choose(client, f"{HEAD}\n{A},03/09/2025,24/10/2025,72,0,0\n".encode(), "att.csv", "attendance")
    page = client.text(again)
    assert "2 Sep 2025 to 24 Oct 2025 is recorded already, and" in page
    assert "94.6" not in page


def test_a_file_of_suspensions_tells_its_sender_nothing_of_what_is_recorded(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    with in_school(app, world.school_id), on_20_november():
        told = NewSuspension(Suspended(date(2026, 10, 7), Decimal(2)), "Ran out onto the road")
        background.record_suspension(children[A], told)
        answer = take(tmp_path, "suspensions", f"{A},07/10/2026,1,Threw a chair", head="UPN,Date,Days,Reason")
    said = json.dumps(answer.as_json(), ensure_ascii=False)
    assert counts(answer)["changed"] == 1
    assert "Threw a chair" in said
    for recorded in ("Ran out", "2 days"):
        assert recorded not in said
