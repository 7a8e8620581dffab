"""One backup of an installation at a time, whoever asks for it: the worker, a timer or a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from graduated.backup.errors import Busy
from graduated.backup.keys import folder
from graduated.config import Settings

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the lock, which goes with the process; raises Busy when somebody else has it."""
    with (folder(settings) / "lock").open("w") as held:
        if fcntl is not None:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Busy("A backup is being made just now. Wait until it is done.") from error
        yield
