"""What goes into the log: where a fault happened and of what kind, never what anybody wrote.

The message of an exception may carry a child's name (a value that could not be read, a row that was refused), so it
stays out; the way through the code is enough to find the fault. Of a request the name of its route is told, never its
address (in which ids and links stand), and of who asked only the kind.
"""

from __future__ import annotations

import json
import logging
import os
import time
import traceback
from datetime import UTC, datetime
from types import TracebackType

from flask import g, has_request_context

from graduated.config import NotSet
from graduated.web.reference import proxys_name, reference

SHAPE = "%(asctime)s %(levelname)s %(name)s %(message)s"
HOW = "GRADUATED_LOG"
FACTS = ("route", "method", "status", "ms", "actor")
"""What a line may tell beside its message, where the code gives it."""
_Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def _way(error: BaseException | None) -> list[str]:
    """The kinds of exception, each after the lines of code that led to it."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        way = traceback.extract_tb(error.__traceback__)
        lines += [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in way]
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


class NoWords(logging.Formatter):
    """A formatter that leaves out the messages of exceptions."""

    converter = staticmethod(time.gmtime)  # as moments are kept everywhere: UTC

    def formatException(self, ei: _Fault) -> str:
        """The kinds of exception, each with the lines of code that led to it."""
        return "\n".join(_way(ei[1]))


class Lines(NoWords):
    """One JSON object to a line, for programs that collect logs. It holds the same, and no words either."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context() and "reference" in g:
            line["reference"] = reference()
            if proxys := proxys_name():
                line["request"] = proxys
        line |= {name: record.__dict__[name] for name in FACTS if name in record.__dict__}
        if record.exc_info:
            line["fault"] = _way(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def begin(level: int = logging.INFO) -> None:
    """Send the log to standard error, one way for every program of an installation.

    Raises `NotSet` when GRADUATED_LOG names no way of writing it.
    """
    how = os.environ.get(HOW, "").strip().lower() or "plain"
    if how not in {"plain", "json"}:
        raise NotSet(f"{HOW} must be plain or json, and is {how!r}.")
    handler = logging.StreamHandler()
    handler.setFormatter(Lines() if how == "json" else NoWords(SHAPE))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    for talkative in ("alembic", "pikepdf"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
