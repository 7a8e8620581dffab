"""A worker that is killed again and again while it builds one pack; run as a process of its own by `test_killed.py`.

The app is made once; each worker is a fork of it, killed with SIGKILL after a while or at a named place. What it prints
is read by the test.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from graduated.app import create_app
from graduated.db.files import FileStore, Staged
from graduated.db.session import db
from graduated.ehcna import services_build
from graduated.ops import worker
from tests.conftest import settings_in

SEED = 9014
TIMES = 5
PLACES = ("staged", "noted", "first kept", "all kept", "rows flushed")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _after(owner: Any, name: str, count: int = 1) -> None:
    """Die when `owner.name` has been done so many times."""
    real: Callable[..., Any] = getattr(owner, name)
    done = [0]

    def then_die(*given: Any, **named: Any) -> Any:
        result = real(*given, **named)
        done[0] += 1
        if done[0] == count:
            _die()
        return result

    setattr(owner, name, then_die)


def _die_at(place: str) -> None:
    if place == "staged":
        _after(FileStore, "stage", 2)
    elif place == "noted":
        _after(services_build, "put_down")
    elif place == "first kept":
        _after(Staged, "keep")
    elif place == "all kept":
        _after(Staged, "keep", 3)
    elif place == "rows flushed":  # within the transaction, before it is committed
        from graduated.db import hooks

        hooks.before_commit.append(lambda session, act: _die() if act.act == "Pack built" else None)
    elif place == "kept, not noted":
        _after(services_build, "write_rows")


def _fork(app: Any, place: str = "", after: float = 0.0) -> tuple[bool, float]:
    """One worker; whether it was killed, and how long it lived."""
    began = time.monotonic()
    child = os.fork()
    if not child:
        if place:
            _die_at(place)
        worker.run_worker(app, once=True)
        os._exit(0)
    if after:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status), time.monotonic() - began


def main(home: Path) -> None:
    """Kill ten workers of one job at random moments and at the places that matter, then let one finish."""
    app = create_app(settings_in(home), testing=True)
    worker.SILENT_FOR = timedelta(0)  # else each waits two minutes for a sign of life
    with app.app_context():
        db.engine.dispose()
    chance = random.Random(SEED)
    killed = []
    for place in PLACES:
        killed.append(_fork(app, place)[0])
    moments = [chance.uniform(0.05, 0.9) for _ in range(TIMES)]
    whole = float(os.environ.get("WHOLE_BUILD", "2"))
    for moment in moments:
        killed.append(_fork(app, after=moment * whole)[0])
    last = _fork(app, "kept, not noted")[0]
    print(json.dumps({"killed": killed, "last": last}), flush=True)
    _fork(app)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
