"""Whether a process that answers ever dies of its pages: 2,000 requests at each main page (budget: no death).

The demo school is served as a school serves it, by `graduated serve --processes 2`; the processes that answer are counted
before and after, and the log is read for any that was started again. Python 3.11 killed its worker on half of such
requests where pages were given database rows. See README.md.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.support.demo import ENVIRONMENT, loaded

CLIENTS = 4


def fetch(port: int, path: str, cookie: str = "", body: str | None = None) -> tuple[int, str, str]:
    """(status, cookie, text) of one request."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": cookie} | ({"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {})
    try:
        line.request("POST" if body is not None else "GET", path, body, headers)
        answer = line.getresponse()
        return answer.status, (answer.getheader("Set-Cookie") or cookie).split(";")[0], answer.read().decode()
    finally:
        line.close()


def signed_in(port: int, account: tuple[str, str]) -> str:
    """A cookie of somebody who has signed in."""
    _status, cookie, text = fetch(port, "/sign-in")
    hidden = {
        name: unescape(value) for name, value in re.findall(r'name="(csrf_token|form_key)"[^>]*?value="([^"]*)"', text)
    }
    status, cookie, _text = fetch(
        port, "/sign-in", cookie, urlencode({**hidden, "email": account[0], "password": account[1]})
    )
    if status != 303:
        raise SystemExit(f"{account[0]} cannot sign in: {status}")
    return cookie


def hammer(port: int, path: str, cookie: str, many: int) -> Counter[str]:
    """Many requests from a few clients at once; how often each status came."""
    counted: Counter[str] = Counter()
    lock = threading.Lock()

    def client() -> None:
        for _ in range(many // CLIENTS):
            try:
                status = str(fetch(port, path, cookie)[0])
            except (OSError, http.client.HTTPException) as error:
                status = type(error).__name__
            with lock:
                counted[status] += 1

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return counted


def memory_of(process: int) -> str:
    """The memory of each process that answers, in megabytes."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            facts = place.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(facts[1]) == process:
            found.append(int(facts[21]) * os.sysconf("SC_PAGE_SIZE") // 1_000_000)
    return " ".join(f"{one} MB" for one in found)


def main() -> None:
    """Measure, and say it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--demo", type=Path, help="a folder in which the demo school may stay for the next time")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        school = loaded(given.demo or folder / "school")
        shutil.copytree(school.home, folder / "home")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        environment = {**os.environ, **ENVIRONMENT, "GRADUATED_HOME": str(folder / "home"), "GRADUATED_DEMO": "1",
                       "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}  # fmt: skip
        with (folder / "log").open("wb") as log:
            served = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "graduated", "serve", "--port", str(port), "--processes", "2"],
                env=environment, stdout=log, stderr=log, cwd=ROOT,
            )  # fmt: skip
        try:
            for _ in range(600):
                try:
                    if fetch(port, "/health")[0] == 200:
                        break
                except OSError:
                    time.sleep(0.2)
            print(f"Python {sys.version.split()[0]}, {memory_of(served.pid)} at the start", flush=True)
            for page, path in school.paths.items():
                cookie = signed_in(port, school.accounts["parent" if page == "family" else "senco"])
                counted = hammer(port, path, cookie, given.requests)
                deaths = len(re.findall(r"web \d+ ended by itself", (folder / "log").read_text()))
                print(f"{page:10} {dict(counted)}  deaths so far: {deaths}  {memory_of(served.pid)}", flush=True)
        finally:
            served.terminate()
            served.wait(60)


if __name__ == "__main__":
    main()
