"""A disc that is full, or fails: reads go on, what was typed stays on the page, and it is saved once there is room."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graduated.app import create_app
from graduated.audit import chain
from graduated.db.trouble import note
from tests.conftest import settings_in
from tests.faults.conftest import Counted, seen, texts, whole
from tests.faults.nursery import Nursery
from tests.faults.visitor import SAVED, Answer, Visitor
from tests.support.databases import sqlite_only
from tests.support.world import World

SAYING = "Reads a page aloud.\r\nThen stops, and asks <why> the owl & the fox went home."
MEGABYTE = 1024 * 1024


def again_from(answer: Answer) -> tuple[str, dict[str, Any]]:
    """The form with which the page of a failed save offers to try again, as a browser would send it."""
    action, values = answer.forms()[0]
    return action, {name: value.replace("\n", "\r\n") for name, value in values.items()}


def kept_on_page(answer: Answer) -> None:
    """What was typed stands on the page, to be read and to be sent."""
    assert "Reads a page aloud." in answer.said and "asks <why> the owl & the fox went home." in answer.said
    assert again_from(answer)[1]["text"] == SAYING


@pytest.fixture
def small_disc(template: tuple[Path, World], tmp_path: Path) -> Iterator[Path]:
    """The world on a disc of its own with little room."""
    disc = tmp_path / "disc"
    disc.mkdir()
    size = sum(one.stat().st_size for one in template[0].rglob("*") if one.is_file()) + 24 * MEGABYTE
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disc)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disc needs the right to mount one")
    try:
        shutil.copytree(template[0], disc / "home")
        yield disc / "home"
    finally:
        subprocess.run(["umount", "--lazy", str(disc)], check=True)


def fill(home: Path) -> Path:
    """Take all the room that is left."""
    filler = home.parent / "filler"
    with filler.open("wb", buffering=0) as out:
        try:
            while True:
                out.write(b"\0" * 4096)
        except OSError:
            return filler


@sqlite_only("the disc of the records is the server's")
def test_on_a_full_disc_the_words_stay_on_the_page_and_are_saved_once_there_is_room(
    small_disc: Path, place: str
) -> None:
    nursery = Nursery(small_disc)
    try:
        senco = Visitor(nursery.begin()[1]).sign_in("senco")
        assert "nearly full" in senco.ask("/today").said, "who can see to it is told in time"
        values = senco.form(place)
        filler = fill(small_disc)
        answer = senco.ask(place, seen(values, SAYING))
        assert answer.status == 507, answer.text[:3000]
        assert "There is no room left to save" in answer.said
        kept_on_page(answer)
        for page in ("/today", "/register", place):
            assert senco.ask(page).status == 200, "reading goes on"
        action, same = again_from(answer)
        assert senco.ask(action, same).status == 507
        knocks = Visitor(senco.port)
        answer = knocks.ask("/sign-in", {**knocks.form("/sign-in"), "email": "a@b.example", "password": "x"})
        assert "no room left" in answer.said and not answer.forms(), "and no password stands on a page"
        filler.unlink()
        assert [senco.ask(action, same).status for _ in range(3)] == [SAVED] * 3
        assert [text.splitlines() for text in texts(small_disc)] == [SAYING.splitlines()]
        whole(small_disc)
    finally:
        nursery.end()


@sqlite_only("the disc of the records is the server's")
def test_where_files_may_not_grow_nothing_is_torn_and_the_words_stay(
    nursery: Nursery, senco: Visitor, home: Path, place: str
) -> None:
    """The limit of a process stands for a full disc where nobody may mount one."""
    count, values = Counted(home), senco.form(place)
    starved = senco.at(nursery.begin(limit=48 * 1024)[1])
    answer = starved.ask(place, seen(values, SAYING))
    assert answer.status in {503, 507}, answer.text[:3000]
    kept_on_page(answer)
    assert starved.ask("/register").status == 200
    assert count.new == []
    action, same = again_from(answer)
    assert senco.ask(action, same).status == SAVED
    assert len(count.new) == 1
    whole(home)


@sqlite_only("the disc of the records is the server's")
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs the Debian package strace")
def test_a_disc_that_does_not_take_the_flush_is_said_and_nothing_is_saved_twice(
    server: tuple[int, int], senco: Visitor, home: Path, place: str
) -> None:
    pid, count, values = server[0], Counted(home), senco.form(place)
    flushes = "fsync,fdatasync"
    with subprocess.Popen(
        ["strace", "-f", "-qq", "-e", f"trace={flushes}", "-e", f"inject={flushes}:error=EIO", "-p", str(pid)],
        stderr=subprocess.PIPE,
    ) as failing:
        try:
            if not holds(failing, pid):
                pytest.skip("this system lets nobody trace a process")
            answer = senco.ask(place, seen(values, SAYING))
            reading = senco.ask("/register").status
        finally:
            failing.terminate()
            failing.communicate()
    assert answer.status == 503, answer.text[:3000]
    assert "could not write to its disc" in answer.said
    kept_on_page(answer)
    assert reading == 200
    assert len(count.new) <= 1, "whole or not at all"
    action, same = again_from(answer)
    assert [senco.ask(action, same).status for _ in range(2)] == [SAVED] * 2
    assert len(count.new) == 1
    whole(home)


def holds(strace: subprocess.Popen[bytes], pid: int) -> bool:
    """Wait until a process is traced in all its threads."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and strace.poll() is None:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        if all(f"TracerPid:\t{strace.pid}\n" in (one / "status").read_text() for one in tasks):
            return True
        time.sleep(0.02)
    return False


def test_a_head_of_the_chain_that_was_cut_off_by_a_full_disc_is_no_false_alarm(home: Path) -> None:
    app = create_app(settings_in(home), testing=True)
    anchor, before = home / "audit-anchor.log", chain.anchored()
    with anchor.open("a") as out:
        out.write(f"1 {before[1][0] + 1} 00ff")
    assert chain.anchored() == before
    note(anchor, f"1 {before[1][0] + 2} {'a' * 64}")
    assert chain.anchored()[1] == (before[1][0] + 2, "a" * 64)
    app.extensions["views_log"].dispose()
