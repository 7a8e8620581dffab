"""The files that a school copies onto its machine are read by the programs that they are for, where those are here."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from graduated.cli import main
from graduated.config import MAX_READ_BYTES
from graduated.ops.serving import ANSWER_WITHIN
from graduated.ops.worker import FINISH_WITHIN

FOLDER = Path(__file__).parent.parent / "docs" / "deploy"
UNITS = sorted(FOLDER.glob("*.service")) + sorted(FOLDER.glob("*.timer"))


def run(*words: str | Path) -> str:
    """What a program says; it must be content."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def of_unit(section: str) -> dict[str, list[str]]:
    """What stands in a section of the unit file, each key with all its values."""
    text = (FOLDER / "graduated.service").read_text()
    part = text.partition(f"[{section}]\n")[2].partition("\n[")[0]
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", part, re.M):
        found.setdefault(key, []).append(value)
    return found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
@pytest.mark.parametrize("unit", UNITS, ids=[unit.name for unit in UNITS])
def test_systemd_reads_the_unit(unit: Path, tmp_path: Path) -> None:
    for one in UNITS:  # the program itself is not on this machine
        (tmp_path / one.name).write_text(re.sub(r"=/opt/graduated/bin/\w+", "=/bin/true", one.read_text()))
    assert "Unknown" not in run("systemd-analyze", "verify", "--man=no", tmp_path / unit.name)


@pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is not on this machine")
def test_caddy_reads_its_file() -> None:
    run("caddy", "validate", "--config", FOLDER / "Caddyfile", "--adapter", "caddyfile")


def test_the_unit_calls_the_program_as_it_is() -> None:
    (command,) = of_unit("Service")["ExecStart"]
    words = command.split()
    assert words[0].endswith("/graduated")
    helped = CliRunner().invoke(main, [words[1], "--help"]).output
    assert all(word in helped for word in words if word.startswith("--"))


def test_the_unit_waits_longer_for_the_end_than_the_program_takes() -> None:
    (seconds,) = of_unit("Service")["TimeoutStopSec"]
    assert int(seconds) > max(ANSWER_WITHIN, FINISH_WITHIN) + 5


def test_nginx_lets_through_what_gets_a_page_of_our_own() -> None:
    text = (FOLDER / "nginx.conf").read_text()
    assert f"client_max_body_size {MAX_READ_BYTES // 2**20}m;" in text
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_a_proxy_hands_nothing_of_machines_to_strangers_and_writes_no_secret_links(name: str) -> None:
    text = (FOLDER / name).read_text()
    assert "/metrics" in text and "/ready" in text and "404" in text
    assert "log {" not in text and ("access_log off;" in text or name == "Caddyfile")


def test_every_setting_in_the_files_is_one_that_is_read() -> None:
    source = "".join(path.read_text() for path in (FOLDER.parent.parent / "src").rglob("*.py"))
    named = set(re.findall(r"GRADUATED_[A-Z_]+", (FOLDER / "graduated.service").read_text()))
    assert named and all(f'"{one}"' in source for one in named)
