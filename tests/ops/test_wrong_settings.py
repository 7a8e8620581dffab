"""A setting that cannot be meant so is answered by one sentence, whatever command reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from graduated.cli import main


@pytest.mark.parametrize("command", [["serve"], ["demo"], ["db", "upgrade"], ["verify"], ["worker", "--once"]])
@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"GRADUATED_SSO": "google"}, "GRADUATED_SSO_GOOGLE_CLIENT_ID and GRADUATED_SSO_GOOGLE_CLIENT_SECRET"),
        ({"GRADUATED_SSO": "no-such!"}, "is no name for a provider"),
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
