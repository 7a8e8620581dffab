"""What several parts of one page ask alike is read once: the same question, by the same person, at the same moment."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from graduated.access.identity import require_actor
from graduated.db.session import db
from graduated.db.writing import writing

P = ParamSpec("P")
R = TypeVar("R")
_KEPT = "read_once"
_NOTHING: tuple[Any, Any, dict[Any, Any]] = (None, None, {})


def read_once(read: Callable[P, R]) -> Callable[P, R]:
    """Remember the answers of a reader for as long as a reading transaction lasts, in which nothing can change.

    In an act each question is asked anew. The answers are shared, so they must be such as nobody can change.
    """

    @functools.wraps(read)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        if writing() is not None:
            return read(*args, **kwargs)
        session, actor = db.session(), require_actor()
        question: Any = (read, args, tuple(sorted(kwargs.items())))
        moment, who, known = session.info.get(_KEPT, _NOTHING)
        if moment is not None and moment is session.get_transaction() and who == actor and question in known:
            return known[question]  # type: ignore[no-any-return]
        answer = read(*args, **kwargs)
        moment, who, known = session.info.get(_KEPT, _NOTHING)
        if moment is not session.get_transaction() or who != actor:
            known = {}
            session.info[_KEPT] = (session.get_transaction(), actor, known)
        known[question] = answer
        return answer

    return wrapped
