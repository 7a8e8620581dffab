"""A file is kept for one record while the same file goes from another: the store has it once, and none may lose it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from graduated.access.identity import acting
from graduated.db import hooks, writing
from graduated.db.engine import as_writer
from graduated.db.writing import Writing
from graduated.erasure.services import carry_out_paper
from graduated.erasure.services_files import ask_for_paper
from graduated.pupils.models import Document
from graduated.rules.vocabulary import Role, Visibility
from tests.erasure.conftest import ADVICE, person
from tests.erasure.filing import WHY, Filed, a_picture, filed_in, kept
from tests.support.client import PageClient
from tests.support.world import World

ACT = "Paper erased by law"


@pytest.fixture
def filed(app: Flask, world: World, client: PageClient) -> Filed:
    """The paper, on the wrong child's record."""
    return filed_in(app, world, client)


def _newest(filed: Filed) -> int:
    number = max(filed.column(Document.id))
    assert number != filed.document_id
    return int(number)


def _thread(work: Callable[[], None]) -> threading.Thread:
    """One that has the day of the test."""
    return threading.Thread(target=copy_context().run, args=(work,))


def test_a_paper_that_is_sent_while_the_same_file_goes_by_law_has_its_file(
    filed: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sends it waits until the erasure is over; only then is the file put where the other one went from."""
    is_going, waits = threading.Event(), threading.Event()

    def asked(engine: Any) -> dict[str, Any]:
        if threading.current_thread() is sender:
            waits.set()
        return as_writer(engine)

    def going(_session: Any, act: Writing) -> None:
        if act.act == ACT:
            is_going.set()
            assert waits.wait(60)
            time.sleep(0.3)

    filed.client.sign_in("senco")
    action, values = filed.client.form(f"{filed.papers}/add")
    values |= {"title": "The same again", "file": (BytesIO(a_picture("red")), "a.jpg")}
    about = {"data": values, "content_type": "multipart/form-data"}
    answers: list[Any] = []
    sender = _thread(lambda: answers.append(filed.client.post(action, **about)))
    eraser = _thread(filed.taken)
    monkeypatch.setattr(writing, "as_writer", asked)
    monkeypatch.setattr(hooks, "before_commit", [*hooks.before_commit, going])
    eraser.start()
    assert is_going.wait(60)
    sender.start()
    for one in (eraser, sender):
        one.join(60)
    assert [one.status_code for one in answers] == [303], answers[0].text
    assert filed.papers in answers[0].headers["Location"]
    assert all(map(filed.is_kept, filed.hashes(_newest(filed))))
    filed.is_whole()


def test_a_paper_that_is_kept_right_after_the_same_file_went_by_law_has_its_file(
    filed: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The act stands, its file is not removed yet, and somebody else comes in between."""
    came: list[int] = []

    def came_between(act: Writing) -> None:
        if act.act == ACT:
            came.append(kept(filed.app, filed.world, Visibility.STAFF, "red"))

    with filed.open():
        with acting(person(filed.world, "senco", Role.SENCO)):
            order_id = ask_for_paper(filed.document_id, WHY, ADVICE)
        monkeypatch.setattr(hooks, "after_commit", [came_between, *hooks.after_commit])
        with acting(person(filed.world, "head", Role.HEAD)):
            carry_out_paper(order_id)
    assert all(map(filed.is_kept, filed.hashes(came[0])))
    filed.is_whole()
