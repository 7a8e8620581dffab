"""A roll taken into a school: what was shown is what is written, and nobody's status moves unasked."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from graduated.audit.models import ChangeEvent
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.imports.command import CannotRead, run_import
from graduated.imports.history import start_of_status
from graduated.imports.models import ImportFile, ImportState
from graduated.pupils.models import Pupil, SenStatusSpell
from graduated.pupils.services import set_status
from graduated.rules.vocabulary import SenStatus, StatusSource, YearGroup
from tests.support.world import World

from . import school
from .files import ARBOR, BROMCOM, HOSTILE, NEXT_TERM, SIMS
from .school import counts, in_school, needs, roll, spells, take


@pytest.fixture
def lytchett(app: Flask) -> int:
    """A school of its own, without pupils."""
    return school.empty_school(app)


def test_the_first_roll_is_taken_to_the_field(app: Flask, lytchett: int) -> None:
    with in_school(app, lytchett):
        answer = take(ARBOR)
        assert counts(answer) == {
            "added": 210, "changed": 0, "unchanged": 0, "missing_from_file": 0, "to_confirm": 0, "refused": 0,
        }  # fmt: skip
        one = roll()["M838340126001"]
        assert (one.legal_forename, one.legal_surname, one.date_of_birth) == ("Maryam", "Squibb", date(2021, 10, 3))
        assert (one.year_group, one.registration_group, one.eal, one.in_care) == (YearGroup.R, "RA", False, False)
        assert (one.status, one.status_start) == (SenStatus.SUPPORT, date(2025, 9, 14))
        assert spells("M838340126001") == [("K", date(2025, 9, 14), None, "mis")]
        assert needs("M838340126001") == [("SLCN", 1, None, None)]
        assert spells("B838340126002") == [("N", today(), None, "mis")]
        passes_on = db.session.scalar(select(Pupil.rights_pass_on).where(Pupil.upn == "M838340126001"))
        assert passes_on == date(2038, 6, 25)
        by_status = dict(
            db.session.execute(select(SenStatusSpell.status, func.count()).group_by(SenStatusSpell.status)).all()
        )
        assert sum(by_status.values()) == 210


def test_a_file_imported_twice_changes_nothing_and_writes_no_pupil(app: Flask, lytchett: int) -> None:
    with in_school(app, lytchett):
        take(ARBOR)
        events = select(func.count()).select_from(ChangeEvent).where(ChangeEvent.pupil_id.is_not(None))
        before = db.session.scalar(events)
        assert counts(take(ARBOR))["unchanged"] == 210
        assert before == 210
        assert db.session.scalar(events) == before


def test_next_term_shows_exactly_the_differences_and_the_status_waits(app: Flask, lytchett: int) -> None:
    with in_school(app, lytchett):
        take(ARBOR)
        before = roll()
        dry = take(NEXT_TERM, dry_run=True)
        assert roll() == before
        answer = take(NEXT_TERM)
        assert answer.as_json() == dry.as_json()
        assert counts(answer) == {
            "added": 4, "changed": 13, "unchanged": 192, "missing_from_file": 5, "to_confirm": 9, "refused": 0,
        }  # fmt: skip
        after = roll()
        assert len(after) == 214
        for upn, one in before.items():
            now = after[upn]
            assert (now.status, now.status_start, now.needs) == (one.status, one.status_start, one.needs)
        for change in answer.difference.changed:
            for one in change.at_once:
                assert getattr(after[change.pupil.upn], one.field) == one.after
        assert all(after[one.upn].on_roll for one in dry.difference.missing_from_file)


def test_accepting_takes_every_confirmation_to_the_field_and_keeps_history(app: Flask, lytchett: int) -> None:
    with in_school(app, lytchett):
        take(ARBOR)
        first = roll()
        answer = take(NEXT_TERM, accept_status=True)
        assert len(answer.as_json()["to_confirm"]) == 9
        after = roll()
        for line in answer.difference.to_confirm:
            upn = line.pupil.upn
            row = line.row
            assert after[upn].status is row.status
            assert [one.need for one in after[upn].needs] == [one.need for one in row.needs] or not row.needs
            if row.status_start:
                assert after[upn].status_start == row.status_start
            if first[upn].status is not row.status:
                history = spells(upn)
                assert len(history) == 2
                assert history[0][0] == first[upn].status.value
                assert history[0][2] is not None
                assert history[1][2] is None
        again = take(NEXT_TERM)
        assert (counts(again)["added"], counts(again)["changed"], counts(again)["unchanged"]) == (0, 0, 209)


def test_the_same_roll_from_another_system_changes_nothing_in_shared_columns(app: Flask, lytchett: int) -> None:
    with in_school(app, lytchett):
        take(ARBOR)
        before = roll()
        answer = take(SIMS)
        assert counts(answer) == {
            "added": 0, "changed": 0, "unchanged": 210, "missing_from_file": 0, "to_confirm": 0, "refused": 0,
        }  # fmt: skip
        for upn, now in roll().items():
            assert (now.status, now.status_start, now.legal_surname) == (
                before[upn].status, before[upn].status_start, before[upn].legal_surname,
            )  # fmt: skip


def test_a_secondary_of_1330_is_taken_whole(app: Flask, lytchett: int) -> None:
    with in_school(app, lytchett):
        assert counts(take(BROMCOM))["added"] == 1330
        assert counts(take(BROMCOM))["unchanged"] == 1330


def test_hostile_rows_are_refused_one_by_one_and_the_rest_is_taken(app: Flask, lytchett: int) -> None:
    with in_school(app, lytchett):
        body = take(HOSTILE).as_json()
        refused = [(one["row"], one["column"]) for one in body["refused"]]
        assert refused == [
            (3, "UPN"), (5, "Date of birth"), (7, "UPN"), (9, "Sex"), (11, "First Name"), (13, "SEN Status"),
        ]  # fmt: skip
        assert all(one["reason"] for one in body["refused"])
        names = {one.legal_surname for one in roll().values()}
        assert {"O'Brien", "Szymański", "Hardy-Cox", "Haidari"} <= names
        assert not any(name.startswith("=") for name in names)
        assert [need[0] for need in needs("X838340129012")] == ["HI", "PD"]


def test_a_pupil_of_another_school_is_untouched(app: Flask, world: World, lytchett: int) -> None:
    with in_school(app, world.other_school_id):
        before = roll()
    with in_school(app, lytchett):
        take(ARBOR)
    with in_school(app, world.other_school_id):
        assert roll() == before
        assert counts(take(ARBOR))["added"] == 210
    with in_school(app, lytchett):
        assert len(roll()) == 210


def test_one_audit_event_for_each_pupil_names_who_did_it(app: Flask, lytchett: int) -> None:
    with in_school(app, lytchett):
        take(ARBOR)
        take(NEXT_TERM, accept_status=True)
        rows = db.session.execute(
            select(ChangeEvent.pupil_id, func.count())
            .where(ChangeEvent.pupil_id.is_not(None))
            .group_by(ChangeEvent.pupil_id)
        ).all()
        assert max(count for _pupil, count in rows) == 2
        assert sum(count for _pupil, count in rows) == 210 + 4 + 13
        assert set(db.session.scalars(select(ChangeEvent.actor_name))) == {"Command line"}


def test_a_failure_on_the_way_leaves_nothing_behind(app: Flask, lytchett: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from graduated.imports import apply_pupils

    def breaks(*_args: object) -> None:
        raise OSError("the disc is full")

    monkeypatch.setattr(apply_pupils, "refresh_assignments", breaks)
    with in_school(app, lytchett):
        with pytest.raises(OSError, match="disc is full"):
            take(ARBOR)
        assert roll() == {}
        assert db.session.scalars(select(ImportFile)).all() == []
        assert [one for one in app.extensions["files"].folder.rglob("*") if one.is_file()] == []


def test_the_command_line_takes_a_file_in_one_act_with_who_and_what_came_of_it(app: Flask, lytchett: int) -> None:
    acts = select(ChangeEvent.act).where(ChangeEvent.pupil_id.is_(None)).order_by(ChangeEvent.sequence)
    with in_school(app, lytchett):
        before = len(db.session.scalars(acts).all())
        take(ARBOR)
        assert db.session.scalars(acts).all()[before:] == ["Import from the school's information system"]
        row = db.session.scalars(select(ImportFile)).one()
        assert (row.state, row.filename, row.is_kept) == (ImportState.DONE, ARBOR, True)
        assert row.counts is not None
        assert row.counts["added"] == 210
        assert row.taken_at is not None


def write_roll(path: Path, *rows: str, columns: str = "") -> Path:
    """A small roll with a status, its start and a need."""
    head = "UPN,Surname,Forename,Date of birth,Year group,SEN status,SEN status start date,SEN need type"
    path.write_text("\n".join([columns or head, *rows]) + "\n", encoding="utf-8")
    return path


ISLA = "M838340126001,Cluett,Isla,03/10/2018,Year 3"


def run(path: Path, *, accept_status: bool = True) -> dict[str, int]:
    return counts(run_import(path, "pupils", dry_run=False, accept_status=accept_status))


def test_a_status_that_came_from_the_mis_may_begin_before_it_was_told(
    app: Flask, lytchett: int, tmp_path: Path
) -> None:
    with in_school(app, lytchett):
        run(write_roll(tmp_path / "1.csv", f"{ISLA},N,,"))
        start = today() - timedelta(days=40)
        path = write_roll(tmp_path / "2.csv", f"{ISLA},K,{start:%d/%m/%Y},SLCN")
        assert run(path)["to_confirm"] == 1
        assert spells("M838340126001") == [("N", today(), today(), "mis"), ("K", start, None, "mis")]
        assert needs("M838340126001") == [("SLCN", 1, today(), None)]
        assert run(path)["unchanged"] == 1


def test_what_a_review_decided_is_not_rewritten_by_an_old_date(app: Flask, lytchett: int, tmp_path: Path) -> None:
    with in_school(app, lytchett):
        old = today() - timedelta(days=700)
        path = write_roll(tmp_path / "1.csv", f"{ISLA},K,{old:%d/%m/%Y},SLCN")
        run(path)
        pupil_id = roll()["M838340126001"].id
        off = today() - timedelta(days=60)
        set_status(pupil_id, SenStatus.NONE, off, StatusSource.REVIEW, "Good progress")
        assert run(path, accept_status=False)["to_confirm"] == 1
        assert spells("M838340126001")[-1][:3] == ("N", off, None)
        run(path)
        assert spells("M838340126001") == [
            ("K", old, off - timedelta(days=1), "mis"),
            ("N", off, today() - timedelta(days=1), "review"),
            ("K", today(), None, "mis"),
        ]


def test_a_corrected_start_moves_the_open_spell_and_the_end_of_the_one_before(
    app: Flask, lytchett: int, tmp_path: Path
) -> None:
    with in_school(app, lytchett):
        first, wrong, right = (today() - timedelta(days=days) for days in (400, 100, 120))
        run(write_roll(tmp_path / "1.csv", f"{ISLA},N,{first:%d/%m/%Y},"))
        run(write_roll(tmp_path / "2.csv", f"{ISLA},K,{wrong:%d/%m/%Y},SLCN"))
        run(write_roll(tmp_path / "3.csv", f"{ISLA},K,{right:%d/%m/%Y},SLCN"))
        assert spells("M838340126001") == [
            ("N", first, right - timedelta(days=1), "mis"), ("K", right, None, "mis"),
        ]  # fmt: skip


def test_another_need_ends_the_old_one_and_a_changed_order_only_its_rank(
    app: Flask, lytchett: int, tmp_path: Path
) -> None:
    columns = "UPN,Surname,Forename,Date of birth,Year group,SEN status,SEN Need 1,SEN Need 2"
    with in_school(app, lytchett):
        run(write_roll(tmp_path / "1.csv", f"{ISLA},K,SLCN,MLD", columns=columns))
        run(write_roll(tmp_path / "2.csv", f"{ISLA},K,MLD,SEMH", columns=columns))
        assert [one.need.value for one in roll()["M838340126001"].needs] == ["MLD", "SEMH"]
        slcn = needs("M838340126001")[0]
        assert (slcn[0], slcn[3] is not None) == ("SLCN", True)
        assert needs("M838340126001")[2] == ("SEMH", 2, today(), None)


def test_a_leaver_who_is_back_is_on_roll_again_without_a_status_unasked(
    app: Flask, lytchett: int, tmp_path: Path
) -> None:
    with in_school(app, lytchett):
        path = write_roll(tmp_path / "1.csv", f"{ISLA},K,01/09/2025,SLCN")
        run(path)
        with write("Left"):
            pupil = db.session.scalars(select(Pupil)).one()
            pupil.left_on = today() - timedelta(days=3)
        assert not roll()["M838340126001"].on_roll
        assert run(path, accept_status=False) == {
            "added": 0, "changed": 1, "unchanged": 0, "missing_from_file": 0, "to_confirm": 0, "refused": 0,
        }  # fmt: skip
        assert roll()["M838340126001"].on_roll


def test_a_birthday_put_right_moves_the_day_on_which_rights_pass(app: Flask, lytchett: int, tmp_path: Path) -> None:
    with in_school(app, lytchett):
        run(write_roll(tmp_path / "1.csv", f"{ISLA},N,,"))
        run(write_roll(tmp_path / "2.csv", f"{ISLA.replace('2018', '2017')},N,,"))
        assert db.session.scalars(select(Pupil.rights_pass_on)).one().year == 2034


@pytest.mark.parametrize(
    ("given", "opened", "source", "starts"),
    [
        (None, date(2026, 1, 1), StatusSource.MIS, date(2026, 11, 21)),
        (date(2026, 3, 1), date(2026, 1, 1), StatusSource.REVIEW, date(2026, 3, 1)),
        (date(2026, 1, 1), date(2026, 1, 1), StatusSource.HAND, date(2026, 1, 1)),
        (date(2025, 3, 1), date(2026, 1, 1), StatusSource.MIS, date(2025, 3, 1)),
        (date(2025, 3, 1), date(2026, 1, 1), StatusSource.REVIEW, date(2026, 11, 21)),
        (date(2025, 3, 1), date(2026, 12, 1), StatusSource.AUTHORITY, date(2026, 12, 1)),
    ],
)
def test_from_when_a_status_counts(given: date | None, opened: date, source: StatusSource, starts: date) -> None:
    assert start_of_status(given, opened, source, date(2026, 11, 21)) == starts


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "is empty"),
        ("letter.csv", b"%PDF-1.7 not a roll", "is a PDF"),
        ("words.csv", b"Dear all,\nplease find the roll attached.\n", "No row of headings"),
        ("big.csv", b"x" * (10 * 1024 * 1024 + 1), "the most that can be imported is 10 MB"),
    ],
)
def test_a_file_that_is_no_roll_gets_a_sentence(
    app: Flask, lytchett: int, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with in_school(app, lytchett):
        with pytest.raises(CannotRead, match=says):
            run(tmp_path / name)
        assert db.session.scalar(select(func.count()).select_from(ImportFile)) == 0


def test_the_summary_says_what_happened_and_what_waits(app: Flask, lytchett: int) -> None:
    with in_school(app, lytchett):
        take(ARBOR)
        dry = take(NEXT_TERM, dry_run=True).as_text()
        assert "a dry run, nothing was changed" in dry
        assert "Would be added: 4" in dry
        assert "--accept-status takes all of them" in dry
        assert "Missing from the file, left alone: 5" in take(NEXT_TERM, accept_status=True).as_text()
        assert "line 5, Date of birth: February 2021 has no day 31." in take(HOSTILE).as_text()


def test_bytes_of_a_file_are_kept_only_while_something_of_it_may_be_taken(app: Flask, lytchett: int) -> None:
    store = app.extensions["files"]
    with in_school(app, lytchett):
        take(ARBOR)
        first = db.session.scalars(select(ImportFile.sha256)).one()
        assert store.path(first).exists()
        take(NEXT_TERM)
        assert not store.path(first).exists()
