"""What a killed process left of a stranger's file goes with the next; nobody else's is touched."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest

from graduated.uploads.scratch import PREFIX, scratch, sweep


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_for_one_account_and_gone_afterwards(temporary: Path) -> None:
    with scratch() as folder:
        (folder / "report.pdf").write_bytes(b"%PDF-")
        assert folder.parent == temporary and folder.stat().st_mode & 0o077 == 0
    assert not list(temporary.iterdir())


def test_what_was_left_goes_when_it_is_old(temporary: Path) -> None:
    for name, age in ((f"{PREFIX}old", 7200), (f"{PREFIX}new", 60), ("of-another-program", 7200)):
        (temporary / name).mkdir()
        (temporary / name / "report.pdf").write_bytes(b"%PDF-")
        os.utime(temporary / name, (time.time() - age,) * 2)
    with scratch():
        pass
    assert {path.name for path in temporary.iterdir()} == {f"{PREFIX}new", "of-another-program"}
    assert sweep(older_than=1) == 1
