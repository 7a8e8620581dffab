"""Two thousand requests to each main page under gunicorn, three hundred on a server's database: no worker dies.

On Python 3.11, pages that are given database rows have killed their worker; this is the proof that ours are not.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.support.databases import ON_POSTGRESQL, environment_of
from tests.support.demo import ENVIRONMENT

pytestmark = pytest.mark.xdist_group("demo")
REQUESTS = 300 if ON_POSTGRESQL else 2000
CLIENTS = 4


@dataclass
class Gunicorn:
    """The demo school under gunicorn with two workers."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def deaths(self) -> list[str]:
        """Lines of the log in which a worker ended by itself."""
        words = re.compile(r"was sent SIG|terminated|exited|Worker failed|WORKER TIMEOUT|signal")
        return [line for line in self.log.read_text().splitlines() if words.search(line)]


@pytest.fixture(scope="module")
def gunicorn(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gunicorn]:
    folder = tmp_path_factory.mktemp("gunicorn")
    log, port = folder / "log.txt", free_port()
    shutil.copytree(demo_home, folder / "home")
    environment = {
        **os.environ,
        **ENVIRONMENT,
        **environment_of(folder / "home"),
        "GRADUATED_HOME": str(folder / "home"),
        "GRADUATED_DEMO": "1",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "graduated.app:create_app()", "--workers", "2", "--threads", "2",
             "--bind", f"127.0.0.1:{port}", "--log-level", "info"],
            env=environment, stdout=out, stderr=out,
        )  # fmt: skip
    served = Gunicorn(process, port, log)
    for _ in range(200):
        try:
            if fetch(port, "/health", "")[0] == 200:
                break
        except OSError:
            time.sleep(0.1)
    yield served
    process.terminate()
    process.wait(20)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(port: int, path: str, cookie: str, body: str | None = None) -> tuple[int, str, str]:
    """(status, cookie, text) of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": cookie}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("POST" if body is not None else "GET", path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    kept = (answer.getheader("Set-Cookie") or cookie).split(";")[0]
    connection.close()
    return answer.status, kept, text


def signed_in(port: int, account: tuple[str, str]) -> str:
    """A cookie of somebody who has signed in."""
    _status, cookie, text = fetch(port, "/sign-in", "")
    hidden = dict(re.findall(r'name="(csrf_token|form_key)"[^>]*?value="([^"]*)"', text))
    body = urlencode({**hidden, "email": account[0], "password": account[1]})
    status, cookie, text = fetch(port, "/sign-in", cookie, body)
    assert status == 303, text[:500]
    return cookie


def hammer(port: int, path: str, cookie: str) -> list[str]:
    """Many requests from a few clients at once; what was not a 200."""
    faults: list[str] = []

    def client() -> None:
        for _ in range(REQUESTS // CLIENTS):
            try:
                status = fetch(port, path, cookie)[0]
            except (OSError, http.client.HTTPException) as error:
                faults.append(type(error).__name__)
                continue
            if status != 200:
                faults.append(str(status))

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


PAGES = ("today", "register", "pupil", "plan", "log", "review", "request", "family")


@pytest.mark.parametrize("name", PAGES)
def test_many_requests_kill_no_worker(
    gunicorn: Gunicorn, demo_paths: dict[str, str], demo_accounts: dict[str, tuple[str, str]], name: str
) -> None:
    who = "parent" if name == "family" else "senco"
    cookie = signed_in(gunicorn.port, demo_accounts[who])
    assert hammer(gunicorn.port, demo_paths[name], cookie) == []
    assert gunicorn.deaths() == []
    assert gunicorn.process.poll() is None
