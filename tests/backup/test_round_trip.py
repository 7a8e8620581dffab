"""What was backed up comes back: every row, every paper, the packs built from them; also while people write."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graduated.access.identity import acting, system_actor
from graduated.app import create_app
from graduated.backup import archive, crypt, keys, making, places, restoring, sheets, snapshot, sweeping
from graduated.backup.errors import BackupError
from graduated.db.clock import held, now
from graduated.db.session import db
from graduated.ehcna.build import build
from graduated.ops.verify import verify_all
from graduated.rules.backups import Keeping, to_keep
from tests.backup.conftest import Safe
from tests.conftest import settings_in
from tests.ops.test_verify import meddle
from tests.support.databases import sqlite_only
from tests.support.world import World

pytestmark = sqlite_only("Graduated makes no backups of what a database server keeps")

LATER = datetime(2026, 12, 1, 9, tzinfo=UTC)
BEFORE = datetime(2025, 12, 1, 9, tzinfo=UTC)


def dump(home: Path) -> str:
    """All that is in a database, as text."""
    with closing(sqlite3.connect(home / "graduated.db")) as connection:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()


def pack_of(home: Path, world: World) -> tuple[bool, bytes]:
    """Whether `graduated verify` is content with an installation, and a pack built of it."""
    app = create_app(settings_in(home), testing=True)
    with app.app_context():
        whole = verify_all().whole
        with held(LATER), acting(system_actor(world.school_id, "Tests")):
            _build_id, pdf, _pages = build(world.pupils["zofia"], None, "Hannah Legg")
        db.session.remove()
        db.engine.dispose()
    return whole, pdf


def test_a_restored_installation_is_the_same_verifies_and_builds_the_same_pack(
    safe: Safe, tmp_path: Path, world: World
) -> None:
    before, files = dump(safe.settings.home), sorted(path.name for path in (safe.settings.home / "files").rglob("*"))
    assert len(files) > 1
    sheet = safe.make()
    done = restoring.restore(safe.archive(sheet), safe.key, tmp_path / "new")
    assert dump(tmp_path / "new") == before
    assert sorted(path.name for path in (tmp_path / "new" / "files").rglob("*")) == files
    assert (tmp_path / "new" / "secrets" / "audit-key").read_text() == "tests only"
    assert done.owed == []
    first, second = pack_of(safe.settings.home, world), pack_of(tmp_path / "new", world)
    assert first[0]
    assert second[0]
    assert first[1] == second[1]


def test_nobody_without_the_key_reads_a_word_of_it(made: tuple[Safe, sheets.Sheet]) -> None:
    safe, _sheet = made
    everything = b"".join(path.read_bytes() for path in safe.place.rglob("*") if path.is_file())
    for secret in (b"Szyma", b"Hannah", b"tests only", b"SQLite format", b"%PDF", b"Zofia"):
        assert secret not in everything
    kept = b"".join(path.read_bytes() for path in (safe.settings.home / "backup").iterdir() if path.is_file())
    assert b"AGE-SECRET-KEY" not in kept


def test_a_file_of_the_store_is_enciphered_once_and_again_only_for_another_key(safe: Safe) -> None:
    with held(BEFORE):
        first = making.make(safe.settings)
    assert first.new_files == first.files > 0
    with held(BEFORE + timedelta(hours=1)):
        again = making.make(safe.settings)
    assert (again.new_files, again.files) == (0, first.files)
    new_sheet = keys.make(safe.settings, replace=True)
    with held(BEFORE + timedelta(hours=2)):
        third = making.make(safe.settings)
    assert third.new_files == first.files
    restoring.restore(safe.place, keys.private_key(new_sheet), safe.place.parent / "by-new-key")
    older = safe.place / f"{again.name}{sheets.ARCHIVE}"
    with pytest.raises(BackupError, match="This key does not open this backup"):
        restoring.restore(older, keys.private_key(new_sheet), safe.place.parent / "none")
    restoring.restore(older, safe.key, safe.place.parent / "by-old-key")


def test_two_backups_of_one_second_do_not_overwrite_each_other(safe: Safe) -> None:
    with held(BEFORE):
        first, second = safe.make(), safe.make()
    assert first.name < second.name
    assert sheets.what_is_wrong(safe.place, second) == ""


def test_a_second_key_opens_it_as_well(safe: Safe, tmp_path: Path) -> None:
    second = keys.make(safe.settings, another=True)
    safe.make()
    restoring.restore(safe.place, safe.key, tmp_path / "first")
    restoring.restore(safe.place, keys.private_key(second), tmp_path / "second")
    assert dump(tmp_path / "first") == dump(tmp_path / "second")


def test_an_archive_is_a_compressed_tar_file_in_the_age_format(made: tuple[Safe, sheets.Sheet], tmp_path: Path) -> None:
    """So that it can be opened with other tools, should Graduated ever not be at hand."""
    safe, sheet = made
    assert safe.archive(sheet).read_bytes().startswith(b"age-encryption.org/v1\n")
    with safe.archive(sheet).open("rb") as stream, (tmp_path / "a.tar.gz").open("wb") as out:
        crypt.decipher(crypt.file_parts(stream), out, safe.key.identity)
    with tarfile.open(tmp_path / "a.tar.gz") as opened:
        names = opened.getnames()
    assert names[0] == archive.MANIFEST
    assert {"graduated.db", "views.db", "audit-anchor.log", "secrets/audit-key", "secrets/secret-key"} <= set(names)


class Writer(threading.Thread):
    """Saves row after row as the product does, and knows how many are kept."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file, self.kept, self.stop = file, 0, threading.Event()

    def run(self) -> None:
        with closing(sqlite3.connect(self.file, isolation_level=None, timeout=20)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE IF NOT EXISTS saved (id INTEGER PRIMARY KEY, words TEXT)")
            while not self.stop.is_set():
                connection.execute("INSERT INTO saved (words) VALUES (?)", ("x" * 3000,))
                self.kept += 1

    def wait_for(self, kept: int) -> None:
        """Until so many are kept; a minute at most."""
        end = time.monotonic() + 60
        while self.kept < kept:
            assert self.is_alive()
            assert time.monotonic() < end
            time.sleep(0.01)


def test_while_people_write_all_that_was_saved_before_is_in_it_and_the_log_is_cut(safe: Safe, tmp_path: Path) -> None:
    file = safe.settings.home / "graduated.db"
    writer = Writer(file)
    writer.start()
    try:
        for number in range(2):
            writer.wait_for(writer.kept + 20)
            before = writer.kept
            safe.make()
            restoring.restore(safe.place, safe.key, tmp_path / f"new{number}")
            with closing(sqlite3.connect(tmp_path / f"new{number}" / "graduated.db")) as restored:
                found = restored.execute("SELECT count(*), max(id) FROM saved").fetchone()
            assert found[0] == found[1] >= before
            writer.wait_for(writer.kept + 1)  # it goes on
        log = file.with_name("graduated.db-wal")
        assert (log.stat().st_size if log.exists() else 0) <= snapshot.LARGEST_LOG
    finally:
        writer.stop.set()
        writer.join(30)
    safe.make()
    assert not log.exists() or log.stat().st_size == 0


def test_a_large_log_is_cut_before_and_after(safe: Safe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "LARGEST_LOG", 100_000)
    file = safe.settings.home / "graduated.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("CREATE TABLE saved (words TEXT)")
        for _number in range(100):
            connection.execute("INSERT INTO saved VALUES (?)", ("x" * 3000,))
        assert file.with_name("graduated.db-wal").stat().st_size > 100_000
        safe.make()
        assert file.with_name("graduated.db-wal").stat().st_size == 0


KILLER = """
import os, signal, sys
from pathlib import Path
from graduated.backup import making, sheets
from graduated.config import Settings
home, step = Path(sys.argv[1]), int(sys.argv[2])
settings = Settings(home, f"sqlite:///{home / 'graduated.db'}", "tests only", b"tests only")
count = 0
def die(event, arguments):
    global count
    if event in {"os.rename", "open", "os.remove", "shutil.rmtree"} and any(
        str(one).startswith((sys.argv[3], str(home / "backup"))) for one in arguments[:2]
    ):
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(die)
making.make(settings)
"""


def test_a_backup_that_is_killed_at_any_step_counts_for_nothing_and_the_next_clears_it_away(safe: Safe) -> None:
    """Killed at each opening, renaming and removing of a file, until one goes through."""
    with held(now() - timedelta(hours=5)):
        first = safe.make()
    step, killed = 1, 0
    while True:
        done = subprocess.run(
            [sys.executable, "-c", KILLER, str(safe.settings.home), str(step), str(safe.place)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        for one in sheets.in_place(safe.place):
            assert one.sheet is not None
            assert not sheets.what_is_wrong(safe.place, one.sheet)
        assert sheets.what_is_wrong(safe.place, first) == ""
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        killed, step = killed + 1, step + 4
    assert killed > 5
    safe.make()
    names = {one.name for one in sheets.in_place(safe.place)}
    assert {path.name.partition(".")[0] for path in safe.place.glob("graduated-*T*")} == names
    assert not list(safe.place.rglob("*.part"))
    assert not list((safe.settings.home / "backup").glob("work-*"))


def test_of_backups_made_within_one_second_the_last_is_the_newest_and_stays(safe: Safe) -> None:
    moment = now().replace(microsecond=400_000)
    for number in range(5):
        with held(moment + timedelta(milliseconds=number)):
            made = safe.make()
        newest = sheets.in_place(safe.place)[0]
        assert newest.name == made.name


def test_old_ones_go_by_the_rule_with_their_papers_and_nothing_else_does(
    safe: Safe, monkeypatch: pytest.MonkeyPatch
) -> None:
    (safe.place / "holiday.jpg").write_bytes(b"a stranger's")
    start = datetime(2025, 11, 20, 0, 10, tzinfo=UTC)
    for hour in range(0, 40, 4):
        with held(start + timedelta(hours=hour)):
            safe.make()
    newest = start + timedelta(hours=36)
    kept = [one.moment for one in sheets.in_place(safe.place)]
    assert kept[0] == newest
    assert len(kept) == 10  # each of another hour
    for minute in (1, 2, 3):
        with held(newest + timedelta(minutes=minute)):
            last = safe.make()
    assert len(sheets.in_place(safe.place)) == 11  # of one hour the newest, and the one before it
    assert sheets.what_is_wrong(safe.place, last) == ""
    assert (safe.place / "holiday.jpg").exists()
    papers = list((safe.place / "files").rglob("*.age"))
    assert papers
    meddle(safe.settings.home, "UPDATE pack_file SET sha256 = ''", "UPDATE pack_build SET sha256 = ''")
    with held(newest + timedelta(hours=1)):
        safe.make()
    assert [path for path in papers if path.exists()] == papers  # older ones still need them
    monkeypatch.setattr(sweeping, "to_keep", lambda moments: to_keep(moments, Keeping(1, 0, 0, 0, last=1)))
    with held(newest + timedelta(hours=2)):
        last = safe.make()
    assert [one.name for one in sheets.in_place(safe.place)] == [last.name]
    assert not [path for path in papers if path.exists()]
    assert (safe.place / "holiday.jpg").exists()


def test_two_at_once_are_refused_and_two_places_get_one_each(safe: Safe, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    places.add(safe.settings, second)
    made = making.make(safe.settings)
    assert sorted(made.good) == sorted([str(safe.place), str(second)])
    with making.alone(safe.settings), pytest.raises(BackupError, match="is being made just now"):
        making.make(safe.settings)


def test_a_place_that_fails_does_not_keep_the_other_from_its_backup(safe: Safe, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    places.add(safe.settings, second)
    shutil.rmtree(second)
    second.mkdir()  # the mount point of a disk that is not in
    made = making.make(safe.settings)
    assert made.good == [str(safe.place)]
    assert "Put the disk in" in made.errors[str(second)]
    assert not list(second.iterdir())
