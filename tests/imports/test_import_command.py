"""`graduated import`, as a script calls it: its JSON, its exit codes, its sentences."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.databases import environment_of

from .files import ARBOR, FOLDER, HOSTILE, NEXT_TERM

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one school and its first roll."""
    place = tmp_path_factory.mktemp("installation with a space")
    assert graduated(place, "db", "upgrade").returncode == 0
    assert graduated(place, "create-school", "--urn", "100001", "--name", "Lytchett Primary").returncode == 0
    assert graduated(place, "import", str(FOLDER / ARBOR), "--urn", "100001").returncode == 0
    return place


def graduated(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ, **environment_of(home),
        "GRADUATED_HOME": str(home), "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8",
    }  # fmt: skip
    command = [sys.executable, "-W", "error", "-m", "graduated", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_json_holds_lists_and_the_lines_of_the_file(home: Path) -> None:
    done = graduated(home, "import", str(FOLDER / NEXT_TERM), "--urn", "100001", "--dry-run", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    body = json.loads(done.stdout)
    keys = ("added", "changed", "unchanged", "missing_from_file", "to_confirm", "refused")
    assert [len(body[key]) for key in keys] == [4, 13, 192, 5, 9, 0]
    assert all(isinstance(value, list) for value in body.values())
    assert {one["row"] for one in body["to_confirm"]} <= {one["row"] for one in body["changed"]}
    hostile = graduated(home, "import", str(FOLDER / HOSTILE), "--urn", "100001", "--dry-run", "--json")
    refused = json.loads(hostile.stdout)["refused"]
    assert {frozenset(one) for one in refused} == {frozenset({"row", "column", "value", "reason"})}
    assert [one["row"] for one in refused] == [3, 5, 7, 9, 11, 13]


def test_a_dry_run_changes_nothing_and_a_summary_is_for_people(home: Path) -> None:
    for _again in range(2):
        done = graduated(home, "import", str(FOLDER / NEXT_TERM), "--urn", "100001", "--dry-run")
        assert "Would be added: 4" in done.stdout


def test_what_can_not_be_read_ends_with_2_and_one_sentence(home: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "photo.csv").write_bytes(b"\x89PNG\r\n\x1a\n")
    with (tmp_path / "huge.csv").open("wb") as huge:
        huge.truncate(60 * 1024 * 1024)
    for name, says in (
        ("missing.csv", "missing.csv"),
        ("empty.csv", "is empty"),
        ("photo.csv", "is a picture, not a CSV file"),
        ("huge.csv", "The file is 60 MB; the most that can be imported is 10 MB"),
    ):
        done = graduated(home, "import", str(tmp_path / name), "--urn", "100001", "--json")
        assert (done.returncode, done.stdout) == (2, ""), name
        assert says in done.stderr
        assert "Traceback" not in done.stderr
