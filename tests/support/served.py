"""The real server with its worker, as a child that may be stopped, killed and started again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.databases import environment_of


@dataclass
class Server:
    """A served installation of its own."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    log: Path = field(default_factory=Path)
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its commands run with."""
        return {
            **os.environ,
            "GRADUATED_HOME": str(self.home),
            "GRADUATED_SIGN_IN_COST": "low",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            **environment_of(self.home),
            **self.settings,
        }

    def run(self, *words: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
        """A command of the program, which must do what it is asked."""
        done = subprocess.run(
            [sys.executable, "-m", "graduated", *words],
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done

    def start(self, *words: str) -> None:
        """Serve, and wait until it answers."""
        self.log = self.home / "server.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "graduated", *(words or ("serve",)), "--port", str(self.port)],
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the server did not answer: {self.log.read_text()}")

    def stop(self) -> None:
        """End it, and its worker with it."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
