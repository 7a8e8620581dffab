"""Every page of a school after a record was brought in, opened as somebody who works there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html import unescape
from itertools import islice, product
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.access.policy import Hat
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import Membership, User
from graduated.people.sign_in import enter
from graduated.rules.vocabulary import Role
from graduated.transfer.tables import models

SignIn = dict[str, Any]
_ENOUGH = 3
_LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"]*)"')
_CALLED = {
    "agreed_id": "concern_action", "given_id": "paper_given", "given_review_id": "review", "member_id": "user",
    "words_owed_id": "narrative_asked", "planning_id": "planning_meeting", "request_id": "assessment_request",
    "reviewed_cycle_id": "cycle", "session_id": "delivered_session", "translation_id": "plan_translation",
}  # fmt: skip
"""Arguments of addresses that are not called after their table."""
_FIXED: dict[str, tuple[Any, ...]] = {
    "number": (1,), "year": (2024, 2026), "who": ("mother", "young-person"), "letter": ("review",),
    "section": ("summary", "views", "outcomes", "need", "provision"), "provider": ("none",), "token": ("none",),
}  # fmt: skip
_LEAVES = {"people.signed_in_elsewhere", "people.signed_in_here", "people.stay", "people.language"}


def work_there(app: Flask, school_id: int) -> dict[str, SignIn]:
    """A SENCO and a headteacher of the school, signed in."""
    found: dict[str, SignIn] = {}
    with app.app_context():
        with acting(system_actor(school_id, "Tests")), write("Staff made"):
            users = {}
            for role in (Role.SENCO, Role.HEAD):
                user = User(email=f"{role.value}@harbour.example", name=f"Ines {role.label}", active=True)
                db.session.add(user)
                db.session.flush()
                db.session.add(Membership(user_id=user.id, role=role, starts=date(2020, 9, 1)))
                users[role] = user.id
        for role, user_id in users.items():
            door = entry.Door(school_id, "Harbour Academy", Hat.STAFF)
            entered = enter(user_id, door, address="127.0.0.1", device="tests")
            found[role.value] = {"sid": entered.session_id, "token": entered.token}
        db.session.remove()
    return found


def ids_in(app: Flask, school_id: int) -> dict[str, list[int]]:
    """The numbers of the rows of every table that the school has, the newest first."""
    with app.app_context(), acting(system_actor(school_id, "Tests")):
        found = {
            name: list(db.session.scalars(select(cls.id).order_by(cls.id.desc())))
            for name, cls in models().items()
            if hasattr(cls, "id")
        }
        db.session.remove()
        return found


def addresses(app: Flask, ids: dict[str, list[int]], most: int = _ENOUGH) -> Iterator[tuple[Rule, str]]:
    """Every address that can be asked for, with a few of the rows that it can be about."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or rule.endpoint in _LEAVES:
                continue
            choices = [_choices(name, ids, most) for name in sorted(rule.arguments)]
            for values in islice(product(*choices), most):
                given = dict(zip(sorted(rule.arguments), values, strict=True))
                yield rule, app.url_map.bind("localhost").build(rule.endpoint, given)


def _choices(name: str, ids: dict[str, list[int]], most: int) -> list[Any]:
    if name in _FIXED:
        return list(_FIXED[name])
    rows = ids.get(_CALLED.get(name, name.removesuffix("_id")), [])
    return rows[: most - 1] + rows[-1:] if len(rows) >= most else rows


class Visitor:
    """Somebody who opens pages; what broke is kept in words."""

    def __init__(self, app: Flask, sign_in: SignIn) -> None:
        self.app, self.sign_in = app, sign_in
        self.broken: list[str] = []
        self.answers: dict[str, int] = {}
        self.leads: list[tuple[str, str]] = []

    def open(self, path: str) -> int:
        """The status of an address; 599 when it broke."""
        if path in self.answers:
            return self.answers[path]
        client = self.app.test_client()
        with client.session_transaction() as session:
            session.update(self.sign_in)
        try:
            answer = client.get(path, buffered=True)
        except Exception as fault:  # a page that breaks is the finding, and the others are still of interest
            self.broken.append(f"{path}: {type(fault).__name__} {str(fault)[:200]}")
            self.answers[path] = 599
            return 599
        if answer.status_code >= 500:
            self.broken.append(f"{path} answered {answer.status_code}")
        self.answers[path] = answer.status_code
        if answer.status_code == 200 and answer.mimetype == "text/html":
            self.leads += [(path, unescape(one).partition("#")[0]) for one in _LINK.findall(answer.text)]
        answer.close()
        return self.answers[path]

    def follow(self, most: int = 3) -> None:
        """Open what the pages lead to, a few of each kind."""
        opened: Counter[str] = Counter()
        done = 0
        while done < len(self.leads):
            _page, path = self.leads[done]
            done += 1
            kind = re.sub(r"\d+", "0", path.partition("?")[0])
            if path in self.answers or opened[kind] >= most:
                continue
            opened[kind] += 1
            self.open(path)
