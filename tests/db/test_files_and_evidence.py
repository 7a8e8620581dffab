"""Files are whole or not there; evidence rows cannot be changed, even by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from graduated.db.files import FileStore, TooLarge


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


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 63, "G" * 64, ""])
def test_only_a_hash_names_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        FileStore(tmp_path).path(name)


def test_evidence_cannot_be_changed_even_by_hand(home: Path) -> None:
    with sqlite3.connect(home / "graduated.db") as connection:
        school, pupil = connection.execute("SELECT school_id, id FROM pupil LIMIT 1").fetchone()
        connection.execute(
            "INSERT INTO observation (school_id, pupil_id, kind, area, text, source, seen_on, from_paper, withdrawn,"
            " recorded_at) VALUES (?, ?, 'strength', 'semh', 'Kind to younger children', 'Ms Vine', '2026-09-10', 0, 0,"
            " '2026-09-10')",
            (school, pupil),
        )
        for change in ("UPDATE observation SET text = 'other'", "DELETE FROM observation"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                connection.execute(change)
        connection.execute(
            "INSERT INTO destruction_permit (why, authority, opened_at) VALUES ('erasure', 'head', '2026-11-21')"
        )
        assert connection.execute("DELETE FROM observation").rowcount == 1
