"""A setting that cannot be meant so is answered by one sentence, whatever command reads it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.exc import DatabaseError

from graduated.cli import main


@pytest.mark.parametrize("command", [["serve"], ["demo"], ["db", "upgrade"], ["verify"], ["worker", "--once"]])
@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"GRADUATED_SSO": "google"}, "GRADUATED_SSO_GOOGLE_CLIENT_ID and GRADUATED_SSO_GOOGLE_CLIENT_SECRET"),
        ({"GRADUATED_SSO": "no-such!"}, "is no name for a provider"),
        ({"GRADUATED_HTTPS": "ja"}, "GRADUATED_HTTPS must be 1 or 0, and is 'ja'"),
        ({"GRADUATED_SMTP": "mail.school.example"}, "GRADUATED_SMTP must begin with smtp://"),
        ({"DATABASE_URL": "mysql://a:hush@db/graduated"}, "DATABASE_URL must begin with postgresql://"),
        ({"GRADUATED_PROXIES": "one"}, "GRADUATED_PROXIES must be a number, such as 1, and is 'one'"),
    ],
)
def test_a_wrong_setting_is_one_sentence(
    tmp_path: Path, command: list[str], setting: dict[str, str], says: str
) -> None:
    environment = {"GRADUATED_HOME": str(tmp_path), "GRADUATED_PROXIES": "0", "DATABASE_URL": "", **setting}
    answer = CliRunner().invoke(main, command, env=environment)
    assert answer.exit_code == 2
    assert says in answer.output and "Traceback" not in answer.output
    assert isinstance(answer.exception, SystemExit) and not (tmp_path / "graduated.db").exists()


def _said(home: Path, *command: str) -> str:
    environment = {
        "GRADUATED_HOME": str(home), "DATABASE_URL": "", "GRADUATED_SECRET_KEY": "", "GRADUATED_AUDIT_KEY": "",
    }  # fmt: skip
    answer = CliRunner().invoke(main, [*command], env=environment)
    assert answer.exit_code == 2 and isinstance(answer.exception, SystemExit), answer.output
    assert "Traceback" not in answer.output
    return answer.output


@pytest.mark.parametrize("command", [["serve"], ["db", "upgrade"], ["verify"]])
def test_a_home_that_is_a_file_is_one_sentence(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "home").write_text("a letter")
    assert f"This account cannot use {tmp_path / 'home'}" in _said(tmp_path / "home", *command)
    assert (tmp_path / "home").read_text() == "a letter"


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("command", [["serve"], ["db", "upgrade"], ["verify"], ["doctor"], ["backup"]])
def test_a_home_that_may_not_be_read_is_one_sentence(tmp_path: Path, command: list[str]) -> None:
    tmp_path.chmod(0)
    try:
        assert "run this as the account that runs Graduated" in _said(tmp_path, *command)
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("command", [["serve"], ["db", "upgrade"], ["verify"], ["worker", "--once"]])
@pytest.mark.parametrize("lost", ["secret-key", "audit-key"])
def test_a_secret_that_is_gone_is_not_made_anew_where_records_are(
    tmp_path: Path, command: list[str], lost: str
) -> None:
    (tmp_path / "secrets").mkdir()
    other = "audit-key" if lost == "secret-key" else "secret-key"
    (tmp_path / "secrets" / other).write_text("0123456789abcdef" * 4)
    (tmp_path / "graduated.db").write_bytes(b"records")
    said = _said(tmp_path, *command)
    assert f"{tmp_path / 'secrets' / lost} is missing" in said and "Put it back from the backup" in said
    assert [one.name for one in (tmp_path / "secrets").iterdir()] == [other]
    assert (tmp_path / "graduated.db").read_bytes() == b"records"


def test_a_port_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    assert "99999" in _said(tmp_path, "serve", "--port", "99999")
    assert not list(tmp_path.iterdir())


def test_a_question_about_a_database_that_is_not_there_makes_none(tmp_path: Path) -> None:
    assert "There is no database of Graduated" in _said(tmp_path, "verify")
    assert not (tmp_path / "graduated.db").exists()


def test_a_damage_that_is_met_on_the_way_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_given: object) -> str:
        raise DatabaseError("SELECT 1", {}, sqlite3.DatabaseError("database disk image is malformed"))

    monkeypatch.setattr("graduated.db.standing.version_trouble", damaged)
    said = _said(tmp_path, "verify")
    assert f"The file {tmp_path / 'graduated.db'} is damaged" in said and "graduated restore" in said
