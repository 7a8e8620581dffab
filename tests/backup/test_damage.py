"""A damaged backup is found, whatever the byte, and refused in words that name a good one; so is a wrong key."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graduated.backup import by_law, keys, making, places, restoring, sealed, sheets, snapshot, state
from graduated.backup.errors import BackupError, Damaged
from graduated.db.clock import held, now
from tests.backup.conftest import Safe, safe_in
from tests.support.databases import sqlite_only

pytestmark = sqlite_only("Graduated makes no backups of what a database server keeps")

FIRST = datetime(2025, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def copy(made: tuple[Safe, sheets.Sheet], tmp_path: Path) -> tuple[Safe, sheets.Sheet]:
    """The finished backup in a place of this test's own."""
    safe, sheet = made
    shutil.copytree(safe.place, tmp_path / "disk")
    return Safe(safe.settings, tmp_path / "disk", safe.key_sheet), sheet


@pytest.fixture
def two(with_pack: Path, tmp_path: Path) -> tuple[Safe, sheets.Sheet, sheets.Sheet]:
    """An older and a newer backup."""
    shutil.copytree(with_pack, tmp_path / "home")
    safe = safe_in(tmp_path / "home", tmp_path / "disk")
    with held(FIRST):
        older = safe.make()
    with held(FIRST + timedelta(hours=2)):
        newer = safe.make()
    return safe, older, newer


def _flip(path: Path, at: int, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ (1 << bit)]))


def _is_found(place: Path, name: str) -> bool:
    found = next(one for one in sheets.in_place(place) if one.name == name)
    return found.sheet is None or bool(sheets.what_is_wrong(place, found.sheet))


def test_one_bit_that_is_turned_is_found_at_each_of_200_random_places(copy: tuple[Safe, sheets.Sheet]) -> None:
    safe, sheet = copy
    paths = [safe.archive(sheet), safe.place / f"{sheet.name}{sheets.SHEET}"]
    paths += [sheets.file_path(safe.place, part.name) for part in sheet.files]
    assert len(paths) > 2
    assert not _is_found(safe.place, sheet.name)
    chance = random.Random(20261122)
    for number in range(200):
        path = paths[number % len(paths)]
        at, bit = chance.randrange(path.stat().st_size), chance.randrange(8)
        _flip(path, at, bit)
        assert _is_found(safe.place, sheet.name), (path.name, at, bit)
        _flip(path, at, bit)
    assert not _is_found(safe.place, sheet.name)


@pytest.mark.parametrize("left", [0, 1, 0.5, -1])
def test_a_backup_that_is_cut_short_is_found(copy: tuple[Safe, sheets.Sheet], left: float) -> None:
    safe, sheet = copy
    for path in (safe.archive(sheet), sheets.file_path(safe.place, sheet.files[0].name),
                 safe.place / f"{sheet.name}{sheets.SHEET}"):  # fmt: skip
        whole = path.read_bytes()
        path.write_bytes(whole[: int(left * len(whole)) if left == 0.5 else int(left)])
        assert _is_found(safe.place, sheet.name), path.name
        path.write_bytes(whole)
    assert not _is_found(safe.place, sheet.name)


def test_a_restore_refuses_a_damaged_one_and_names_the_good_one_before_it(
    two: tuple[Safe, sheets.Sheet, sheets.Sheet], tmp_path: Path
) -> None:
    safe, older, newer = two
    _flip(safe.archive(newer), safe.archive(newer).stat().st_size // 2, 0)
    with pytest.raises(Damaged, match="is damaged. Take the one before it that is good: ") as refused:
        restoring.restore(safe.place, safe.key, tmp_path / "new")
    assert str(refused.value).endswith(str(safe.archive(older)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["disk", "home"]
    restoring.restore(safe.archive(older), safe.key, tmp_path / "new")


def test_without_any_good_one_a_restore_says_where_to_look(copy: tuple[Safe, sheets.Sheet], tmp_path: Path) -> None:
    safe, sheet = copy
    safe.archive(sheet).unlink()
    with pytest.raises(BackupError, match="There is no good one in this folder. Try the other places"):
        restoring.restore(safe.place, safe.key, tmp_path / "new")


def test_a_backup_without_its_sheet_counts_for_nothing(
    two: tuple[Safe, sheets.Sheet, sheets.Sheet], tmp_path: Path
) -> None:
    safe, older, newer = two
    (safe.place / f"{newer.name}{sheets.SHEET}").unlink()
    with pytest.raises(BackupError, match="never finished"):
        restoring.restore(safe.archive(newer), safe.key, tmp_path / "new")
    assert sheets.chosen(safe.place) == (safe.place, older.name)


def test_a_sheet_written_by_somebody_else_is_refused(copy: tuple[Safe, sheets.Sheet], tmp_path: Path) -> None:
    """Hashes that fit are not enough: who can write to the disk could make them."""
    safe, sheet = copy
    path = safe.place / f"{sheet.name}{sheets.SHEET}"
    said = sealed.read(path)
    sealed.write(path, {**said, "moment": (sheet.moment + timedelta(days=9)).isoformat()})
    with pytest.raises(Damaged, match="was not written by the installation"):
        restoring.restore(safe.place, safe.key, tmp_path / "new")


def test_a_wrong_key_is_refused_in_words(copy: tuple[Safe, sheets.Sheet], tmp_path: Path) -> None:
    safe, _sheet = copy
    wrong = keys.private_key(str(making.crypt.new_identity()))
    with pytest.raises(BackupError, match="This key does not open this backup"):
        restoring.restore(safe.place, wrong, tmp_path / "new")
    with pytest.raises(BackupError, match="for the backups of another installation"):
        restoring.restore(safe.place, keys.PrivateKey(safe.key.identity, "0" * 16), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_key_may_be_typed_from_paper_and_a_slip_is_named(made: tuple[Safe, sheets.Sheet]) -> None:
    safe, _sheet = made
    line = safe.key_sheet.strip().splitlines()[-1]
    typed = keys.private_key(" ".join(line[at : at + 5].lower() for at in range(0, len(line), 5)))
    assert str(typed.identity) == line
    slip = line[:-1] + ("Q" if line[-1] != "Q" else "P")
    with pytest.raises(BackupError, match="a letter is wrong or missing"):
        keys.private_key(slip)
    with pytest.raises(BackupError, match="There is no key in this file"):
        keys.private_key("# nothing\n")


def test_nothing_is_restored_over_something(copy: tuple[Safe, sheets.Sheet], tmp_path: Path) -> None:
    safe, _sheet = copy
    into = tmp_path / "new"
    into.mkdir()
    (into / "mine").write_text("x")
    with pytest.raises(BackupError, match="is not empty"):
        restoring.restore(safe.place, safe.key, into)
    (into / "mine").unlink()
    restoring.restore(safe.place, safe.key, into)
    assert (into / "graduated.db").is_file()


def test_a_damaged_database_is_never_backed_up_over_good_ones(two: tuple[Safe, sheets.Sheet, sheets.Sheet]) -> None:
    safe, older, newer = two
    file = safe.settings.home / "graduated.db"
    size = file.stat().st_size
    with file.open("r+b") as out:
        out.seek(size // 2)
        out.write(b"\xff" * 8192)
    with pytest.raises(BackupError, match="is damaged .* restore the last good backup"):
        making.make(safe.settings)
    assert [one.name for one in sheets.in_place(safe.place)] == [newer.name, older.name]
    assert "is damaged" in state.of_place(safe.settings, str(safe.place)).error


def test_an_audit_whose_end_was_cut_off_is_noted_on_the_backup(two: tuple[Safe, sheets.Sheet, sheets.Sheet]) -> None:
    safe, _older, _newer = two
    with (safe.settings.home / "audit-anchor.log").open("a") as anchors:
        anchors.write(f"1 99999 {'a' * 64}\n")
    made = making.make(safe.settings)
    assert "The audit of school 1 is not as it was noted outside the database" in made.warnings[0]
    assert any("The audit of school 1" in words for words in state.warnings(safe.settings))


def test_a_damaged_paper_does_not_take_the_place_of_the_good_one(
    two: tuple[Safe, sheets.Sheet, sheets.Sheet], tmp_path: Path
) -> None:
    safe, _older, newer = two
    paper = next(path for path in (safe.settings.home / "files").rglob("*") if path.is_file())
    good = paper.read_bytes()
    _flip(paper, 10, 1)
    with held(FIRST + timedelta(hours=4)):
        safe.make()
    restoring.restore(safe.place, safe.key, tmp_path / "new")
    assert (tmp_path / "new" / "files" / paper.parent.name / paper.name).read_bytes() == good
    keys.make(safe.settings, replace=True)  # now all are enciphered anew, and this one cannot be
    with held(FIRST + timedelta(hours=6)):
        made = making.make(safe.settings)
    assert paper.name[:12] in made.warnings[0]
    assert sheets.what_is_wrong(safe.place, newer) == ""


def test_what_went_by_law_since_is_named_after_a_restore_until_it_has_gone_again(
    two: tuple[Safe, sheets.Sheet, sheets.Sheet], tmp_path: Path
) -> None:
    """The list lies beside the backups, so it tells of an erasure also when only an older backup can be read."""
    safe, older, newer = two
    with closing(sqlite3.connect(safe.settings.home / "graduated.db")) as connection:
        pupil = connection.execute("SELECT id, school_id FROM pupil LIMIT 1").fetchone()
    stones = [
        by_law.Gone((FIRST + timedelta(hours=1)).isoformat(), pupil[1], pupil[0], 7, "pupil", pupil[0], "*", "erase"),
        by_law.Gone((FIRST + timedelta(hours=1)).isoformat(), pupil[1], pupil[0], 8, "pupil", 9999, "name", "erase"),
        by_law.Gone((FIRST - timedelta(hours=1)).isoformat(), pupil[1], pupil[0], 6, "pupil", pupil[0], "x", "erase"),
    ]
    by_law.write(safe.place, stones)
    with held(FIRST + timedelta(hours=3)):
        newest = safe.make()
    assert set(stones) <= set(by_law.at_place(safe.place))  # a backup of a database without them takes none away
    assert restoring.restore(safe.archive(newest), safe.key, tmp_path / "newest").owed == []
    done = restoring.restore(safe.archive(older), safe.key, tmp_path / "new")
    assert done.owed == [stones[0]]
    assert "20 November 2025" in done.owed_words[0]
    assert f"the whole record of the pupil at /pupils/{pupil[0]}" in done.owed_words[0]
    restored = safe_settings(tmp_path / "new", safe)
    assert any("has to go again" in words for words in state.warnings(restored))
    assert state.warnings(restored, pupil[1])[-1] == done.owed_words[0]
    others = state.warnings(restored, pupil[1] + 1)[-1]  # to another school no name, number or day of this one
    assert others.startswith("What went by law is back for 1 pupil of other schools")
    making._note_owed(restored, snapshot.Snapshot(FIRST, "sqlite", gone=[stones[0]]))
    assert any("has to go again" in words for words in state.warnings(restored))  # that was before the restore
    again = stones[0]._replace(at=now().isoformat())
    making._note_owed(restored, snapshot.Snapshot(FIRST, "sqlite", gone=[again]))
    assert not any("has to go again" in words for words in state.warnings(restored))
    assert newer.name != newest.name


def test_a_second_passage_of_the_same_field_that_went_after_the_backup_is_named_as_well(
    two: tuple[Safe, sheets.Sheet, sheets.Sheet],
) -> None:
    safe, older, _newer = two
    with closing(sqlite3.connect(safe.settings.home / "graduated.db")) as connection:
        pupil, school = connection.execute("SELECT id, school_id FROM pupil LIMIT 1").fetchone()
        connection.execute("PRAGMA foreign_keys=OFF")
        before, since = (older.moment + timedelta(hours=hours) for hours in (-1, 1))
        first = by_law.Gone(before.isoformat(), school, pupil, 7, "pupil", pupil, "note", "erase")
        connection.execute(
            "CREATE TEMP TABLE tombstone (id INTEGER PRIMARY KEY, at, school_id, pupil_id, erasure_order_id,"
            " table_name, row_id, field, kind)"
        )
        connection.execute("INSERT INTO tombstone VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)", first)
        second = first._replace(at=since.isoformat(), order_id=8)
        assert by_law.owed([first, second], older.moment, connection) == [second]


def safe_settings(home: Path, safe: Safe) -> making.Settings:
    """The settings of a restored place."""
    return making.Settings(
        home, f"sqlite:///{home / 'graduated.db'}", safe.settings.secret_key, safe.settings.audit_key
    )


def test_a_place_must_be_another_one_s_own_and_not_beside_what_it_saves(safe: Safe, tmp_path: Path) -> None:
    inside = safe.settings.home / "files"
    with pytest.raises(BackupError, match="would be lost with it"):
        places.mark(safe.settings, inside)
    with pytest.raises(BackupError, match="There is no folder"):
        places.mark(safe.settings, tmp_path / "none")
    other = tmp_path / "other"
    other.mkdir()
    sealed.write(other / places.MARK, {"installation": "somebody"})
    with pytest.raises(BackupError, match="another installation"):
        places.add(safe.settings, other)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for next to nothing."""
    place = tmp_path / "small"
    place.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if sys.platform != "linux" or subprocess.run(asked, capture_output=True, check=False).returncode != 0:
        pytest.skip("this account may not mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_said_and_the_other_place_gets_its_backup(safe: Safe, small_disk: Path) -> None:
    places.add(safe.settings, small_disk)
    made = making.make(safe.settings)
    assert made.good == [str(safe.place)]
    assert (
        f"{small_disk} is full, so nothing was backed up there. Older backups are as they were."
        in made.errors[str(small_disk)]
    )
    assert sheets.in_place(small_disk) == []
    assert not list(small_disk.rglob("*.part"))
    assert any("is full" in words for words in state.warnings(safe.settings))


def test_a_place_where_this_account_may_not_write_is_said_with_how_to_go_on(
    made: tuple[Safe, sheets.Sheet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_given: object) -> str:
        raise PermissionError(13, "Permission denied")

    safe, _sheet = made
    monkeypatch.setattr(restoring.tempfile, "mkdtemp", refused)
    with pytest.raises(BackupError, match="may not write in .* Type it as root, with the whole path of the program"):
        restoring.restore(safe.place, safe.key, tmp_path / "new")
    assert not (tmp_path / "new").exists()
