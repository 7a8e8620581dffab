"""A place that a failing disk or a stranger's hand has spoilt: nothing good is lost by it, and it is said."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from graduated import cli_backup
from graduated.backup import by_law, keys, making, papers, places, rehearsing, restoring, sealed, sheets, state
from graduated.backup.errors import BackupError
from graduated.cli_backup import restore
from graduated.config import settings_from_environment
from graduated.db.clock import held, now
from tests.backup.conftest import Safe
from tests.support.databases import sqlite_only

pytestmark = sqlite_only("Graduated makes no backups of what a database server keeps")

START = datetime(2025, 11, 20, 8, tzinfo=UTC)


def _after(hours: int, safe: Safe) -> making.Made:
    """A backup made so many hours later."""
    with held(START + timedelta(hours=hours)):
        return making.make(safe.settings)


def _first(safe: Safe) -> sheets.Sheet:
    with held(START):
        return safe.make()


def _spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_kept_file_that_went_bad_is_written_anew_and_said_and_every_backup_is_good_again(
    safe: Safe, tmp_path: Path
) -> None:
    first = _first(safe)
    _spoil(sheets.file_path(safe.place, first.files[0].name))
    assert sheets.what_is_wrong(safe.place, first)
    made = _after(1, safe)
    assert "had gone bad and was written anew" in made.warnings[0]
    assert any("had gone bad" in words for words in state.warnings(safe.settings))
    for sheet in (first, sheets.read(safe.place / f"{made.name}{sheets.SHEET}")):
        assert sheets.what_is_wrong(safe.place, sheet) == ""
        done = restoring.restore(safe.archive(sheet), safe.key, tmp_path / sheet.name)
        assert (done.files, done.notes) == (len(sheet.files), [])
    assert _after(2, safe).warnings == []


def test_where_there_is_much_every_kept_file_is_read_again_within_a_day_of_backups(
    safe: Safe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "ALL_AT_ONCE", 0)
    monkeypatch.setattr(papers, "TURNS", 3)
    first = _first(safe)
    _spoil(sheets.file_path(safe.place, first.files[0].name))
    found = [_after(turn + 1, safe).warnings for turn in range(3)]
    assert sum(bool(warnings) for warnings in found) == 1
    assert sheets.what_is_wrong(safe.place, first) == ""


def test_a_restore_leaves_out_a_kept_file_that_is_bad_says_so_loudly_and_brings_all_else(
    safe: Safe, tmp_path: Path
) -> None:
    sheet = safe.make()
    bad = sheets.file_path(safe.place, sheet.files[0].name)
    _spoil(bad)
    done = restoring.restore(safe.place, safe.key, tmp_path / "new")
    assert done.files == len(sheet.files) - 1
    assert "1 KEPT FILE DID NOT COME BACK" in done.notes[0]
    assert len([path for path in (tmp_path / "new" / "files").rglob("*") if path.is_file()]) == done.files
    bad.unlink()
    assert restoring.restore(safe.place, safe.key, tmp_path / "again").files == done.files


def test_a_link_laid_in_the_place_overwrites_nothing_elsewhere_and_is_never_followed_by_the_clearing(
    safe: Safe, tmp_path: Path
) -> None:
    first = _first(safe)
    kept, elsewhere = sheets.file_path(safe.place, first.files[0].name), tmp_path / "another"
    database = safe.settings.home / "graduated.db"
    before = database.read_bytes()[:4096]
    kept.unlink()
    kept.with_name(f"{kept.name}.part").symlink_to(database)
    (safe.place / f"{sheets.name_for(START + timedelta(hours=1))}{sheets.ARCHIVE}.part").symlink_to(database)
    elsewhere.mkdir()
    for name in ("my-own-papers.age", f"{'a' * 64}.age"):
        (elsewhere / name).write_bytes(b"a stranger's")
    (safe.place / "files" / "zz").symlink_to(elsewhere)
    (kept.parent / "thesis.age").write_bytes(b"a stranger's")
    _after(1, safe)
    assert database.read_bytes()[:4096] == before
    assert not kept.is_symlink()
    assert not list(safe.place.rglob("*.part"))
    assert len(list(elsewhere.iterdir())) == 2
    assert (kept.parent / "thesis.age").exists()


def test_nothing_is_written_through_a_folder_that_is_a_link(safe: Safe, tmp_path: Path) -> None:
    (tmp_path / "another").mkdir()
    (safe.place / "files").symlink_to(tmp_path / "another")
    with pytest.raises(BackupError, match="is a link to somewhere else"):
        making.make(safe.settings)
    assert list((tmp_path / "another").iterdir()) == []


OLD = "graduated-20000101T000000Z"


def test_a_sheet_that_somebody_else_wrote_is_not_believed_when_a_backup_is_made(safe: Safe) -> None:
    first = _first(safe)
    part = first.files[0]
    false = b"x" * part.size
    sheets.file_path(safe.place, part.name).write_bytes(false)
    body = first.body() | {"name": OLD, "files": [[part.name, part.size, hashlib.sha256(false).hexdigest()]]}
    body["archive"] = {**body["archive"], "name": f"{OLD}.age"}
    sealed.write(safe.place / f"{OLD}.sheet", {**body, "seal": "0" * 64})
    assert sheets.read(safe.place / f"{OLD}.sheet").files[0].sha256 != part.sha256
    made = _after(1, safe)
    written = {one.name: one for one in sheets.read(safe.place / f"{made.name}{sheets.SHEET}").files}
    assert written[part.name].sha256 != hashlib.sha256(false).hexdigest()
    assert sheets.part_wrong(sheets.file_path(safe.place, part.name), written[part.name]) == ""
    assert OLD not in {one.name for one in sheets.in_place(safe.place)}  # old, and of nobody's


def _lay(place: Path, sheet: sheets.Sheet, **changes: object) -> None:
    body = {**sheet.body(), "name": OLD, "archive": {**sheet.body()["archive"], "name": f"{OLD}.age"}}
    sealed.write(place / f"{OLD}.sheet", {**body, "seal": "", **changes})


def _raw(path: Path, text: bytes) -> None:
    path.write_bytes(b"sha256 " + hashlib.sha256(text).hexdigest().encode() + b"\n" + text + b"\n")


STONE: list[object] = ["2030-01-01T00:00:00+00:00", 1, 1, 1, "pupil", 1, "*", "erase"]
ODD: dict[str, Callable[[Path, sheets.Sheet], None]] = {
    "heads": lambda place, sheet: _lay(place, sheet, heads=[]),
    "names": lambda place, sheet: _lay(place, sheet, files=[[7, 7, 7]]),
    "outside": lambda place, sheet: _lay(place, sheet, files=[["../../../etc/passwd", 7, "0" * 64]]),
    "moment": lambda place, sheet: _lay(place, sheet, moment="2000-01-01T00:00:00"),
    "another": lambda place, sheet: _lay(place, sheet, name=sheet.name),
    "seal": lambda place, sheet: _lay(place, sheet, seal=["0"]),
    "list": lambda place, _sheet: sealed.write(place / f"{OLD}.sheet", [1]),
    "json": lambda place, _sheet: _raw(place / f"{OLD}.sheet", b"{"),
    "deep": lambda place, _sheet: _raw(place / f"{OLD}.sheet", b"[" * 100_000),
    "day": lambda place, _sheet: _raw(place / "graduated-20269999T999999Z.sheet", b"{}"),
    "law": lambda place, _sheet: sealed.write(
        place / by_law.LIST, [STONE, [None, *STONE[1:]], 7, ["soon", *STONE[1:]]]
    ),
    "no list": lambda place, _sheet: sealed.write(place / by_law.LIST, 7),
}


@pytest.mark.parametrize("what", ODD)
def test_an_odd_file_at_a_place_stands_in_the_way_of_nothing(
    made: tuple[Safe, sheets.Sheet], tmp_path: Path, what: str
) -> None:
    safe, sheet = made
    place = tmp_path / "disk"
    place.mkdir()
    ODD[what](place, sheet)
    for found in sheets.in_place(place):
        assert found.sheet is None
        assert found.wrong
    assert len(by_law.at_place(place)) == (what == "law")
    by_law.write(place, [])
    assert making.sweeping.sweep(place, safe.settings.audit_key) <= 1


@pytest.mark.parametrize("said", [7, [], {}, {"installation": ["0"]}])
def test_an_odd_mark_is_refused_in_words(made: tuple[Safe, sheets.Sheet], tmp_path: Path, said: object) -> None:
    sealed.write(tmp_path / places.MARK, said)
    with pytest.raises(BackupError, match=r"cannot be read as it should|another installation"):
        places.check(made[0].settings, tmp_path)


def test_what_cannot_be_understood_at_one_place_does_not_keep_the_other_from_its_backup(
    safe: Safe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    places.add(safe.settings, other)
    clear = making.sweeping.sweep

    def stumble(place: Path, key: bytes) -> int:
        if place == safe.place:
            raise RecursionError
        return clear(place, key)

    monkeypatch.setattr(making.sweeping, "sweep", stumble)
    made = making.make(safe.settings)
    assert made.good == [str(other)]
    assert "could not be understood (RecursionError)" in made.errors[str(safe.place)]


def test_a_backup_that_is_dated_in_the_future_is_not_the_newest_and_that_is_said(safe: Safe, tmp_path: Path) -> None:
    ahead = now() + timedelta(days=3650)
    with held(ahead):
        future = safe.make()
    with pytest.raises(BackupError, match="dated in the future. Set this machine's clock"):
        restoring.restore(safe.place, safe.key, tmp_path / "new")
    made = making.make(safe.settings)
    assert any("dated in the future" in words for words in state.warnings(safe.settings))
    done = restoring.restore(safe.place, safe.key, tmp_path / "new")
    assert done.name == made.name
    assert f"{future.name}.age: dated in the future" in done.notes[0]
    assert restoring.restore(safe.archive(future), safe.key, tmp_path / "named").name == future.name


def test_a_restored_place_is_told_no_setting_of_the_living_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GRADUATED_OWNER_URL went through once, and `db upgrade` of a rehearsal raised the living database."""
    for name in ("DATABASE_URL", "GRADUATED_OWNER_URL", "GRADUATED_AUDIT_KEY", "GRADUATED_SOMETHING_NEW", "PGHOST"):
        monkeypatch.setenv(name, "postgresql://owner:x@live/graduated")
    told = rehearsing.environment(tmp_path)
    assert not [value for value in told.values() if "live" in value]
    assert told["GRADUATED_HOME"] == str(tmp_path)
    assert told["PATH"]
    for name in set(os.environ) - set(told):
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRADUATED_HOME", str(tmp_path))
    assert settings_from_environment().migration_url == f"sqlite:///{tmp_path / 'graduated.db'}"


def test_a_key_typed_without_its_sheet_restores_only_what_was_compared_with_the_sheet(
    made: tuple[Safe, sheets.Sheet], tmp_path: Path
) -> None:
    """Who knows the public key can lay a whole backup of his own there, with a head who is he."""
    safe, sheet = made
    line, into = safe.key_sheet.strip().splitlines()[-1], tmp_path / "new"
    words = [str(safe.place), "--into", str(into)]
    refused = CliRunner().invoke(restore, words, input=line)
    assert refused.exit_code == 2
    assert f"by installation {sheet.installation}" in refused.output
    assert "--installation" in refused.output
    other = CliRunner().invoke(restore, [*words, "--installation", "0" * 16], input=line)
    assert other.exit_code == 2
    assert "for the backups of another installation" in other.output
    assert not into.exists()


@pytest.mark.parametrize("answer", [True, False])
def test_at_the_screen_it_is_asked_before_anything_is_written(
    made: tuple[Safe, sheets.Sheet], monkeypatch: pytest.MonkeyPatch, answer: bool
) -> None:
    safe, sheet = made
    asked: list[str] = []
    monkeypatch.setattr(cli_backup.sys, "stdin", type("Screen", (), {"isatty": lambda _self: True})())
    monkeypatch.setattr(cli_backup.click, "confirm", lambda words: asked.append(words) or answer)
    bare = keys.private_key(safe.key_sheet.strip().splitlines()[-1])
    if answer:
        assert cli_backup._fitting(bare, safe.place, "").installation == sheet.installation
    else:
        with pytest.raises(BackupError, match="Nothing was restored"):
            cli_backup._fitting(bare, safe.place, "")
    assert sheet.installation in asked[0]
    assert sheet.name in asked[0]
    assert cli_backup._fitting(safe.key, safe.place, "").installation == sheet.installation
    assert len(asked) == 1
