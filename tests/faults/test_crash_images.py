"""The power goes: what lies on the disc at any moment opens, is whole, and holds all that was answered before."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.conftest import seen, whole
from tests.faults.test_disc import holds
from tests.faults.visitor import SAVED, NoAnswer, Visitor
from tests.support.databases import sqlite_only

pytestmark = sqlite_only("what lies on the disc is the server's")

IMAGES = int(os.environ.get("GRADUATED_IMAGES", "200"))
SEED = 45


class Saving(threading.Thread):
    """One who saves without a pause, and remembers what was answered."""

    def __init__(self, visitor: Visitor, place: str) -> None:
        super().__init__()
        self.visitor, self.place, self.values = visitor, place, visitor.form(place)
        self.answered: list[str] = []
        self.over = False

    def run(self) -> None:
        """Save until told that it is over."""
        with_key, number = self.visitor.at(self.visitor.port), 0
        while not self.over:
            number += 1
            text = f"Joins in at line {number}"
            try:
                assert with_key.ask(self.place, seen(self.values, text)).status == SAVED
            except NoAnswer:
                return
            self.answered.append(text)


def image(home: Path, pid: int, saving: Saving, folder: Path) -> int:
    """What lies on the disc at this moment, while the server is held between two of its steps; how much was answered.

    The map of the log (-shm) is memory: it is not there after the power went.
    """
    os.kill(pid, signal.SIGSTOP)
    try:
        answered = len(saving.answered)
        for name in ("graduated.db", "graduated.db-wal"):
            shutil.copyfile(home / name, folder / name)
    finally:
        os.kill(pid, signal.SIGCONT)
    (folder / "graduated.db-shm").unlink(missing_ok=True)
    return answered


def looked_at(folder: Path) -> tuple[list[str], int, int]:
    """(texts, events, their last number) of an image that opens and is whole."""
    with closing(sqlite3.connect(folder / "graduated.db")) as file:
        assert file.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert file.execute("pragma foreign_key_check").fetchall() == []
        texts = [text for (text,) in file.execute("select text from observation order by id")]
        count, last = file.execute("select count(*), max(sequence) from change_event where school_id = 1").fetchone()
        (head,) = file.execute("select sequence from chain_head where school_id = 1").fetchone()
    assert head == last
    return texts, count, last


def test_every_image_of_the_disc_opens_and_holds_what_was_answered_before_it(
    server: tuple[int, int], senco: Visitor, home: Path, place: str, tmp_path: Path
) -> None:
    chance, saving = random.Random(SEED), Saving(senco, place)
    saving.start()
    grew = 0
    try:
        for _ in range(IMAGES):
            time.sleep(chance.uniform(0, 0.03))
            answered = image(home, server[0], saving, tmp_path)
            texts, count, last = looked_at(tmp_path)
            assert texts[:answered] == [f"Joins in at line {number + 1}" for number in range(answered)]
            assert len(texts) <= answered + 1, "no more than the one that was on its way"
            assert count == last
            grew = max(grew, answered)
    finally:
        saving.over = True
        saving.join()
    assert grew > IMAGES // 10, "else nobody wrote meanwhile"
    whole(home)


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs the Debian package strace")
def test_an_answer_comes_only_after_the_log_was_flushed_to_the_disc(
    server: tuple[int, int], senco: Visitor, place: str, tmp_path: Path
) -> None:
    """A power cut loses what was written and not flushed: so the flush has to come before the answer."""
    told, values = tmp_path / "calls", senco.form(place)
    calls = "trace=fdatasync,fsync,sendto,send"
    command = ["strace", "-f", "-y", "-qq", "-s", "12", "-e", calls, "-o", str(told), "-p", str(server[0])]
    with subprocess.Popen(command) as looking:
        try:
            if not holds(looking, server[0]):
                pytest.skip("this system lets nobody trace a process")
            for number in range(5):
                assert senco.ask(place, seen(values, f"Flushed before it is answered, {number}")).status == SAVED
        finally:
            looking.terminate()
    order = "".join(
        "f" if re.search(r"sync\(\d+<[^>]*graduated\.db-wal", line) else "a" if "HTTP/1.1 303" in line else ""
        for line in told.read_text().splitlines()
    )
    assert re.fullmatch("(f+a){5}", order), order
