"""Each check of `graduated doctor`: the fault really happens and its sentence is said, and a sound place is ok."""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from graduated.app import load_models
from graduated.config import PACKAGE, Settings
from graduated.db.clock import now
from graduated.ops import doctor_machine as machine
from graduated.ops import doctor_records as records
from graduated.ops import heartbeat
from graduated.ops.doctor import SECRETS, Check, State, examine, settings_to_look
from tests.conftest import settings_in
from tests.support.databases import APP, ON_POSTGRESQL, by_hand, environment_of, postgresql_only, sqlite_only

GOOD = "0123456789abcdef" * 4


@pytest.fixture
def here(home: Path) -> Settings:
    """A sound installation: the world's records, and folders that are this account's alone."""
    load_models()
    home.chmod(0o700)
    return replace(settings_in(home), secret_key=GOOD)


def _change(here: Settings, statement: str, *values: object) -> None:
    with by_hand(here.home) as hand:
        hand.execute(statement, values)


def says(check: Check, here: Settings, state: State) -> str:
    """What a check says; its worst line has this state."""
    found = check(here)
    worst = max((one for one, _words in found), key=list(State).index)
    assert worst is state, found
    return " ".join(words for _state, words in found)


def test_an_old_python_is_named_with_what_to_install(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Python 3." in says(machine.python, here, State.OK)
    monkeypatch.setattr(machine, "sys", SimpleNamespace(version_info=(3, 9, 2)))
    assert "Install Python 3.11 or newer" in says(machine.python, here, State.MEND)


def test_a_home_of_another_account_is_named(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "this account's own" in says(machine.home, here, State.OK)
    monkeypatch.setattr(machine.os, "geteuid", lambda: os.getuid() + 1)
    assert "belongs to another account" in says(machine.home, here, State.MEND)


def test_records_that_others_may_read_are_named_with_the_command(here: Settings) -> None:
    (here.home / "audit-anchor.log").chmod(0o644)
    assert "cannot read the records" in says(machine.permissions, here, State.OK), "the home itself is closed"
    here.home.chmod(0o755)
    assert f"chmod -R go= {here.home}" in says(machine.permissions, here, State.MEND)


@pytest.mark.parametrize(("free", "state"), [(80e9, State.OK), (600e6, State.LOOK), (90e6, State.MEND)])
def test_a_disc_that_fills_is_said(here: Settings, free: float, state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _place: SimpleNamespace(free=int(free)))
    assert "GB are free" in says(machine.room, here, state)


def test_secrets_that_are_short_known_or_open_are_said(here: Settings) -> None:
    sound = replace(here, audit_key=GOOD.encode())
    assert "this account's alone" in says(machine.secrets, sound, State.OK)
    assert "GRADUATED_AUDIT_KEY is a word that others know" in says(machine.secrets, here, State.MEND)
    assert "demo" in says(machine.secrets, replace(sound, demo=True), State.LOOK)
    (here.home / "secrets").mkdir(exist_ok=True)
    (here.home / "secrets" / "secret-key").write_text(GOOD)
    (here.home / "secrets").chmod(0o755)
    assert "Other accounts of this machine may read" in says(machine.secrets, sound, State.MEND)


def test_a_missing_secret_is_said_and_never_made(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GRADUATED_SECRET_KEY", "GRADUATED_AUDIT_KEY"):
        monkeypatch.delenv(name, raising=False)
    found = settings_to_look(here.home)
    assert "Put it back from the backup" in says(machine.secrets, found, State.MEND)
    assert not (here.home / "secrets" / "audit-key").exists()
    assert "GRADUATED_AUDIT_KEY" not in os.environ


def test_a_setting_with_a_name_that_nobody_knows_is_said_with_the_nearest(
    here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "has a name that Graduated knows" in says(machine.names, here, State.OK)
    monkeypatch.setenv("GRADUATED_PROXYS", "1")
    assert "GRADUATED_PROXYS is no setting" in says(machine.names, here, State.LOOK)
    assert "Is GRADUATED_PROXIES meant?" in says(machine.names, here, State.LOOK)


def test_every_setting_that_the_program_reads_is_known() -> None:
    text = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    read = set(re.findall(r'"(GRADUATED_[A-Z_]*[A-Z])"', text))
    assert read and read <= machine.SETTINGS_KNOWN | set(SECRETS.values())


@sqlite_only("the file is SQLite's")
def test_an_empty_place_is_looked_at_and_stays_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_models()
    for name in ("DATABASE_URL", "GRADUATED_SECRET_KEY", "GRADUATED_AUDIT_KEY"):
        monkeypatch.delenv(name, raising=False)
    found = examine(settings_to_look(tmp_path))
    assert not found.whole and not list(tmp_path.iterdir())


def test_an_address_without_tls_is_said(here: Settings) -> None:
    sound = replace(here, https=True, proxies=1, public_url="https://sen.school.example")
    assert "https://sen.school.example" in says(machine.address, sound, State.OK)
    assert "Only this machine" in says(machine.address, here, State.LOOK)
    assert "does not say how many" in says(machine.address, replace(sound, proxies=0), State.MEND)
    assert "must begin with https" in says(machine.address, replace(sound, public_url="http://a.example"), State.MEND)


@contextmanager
def _mail_server(greeting: bytes) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(5)

        def answer() -> None:
            with door.accept()[0] as caller:
                caller.sendall(greeting)
                while line := caller.recv(1000):
                    caller.sendall(b"221 bye\r\n" if line.lower().startswith(b"quit") else b"250 hello\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield door.getsockname()[1]
        thread.join(5)


def test_a_mail_server_that_is_away_or_refuses_is_named(here: Settings) -> None:
    assert "letters become files" in says(machine.mail, here, State.LOOK)
    with _mail_server(b"220 here\r\n") as port:
        assert "answers" in says(machine.mail, replace(here, smtp_url=f"smtp://127.0.0.1:{port}"), State.OK)
    with _mail_server(b"554 go away\r\n") as port:
        assert "could not be reached" in says(
            machine.mail, replace(here, smtp_url=f"smtp://127.0.0.1:{port}"), State.MEND
        )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    said = says(machine.mail, replace(here, smtp_url=f"smtp://user:secret@127.0.0.1:{port}"), State.MEND)
    assert f"127.0.0.1, port {port}, could not be reached" in said
    assert "secret" not in said


def test_a_clock_that_is_behind_its_own_files_is_said(here: Settings) -> None:
    assert "is that right?" in says(machine.clock, here, State.OK)
    ahead = time.time() + 86400
    os.utime(here.home / "audit-anchor.log", (ahead, ahead))
    assert "before things that it has written" in says(machine.clock, here, State.MEND)


def test_parts_of_the_program_that_are_missing_are_named(
    here: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "All parts" in says(machine.parts, here, State.OK)
    monkeypatch.setenv("GRADUATED_FONTS", str(tmp_path / "nowhere"))
    assert "Install Graduated again" in says(machine.parts, here, State.MEND)


def test_a_database_of_another_version_is_said(here: Settings) -> None:
    assert "has this program's version" in says(records.database, here, State.OK)
    _change(here, "UPDATE alembic_version SET version_num = '0012'")
    assert "is at version 0012" in says(records.database, here, State.MEND)


@sqlite_only("a missing file is under test")
def test_a_database_that_is_absent_is_said_and_not_made(here: Settings) -> None:
    (here.home / "graduated.db").unlink()
    assert "There is no database at" in says(records.database, here, State.MEND)
    assert not (here.home / "graduated.db").exists(), "to ask makes none"


@sqlite_only("a damaged file is under test")
def test_a_damaged_database_and_rows_without_parents_are_said(here: Settings) -> None:
    assert "reads well" in says(records.soundness, here, State.OK)
    with by_hand(here.home) as hand:
        hand.without_keys()
        hand.execute("INSERT INTO recovery_code (user_id, code_hash) VALUES (987654, 'x')")
    assert "1 rows of the database point at rows that are gone" in says(records.soundness, here, State.MEND)
    _change(here, "PRAGMA wal_checkpoint(TRUNCATE)")
    path = here.home / "graduated.db"
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    assert "is damaged" in says(records.soundness, here, State.MEND)


@sqlite_only("a file has no roles")
def test_a_file_has_no_accounts(here: Settings) -> None:
    assert "no accounts" in says(records.role, here, State.OK)


@postgresql_only
def test_an_account_that_may_do_anything_is_said(here: Settings) -> None:
    assert "what Graduated needs" in says(records.role, here, State.OK)
    past = replace(here, database_url=here.database_url.replace(f"//{APP}@", "//postgres@"))
    assert "Use one of its own" in says(records.role, past, State.MEND)


@postgresql_only
def test_a_server_that_is_away_is_said_without_the_password(here: Settings, tmp_path: Path) -> None:
    away = replace(here, database_url=f"postgresql+psycopg://{APP}:plover@/graduated?host={tmp_path}")
    found = examine(away)
    said = " ".join(one.says for one in found.findings)
    assert "Check that it is running" in said and "plover" not in said
    assert {one.check for one in found.findings} == set(machine.CHECKS) | set(records.CHECKS)
    assert not found.whole


def test_a_silent_worker_is_said(here: Settings) -> None:
    assert "No worker has run" in says(records.worker, here, State.LOOK)
    heartbeat.beat(here)
    assert "at work" in says(records.worker, here, State.OK)
    long_ago = time.time() - 3600
    os.utime(heartbeat.place(here), (long_ago, long_ago))
    assert "no sign for 60 minutes" in says(records.worker, here, State.MEND)


def _moment(ago: timedelta) -> str:
    return f"{(now() - ago).replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}"


def test_long_work_that_waits_or_failed_is_said(here: Settings) -> None:
    assert "No long work is stuck" in says(records.jobs, here, State.OK)
    job = (
        "INSERT INTO job (kind, payload, state, done, total, message, tries, asked_at, run_after, school_id)"
        " VALUES ('pack', '{}', ?, 0, 0, '', 1, ?, ?, 1)"
    )
    old = _moment(timedelta(hours=3))
    _change(here, job, "failed", old, old)
    assert "1 piece of long work (pack) did not work" in says(records.jobs, here, State.LOOK)
    _change(here, job, "waiting", old, old)
    assert "has waited for more than an hour" in says(records.jobs, here, State.MEND)


def test_letters_that_failed_or_wait_are_said_without_their_addresses(here: Settings) -> None:
    assert "No letter" in says(records.post, here, State.OK)
    letter = (
        "INSERT INTO post (recipient, subject, body, state, tries, error, forget_when_sent, written_at, next_try,"
        " school_id)"
        " VALUES ('zofia@family.example', 's', 'b', ?, 8, 'The mail server could not be reached.', false, ?, ?, 1)"
    )
    old = _moment(timedelta(hours=3))
    _change(here, letter, "waiting", old, old)
    assert "1 letter waited more than an hour" in says(records.post, here, State.LOOK)
    _change(here, letter, "failed", old, old)
    said = says(records.post, here, State.MEND)
    assert "1 letter could not be sent. The mail server could not be reached." in said
    assert "zofia" not in said


@sqlite_only("Graduated makes no backups of what a database server keeps")
def test_that_no_backup_is_made_is_said(here: Settings) -> None:
    assert "No backups are made" in says(records.backup, here, State.MEND)
    assert "backup" in says(records.backup, replace(here, demo=True), State.OK)


@postgresql_only
def test_where_a_server_keeps_the_records_its_backups_are_asked_after(here: Settings) -> None:
    said = says(records.backup, here, State.LOOK)
    assert "Ask whoever runs the server when it was last backed up with pg_dump" in said
    assert "backup-keys" not in said
    assert "backup" in says(records.backup, replace(here, demo=True), State.OK)


def _name(here: Settings, sha256: str) -> None:
    """Let a record of a school name a kept file."""
    with by_hand(here.home) as hand:
        hand.execute(
            "INSERT INTO transfer_upload (school_id, sha256, size, filename, recorded_at)"
            " VALUES (1, ?, 7, 'bundle.zip', '2026-01-01 00:00:00.000000')",
            (sha256,),
        )


def test_papers_that_are_missing_spoilt_or_nobodys_are_counted(here: Settings) -> None:
    assert "0 of 0 papers" in says(records.files, here, State.OK)
    sha256 = hashlib.sha256(b"a paper").hexdigest()
    paper = here.home / "files" / sha256[:2] / sha256
    paper.parent.mkdir(parents=True)
    paper.write_bytes(b"a paper")
    os.utime(paper, (0, 0))
    assert "1 files in" in says(records.files, here, State.LOOK)
    _name(here, sha256)
    assert "1 of 1 papers were looked at" in says(records.files, here, State.OK)
    paper.write_bytes(b"another")
    assert "0 are missing and 1 are not what they were" in says(records.files, here, State.MEND)
    paper.unlink()
    assert "1 are missing and 0 are not" in says(records.files, here, State.MEND)


def test_a_changed_key_entry_or_end_of_the_audit_is_said(here: Settings) -> None:
    assert "entries of the audit verify" in says(records.audit, here, State.OK)
    assert "not sealed with this installation's key" in says(records.audit, replace(here, audit_key=b"x"), State.MEND)
    anchor = here.home / "audit-anchor.log"
    known = anchor.read_text()
    anchor.write_text(f"{known}1 999999 {'0' * 64}\n")
    assert "its end was cut off" in says(records.audit, here, State.MEND)
    anchor.write_text(known)
    with by_hand(here.home) as hand:
        hand.disarm()
        hand.execute(
            "UPDATE change_event SET act = 'another' WHERE sequence = (SELECT max(sequence) FROM change_event)"
        )
    assert "does not verify" in says(records.audit, here, State.MEND)


@sqlite_only("a damaged file is under test")
def test_a_check_that_faints_hides_no_other(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (here.home / "graduated.db").write_bytes(b"nothing that reads" * 1000)
    found = examine(here)
    assert {one.check for one in found.findings} == set(machine.CHECKS) | set(records.CHECKS)
    assert any("could not be checked (DatabaseError)" in one.says for one in found.findings)
    assert not found.whole


def test_the_command_answers_in_lines_and_as_json_with_an_exit_code(here: Settings) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GRADUATED_")},
        **environment_of(here.home),
        "GRADUATED_HOME": str(here.home),
        "GRADUATED_AUDIT_KEY": "tests only",
        "PYTHONPATH": os.pathsep.join(one for one in sys.path if one),
    }
    command = [sys.executable, "-P", "-m", "graduated", "doctor"]
    as_json = subprocess.run([*command, "--json"], env=environment, capture_output=True, text=True, check=False)
    answer = json.loads(as_json.stdout)
    assert (as_json.returncode, answer["whole"]) == (1, False)
    states = {one["check"]: one["state"] for one in answer["findings"]}
    backup = "look" if ON_POSTGRESQL else "mend"
    assert (states["database"], states["audit"], states["backup"], states["secrets"]) == ("ok", "ok", backup, "mend")
    nowhere = {**environment, "GRADUATED_HOME": str(here.home / "nowhere")}
    gone = subprocess.run(command, env=nowhere, capture_output=True, text=True, check=False)
    assert gone.returncode == 2
    assert "There is no folder" in gone.stderr
    assert not (here.home / "nowhere").exists()
