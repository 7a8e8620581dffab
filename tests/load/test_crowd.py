"""Six people at work while processes are killed: what was answered is there once, and everything verifies."""

from __future__ import annotations

import sys

import pytest

from tests.load.run import Load, Outcome, copied, run
from tests.support.databases import ON_POSTGRESQL
from tests.support.demo import DemoSchool

pytestmark = [
    pytest.mark.xdist_group("demo"),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
]
LOAD = Load(people=6, seconds=12, think=0.3, kills=3)


@pytest.fixture(scope="module")
def outcome(demo_school: DemoSchool, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What came of it."""
    folder = tmp_path_factory.mktemp("crowd")
    return run(copied(demo_school.home, folder), demo_school.accounts, LOAD)


def test_people_worked_and_processes_were_killed(outcome: Outcome) -> None:
    assert sum(outcome.book.kills.values()) == LOAD.kills
    assert len(outcome.book.acknowledged) > LOAD.kills
    besides = ["backup", "import"] if ON_POSTGRESQL else ["backup-keys", "backup", "import"]
    assert [one.split()[0] for one in outcome.book.besides[: len(besides)]] == besides


def test_every_answered_save_is_there_once_and_nothing_that_nobody_sent(outcome: Outcome) -> None:
    assert outcome.held.lost == []
    assert outcome.held.doubled == []
    assert outcome.held.unsent == []


def test_nothing_was_answered_that_should_not_be(outcome: Outcome) -> None:
    assert outcome.book.faults == []
    assert outcome.locked == 0, outcome.log[-3000:]


def test_every_pack_was_built_in_the_end(outcome: Outcome) -> None:
    assert outcome.packs["asked"] >= 3
    assert outcome.packs == {"asked": outcome.packs["asked"], "done": outcome.packs["asked"]}


def test_the_audit_verifies_and_no_file_is_left_over(outcome: Outcome) -> None:
    assert outcome.verified["whole"], outcome.verified
    assert outcome.verified["remarks"] == []
    assert outcome.left == []
