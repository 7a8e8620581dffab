"""Serving twice from one home is allowed and harms nothing; whoever did not mean it is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from graduated.cli import main
from graduated.ops.served_here import NAME, served_from
from tests.support.databases import environment_of

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")


@pytest.fixture(autouse=True)
def installed(home: Path) -> None:
    """What makes a folder a home of an installation."""
    (home / "secrets").mkdir(exist_ok=True)


OTHER = """
import sys, time
from pathlib import Path
from graduated.ops.served_here import served_from
with served_from(Path(sys.argv[1])) as alone:
    print(alone, flush=True)
    time.sleep(600)
"""


def test_who_serves_from_a_home_as_the_second_knows_it(home: Path) -> None:
    with served_from(home) as first, served_from(home) as second:
        assert (first, second) == (True, False)
    with served_from(home) as again:
        assert again


def test_a_server_that_was_killed_holds_nothing(home: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", OTHER, home], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None and other.stdout.readline() == "True\n"
            with served_from(home) as alone:
                assert not alone
        finally:
            other.kill()
    with served_from(home) as alone:
        assert alone


def test_a_folder_without_an_installation_is_left_as_it_is(tmp_path: Path) -> None:
    place = tmp_path / "empty"
    place.mkdir()
    for folder in (place, tmp_path / "none"):
        with served_from(folder) as alone:
            assert alone
    assert list(place.iterdir()) == [] and not (tmp_path / "none").exists()


def test_a_second_server_says_so_and_leaves_what_the_first_counted(home: Path) -> None:
    figures = home / "run" / "figures"
    figures.mkdir(parents=True)
    (figures / "counter_1.db").touch()
    command = ["serve", "--processes", "2", "--host", "192.0.2.1", "--no-worker"]  # an address that no machine has
    secrets = {"GRADUATED_SECRET_KEY": "tests only", "GRADUATED_AUDIT_KEY": "tests only"}
    environment = {**environment_of(home), **secrets, "GRADUATED_HOME": str(home), "GRADUATED_DEMO": "1"}
    with served_from(home):
        second = CliRunner().invoke(main, command, env=environment)
    assert "is served from" in second.output and "end one of them" in second.output
    assert (figures / "counter_1.db").exists()
    first = CliRunner().invoke(main, command, env=environment)
    assert "is served from" not in first.output and (home / NAME).exists()
    assert not (figures / "counter_1.db").exists()
