"""Post by a real mail server that takes it, refuses it, says nothing, or goes away: no letter is lost or doubled."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Taking
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.config import Settings
from graduated.db.clock import held, now
from graduated.db.machinery import Post, PostState
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ops.post import MOST_TRIES, _taken, send_next

PATIENCE = 0.5


class Server(Taking):
    """A mail server that keeps what it takes; `to` and `data` are its answers when it refuses."""

    def __init__(self, to: str = "", data: str = "") -> None:
        super().__init__()
        self.to, self.data = to, data
        self.taken: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.taken.append(message)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self.to:
            return self.to
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        return self.data or str(await super().handle_DATA(server, session, envelope))


@contextmanager
def serving(app: Flask, server: Server) -> Iterator[Settings]:
    controller = Controller(server, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield _settings(app, controller.port)
    finally:
        controller.stop()


@contextmanager
def bare(app: Flask, *answers: bytes) -> Iterator[Settings]:
    """A server that accepts one connection, answers so often and hangs up; without answers it is silent."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        over = threading.Event()

        def serve() -> None:
            taken, _ = listening.accept()
            with taken:
                for answer in answers:
                    taken.sendall(answer)
                    taken.recv(4096)
                if not answers:
                    over.wait(10)

        thread = threading.Thread(target=serve)
        thread.start()
        yield _settings(app, listening.getsockname()[1])
        over.set()
        thread.join()


def _settings(app: Flask, port: int) -> Settings:
    settings: Settings = app.config["SETTINGS"]
    return replace(settings, smtp_url=f"smtp://127.0.0.1:{port}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def letter(recipient: str = "anna@example.org") -> int:
    with write("Letter written"):
        post = Post(recipient=recipient, subject="A message from Purbeck Road Primary School", body="Please sign in.")
        db.session.add(post)
        db.session.flush()
        return post.id


def kept(post_id: int) -> tuple[PostState, int, str, str]:
    db.session.rollback()
    found = select(Post.state, Post.tries, Post.error, Post.body).where(Post.id == post_id)
    state, tries, error, body = db.session.execute(found).one()
    return state, tries, error, body


def later(minutes: int = 5000) -> Any:
    return held(now() + timedelta(minutes=minutes))


def test_an_address_that_is_refused_for_good_is_told_at_once_and_kept(app: Flask, as_system: Actor) -> None:
    post_id = letter()
    with serving(app, Server(to="550 no such person here")) as settings:
        assert send_next(settings, PATIENCE)
        with later():
            assert not send_next(settings, PATIENCE), "it is not tried again by itself"
    state, tries, error, body = kept(post_id)
    assert (state, tries, body) == (PostState.FAILED, 1, "Please sign in.")
    assert "Check the address" in error and "no such person" not in error


def test_a_letter_that_is_refused_for_good_is_kept_too(app: Flask, as_system: Actor) -> None:
    post_id = letter()
    with serving(app, Server(data="554 not this")) as settings:
        assert send_next(settings, PATIENCE)
    assert kept(post_id)[0] is PostState.FAILED


@pytest.mark.parametrize("refusal", [{"to": "451 come back later"}, {"data": "451 come back later"}])
def test_a_server_that_refuses_for_now_gets_the_letter_later_and_once(
    app: Flask, as_system: Actor, refusal: dict[str, str]
) -> None:
    post_id, server = letter(), Server(**refusal)
    with serving(app, server) as settings:
        assert send_next(settings, PATIENCE)
        assert kept(post_id)[:2] == (PostState.WAITING, 1)
        server.to = server.data = ""
        with later():
            assert send_next(settings, PATIENCE)
            assert not send_next(settings, PATIENCE)
    assert kept(post_id)[0] is PostState.SENT
    assert [one["Subject"] for one in server.taken] == ["A message from Purbeck Road Primary School"]


def test_a_server_that_accepts_and_says_nothing_loses_no_letter(app: Flask, as_system: Actor) -> None:
    post_id = letter()
    with bare(app) as settings:
        assert send_next(settings, PATIENCE)
    state, tries, error, body = kept(post_id)
    assert (state, tries, body) == (PostState.WAITING, 1, "Please sign in.")
    assert error == "The mail server did not answer in time."


def test_a_server_that_hangs_up_in_the_middle_loses_no_letter(app: Flask, as_system: Actor) -> None:
    post_id = letter()
    with bare(app, b"220 hello\r\n", b"250 hello\r\n") as settings:
        assert send_next(settings, PATIENCE)
    assert kept(post_id)[:2] == (PostState.WAITING, 1)
    server = Server()
    with serving(app, server) as settings, later():
        assert send_next(settings, PATIENCE)
    assert len(server.taken) == 1


def test_one_letter_that_waits_keeps_no_other_from_going(app: Flask, as_system: Actor) -> None:
    first = letter()
    with bare(app) as silent:
        send_next(silent, PATIENCE)
    second, server = letter("ben@example.org"), Server()
    with serving(app, server) as settings:
        assert send_next(settings, PATIENCE)
    assert kept(first)[0] is PostState.WAITING and kept(second)[0] is PostState.SENT
    assert [one["To"] for one in server.taken] == ["ben@example.org"]


def test_a_letter_is_given_up_after_many_tries_and_still_kept(app: Flask, as_system: Actor) -> None:
    post_id, settings = letter(), _settings(app, _free_port())
    for n in range(MOST_TRIES):
        with later((n + 1) * 1000):
            assert send_next(settings, PATIENCE)
    assert kept(post_id) == (PostState.FAILED, MOST_TRIES, "The mail server could not be reached.", "Please sign in.")


def test_an_address_that_cannot_be_written_does_not_stop_the_post(app: Flask, as_system: Actor) -> None:
    broken, fine, server = letter("anna@example.org\nBcc: all@example.org"), letter("ben@example.org"), Server()
    with serving(app, server) as settings:
        assert send_next(settings, PATIENCE) and send_next(settings, PATIENCE)
    assert kept(broken)[0] is PostState.FAILED and kept(fine)[0] is PostState.SENT
    assert len(server.taken) == 1


def test_each_try_has_the_same_identity_so_that_a_letter_taken_twice_is_known(app: Flask, as_system: Actor) -> None:
    post_id, server = letter(), Server(data="451 later")
    names: list[str] = []
    with serving(app, server) as settings:
        send_next(settings, PATIENCE)
        server.data = ""
        with later():
            send_next(settings, PATIENCE)
    names += [str(one["Message-ID"]) for one in server.taken]
    assert len(names) == 1 and names[0].startswith(f"<{post_id}.")


def test_a_letter_that_one_worker_has_in_hand_is_left_to_it_and_not_for_ever(app: Flask, as_system: Actor) -> None:
    post_id = letter()
    assert _taken(post_id)
    server = Server()
    with serving(app, server) as settings:
        assert not _taken(post_id), "another worker that saw it waiting as well"
        assert not send_next(settings, PATIENCE)
        with later(minutes=4):  # the one that had it died
            assert send_next(settings, PATIENCE)
    assert kept(post_id)[0] is PostState.SENT and len(server.taken) == 1
