"""A file with a virus is not kept, and neither is one that could not be looked through where it should have been."""

from __future__ import annotations

import hashlib
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from graduated.config import NotSet, settings_from_environment
from graduated.ops import doctor_machine as machine
from graduated.ops.doctor import State
from graduated.uploads import viruses
from graduated.uploads.kinds import WrongFile
from graduated.uploads.outside import take_in
from graduated.uploads.viruses import FOUND, NOT_LOOKED, Answer
from tests.conftest import settings_in
from tests.support.client import PageClient
from tests.support.world import World
from tests.uploads.files import pdf

# What a scanner is to us: 0 nothing found, 1 found, 2 it could not look (ClamAV's, and most others').
SCANNER = """
import sys
from pathlib import Path
options, path = sys.argv[1:-1], sys.argv[-1]
if "--broken" in options:
    sys.exit(2)
if "--blind" in options:
    sys.exit(0)
if "--afraid" in options:
    sys.exit(1)
sys.exit(1 if b"EICAR-STANDARD" in Path(path).read_bytes() else 0)
"""


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[list[str]]:
    """A scanner of the machine, named to the program."""
    script = tmp_path / "scanner.py"
    script.write_text(SCANNER)
    command = [sys.executable, str(script)]
    viruses.configure(command)
    yield command
    viruses.configure(())


def _with_virus() -> bytes:
    """A PDF as good as any, with the makers' test file behind its end."""
    return pdf() + machine.file_to_try().encode()


def _upload(client: PageClient, world: World, content: bytes, status: int) -> str:
    place = f"/pupils/{world.pupils['zofia']}/papers/add"
    client.get(place)
    answer = client.send(place, status=status, file=(BytesIO(content), "letter.pdf"), title="Letter of the clinic")
    return answer.get_data(as_text=True)


def _kept(app: Flask) -> list[Path]:
    store = app.extensions["files"]
    return [path for path in Path(store.folder).rglob("*") if path.is_file()]


def test_a_file_with_a_virus_is_refused_in_words_and_nothing_of_it_is_kept(
    app: Flask, client: PageClient, world: World, scanner: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    client.sign_in("senco")
    before = _kept(app)
    with caplog.at_level(logging.WARNING, "graduated.uploads"):
        page = _upload(client, world, _with_virus(), 422)
    assert FOUND in page and "Letter of the clinic" in page
    assert _kept(app) == before
    told = [one.getMessage() for one in caplog.records if one.name == "graduated.uploads"]
    assert told == ["a file was refused: the scanner found a virus in it"]


def test_a_file_in_which_nothing_was_found_is_kept(
    app: Flask, client: PageClient, world: World, scanner: list[str]
) -> None:
    client.sign_in("senco")
    content = pdf()
    _upload(client, world, content, 303)
    assert hashlib.sha256(content).hexdigest() in {path.name for path in _kept(app)}


@pytest.mark.parametrize("trouble", ["--broken", "not there", "too slow"])
def test_what_could_not_be_looked_through_is_never_taken_for_clean(
    trouble: str, app: Flask, client: PageClient, world: World, scanner: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if trouble == "too slow":
        monkeypatch.setattr(viruses, "SECONDS", 0.01)
    viruses.configure({"--broken": [*scanner, "--broken"], "not there": ["/nowhere/clamdscan"]}.get(trouble, scanner))
    client.sign_in("senco")
    before = _kept(app)
    assert NOT_LOOKED in _upload(client, world, pdf(), 422)
    assert _kept(app) == before


def test_without_a_scanner_nothing_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(_with_virus())
    viruses.look_through(path)


def test_the_scanner_gets_none_of_our_secrets(
    tmp_path: Path, scanner: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADUATED_SECRET_KEY", "canary")
    script = tmp_path / "curious.py"
    script.write_text("import os, sys; sys.exit(1 if any(one.startswith('GRADUATED') for one in os.environ) else 0)")
    assert viruses.ask([sys.executable, str(script)], tmp_path / "file") is Answer.NOTHING


def test_a_command_is_read_as_it_would_be_typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRADUATED_SCANNER", "clamdscan --fdpass '--log=/var/log/a b'")
    assert settings_from_environment(tmp_path).scanner == ("clamdscan", "--fdpass", "--log=/var/log/a b")
    monkeypatch.setenv("GRADUATED_SCANNER", "clamdscan 'half")
    with pytest.raises(NotSet, match="GRADUATED_SCANNER must be a command"):
        settings_from_environment(tmp_path)


@pytest.mark.parametrize(
    ("options", "state", "says"),
    [
        ([], State.OK, "found the file that scanners are tried with"),
        (["--blind"], State.MEND, "has no signatures, or is no scanner"),
        (["--afraid"], State.MEND, "takes a harmless file for a virus"),
        (["--broken"], State.MEND, "no paper can be added"),
    ],
)
def test_the_doctor_tries_the_scanner(
    options: list[str], state: State, says: str, scanner: list[str], tmp_path: Path
) -> None:
    settings = replace(settings_in(tmp_path), scanner=(*scanner, *options))
    ((found, words),) = machine.scanner(settings)
    assert found is state and says in words


def test_the_doctor_says_that_nothing_is_looked_through(tmp_path: Path) -> None:
    ((found, words),) = machine.scanner(settings_in(tmp_path))
    assert found is State.LOOK and "not looked through for viruses" in words and "GRADUATED_SCANNER" in words


@pytest.mark.skipif(not shutil.which("clamscan") or not shutil.which("sigtool"), reason="ClamAV is not installed")
def test_clamav_finds_a_file_that_it_knows_and_without_signatures_has_not_looked(tmp_path: Path) -> None:
    bad, good, signatures = tmp_path / "bad.pdf", tmp_path / "good.pdf", tmp_path / "own.hdb"
    bad.write_bytes(_with_virus())
    good.write_bytes(pdf())
    signatures.write_bytes(subprocess.run(["sigtool", "--md5", str(bad)], capture_output=True, check=True).stdout)
    command = ["clamscan", "--no-summary", "-d", str(signatures)]
    assert viruses.ask(command, bad) is Answer.FOUND
    assert viruses.ask(command, good) is Answer.NOTHING
    empty = tmp_path / "empty"
    empty.mkdir()
    assert viruses.ask(["clamscan", "--no-summary", "-d", str(empty)], good) is Answer.NOT_LOOKED
    viruses.configure(command)
    try:
        assert take_in(good).pages == 1
        with pytest.raises(WrongFile, match="virus"):
            take_in(bad)
    finally:
        viruses.configure(())
