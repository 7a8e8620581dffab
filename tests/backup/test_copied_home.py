"""A home that was copied with all that is in it, for a try, leaves the living school's backups alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from graduated.backup import places
from graduated.backup.errors import BackupError
from graduated.backup.keys import this_copy
from graduated.config import Settings


def _settings(home: Path) -> Settings:
    return Settings(home=home, database_url="sqlite://", owner_url="", secret_key="x", audit_key=b"x")


@pytest.fixture
def living(tmp_path: Path) -> Settings:
    """An installation whose backups go to a disk."""
    for name in ("living", "disk"):
        (tmp_path / name).mkdir()
    settings = _settings(tmp_path / "living")
    places.add(settings, tmp_path / "disk")
    return settings


def test_a_copied_home_is_refused_at_the_place_until_it_takes_over(living: Settings, tmp_path: Path) -> None:
    disk, number = tmp_path / "disk", this_copy(living)
    shutil.copytree(living.home, tmp_path / "copied")
    copied = _settings(tmp_path / "copied")
    assert places.places(copied) == (disk,)
    with pytest.raises(BackupError, match="another copy of this installation: one of the two was copied"):
        places.check(copied, disk)
    assert this_copy(copied) == this_copy(copied) != number
    places.check(living, disk)
    places.add(copied, disk, take_over=True)
    places.check(copied, disk)
    with pytest.raises(BackupError, match="--take-over"):
        places.check(living, disk)


def test_a_home_that_was_moved_or_put_back_in_its_place_goes_on(living: Settings, tmp_path: Path) -> None:
    disk, moved = tmp_path / "disk", tmp_path / "moved"
    living.home.rename(moved)
    places.check(_settings(moved), disk)
    shutil.copytree(moved, tmp_path / "tape")
    shutil.rmtree(moved)
    (tmp_path / "something").mkdir()  # so that the folder gets another number
    shutil.copytree(tmp_path / "tape", moved)
    places.check(_settings(moved), disk)


def test_a_home_of_an_older_program_that_did_not_note_where_it_stands_goes_on(living: Settings, tmp_path: Path) -> None:
    (living.home / "backup" / "copy-stands").unlink()
    places.check(living, tmp_path / "disk")
    assert (living.home / "backup" / "copy-stands").is_file()
