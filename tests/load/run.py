"""One load from beginning to end: people, what goes on beside them, kills, and then the looking for every save."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graduated.db.trouble import Trouble
from tests.load.besides import Besides, checked
from tests.load.book import Book, Held, held
from tests.load.crowd import Account, crowd_of
from tests.load.serving import Killable, memory
from tests.support.demo import ENVIRONMENT
from tests.support.served import free_port

BEGINNING = "Crowd"
LOCKED = f"cannot be written ({Trouble.BUSY})"
"""How the log says it on either database: it never gives the database's own words."""


@dataclass(frozen=True)
class Load:
    """How many people, for how long, thinking how long between two pages, and how many kills meanwhile."""

    people: int = 30
    seconds: float = 600.0
    think: float = 3.0
    kills: int = 0
    pause: float = 60.0
    """Seconds between two rounds of what goes on beside the people."""
    patience: float = 3600.0
    """Seconds after which nothing more is killed: on a busy machine a new start takes long."""


@dataclass
class Outcome:
    """What came of it."""

    book: Book
    held: Held
    packs: dict[str, int]
    verified: dict[str, Any]
    locked: int
    """Lines of the log that say that somebody waited in vain for another's writing."""
    left: list[str]
    """Files that were begun and not finished, after a new start."""
    log: str


def run(home: Path, accounts: dict[str, Account], load: Load) -> Outcome:
    """Serve a copy of the demo school in `home`, and let people work at it."""
    server = Killable(home, free_port(), settings={**ENVIRONMENT, "GRADUATED_DEMO": "1"})
    book, stop = Book(), threading.Event()
    server.serve()
    people = crowd_of(load.people, accounts, server.port, book, stop, load.think, BEGINNING)
    besides = Besides(server, accounts["senco"], book, stop, load.pause)
    try:
        book.memory.append(f"at the start {memory(server.pid)}")
        for one in (*people, besides):
            one.start()
        _meanwhile(server, book, load)
        stop.set()
        for one in (*people, besides):
            one.join(300)
            if one.is_alive():
                book.fault(f"{one} did not come to an end")
        packs = besides.wait_for_packs(180)
        book.memory.append(f"at the end {memory(server.pid)}")
    finally:
        stop.set()
        server.stop()
    _make_old(home / "files")
    log = server.log.read_text(errors="replace")
    return Outcome(
        book=book,
        held=held(home, book, BEGINNING),
        packs=packs,
        verified=checked(server, "verify"),
        locked=log.count(LOCKED),
        left=sorted(str(one.relative_to(home)) for one in home.rglob(".incoming-*")),
        log=log,
    )


def _meanwhile(server: Killable, book: Book, load: Load) -> None:
    """Let the time go by; kill so many times at random moments, each after people could work again."""
    if not load.kills:
        time.sleep(load.seconds)
        return
    chance, until = random.Random(load.kills), time.monotonic() + load.patience
    for _ in range(load.kills):
        if time.monotonic() > until:
            break
        time.sleep(chance.uniform(0.2, 1.8) * load.seconds / load.kills)
        _until_somebody_saved(book)
        book.kills[server.kill(chance)] += 1
    _until_somebody_saved(book)


def _until_somebody_saved(book: Book) -> None:
    """Wait for one more save to be acknowledged: a crowd that waits for its first page proves nothing."""
    before, until = len(book.acknowledged), time.monotonic() + 120
    while len(book.acknowledged) == before and time.monotonic() < until:
        time.sleep(0.01)


def _make_old(folder: Path) -> None:
    """Let every file look a day old: one that no record names is then told of."""
    for one in folder.rglob("*"):
        if one.is_file():
            os.utime(one, (time.time() - 86_400, time.time() - 86_400))


def copied(school: Path, place: Path) -> Path:
    """A copy of the demo school to work in."""
    shutil.copytree(school, place / "home")
    return place / "home"
