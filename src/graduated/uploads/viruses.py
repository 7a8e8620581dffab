"""A look for viruses by a program of the machine, where the installation names one.

What was not looked through is never taken for clean: with a scanner set, a file that it could not look at is not kept.
"""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from graduated.uploads.kinds import WrongFile

log = logging.getLogger("graduated.uploads")

FOUND = (
    "A virus, or something that looks like one, was found in this file, and it was not kept. Do not open it, and tell "
    "whoever looks after your school’s computers."
)
NOT_LOOKED = (
    "This file could not be looked through for viruses just now, and was not kept. Try again in a few minutes. If it "
    "stays so, tell whoever looks after Graduated."
)
SECONDS = 120
"""A scanner that loads its signatures each time takes half a minute on a small machine."""
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
_command: list[str] = []


class Answer(Enum):
    """What a scanner says of a file."""

    NOTHING = "nothing found"
    FOUND = "found"
    NOT_LOOKED = "not looked at"


def configure(command: Sequence[str]) -> None:
    """Name the program and its options; the file's path is put behind them. Empty: files are not looked through."""
    _command[:] = command


def ask(command: Sequence[str], path: Path) -> Answer:
    """Have one file looked through, by the exit codes that scanners share: 0 nothing, 1 found, all else not looked."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 (a program that the administrator named, and a path that we made)
            [*command, str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=SECONDS, env=kept, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return Answer.NOT_LOOKED
    return {0: Answer.NOTHING, 1: Answer.FOUND}.get(done.returncode, Answer.NOT_LOOKED)


def look_through(path: Path) -> None:
    """Have a new file looked through. Raises WrongFile for a virus, and for a file that could not be looked through."""
    if not _command:
        return
    answer = ask(_command, path)
    if answer is Answer.FOUND:
        log.warning("a file was refused: the scanner found a virus in it")
        raise WrongFile(FOUND)
    if answer is Answer.NOT_LOOKED:
        log.error("a file was refused: the scanner did not look through it")
        raise WrongFile(NOT_LOOKED)
