"""Files are whole or not there; evidence rows cannot be changed, even by hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from graduated.db.files import ASIDE, FileStore, TooLarge
from tests.support.databases import REFUSED, by_hand


def test_a_file_is_found_again_by_its_content(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    stored = store.put([b"one ", b"two"])
    assert stored.size == 7
    assert store.read(stored.sha256) == b"one two"
    assert store.put([b"one two"]) == stored


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")

    def breaks() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        store.put(breaks())
    with pytest.raises(TooLarge):
        store.put([b"x" * 11], limit=10)
    assert list((tmp_path / "files").iterdir()) == []


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    stored = store.put([b"as it was"])
    store.path(stored.sha256).write_bytes(b"as it is")
    with pytest.raises(OSError, match="damaged"):
        store.read(stored.sha256)


def test_what_a_killed_upload_left_is_swept_up(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    store.put([b"kept"])
    (tmp_path / "files" / ".incoming-dead").write_bytes(b"half")
    assert store.sweep() == 1


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="asks the system what an open file is called")
def test_a_file_and_its_name_are_on_the_disc_before_a_row_can_name_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    flush = os.fsync

    def seen(handle: int) -> None:
        flushed.append(Path(f"/proc/self/fd/{handle}").readlink())
        flush(handle)

    monkeypatch.setattr(os, "fsync", seen)
    store = FileStore(tmp_path / "files")
    kept = store.path(store.put([b"a report"]).sha256)
    content, *names = flushed
    assert content.name.startswith(ASIDE)
    assert names == [tmp_path / "files", kept.parent]  # a new folder's own name, and the file's in it


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 63, "G" * 64, ""])
def test_only_a_hash_names_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        FileStore(tmp_path).path(name)


ACTS = ("update", "delete")
OBSERVED = (
    "INSERT INTO observation (school_id, pupil_id, kind, area, text, source, seen_on, from_paper, withdrawn,"
    " recorded_at) VALUES (?, ?, 'strength', 'semh', 'Kind to younger children', 'Ms Vine', '2026-09-10', false, false,"
    " '2026-09-10')"
)
PERMIT = (
    "INSERT INTO destruction_permit (why, authority, token, opened_at) "
    "VALUES ('erasure', 'head', '{token}', '2026-11-21')"
)
TOMBSTONE = (
    "INSERT INTO tombstone (school_id, pupil_id, erasure_order_id, kind, table_name, row_id, field, part, digest,"
    " mark, reason, authority, advised_by, carried_out_by, at, permit, audit)"
    " SELECT {school}, {pupil}, 1, 'erase', 'observation', {row}, 'text', '', '', '', '', '', '', '', '2026-11-21',"
    " 'aa', '[]'"
)


def test_evidence_cannot_be_changed_even_by_hand(home: Path) -> None:
    with by_hand(home) as connection:
        connection.without_keys()
        school, pupil = connection.execute("SELECT school_id, id FROM pupil LIMIT 1").fetchone()
        connection.execute(OBSERVED, (school, pupil))
        for change in ("UPDATE observation SET text = 'other'", "DELETE FROM observation"):
            with pytest.raises(REFUSED, match="never changed"):
                connection.execute(change)
        # A permit by itself opens nothing any more, nor does one whose token a tombstone of another row carries.
        connection.execute(PERMIT.format(token="aa"))
        for named in ("", f"{TOMBSTONE.format(school=school, pupil=pupil, row='id + 1')} FROM observation"):
            if named:
                connection.execute(named)
            for change in ("UPDATE observation SET text = 'other'", "DELETE FROM observation"):
                with pytest.raises(REFUSED, match="only what a tombstone names may go"):
                    connection.execute(change)
        connection.execute(f"{TOMBSTONE.format(school=school, pupil=pupil, row='id')} FROM observation")
        assert connection.execute("UPDATE observation SET text = 'other'").rowcount == 1
        for change in ("UPDATE tombstone SET reason = 'other'", "DELETE FROM tombstone"):
            with pytest.raises(REFUSED, match="a tombstone is never changed"):
                connection.execute(change)
        connection.execute("DELETE FROM destruction_permit")
        with pytest.raises(REFUSED, match="never changed"):
            connection.execute("UPDATE observation SET text = 'again'")


def test_every_table_that_is_locked_has_a_door_that_only_a_tombstone_opens(home: Path) -> None:
    with by_hand(home) as connection:
        names = connection.triggers()
    locked = {one.removeprefix("keep_") for one in names if one.startswith("keep_") and not one.endswith("_insert")}
    doors = {one.removeprefix("door_") for one in names if one.startswith("door_")}
    never = {f"{table}_{act}" for table in ("tombstone", "destruction") for act in ACTS}  # they never go, permit or not
    assert locked - doors == never
    assert doors <= locked


def test_nothing_but_a_tombstone_opens_a_row_of_an_older_one(home: Path) -> None:
    """A permit of a later act, with another token, does not open again what an earlier tombstone named."""
    with by_hand(home) as connection:
        connection.without_keys()
        school, pupil = connection.execute("SELECT school_id, id FROM pupil LIMIT 1").fetchone()
        connection.execute(OBSERVED, (school, pupil))
        connection.execute(f"{TOMBSTONE.format(school=school, pupil=pupil, row='id')} FROM observation")
        connection.execute(PERMIT.format(token="bb"))
        with pytest.raises(REFUSED, match="only what a tombstone names may go"):
            connection.execute("UPDATE observation SET text = 'other'")
