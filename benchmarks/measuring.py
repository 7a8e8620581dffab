"""How a page, or an act, is held against its floor: in one process, in turn, by the processor's time.

The floor F of a page is a bare Flask view that sends the page's own statements (those of session, permission and audit
among them) through the bare driver and answers with a ready-made string of the same size. Both are asked by WSGI
calls, thirty in a batch without the garbage collector, five batches each in turn; what counts is the least of each.
"""

from __future__ import annotations

import gc
import re
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

from datasets import PASSWORD, email_of
from flask import Flask, Response
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

BATCHES = 5
CALLS = [30]
"""How often a page is asked for in a batch, unless said otherwise."""
Asked = tuple[str, str, Any, bool]
"""A statement as it was sent: the database, its words, what was given to it, and whether to many at once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back of a call."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds of the processor for one call: the least of the batches, and the middle one."""

    least: float
    median: float


@dataclass(frozen=True, slots=True)
class Held:
    """A page against its floor."""

    page: Figures
    floor: Figures
    statements: int
    bytes: int

    @property
    def ratio(self) -> float:
        """How many times its floor the page costs."""
        return self.page.least / self.floor.least


def call(app: Any, environ: dict[str, Any]) -> Answer:
    """Ask an app once, without a browser between."""
    told: list[Any] = []
    given = {**environ, "wsgi.input": type(environ["wsgi.input"])(b"")}
    body = app(given, lambda status, headers, _error=None: told.extend((status, headers)))
    data = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    return Answer(int(told[0][:3]), dict(told[1]), data)


class Person:
    """Somebody of a data set who has signed in as people do."""

    def __init__(self, app: Flask, who: str, place: int = 1) -> None:
        self.app = app
        self.client = app.test_client()
        form = self.hidden("/sign-in")
        answer = self.client.post("/sign-in", data={**form, "email": email_of(who, place), "password": PASSWORD})
        if answer.status_code != 303:
            raise SystemExit(f"{email_of(who, place)} cannot sign in: {answer.status_code}")

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields of the first form that carries a token."""
        fields = re.findall(r'name="(csrf_token|form_key|version)"[^>]*?value="([^"]*)"', self.client.get(path).text)
        return {name: unescape(value) for name, value in reversed(fields)}

    def environ(self, path: str) -> dict[str, Any]:
        """What a server would hand over for a page that this person asks for."""
        path, _, query = path.partition("?")
        builder = EnvironBuilder(path, query_string=query, headers=Headers({"Cookie": self.cookies()}))
        return builder.get_environ()

    def cookies(self) -> str:
        """What this person's browser sends with every request."""
        return "; ".join(f"{one.key}={one.value}" for one in (self.client._cookies or {}).values())

    def page(self, path: str) -> Answer:
        """A page that has to be there."""
        answer = self.client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        return Answer(answer.status_code, dict(answer.headers), answer.data)


@contextmanager
def heard() -> Iterator[list[Asked]]:
    """Every statement that is sent to any database meanwhile."""
    found: list[Asked] = []

    def note(connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        found.append((str(connection.engine.url.database), statement, given, many))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def questions(asked: list[Asked]) -> list[Asked]:
    """The statements without those that only begin a transaction."""
    return [one for one in asked if not one[1].startswith("BEGIN")]


def floor_of(asked: list[Asked], body: bytes) -> tuple[Flask, dict[str, Any]]:
    """F: the bare view and what to ask it with."""
    bare = Flask("floor")
    places = {one[0] for one in asked}
    drivers = {place: sqlite3.connect(place, isolation_level=None) for place in places}

    @bare.get("/")
    def view() -> Response:
        for place, statement, given, many in asked:
            cursor = drivers[place].cursor()
            if statement.startswith("BEGIN"):
                if drivers[place].in_transaction:
                    drivers[place].rollback()
                cursor.execute(statement)
            elif many:
                cursor.executemany(statement, given)
            else:
                cursor.execute(statement, given).fetchall()
        for driver in drivers.values():
            driver.commit()
        return Response(body, mimetype="text/html")

    return bare, EnvironBuilder("/").get_environ()


def batch(act: Callable[[], Any], calls: int) -> float:
    """Milliseconds of the processor for one of some calls, the collector of garbage standing still."""
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        for _ in range(calls):
            act()
        return 1000 * (time.process_time() - began) / calls
    finally:
        gc.enable()


def in_turn(acts: list[Callable[[], Any]], calls: int, batches: int = BATCHES) -> list[Figures]:
    """Each act by its batches, all in turn, so that whatever else the machine does falls on all of them."""
    taken: list[list[float]] = [[] for _ in acts]
    for _ in range(batches):
        for kept, act in zip(taken, acts, strict=True):
            kept.append(batch(act, calls))
    return [Figures(min(one), statistics.median(one)) for one in taken]


def held(person: Person, path: str, calls: int = 0) -> Held:
    """A page against its floor. The first two looks are for what a process learns once."""
    for _ in range(2):
        page = person.page(path)
    with heard() as asked:
        page = person.page(path)
    bare, bare_environ = floor_of(asked, page.body)
    if call(bare, bare_environ).body != page.body:
        raise SystemExit(f"the floor of {path} answers something else")
    environ = person.environ(path)
    page_figures, floor_figures = in_turn(
        [lambda: call(person.app, environ), lambda: call(bare, bare_environ)], calls or CALLS[0]
    )
    return Held(page_figures, floor_figures, statements=len(questions(asked)), bytes=len(page.body))
