"""Whether a process that answers keeps growing: its memory before and after 10,000 requests (budget: 5 in 100 more).

The demo school is made in a folder of its own; six people sign in, follow every link of their pages twice over, and
their pages are then asked for in turn, by as many threads as `serve` has. See README.md.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import os
import queue
import re
import sys
import tempfile
import threading
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from flask import Flask
from flask.testing import FlaskClient

from tests.support.demo import ENVIRONMENT, DemoSchool, loaded

PEOPLE = ("senco", "head", "lead", "ta", "safeguarding", "parent")
DOWNLOADS = re.compile(r"\.(pdf|docx|csv|xlsx|zip|ics|json)|sign-out|/static/|/events|/file|/download|/print|picture")
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def resident() -> float:
    """The memory of this process in megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


def kinds() -> Counter[str]:
    """How many objects of each type the collector knows."""
    gc.collect()
    return Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())


def app_of(place: Path) -> tuple[Flask, DemoSchool]:
    """The app on a demo school."""
    os.environ.update(ENVIRONMENT)
    school = loaded(place)
    from graduated.app import create_app
    from graduated.config import settings_from_environment

    return create_app(settings_from_environment(school.home, demo=True)), school


def signed_in(app: Flask, account: tuple[str, str]) -> FlaskClient:
    """A browser of somebody who has signed in."""
    client = app.test_client()
    form = client.get("/sign-in").text
    hidden = {
        name: unescape(value) for name, value in re.findall(r'name="(csrf_token|form_key)"[^>]*?value="([^"]*)"', form)
    }
    answer = client.post("/sign-in", data={**hidden, "email": account[0], "password": account[1]})
    if answer.status_code != 303:
        raise SystemExit(f"{account[0]} cannot sign in: {answer.status_code}")
    return client


def pages_of(client: FlaskClient, starts: list[str], most: int) -> list[str]:
    """Addresses of pages (no downloads) that the links of a person lead to."""
    found, waiting = list[str](), list(dict.fromkeys(["/", *starts]))
    seen = set(waiting)
    while waiting and len(found) < most:
        path = waiting.pop(0)
        answer = client.get(path)
        if answer.status_code in {301, 302, 303}:
            links = [answer.headers["Location"]]
        elif answer.status_code != 200 or "text/html" not in answer.content_type:
            continue
        else:
            found.append(path)
            links = [unescape(one) for one in re.findall(r'href="(/[^"#]*)', answer.text)]
        fresh = [one for one in links if one not in seen and not DOWNLOADS.search(one)]
        seen.update(fresh)
        waiting += fresh
    return found


def ask(app: Flask, cookies: dict[str, FlaskClient], places: Iterator[tuple[str, str]], threads: int) -> dict[int, int]:
    """Ask for each page, by some threads at once; how often each status came."""
    lines: queue.SimpleQueue[tuple[str, str] | None] = queue.SimpleQueue()
    counted: dict[int, int] = {}
    lock = threading.Lock()
    headers = {who: "; ".join(f"{one.key}={one.value}" for one in client._cookies.values())
               for who, client in cookies.items()}  # fmt: skip

    def work() -> None:
        client = app.test_client(use_cookies=False)
        while (one := lines.get()) is not None:
            who, path = one
            status = client.get(path, headers={"Cookie": headers[who]}, buffered=True).status_code
            with lock:
                counted[status] = counted.get(status, 0) + 1

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for one in workers:
        one.start()
    for place in places:
        lines.put(place)
    for _ in workers:
        lines.put(None)
    for one in workers:
        one.join()
    return counted


def main() -> None:
    """Measure, and say it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=1_000, help="requests before the memory is taken as the start")
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--pages", type=int, default=120, help="the most pages of one person")
    parser.add_argument("--demo", type=Path, help="a folder in which the demo school may stay for the next time")
    parser.add_argument("--trace", action="store_true", help="say which lines hold what was added (slow)")
    parser.add_argument(
        "--objects", action="store_true", help="say of which types there are more after 8 tenths than after 2"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app, school = app_of(given.demo or Path(folder))
        print(f"{resident():.0f} MB before the first request")
        clients = {who: signed_in(app, school.accounts[who]) for who in PEOPLE}
        places = [
            (who, path)
            for who, client in clients.items()
            for path in pages_of(
                client, [school.paths["family"]] if who == "parent" else list(school.paths.values()), given.pages
            )
        ]
        print(f"{len(places)} pages of {len(PEOPLE)} people, {resident():.0f} MB when each was asked for once")
        turn = itertools.cycle(places)
        ask(app, clients, itertools.islice(turn, given.first), given.threads)
        gc.collect()
        if given.trace:
            tracemalloc.start(1)
            earlier = tracemalloc.take_snapshot()
        began = resident()
        print(f"{began:.1f} MB after {given.first} more: the start")
        step = max(given.requests // 10, 1)
        counted: list[Counter[str]] = []
        for number in range(0, given.requests, step):
            statuses = ask(app, clients, itertools.islice(turn, step), given.threads)
            grown = (resident() / began - 1) * 100
            print(
                f"{number + step:6} requests  {resident():7.1f} MB  {grown:+5.1f} %  {json.dumps(statuses)}", flush=True
            )
            if given.objects and number + step in (2 * step, 8 * step):
                counted.append(kinds())
        if given.objects:
            print(f"{counted[0].total()} objects, then {counted[1].total()}")
            for kind, more in (counted[1] - counted[0]).most_common(15):
                print(f"{more:+8}  {kind} ({counted[1][kind]})")
        if given.trace:
            gc.collect()
            for one in tracemalloc.take_snapshot().compare_to(earlier, "lineno")[:25]:
                print(one)


if __name__ == "__main__":
    main()
