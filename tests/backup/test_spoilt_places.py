"""A place that a failing disk or a stranger's hand has spoilt: nothing good is lost by it, and it is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graduated.backup import making, papers, restoring, sheets, state
from graduated.db.clock import held
from tests.backup.conftest import Safe

START = datetime(2026, 11, 20, 8, tzinfo=UTC)


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
