"""Another program holds the records: short, it is waited for; long, nobody loses a word; reading never waits."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from graduated.db.engine import WRITERS
from tests.faults.conftest import Counted, seen, whole
from tests.faults.test_disc import SAYING, again_from, kept_on_page
from tests.faults.visitor import SAVED, Answer, Visitor
from tests.support.databases import ON_POSTGRESQL, by_hand

PATIENCE = 5.0


@contextmanager
def held(home: Path) -> Iterator[None]:
    """The write lock of the records (on PostgreSQL that of the school), in other hands."""
    if ON_POSTGRESQL:
        with by_hand(home) as hand:  # until the connection is closed
            hand.execute("SELECT pg_advisory_lock(?, 1)", (WRITERS,))
            yield
        return
    with closing(sqlite3.connect(home / "graduated.db", isolation_level=None)) as file:
        file.execute("begin immediate")
        yield
        file.execute("rollback")


def at_once(*asked: threading.Thread) -> None:
    for one in asked:
        one.start()
    for one in asked:
        one.join()


def test_a_lock_of_one_second_is_waited_for_and_nobody_notices(senco: Visitor, home: Path, place: str) -> None:
    count, values, answers = Counted(home), senco.form(place), list[Answer]()
    with held(home):
        saving = threading.Thread(target=lambda: answers.append(senco.ask(place, seen(values, SAYING))))
        saving.start()
        time.sleep(1)
        assert senco.ask("/register").status == 200, "reading waits for nobody"
        assert not answers
    saving.join()
    assert answers[0].status == SAVED
    assert len(count.new) == 1


def test_a_lock_that_stays_is_said_after_five_seconds_with_every_word_kept(
    senco: Visitor, home: Path, place: str
) -> None:
    count, values = Counted(home), senco.form(place)
    answers, drafts, took = list[Answer](), list[Answer](), list[float]()

    def save() -> None:
        began = time.monotonic()
        answers.append(senco.ask(place, seen(values, SAYING)))
        took.append(time.monotonic() - began)

    def keep() -> None:
        drafts.append(senco.ask(f"/drafts?place={place}", seen(values, SAYING)))

    with held(home):
        at_once(*(threading.Thread(target=save) for _ in range(3)), threading.Thread(target=keep))
        assert [senco.ask(page).status for page in ("/today", "/register", place)] == [200] * 3
    assert [one.status for one in answers] == [503] * 3
    assert drafts[0].status == 503
    assert min(took) >= PATIENCE - 0.2, "a moment is given to whoever holds them"
    assert max(took) < PATIENCE * 2, "and never twice"
    for answer in answers:
        assert "We are busy for a moment" in answer.said
        kept_on_page(answer)
    assert count.new == []
    action, same = again_from(answers[0])
    assert [senco.ask(action, same).status for _ in range(2)] == [SAVED] * 2
    assert len(count.new) == 1
    whole(home)


def test_eight_who_read_and_save_at_once_never_meet_a_snapshot_that_is_too_old(
    senco: Visitor, home: Path, place: str
) -> None:
    count, values, statuses = Counted(home), senco.form(place), list[int]()

    def work(number: int) -> None:
        for turn in range(6):
            senco.at(senco.port).ask("/register")
            statuses.append(senco.ask(place, seen(values, f"Seen by {number} in turn {turn} of six")).status)

    at_once(*(threading.Thread(target=work, args=(number,)) for number in range(8)))
    assert statuses == [SAVED] * 48
    assert len(set(count.new)) == 48
    whole(home)
