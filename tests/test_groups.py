"""Tests that share what is made once for them stay with one worker; without that each of two workers makes it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARING = """
import os, time
from pathlib import Path
import pytest

@pytest.fixture(scope="module")
def made_once():
    with Path("made.txt").open("a") as made:
        made.write("{name}\\n")

@pytest.mark.parametrize("number", range(8))
def test_shared(made_once, number):
    time.sleep(0.05)
"""


def test_what_a_file_makes_once_is_made_once_by_two_workers(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    for name in ("one", "two", "three"):
        (tmp_path / f"test_{name}.py").write_text(SHARING.replace("{name}", name))
    environment = {one: value for one, value in os.environ.items() if not one.startswith(("PYTEST_", "GRADUATED_TEST"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadgroup", "-q", tmp_path],
        cwd=tmp_path, env={**environment, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "24 passed" in done.stdout
    assert sorted((tmp_path / "made.txt").read_text().split()) == ["one", "three", "two"]
