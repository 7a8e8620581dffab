"""What goes into the log: where a fault happened and of what kind, never what anybody wrote.

The message of an exception may carry a child's name (a value that could not be read, a row that was refused), so it
stays out; the way through the code is enough to find the fault.
"""

from __future__ import annotations

import logging
import time
import traceback
from types import TracebackType

SHAPE = "%(asctime)s %(levelname)s %(name)s %(message)s"


class NoWords(logging.Formatter):
    """A formatter that leaves out the messages of exceptions."""

    converter = staticmethod(time.gmtime)  # as moments are kept everywhere: UTC

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The kinds of exception, each with the lines of code that led to it."""
        lines: list[str] = []
        error: BaseException | None = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            way = traceback.extract_tb(error.__traceback__)
            lines += [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in way]
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def begin(level: int = logging.INFO) -> None:
    """Send the log to standard error, one way for every program of an installation."""
    handler = logging.StreamHandler()
    handler.setFormatter(NoWords(SHAPE))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    for talkative in ("alembic", "pikepdf"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
