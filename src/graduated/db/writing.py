"""One act, one transaction: `@writes("Plan agreed")` on every service.

The outermost service opens the transaction (on SQLite as a writer, at once), lets access look again at who may,
runs, writes the audit entry and commits. A service called inside another joins it. A form's key makes a second
submit harmless: the first result is returned and nothing is done again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from graduated.db import hooks
from graduated.db.engine import alone, as_writer
from graduated.db.keys import FormKey, key_owner
from graduated.db.numbering import past_session, write_all
from graduated.db.session import db

P = ParamSpec("P")
R = TypeVar("R")

form_key: ContextVar[str | None] = ContextVar("form_key", default=None)


@dataclass
class Writing:
    """The open act: its name for the audit, and what hooks collect until the commit."""

    act: str
    notes: dict[str, Any] = field(default_factory=dict)


class Repeated(Exception):
    """The same form was sent before; `result` is what came of it the first time."""

    def __init__(self, result: int | None) -> None:
        super().__init__("this form was sent before")
        self.result = result


class Clash(Exception):
    """Somebody else saved the same record since the form was opened."""

    def __init__(self, current: dict[str, Any]) -> None:
        super().__init__("somebody else saved this first")
        self.current = current


def writing() -> Writing | None:
    """The act that is open in this session, if any."""
    return db.session().info.get("writing")


@contextmanager
def write(act: str) -> Iterator[Writing]:
    """Open one act, or join the one that is open."""
    session = db.session()
    joined = session.info.get("writing")
    if joined is not None:
        yield joined
        return
    session.rollback()  # a read transaction cannot become a writer on SQLite
    alone(session.connection(execution_options=as_writer(db.engine)))
    opened = Writing(act)
    session.info["writing"] = opened
    try:
        for hook in hooks.write_opened:
            hook(session, opened)
        yield opened
        session.flush()
        for hook in hooks.before_commit:
            hook(session, opened)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)
    for after in hooks.after_commit:
        after(opened)


def writes(act: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a service one act. Its result (a row's id, or nothing) is kept beside the form's key."""

    def decorate(service: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(service)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            if writing() is not None:
                return service(*args, **kwargs)
            key = form_key.get()
            form_key.set(None)
            try:
                with write(act):
                    if key is not None:
                        _refuse_repeat(key)
                    result = service(*args, **kwargs)
                    if key is not None:
                        _keep(key, result)
            except Repeated as again:
                return again.result  # type: ignore[return-value]
            return result

        return wrapped

    return decorate


_SEEN = select(FormKey.result).where(FormKey.key == bindparam("key"), FormKey.owner == bindparam("owner"))


def _refuse_repeat(key: str) -> None:
    seen = past_session(db.session(), _SEEN, {"key": key, "owner": key_owner()}).first()
    if seen is not None:
        raise Repeated(seen[0])


def _keep(key: str, result: Any) -> None:
    session = db.session()
    session.flush()  # what the act itself may not write is no second submit
    row = {"key": key, "owner": key_owner(), "result": result if isinstance(result, int) else None}
    try:
        write_all(session, FormKey, [row])
    except IntegrityError as error:
        raise Repeated(None) from error


def check_version(row: Any, sent: int | None, current: dict[str, Any] | None = None) -> None:
    """Refuse to save over somebody else's change: the form carries the version that it was opened with."""
    if sent is not None and row.version != sent:
        raise Clash(current or {})
