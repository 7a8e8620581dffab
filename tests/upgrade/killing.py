"""Run upgrades that are killed between two of their statements: one child process for each place.

    python -m tests.upgrade.killing HOME FOLDER PLACE…      FOLDER: the migrations; "" for the program's own

Prints one JSON line: for each place whether the child was killed there, and whether what it left is as it was before.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path

from sqlalchemy import Engine, event

from graduated.db import migrate
from tests.conftest import settings_in
from tests.upgrade.old import opened


def dump(path: Path) -> list[str]:
    """All of a database as text."""
    with opened(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return list(connection.iterdump())


def killed_at(home: Path, folder: Path | None, place: int) -> bool:
    """Upgrade in a child that kills itself after so many statements; whether it came that far."""
    child = os.fork()
    if child == 0:
        done = [0]

        @event.listens_for(Engine, "after_cursor_execute")
        def count(*_args: object) -> None:
            done[0] += 1
            if done[0] == place:
                os.kill(os.getpid(), signal.SIGKILL)

        migrate.upgrade(settings_in(home), folder=folder)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def main(home: Path, folder: Path | None, places: list[int]) -> None:
    """Try each place on a fresh copy, and an upgrade after it."""
    before, was = dump(home / "graduated.db"), migrate.version_of(settings_in(home))
    found = []
    for place in places:
        copy = home.with_name(f"{home.name}-{place}")
        shutil.copytree(home, copy)
        settings = settings_in(copy)
        killed = killed_at(copy, folder, place)
        same = dump(copy / "graduated.db") == before and migrate.version_of(settings) == was
        if killed:
            migrate.upgrade(settings, folder=folder)
        whole = migrate.version_of(settings) == migrate.newest(folder)
        found.append({"place": place, "killed": killed, "same": same, "whole_after": whole})
        shutil.rmtree(copy)
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2] else None, [int(one) for one in sys.argv[3:]])
