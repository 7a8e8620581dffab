"""The commands as an office manager types them, on the day that the machine is lost and on the days before."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from graduated.backup import keys, making, places, sheets
from graduated.backup.errors import BackupError
from tests.backup.conftest import Safe
from tests.support.databases import sqlite_only

pytestmark = sqlite_only("Graduated makes no backups of what a database server keeps")

SECRETS = {"GRADUATED_SECRET_KEY": "tests only", "GRADUATED_AUDIT_KEY": "tests only"}


class Office:
    """A machine on which commands are typed."""

    def __init__(self, home: Path, **env: str) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GRADUATED_")}
        self.env = {**clean, "PYTHONPATH": os.pathsep.join(sys.path), "GRADUATED_HOME": str(home), **env}

    def types(self, *arguments: str | Path, code: int = 0) -> str:
        """What a command answers; on the screen, whether as answer or as complaint."""
        done = subprocess.run(
            [sys.executable, "-m", "graduated", *map(str, arguments)], env=self.env, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == code, done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def lost(with_pack: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """(home, disk, key file) of a machine whose backups were set up by command."""
    base = tmp_path_factory.mktemp("lost")
    shutil.copytree(with_pack, base / "home")
    office = Office(base / "home", **SECRETS, GRADUATED_URL="https://sen.example.org", GRADUATED_SMTP="smtp://u:hush@m")
    (base / "disk").mkdir()
    assert "There is no key for backups yet" in office.types("backup", "--to", base / "disk", code=2)
    said = office.types("backup-keys", "--out", base / "stick.txt")
    assert "Print it twice" in said
    assert stat.S_IMODE((base / "stick.txt").stat().st_mode) == 0o600
    assert "Nobody has said where backups go" in office.types("backup", code=2)
    assert str(base / "disk") in office.types("backup-place", base / "disk")
    said = office.types("backup")
    assert "read back and whole" in said
    assert "No backup is due." in office.types("backup", "--if-due")
    return base / "home", base / "disk", base / "stick.txt"


def test_on_the_day_that_the_machine_is_lost(lost: tuple[Path, Path, Path], tmp_path: Path) -> None:
    _home, disk, key = lost
    new = Office(tmp_path / "somewhere else")
    said = new.types("restore", disk, "--key", key, "--into", tmp_path / "graduated")
    assert "Verified: " in said
    assert "match what was recorded" in said
    assert f"Set GRADUATED_HOME={tmp_path / 'graduated'}" in said
    assert "GRADUATED_URL=https://sen.example.org" in said
    assert "set them anew: GRADUATED_SMTP" in said
    assert "hush" not in said
    assert f"graduated backup-place {disk} --take-over" in said
    assert "already: graduated db upgrade will find nothing to do" in said
    assert stat.S_IMODE((tmp_path / "graduated" / "secrets" / "audit-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "graduated").stat().st_mode) == 0o700


def test_a_restored_copy_leaves_the_backups_of_the_living_one_alone_until_it_is_told_to_go_on_in_its_stead(
    lost: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    home, disk, key = lost
    shutil.copytree(disk, tmp_path / "disk")
    shutil.copytree(home, tmp_path / "living")
    living, copy = Office(tmp_path / "living", **SECRETS), Office(tmp_path / "copy")
    living.types("backup-place", "--remove", disk)
    living.types("backup-place", tmp_path / "disk", "--take-over")
    copy.types("restore", tmp_path / "disk", "--key", key, "--into", tmp_path / "copy")
    before = sorted((tmp_path / "disk").rglob("*"))
    assert "Backups go nowhere yet." in copy.types("backup-place")
    assert "Nobody has said where backups go" in copy.types("backup", code=2)
    assert "No place with a backup of this copy" in copy.types("rehearse-restore", "--key", key, code=2)
    for refused in (("backup-place", tmp_path / "disk"), ("backup", "--to", tmp_path / "disk")):
        assert "holds the backups of another copy of this installation" in copy.types(*refused, code=2)
    by_setting = Office(tmp_path / "copy", GRADUATED_BACKUP_TO=str(tmp_path / "disk"))
    assert "holds the backups of another copy of this installation" in by_setting.types("backup", code=2)
    assert sorted((tmp_path / "disk").rglob("*")) == before
    living.types("backup")
    copy.types("backup-place", tmp_path / "disk", "--take-over")
    copy.types("backup")
    assert "it can be restored" in copy.types("rehearse-restore", "--key", key)
    assert "holds the backups of another copy of this installation" in living.types("backup", code=2)


def test_a_disk_that_the_service_may_not_write_to_is_said_with_what_to_do(
    made: tuple[Safe, sheets.Sheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under ProtectSystem=strict, or when the disk comes from a machine on which the account had another number."""
    safe, _sheet = made
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != safe.place and real(path, mode))
    with pytest.raises(BackupError, match=r"chown -R graduated: .*the disk has not been named to it yet"):
        making.make(safe.settings)
    with pytest.raises(BackupError, match="may not be written by the account"):
        places.add(safe.settings, safe.place)


@pytest.mark.parametrize(
    "words", [("backup-keys",), ("backup-place", "disk"), ("backup",), ("rehearse-restore",), ("check-backups",)],
    ids=lambda words: words[0],
)  # fmt: skip
@pytest.mark.parametrize("is_there", [False, True], ids=["no folder", "another folder"])
def test_with_a_wrong_home_nothing_is_made_there(words: tuple[str, ...], is_there: bool, tmp_path: Path) -> None:
    home = tmp_path / "wrong"
    if is_there:
        home.mkdir()
    said = Office(home).types(*words, code=2)
    assert f"in {home}" in said
    assert "Set GRADUATED_HOME to the folder of the installation" in said
    assert list(tmp_path.rglob("*")) == ([home] if is_there else [])


def test_with_secrets_from_elsewhere_and_no_database_no_key_is_made(tmp_path: Path) -> None:
    assert f"There is no database of Graduated in {tmp_path}" in Office(tmp_path, **SECRETS).types(
        "backup-keys", code=2
    )
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_goes_straight_into_a_file_is_read_from_it_again(
    lost: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    home, _disk, _key = lost
    office = Office(shutil.copytree(home, tmp_path / "home"), **SECRETS)
    command = [sys.executable, "-m", "graduated", "backup-keys", "--replace"]
    with (tmp_path / "key.txt").open("wb") as out:
        subprocess.run(command, env=office.env, check=True, stdout=out, stderr=subprocess.DEVNULL)
    assert keys.read_private_key(tmp_path / "key.txt").installation


def test_a_rehearsal_restores_verifies_says_so_and_leaves_nothing_behind(
    lost: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    home, disk, key = lost
    office = Office(home, **SECRETS, TMPDIR=str(tmp_path))
    before = sorted(disk.rglob("*"))
    said = office.types("rehearse-restore", "--key", key)
    assert "it can be restored" in said
    assert "Its audit is the same as here up to that moment." in said
    assert list(tmp_path.iterdir()) == []
    assert sorted(disk.rglob("*")) == before
    from graduated.backup import state
    from tests.conftest import settings_in

    kept = state.read(settings_in(home)).rehearsal
    assert kept is not None
    assert kept.is_good
    assert re.search(r"as they were on \d+ \w+ \d{4} at \d\d:\d\d\.", kept.says[0]), "it stays true"


def test_a_rehearsal_of_a_damaged_backup_says_that_it_cannot_be_relied_on(
    lost: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    home, disk, key = lost
    shutil.copytree(disk, tmp_path / "disk")
    archive = next((tmp_path / "disk").glob(f"*{sheets.ARCHIVE}"))
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    office = Office(shutil.copytree(home, tmp_path / "home"), **SECRETS)
    said = office.types("rehearse-restore", tmp_path / "disk", "--key", key, code=1)
    assert "IT CANNOT BE RELIED ON" in said
    assert "is damaged" in said
    assert f"{archive}, made on " in office.types("check-backups", tmp_path / "disk", code=1)


def test_backups_are_checked_without_a_key(lost: tuple[Path, Path, Path]) -> None:
    home, _disk, _key = lost
    assert ": good" in Office(home, **SECRETS).types("check-backups")


def test_a_second_key_is_made_only_when_it_is_asked_for(lost: tuple[Path, Path, Path], tmp_path: Path) -> None:
    home, _disk, key = lost
    office = Office(shutil.copytree(home, tmp_path / "home"), **SECRETS)
    assert "There is a key already" in office.types("backup-keys", code=2)
    assert "Choose another file" in office.types("backup-keys", "--out", key, code=2)
    said = office.types("backup-keys", "--another")
    assert "AGE-SECRET-KEY-1" in said
    assert "Put one into the school's safe" in said
    assert len((tmp_path / "home" / "backup" / "public-keys").read_text().split()) == 2
