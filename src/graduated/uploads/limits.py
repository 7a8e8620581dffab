"""Another process for what a stranger's file may do: less memory, less time, small files, none of our secrets."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

MEMORY = 1024 * 1024 * 1024
"""Bytes of addresses; a picture of 40 million pixels takes 400 MB of them, Python and its libraries 150 MB."""
CPU_SECONDS = 20
WALL_SECONDS = 40
OUT_OF_MEMORY = 3
"""With what a module of ours ends that wanted more memory than it was given."""
_PYTHON_ERROR = 1
_HOME = Path(__file__).resolve().parents[2]
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
_AT_ONCE = threading.BoundedSemaphore(2)


class TookTooMuch(Exception):
    """The process was ended: it wanted more memory or time than it was given."""


class Crashed(TookTooMuch):
    """The process ended by an error of its own, within the memory and time that it was given."""


def confine(memory: int = MEMORY, cpu_seconds: int = CPU_SECONDS, file_bytes: int = 0) -> None:
    """What the process that looks does first: no way back to more. On Windows only time is limited, from outside."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(5)
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def is_within(seconds: float, command: Sequence[str], env: dict[str, str], folder: Path) -> bool:
    """Run a program of the machine in a folder; whether it ended well and in time. All that it began ends with it."""
    with _AT_ONCE, subprocess.Popen(  # noqa: S603 (a program that an administrator installed, paths that we made)
        list(command), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=env, cwd=folder, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            return process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError):  # it and its children have gone
        os.killpg(process.pid, signal.SIGKILL)


def run_module(module: str, arguments: Sequence[str], wall_seconds: float = WALL_SECONDS) -> str:
    """Run one of our modules beside us and give what it printed; two at once at most. Raises TookTooMuch, Crashed."""
    command = [sys.executable, "-P", "-s", "-X", "utf8", "-m", module, *arguments]
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    with _AT_ONCE:
        try:
            done = subprocess.run(  # noqa: S603 (this Python, one of our modules, paths that we made)
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=wall_seconds,
                env={**kept, "PYTHONPATH": str(_HOME), "PYTHONDONTWRITEBYTECODE": "1"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TookTooMuch from error
    if done.returncode == _PYTHON_ERROR:
        raise Crashed
    if done.returncode:  # ended from outside, or out of memory
        raise TookTooMuch
    return done.stdout.decode("utf-8", "replace")
