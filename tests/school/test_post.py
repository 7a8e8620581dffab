"""School, Post: what could not be sent is told in words and tried again; nobody reads what a message says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.machinery import Post, PostState
from graduated.db.session import db
from graduated.db.writing import write
from tests.support.client import PageClient
from tests.support.world import World


def test_a_message_that_failed_is_told_and_tried_again(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Post written"):
        for state, error in ((PostState.FAILED, "The mail server did not answer in time."), (PostState.SENT, "")):
            db.session.add(
                Post(recipient="anna@example.org", subject="A message from Purbeck Road Primary",
                     body="The words themselves", state=state, error=error, tries=8)
            )  # fmt: skip
    client.sign_in("senco")
    text = client.text("/school/post")
    assert "anna@example.org: A message from Purbeck Road Primary The mail server did not answer in time." in text
    assert "Tried 8 times" in text
    assert "The words themselves" not in text
    client.send("/school/post", 0)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        rows = db.session.execute(select(Post.state, Post.tries).order_by(Post.id)).all()
    assert [tuple(row) for row in rows] == [(PostState.WAITING, 0), (PostState.SENT, 8)]
    assert "Everything could be sent." in client.text("/school/post")


def test_who_only_reads_the_school_finds_no_button(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Post written"):
        db.session.add(Post(recipient="anna@example.org", subject="A message", body="x", state=PostState.FAILED))
    client.sign_in("head")
    assert "Try again" not in client.text("/school/post")


def test_without_a_mail_server_the_page_says_that_nothing_leaves(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in("senco")
    settings = app.config["SETTINGS"]
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, smtp_url=None))
    assert "No mail server is set on this machine" in client.text("/school/post")
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, smtp_url="smtp://mail.school.example"))
    assert "No mail server" not in client.text("/school/post")
