"""What is not safe to serve does not start, and says how to mend it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from graduated.cli import main
from graduated.config import Settings
from graduated.ops.safety import dangers, in_the_clear, is_here
from tests.support.databases import APP, postgresql_only, url_of

LONG = "a secret of its own, long enough to keep"


def installation(home: Path, **more: Any) -> Settings:
    home.chmod(0o700)
    return replace(
        Settings(home=home, database_url="sqlite://", secret_key=LONG, audit_key=LONG.encode(), https=True, proxies=1),
        **more,
    )


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.0.0.9", True), ("0.0.0.0", False), ("::", False),
     ("10.0.0.4", False), ("sen.school.example", False)],
)  # fmt: skip
def test_only_this_machine_reaches_a_loop_back_address(host: str, here: bool) -> None:
    assert is_here(host) is here


def test_behind_a_proxy_with_tls_and_good_secrets_nothing_is_wrong(tmp_path: Path) -> None:
    assert dangers(installation(tmp_path), "127.0.0.1") == []
    assert dangers(installation(tmp_path), "0.0.0.0") == []


def test_on_the_machine_itself_it_can_be_tried_as_it_is(tmp_path: Path) -> None:
    trial = installation(tmp_path, https=False, proxies=0, secret_key="tests only", sign_in_cost="low")
    tmp_path.chmod(0o755)
    assert dangers(trial, "127.0.0.1") == []


@pytest.mark.parametrize(
    ("host", "more", "words"),
    [
        ("0.0.0.0", {"https": False, "proxies": 0}, "could read passwords and records on the way"),
        ("10.0.0.4", {"https": False, "proxies": 1}, "could read passwords and records on the way"),
        ("127.0.0.1", {"https": False, "proxies": 1}, "could read passwords and records on the way"),
        ("127.0.0.1", {"proxies": 0}, "every visitor would seem to come from the proxy"),
        ("127.0.0.1", {"secret_key": "letmein"}, "GRADUATED_SECRET_KEY has fewer than 32 characters"),
        ("127.0.0.1", {"audit_key": b"short"}, "GRADUATED_AUDIT_KEY has fewer than 32 characters"),
        ("127.0.0.1", {"sign_in_cost": "low"}, "quick to guess"),
    ],
)
def test_each_danger_is_named_alone_with_how_to_mend_it(
    tmp_path: Path, host: str, more: dict[str, Any], words: str
) -> None:
    (said,) = dangers(installation(tmp_path, **more), host)
    assert words in said


def test_records_that_every_account_of_the_machine_may_read_are_not_served(tmp_path: Path) -> None:
    settings = installation(tmp_path)
    tmp_path.chmod(0o755)
    assert dangers(settings, "127.0.0.1") == [
        f"Every account of this machine may look into {tmp_path}, where the records are. Run: chmod o= {tmp_path}"
    ]


def test_a_secret_that_others_may_read_is_not_used_even_for_a_trial(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "secret-key").write_text("x")
    (secrets / "secret-key").chmod(0o640)
    trial = installation(tmp_path, https=False, proxies=0)
    assert [one.endswith("chmod go= " + str(secrets / "secret-key")) for one in dangers(trial, "localhost")] == [True]


def test_the_program_refuses_before_it_opens_anything(tmp_path: Path) -> None:
    environment = {
        "GRADUATED_HOME": str(tmp_path),
        "GRADUATED_HTTPS": "",
        "GRADUATED_PROXIES": "0",
        "GRADUATED_DEMO": "",
    }
    answer = CliRunner().invoke(main, ["serve", "--host", "0.0.0.0"], env=environment)
    assert answer.exit_code == 2
    assert "Graduated does not start, because it would not be safe:" in answer.output
    assert "GRADUATED_HTTPS=1" in answer.output
    assert not (tmp_path / "graduated.db").exists()


def test_what_the_program_makes_is_for_its_own_account_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    answer = CliRunner().invoke(main, ["db", "upgrade"], env={"GRADUATED_HOME": str(home), "DATABASE_URL": ""})
    assert answer.exit_code == 0
    assert (home.stat().st_mode & 0o077, (home / "graduated.db").stat().st_mode & 0o077) == (0, 0)


@postgresql_only
def test_a_database_role_that_the_wall_does_not_hold_is_refused(home: Path) -> None:
    settings = installation(home, database_url=url_of(home))
    assert dangers(settings, "127.0.0.1") == []
    past = replace(settings, database_url=url_of(home).replace(f"//{APP}@", "//postgres@"))
    (said,) = dangers(past, "127.0.0.1")
    assert "The role postgres" in said and "keep schools apart" in said


@pytest.mark.parametrize(
    ("rest", "safe"),
    [
        ("@/g?host=/run/postgresql", True),
        ("@localhost/g", True),
        ("@127.0.0.1:5433/g", True),
        ("@db.trust.example/g", False),
        ("@db.trust.example/g?sslmode=require", False),
        ("@db.trust.example/g?sslmode=verify-full", True),
    ],
)
def test_a_database_on_another_machine_needs_its_certificate_checked(rest: str, safe: bool) -> None:
    assert (in_the_clear(f"postgresql+psycopg://graduated{rest}") == []) is safe
