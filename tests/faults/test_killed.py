"""A server killed with -9 while people save: what was answered is there, what was not is saved once when sent again."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from pathlib import Path

from tests.faults.conftest import seen, texts, whole
from tests.faults.nursery import Nursery
from tests.faults.visitor import SAVED, NoAnswer, Visitor

KILLS = int(os.environ.get("GRADUATED_KILLS", "150"))
SEED = 20_261_122


class Writing:
    """One who saves again and again until the server is gone; what had no answer is sent again to the next."""

    def __init__(self, place: str) -> None:
        self.place, self.values = place, dict[str, str]()
        self.sent: list[str] = []
        self.waits: str | None = None

    def until_it_dies(self, visitor: Visitor, first: threading.Event) -> None:
        """Save until no answer comes."""
        while True:
            text = self.waits or f"Reads aloud to the class, entry {len(self.sent) + 1}"
            if text != self.waits:
                self.sent.append(text)
            self.waits = text
            try:
                answer = visitor.ask(self.place, seen(self.values, text))
            except NoAnswer:
                return
            assert answer.status == SAVED, answer.text[:2000]
            self.waits = None
            first.set()


def test_every_answered_save_outlives_any_kill_and_none_is_there_twice(
    nursery: Nursery, home: Path, place: str
) -> None:
    chance, writing = random.Random(SEED), Writing(place)
    pid, port = nursery.begin()
    visitor = Visitor(port).sign_in("senco")
    writing.values = visitor.form(place)
    for _ in range(KILLS):
        first = threading.Event()
        busy = threading.Thread(target=writing.until_it_dies, args=(visitor, first))
        busy.start()
        assert first.wait(60)
        time.sleep(chance.uniform(0, 0.08))
        os.kill(pid, signal.SIGKILL)
        busy.join()
        pid, port = nursery.begin()
        visitor = visitor.at(port)
    if writing.waits:
        assert visitor.ask(place, seen(writing.values, writing.waits)).status == SAVED
    assert len(writing.sent) > KILLS
    assert sorted(texts(home)) == sorted(writing.sent), "lost, or saved twice"
    whole(home)
