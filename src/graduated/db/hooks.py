"""What higher floors hang into the database floor at start, so that it need not import them.

Each is a list filled once when the app is made; order is the order of filling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from graduated.db.writing import Writing


class Written(NamedTuple):
    """A row that went round the session: its number, what stands in it, and of a changed one before and after."""

    id: int
    row: Mapping[str, Any]
    changes: Mapping[str, list[Any]]


write_opened: list[Callable[[Session, Writing], None]] = []
before_commit: list[Callable[[Session, Writing], None]] = []
after_commit: list[Callable[[Writing], None]] = []
written_together: list[Callable[[Session, type[Any], str, Iterable[Written]], None]] = []
job_handlers: dict[str, Callable[[int, dict[str, Any]], Any]] = {}
job_left: dict[str, Callable[[int], None]] = {}  # what clears up after a job that is given up
tried_until_done: set[str] = set()  # kinds that are never given up, however often a worker died over them
when_idle: list[Callable[[], bool]] = []  # what a worker with nothing to do looks after; true: there is work now


class NotYet(Exception):
    """What a job's handler raises when something outside is in the way for now: it is tried again until it is done."""


class Overtaken(Exception):
    """What a job's handler raises when another worker has taken the job up meanwhile: then nothing is noted of it."""


def once(hooks: list[Any], hook: Any) -> None:
    """Hang in a hook unless it hangs there already (an app may be made more than once in a process)."""
    if hook not in hooks:
        hooks.append(hook)


job_progress: list[Callable[[int, int, int, str], None]] = []


def report_progress(job_id: int, done: int, total: int, message: str = "") -> None:
    """Say how far a job is; also its sign of life. Harmless where no worker listens."""
    for listener in job_progress:
        listener(job_id, done, total, message)
