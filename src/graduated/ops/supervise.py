"""Looking after the processes of `graduated serve`: one that dies is started again, later each time it dies early."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

log = logging.getLogger("graduated.serve")
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
SETTLED = 60.0
"""Seconds after which a process that dies has not died early."""


class Process(Protocol):
    """What is asked of a process, whether it was forked or started anew."""

    pid: int

    def poll(self) -> int | None:
        """How it ended; None while it lives."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""


@dataclass
class Forked:
    """A process that goes on from this one, with what is in memory already."""

    pid: int
    _ended: int | None = field(default=None, repr=False)

    def poll(self) -> int | None:
        """How it ended; None while it lives."""
        if self._ended is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                self._ended = 0
            else:
                self._ended = os.waitstatus_to_exitcode(status) if pid else None
        return self._ended

    def terminate(self) -> None:
        """Ask it to end."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


@dataclass
class Child:
    """One process that is looked after."""

    name: str
    start: Callable[[], Process]
    process: Process | None = None
    began: float = 0.0
    not_before: float = 0.0
    deaths: int = 0


class Supervisor:
    """Starts processes, and starts again those that die."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.children: list[Child] = []
        self._clock = clock
        self._asked_at: float | None = None

    def add(self, name: str, start: Callable[[], Process]) -> None:
        """Look after one more."""
        child = Child(name, start)
        self.children.append(child)
        self._begin(child)

    def look(self) -> None:
        """Notice who died, and start again whose time has come. Called about once a second."""
        for child in self.children:
            if child.process is not None and (code := child.process.poll()) is not None:
                self._died(child, code)
            if child.process is None and self._clock() >= child.not_before:
                self._begin(child)

    def end(self, within: float) -> None:
        """Wait until all have ended, for so many seconds since they were asked, and end those that have not."""
        self.ask()
        while (living := self._living()) and time.monotonic() < (self._asked_at or 0.0) + within:
            time.sleep(0.05)
        for name, process in living:
            log.warning("%s did not end within %s s and was stopped", name, round(within))
            process.kill()

    def ask(self) -> None:
        """Ask all to end; only once, however often this is called."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()
            for _name, process in self._living():
                process.terminate()

    def _living(self) -> list[tuple[str, Process]]:
        known = [(child.name, child.process) for child in self.children if child.process is not None]
        return [(name, process) for name, process in known if process.poll() is None]

    def _begin(self, child: Child) -> None:
        child.process, child.began = child.start(), self._clock()

    def _died(self, child: Child, code: int) -> None:
        lived = self._clock() - child.began
        child.deaths = child.deaths + 1 if lived < SETTLED else 1
        wait = min(FIRST_WAIT * 2 ** min(child.deaths - 1, 10), LONGEST_WAIT)  # no float is 2 to the power of 1024
        child.process, child.not_before = None, self._clock() + wait
        log.error("%s ended by itself (%s) and is started again in %s s", child.name, _how(code), round(wait))


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def fork(work: Callable[[], None]) -> Forked:
    """A process that does this work and ends with it, or as soon as the one that started it is gone."""
    pid = os.fork()
    if pid:
        return Forked(pid)
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        log.exception("a process that answers failed")
    finally:
        sys.stderr.flush()
        os._exit(code)


def anew(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A process of its own."""
    return subprocess.Popen(command, env=environment)  # noqa: S603
