"""A program that does not fit the database, or a file that is damaged: refused in words, with nothing written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from graduated.db import copies, migrate
from graduated.ops.worker import run_worker
from tests.support.client import PageClient
from tests.support.databases import by_hand, environment_of, sqlite_only
from tests.upgrade.old import opened

ROOT = Path(__file__).parents[2]


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GRADUATED_")}
    path = os.pathsep.join(one for one in sys.path if one)
    secrets = {"GRADUATED_SECRET_KEY": "0" * 64, "GRADUATED_AUDIT_KEY": "tests only"}
    return kept | secrets | environment_of(home) | {"GRADUATED_HOME": str(home), "PYTHONPATH": path}


def _run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "graduated", *words]
    return subprocess.run(
        command, env=_environment(home), cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


def _be_at(home: Path, version: str) -> None:
    with by_hand(home) as hand:
        hand.execute("UPDATE alembic_version SET version_num = ?", (version,))


def _records(home: Path) -> dict[str, list[str]]:
    with by_hand(home) as hand:
        return {name: sorted(map(str, hand.execute(f'SELECT * FROM "{name}"').fetchall())) for name in hand.tables()}


def _damage(home: Path) -> None:
    path = home / "graduated.db"
    with opened(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))


def test_an_act_of_an_older_program_is_not_written_and_the_form_stays(client: PageClient, home: Path) -> None:
    client.sign_in("senco")
    action, values = client.form("/account")
    _be_at(home, "9001")
    before = _records(home)
    answer = client.post(action, data=values)
    assert answer.status_code == 503
    assert "brought to a newer version" in answer.text
    assert answer.headers["Retry-After"] == "60"
    assert _records(home) == before
    _be_at(home, migrate.newest())


def test_a_page_of_an_older_program_is_not_shown(app: Flask, home: Path) -> None:
    _be_at(home, "9001")
    answer = app.test_client().get("/sign-in")
    assert answer.status_code == 503
    assert "brought to a newer version" in answer.text
    _be_at(home, migrate.newest())
    assert app.test_client().get("/sign-in").status_code == 200


def test_a_worker_of_an_older_program_ends_and_takes_up_nothing(app: Flask, home: Path) -> None:
    with by_hand(home) as hand:
        hand.execute(
            "INSERT INTO job (kind, payload, state, done, total, message, tries, asked_at, run_after, school_id)"
            " VALUES ('pack', '{}', 'waiting', 0, 0, '', 0, '2026-01-01', '2026-01-01', 1)"
        )
    _be_at(home, "9001")
    run_worker(app)
    with by_hand(home) as hand:
        assert hand.execute("SELECT DISTINCT state, tries FROM job").fetchall() == [("waiting", 0)]


def test_no_command_opens_a_newer_database(home: Path) -> None:
    _be_at(home, "9001")
    for words in (["serve", "--port", "0"], ["worker", "--once"], ["verify"], ["db", "upgrade"]):
        done = _run(home, *words)
        assert done.returncode == 2, (words, done.stderr)
        assert "is at version 9001" in done.stderr
        assert f"knows versions up to {migrate.newest()}" in done.stderr
        assert "Traceback" not in done.stderr


@contextmanager
def _served(home: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "graduated", "serve", "--port", "0"],
        env=_environment(home), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert child.stdout is not None
        found = re.search(r"http://localhost:\d+", child.stdout.readline())
        assert found is not None
        yield found.group(), child
    finally:
        child.terminate()
        child.communicate(timeout=60)


def _status(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode("utf-8", "replace")


@sqlite_only("a damaged file is under test")
def test_a_damaged_database_is_served_as_one_calm_page_and_stays_as_it_is(home: Path, tmp_path: Path) -> None:
    _damage(home)
    copy = shutil.copyfile(home / "graduated.db", tmp_path / "as-it-was.db")
    with _served(home) as (address, child):
        for path in ("/", "/sign-in", "/today"):
            status, page = _status(f"{address}{path}")
            assert status == 503
            assert "is damaged, so none of it is shown or changed" in page
            assert "Traceback" not in page
        assert _status(f"{address}/static/css/forms.css")[0] == 200
        child.terminate()
        _out, said = child.communicate(timeout=60)
    assert "is damaged" in said
    assert "graduated restore" in said
    assert (home / "graduated.db").read_bytes() == copy.read_bytes()
    worker = _run(home, "worker", "--once")
    assert (worker.returncode, "graduated restore" in worker.stderr) == (2, True)


@sqlite_only("on PostgreSQL the looks are a table")
def test_a_damaged_file_of_looks_is_named(home: Path) -> None:
    with opened(home / "views.db") as connection:  # else what still stands in its log makes it whole again
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (home / "views.db").write_bytes(b"nothing that reads" * 1000)
    worker = _run(home, "worker", "--once")
    assert worker.returncode == 2
    assert "views.db is damaged" in worker.stderr


def test_the_worker_sweeps_copies_that_are_too_many(app: Flask, home: Path) -> None:
    place = home / copies.FOLDER
    place.mkdir()
    for day in range(1, 6):
        (place / f"graduated-a-to-b-2026010{day}T000000Z.db").touch()
    run_worker(app, once=True)
    assert len(copies.kept(home)) == copies.KEPT


def test_a_new_installation_is_told_what_to_run(tmp_path: Path) -> None:
    done = _run(tmp_path, "serve", "--port", "0")
    assert done.returncode == 2
    assert "There is no database of Graduated at" in done.stderr
    assert "Run: graduated db upgrade" in done.stderr
