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
    files = (FOLDER / "graduated.service", FOLDER / "graduated.env")
    named = {one for file in files for one in re.findall(r"GRADUATED_[A-Z_]+", file.read_text())}
    assert named and all(f'"{one}"' in source for one in named)


# --- the command for root, its settings, and the disk of the backups


def typed(folder: Path, *words: str, user: int = 0, settings: str = "") -> subprocess.CompletedProcess[str]:
    """What comes of the command of root on a machine on which the account of the service only says what it is given."""
    script = (FOLDER / "graduated").read_text()
    (folder / "settings").write_text(settings)
    (folder / "command").write_text(script.replace("/etc/graduated.env", str(folder / "settings")))
    (folder / "id").write_text(f"#!/bin/sh\necho {user}\n")
    (folder / "runuser").write_text('#!/bin/sh\nfor word in "$@"; do echo "[$word]"; done; env\n')
    for name in ("command", "id", "runuser"):
        (folder / name).chmod(0o755)
    env = {"PATH": f"{folder}:/usr/bin:/bin"}
    return subprocess.run([folder / "command", *words], env=env, capture_output=True, text=True, check=False)


def test_the_command_of_root_runs_as_the_service_with_its_folder_and_settings(tmp_path: Path) -> None:
    settings = '# a note\nGRADUATED_SSO=google microsoft\n\nGRADUATED_SMTP="smtp://a:b=$c `d`@m"\nGRADUATED_HTTPS=1'
    said = typed(tmp_path, "create-user", "--name", "Hannah Legg", settings=settings)
    lines = said.stdout.splitlines()
    program = "[/opt/graduated/bin/graduated]"
    assert lines[:7] == ["[-u]", "[graduated]", "[--]", program, "[create-user]", "[--name]", "[Hannah Legg]"]
    assert {"GRADUATED_SSO=google microsoft", "GRADUATED_SMTP=smtp://a:b=$c `d`@m", "GRADUATED_HTTPS=1"} <= set(lines)
    assert f"{of_unit('Service')['Environment'][0]}" in lines
    assert program.strip("[]") == of_unit("Service")["ExecStart"][0].split()[0]


def test_who_is_not_root_is_told_how(tmp_path: Path) -> None:
    said = typed(tmp_path, "doctor", user=1000)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "Type it as root: sudo graduated doctor\n"


def test_the_disk_of_the_backups_is_named_to_the_service_as_the_paper_on_backups_names_it() -> None:
    text = (FOLDER / "backup-disk.conf").read_text()
    (disk,) = re.findall(r"^ReadWritePaths=-(.*)$", text, re.M)
    paper = (FOLDER.parent / "backup.md").read_text()
    (place,) = set(re.findall(r"^ +graduated backup-place (\S+)", paper, re.M))
    assert Path(place).is_relative_to(disk)
    assert "docs/deploy/backup-disk.conf /etc/systemd/system/graduated.service.d/" in paper
    assert of_unit("Service")["ProtectSystem"] == ["strict"], "or the file is needed no more"


@pytest.mark.parametrize("paper", ["backup.md", "deploy.md"])
def test_every_command_in_the_papers_is_one_with_these_options(paper: str) -> None:
    text = (FOLDER.parent / paper).read_text()
    lines = re.findall(r"^ *(?:/opt/graduated/bin/)?graduated ([a-z].*)$", text, re.M)
    assert lines
    for line in lines:
        words = line.partition(">")[0].partition("<")[0].split()
        helped = CliRunner().invoke(main, [*[one for one in words[:2] if one.isalpha() or one == words[0]], "--help"])
        assert helped.exit_code == 0, line
        assert all(one in helped.output for one in words if one.startswith("--")), line
