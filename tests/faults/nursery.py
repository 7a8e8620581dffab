"""A server that can be killed a hundred times a minute: the app is made once, and each server is a fork of it.

Run as a process of its own: `python -m tests.faults.nursery HOME`. Each line that it reads begins a server; it answers
with "PID PORT". The servers are those of `graduated serve` (waitress, eight threads), without a worker.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.support.served import free_port


class Nursery:
    """The process that makes servers, seen from a test."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery", str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            cwd=Path(__file__).parents[2],
            text=True,
        )

    def begin(self, limit: int = 0) -> tuple[int, int]:
        """(process, port) of a new server that answers; `limit`: no file of it may grow beyond so many bytes."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{limit}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the nursery died"
        pid, port = map(int, line.split())
        return pid, port

    def end(self) -> None:
        """No more servers; those that live end too."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def _fork(app: Any, limit: int) -> tuple[int, int]:
    """A server of its own; it answers once its port was told."""
    import waitress

    port = free_port()
    reads, writes = os.pipe()
    child = os.fork()
    if child:
        os.close(writes)
        os.read(reads, 1)
        os.close(reads)
        return child, port
    sys.stdin.close()
    if limit:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    server = waitress.create_server(app, host="127.0.0.1", port=port, threads=8)
    os.write(writes, b"!")
    os.close(writes)
    server.run()
    os._exit(0)


def main(home: Path) -> None:
    """Make a server for each line that comes, until no more come."""
    import signal

    from graduated.app import create_app
    from graduated.db.session import db
    from tests.conftest import settings_in

    app = create_app(settings_in(home))
    browser = app.test_client()
    for page in ("/sign-in", "/help"):  # what the first visit makes is made once for all
        browser.get(page)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        app.extensions["views_log"].dispose()
    living: list[int] = []
    for line in sys.stdin:
        child, port = _fork(app, int(line))
        living.append(child)
        print(child, port, flush=True)
        for one in living[:-1]:
            if os.waitpid(one, os.WNOHANG)[0]:
                living.remove(one)
    for one in living:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(one, signal.SIGKILL)
            os.waitpid(one, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
